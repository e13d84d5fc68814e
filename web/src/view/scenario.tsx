import { useEffect, useRef, useState } from "preact/hooks";
import type { Problem } from "../engine/types";
import { place } from "../state/open";
import type { Player } from "../state/player";
import { chosen } from "../state/scenarios";
import { unopened } from "../state/unopened";

export interface ScenarioProps {
  /** The run as text, as the engine has it. */
  text: string;
  player: Player;
}

/** The run as text: it follows what is done in the page, and the run follows it; what is wrong is said in its place. */
export function ScenarioView({ text, player }: ScenarioProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const edited = unopened.value;
  const problem = edited?.problem ?? null;
  const give = async (run: (text: string) => Promise<Problem | undefined>) => {
    const refused = await run(edited?.text ?? text);
    if (!refused) {
      if (edited) chosen.value = "";
      unopened.value = null;
      return;
    }
    unopened.value = { text: edited?.text ?? text, problem: refused };
    if (area.current) goTo(area.current, refused);
  };
  const apply = () => void give((t) => player.edit(t));
  return (
    <div class="scenario">
      <Editor
        area={area}
        text={edited?.text ?? text}
        problem={problem}
        onText={(changed) => {
          unopened.value = changed === text ? null : { text: changed, problem: null };
        }}
        onApply={apply}
      />
      <div class="scenario-foot">
        <button
          type="button"
          class="primary"
          disabled={!edited}
          title="Take the changes over and stay at this moment (Ctrl Enter)"
          onClick={apply}
        >
          Apply
        </button>
        <button type="button" onClick={() => void give((t) => player.open(t))}>
          Run from the start
        </button>
        <button
          type="button"
          disabled={!edited}
          onClick={() => {
            unopened.value = null;
          }}
        >
          Undo changes
        </button>
        {problem && problem.line < 1 && (
          <p class="problem" role="alert">
            {problem.text}
          </p>
        )}
        {edited && !problem && <p class="hint">Not yet applied.</p>}
      </div>
    </div>
  );
}

interface EditorProps {
  area: { current: HTMLTextAreaElement | null };
  text: string;
  problem: Problem | null;
  onText: (text: string) => void;
  onApply: () => void;
}

/** A plain text field with line numbers beside it. */
function Editor({ area, text, problem, onText, onApply }: EditorProps) {
  const gutter = useRef<HTMLDivElement>(null);
  const [scroll, setScroll] = useState({ top: 0, left: 0 });
  const wrong = problem && problem.line > 0 ? problem : null;
  useEffect(() => {
    if (gutter.current) gutter.current.scrollTop = scroll.top;
  }, [scroll.top]);
  return (
    <div class="editor">
      <div class="gutter" ref={gutter} aria-hidden="true">
        <Numbers count={text.split("\n").length} wrong={wrong?.line ?? 0} />
      </div>
      <div class="text">
        <textarea
          ref={area}
          aria-label="Scenario"
          aria-invalid={wrong !== null}
          aria-errormessage={wrong ? "scenario-problem" : undefined}
          wrap="off"
          spellcheck={false}
          autocapitalize="off"
          value={text}
          onInput={(event) => onText(event.currentTarget.value)}
          onScroll={(event) =>
            setScroll({ top: event.currentTarget.scrollTop, left: event.currentTarget.scrollLeft })
          }
          onKeyDown={(event) => {
            if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            onApply();
          }}
        />
        {wrong && <WrongPlace problem={wrong} scroll={scroll} />}
      </div>
    </div>
  );
}

/** So many line numbers are drawn; nobody looks at more, and a hostile text has many. */
const mostNumbers = 10_000;

function Numbers({ count, wrong }: { count: number; wrong: number }) {
  return (
    <>
      {Array.from({ length: Math.min(count, mostNumbers) }, (_, i) => i + 1).map((n) => (
        <div key={n} class={n === wrong ? "wrong" : undefined}>
          {n}
        </div>
      ))}
    </>
  );
}

/** The editor's measures, as in its style: line height and padding; ch is the width of a letter. */
const lineHeight = 20;
const padding = 10;

/** What is wrong, right below the place it is at. */
function WrongPlace({ problem, scroll }: { problem: Problem; scroll: { top: number; left: number } }) {
  const top = padding + problem.line * lineHeight - scroll.top;
  const column = Math.min(60, Math.max(0, problem.column - 1));
  return (
    <div
      class="wrong-place"
      style={{ top: `${top}px`, left: `calc(${padding - scroll.left}px + ${column}ch)` }}
    >
      <p id="scenario-problem" class="problem" role="alert">
        <b>{place(problem)}</b>
        {problem.text}
      </p>
    </div>
  );
}

/** Puts the cursor where a problem is. */
function goTo(area: HTMLTextAreaElement, { line, column }: Problem): void {
  if (line < 1) return;
  const before = area.value.split("\n").slice(0, line - 1);
  const start = before.reduce((sum, l) => sum + l.length + 1, 0) + Math.max(0, column - 1);
  area.focus();
  area.setSelectionRange(start, start);
  area.scrollTop = Math.max(0, (line - 4) * lineHeight);
}
