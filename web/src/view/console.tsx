import { useEffect, useRef, useState } from "preact/hooks";
import type { Frame, Op, OpOutcome, Problem } from "../engine/types";
import type { Player } from "../state/player";
import { ready } from "../state/ready";
import { Panel } from "./panel";

/** Commands to start from; they only fill the line, to be read and changed. */
const examples: readonly { title: string; text: string }[] = [
  { title: "put", text: "put counter 5" },
  { title: "get", text: "get counter" },
  {
    title: "compare-and-swap",
    text: `txn --compare 'value("counter") = "5"' --then 'put counter 6' --else 'get counter'`,
  },
];

export interface ConsoleProps {
  frame: Frame;
  player: Player;
  /** To whom commands go, 0 for whoever leads. */
  member: number;
  onMember: (member: number) => void;
}

/** A client named "you": commands as for etcdctl, to a member of one's choice. */
export function Console({ frame, player, member, onMember }: ConsoleProps) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const history = useHistory(frame.console, setText);
  const name = frame.members.find((m) => m.id === member)?.name ?? "leader";
  useEffect(() => {
    if (ready.value === null) return;
    fill(ready.value);
    ready.value = null;
  }, [ready.value]);
  const send = async () => {
    const command = text.trim();
    if (command === "") return;
    const refused = await player.act(`client you@${name} ${command}`);
    setProblem(refused ?? null);
    if (refused) return;
    setText("");
    history.reset();
    player.play();
  };
  const fill = (example: string) => {
    setText(example);
    input.current?.focus();
  };
  return (
    <Panel
      class="console"
      label="Console"
      bar={<Examples onPick={fill} />}
      aside={<MemberSelect frame={frame} value={member} onChange={onMember} />}
    >
      <Answers ops={frame.console} frame={frame} />
      {problem && (
        <p class="problem" role="alert">
          {problem.text}
        </p>
      )}
      <form
        class="line"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <input
          ref={input}
          id="command"
          type="text"
          value={text}
          placeholder="put key value"
          aria-label={`Command for ${name}`}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={history.press}
        />
        <button type="submit" class="primary">
          Send
        </button>
      </form>
    </Panel>
  );
}

function Examples({ onPick }: { onPick: (text: string) => void }) {
  return (
    <>
      <h2>Console</h2>
      <div class="examples">
        {examples.map((example) => (
          <button key={example.title} type="button" title={example.text} onClick={() => onPick(example.text)}>
            {example.title}
          </button>
        ))}
      </div>
    </>
  );
}

interface SelectProps {
  frame: Frame;
  value: number;
  onChange: (member: number) => void;
}

function MemberSelect({ frame, value, onChange }: SelectProps) {
  return (
    <label class="pick">
      <span class="unseen">Send to</span>
      <select value={value} onChange={(event) => onChange(Number(event.currentTarget.value))}>
        <option value={0}>the leader</option>
        {frame.members.map((m) => (
          <option key={m.id} value={m.id}>
            {m.name}
            {m.role === "leader" ? " leader" : m.role === "down" ? " crashed" : ""}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What was asked and answered; the newest is kept in sight. */
function Answers({ ops, frame }: { ops: Op[]; frame: Frame }) {
  const box = useRef<HTMLDivElement>(null);
  const newest = ops.at(-1);
  useEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [ops.length, newest?.outcome]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <div class="answers" ref={box} role="log" aria-label="Answers" tabIndex={0}>
      {ops.length === 0 && (
        <p class="empty">
          You are a client. Write a key, read it, or compare and swap: the examples above are a start.
        </p>
      )}
      {ops.map((op) => (
        <Exchange
          key={`${op.call} ${op.request}`}
          op={op}
          to={frame.members.find((m) => m.id === op.member)?.name ?? ""}
        />
      ))}
    </div>
  );
}

function Exchange({ op, to }: { op: Op; to: string }) {
  return (
    <div class={`exchange ${op.outcome}`}>
      <div class="request">
        <b>you → {to}</b> {op.request}
      </div>
      <div class="answer">{answer(op)}</div>
    </div>
  );
}

/** What stands for an answer that has no words of its own; that nobody knows is said in full. */
const wordless: Record<OpOutcome, string> = {
  pending: "waiting for an answer",
  answered: "done",
  failed: "not done: a comparison did not hold",
  refused: "refused: it did not happen",
  unknown: "unknown: no answer came. It may have happened, or may yet.",
};

/** How an operation ended, as a sentence. */
export function answer(op: Pick<Op, "outcome" | "answer">): string {
  return op.answer || wordless[op.outcome];
}

/** Up and down in the line bring back what was sent before, as in a shell. */
function useHistory(ops: Op[], show: (text: string) => void) {
  const back = useRef(0);
  return {
    reset: () => {
      back.current = 0;
    },
    press: (event: KeyboardEvent) => {
      const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      back.current = Math.min(ops.length, Math.max(0, back.current + step));
      show(ops[ops.length - back.current]?.request ?? "");
    },
  };
}
