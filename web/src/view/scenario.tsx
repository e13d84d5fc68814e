import { useEffect, useRef, useState } from "preact/hooks";
import type { Problem } from "../engine/types";
import type { Player } from "../state/player";
import { chosen } from "../state/scenarios";
import { mainTab } from "../state/view";

export interface ScenarioProps {
  /** The run as text, as the engine has it. */
  text: string;
  player: Player;
}

/** The run as text: change it, run it; what is wrong with it is said beside its line. */
export function ScenarioView({ text, player }: ScenarioProps) {
  const [draft, setDraft] = useState(text);
  const [base, setBase] = useState(text);
  const [problem, setProblem] = useState<Problem | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const changed = draft !== base;
  useEffect(() => {
    setBase(text);
    if (!changed) setDraft(text);
  }, [text]);
  const run = async () => {
    const refused = await player.open(draft);
    setProblem(refused ?? null);
    if (refused) {
      if (area.current) selectLine(area.current, refused.line);
      return;
    }
    setBase(draft);
    chosen.value = "";
    mainTab.value = "cluster";
  };
  const revert = () => {
    setDraft(text);
    setBase(text);
    setProblem(null);
  };
  return (
    <div class="scenario">
      <Editor area={area} text={draft} errorLine={problem?.line ?? 0} onText={setDraft} />
      <div class="scenario-foot">
        <button type="button" class="primary" onClick={() => void run()}>
          Run
        </button>
        <button type="button" disabled={!changed} onClick={revert}>
          Undo changes
        </button>
        {problem && (
          <p class="problem" role="alert">
            {problem.line > 0 && <b>line {problem.line}: </b>}
            {problem.text}
          </p>
        )}
      </div>
    </div>
  );
}

interface EditorProps {
  area: { current: HTMLTextAreaElement | null };
  text: string;
  errorLine: number;
  onText: (text: string) => void;
}

/** A plain text field with line numbers beside it. */
function Editor({ area, text, errorLine, onText }: EditorProps) {
  const gutter = useRef<HTMLDivElement>(null);
  const lines = text.split("\n").length;
  return (
    <div class="editor">
      <div class="gutter" ref={gutter} aria-hidden="true">
        {Array.from({ length: lines }, (_, i) => i + 1).map((n) => (
          <div key={n} class={n === errorLine ? "wrong" : undefined}>
            {n}
          </div>
        ))}
      </div>
      <textarea
        ref={area}
        aria-label="Scenario"
        aria-invalid={errorLine > 0}
        wrap="off"
        spellcheck={false}
        autocapitalize="off"
        value={text}
        onInput={(event) => onText(event.currentTarget.value)}
        onScroll={(event) => {
          if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop;
        }}
      />
    </div>
  );
}

function selectLine(area: HTMLTextAreaElement, line: number): void {
  if (line < 1) return;
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, l) => sum + l.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
}
