import { useEffect, useRef, useState } from "preact/hooks";
import type { Frame, Op, Problem } from "../engine/types";
import { answer, exchanges, nextName, speakers, withClient, you } from "../pure/console";
import type { Player } from "../state/player";
import { ready } from "../state/ready";
import { CommandLine } from "./commandline";
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

/** Commands as for etcdctl, by a client of one's choice, to a member of one's choice. */
export function Console({ frame, player, member, onMember }: ConsoleProps) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [chosen, setClient] = useState(you);
  const [problem, setProblem] = useState<Problem | null>(null);
  const client = speakers(frame).includes(chosen) ? chosen : you;
  const ops = exchanges(frame, client);
  const name = frame.members.find((m) => m.id === member)?.name ?? "leader";
  const send = async () => {
    const command = text.trim();
    if (command === "") return;
    const refused = await player.act(`client ${client}@${name} ${command}`);
    setProblem(refused ?? null);
    if (refused) return;
    setText("");
    player.play();
  };
  const fill = (example: string) => {
    setText(example);
    input.current?.focus();
  };
  useEffect(() => {
    if (ready.value === null) return;
    fill(ready.value);
    ready.value = null;
  }, [ready.value]);
  return (
    <Panel
      class="console"
      label="Console"
      bar={<Examples onPick={fill} />}
      aside={
        <>
          <ClientSelect frame={frame} player={player} value={client} onChange={setClient} />
          <MemberSelect frame={frame} value={member} onChange={onMember} />
        </>
      }
    >
      <Answers ops={ops} client={client} frame={frame} />
      {problem && (
        <p class="problem" role="alert">
          {problem.text}
        </p>
      )}
      <CommandLine
        player={player}
        input={input}
        text={text}
        label={`Command of ${client} for ${name}`}
        onText={setText}
        onSend={() => void send()}
        history={ops.map((op) => op.request)}
      />
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

/** What the choice of one more client is called. */
const another = "\0";

interface ClientSelectProps {
  frame: Frame;
  player: Player;
  value: string;
  onChange: (client: string) => void;
}

/** Who gives the command: "you", any client of the scenario, or one more. */
function ClientSelect({ frame, player, value, onChange }: ClientSelectProps) {
  const choose = async (name: string) => {
    if (name !== another) {
      onChange(name);
      return;
    }
    const fresh = nextName(frame);
    if (!(await player.edit(withClient(frame.scenario ?? "", fresh)))) onChange(fresh);
  };
  return (
    <select
      aria-label="Client"
      title="Who gives the command"
      value={value}
      onChange={(event) => void choose(event.currentTarget.value)}
    >
      {speakers(frame).map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
      <option value={another}>one more client</option>
    </select>
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
      → <span class="unseen">Send to</span>
      <select value={value} onChange={(event) => onChange(Number(event.currentTarget.value))}>
        <option value={0}>leader</option>
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
function Answers({ ops, client, frame }: { ops: Op[]; client: string; frame: Frame }) {
  const box = useRef<HTMLDivElement>(null);
  const newest = ops.at(-1);
  useEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [ops.length, newest?.outcome, newest?.answer]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <div class="answers" ref={box} role="log" aria-label="Answers" tabIndex={0}>
      {ops.length === 0 && (
        <p class="empty">
          {client === you
            ? "You are a client. Write a key, read it, or compare and swap: the examples above are a start."
            : `${client} has asked for nothing yet.`}
        </p>
      )}
      {ops.map((op) => (
        <Exchange key={op.id} op={op} to={frame.members.find((m) => m.id === op.member)?.name ?? ""} />
      ))}
    </div>
  );
}

function Exchange({ op, to }: { op: Op; to: string }) {
  return (
    <div class={`exchange ${op.outcome}`}>
      <div class="request">
        <b>
          {op.client || you} → {to}
        </b>{" "}
        {op.request}
      </div>
      <div class="answer">{answer(op)}</div>
    </div>
  );
}
