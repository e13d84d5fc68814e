import type { Frame, Member, Message } from "../engine/types";
import {
  type Choice,
  clientChoices,
  clusterChoices,
  linkChoices,
  memberChoices,
  messageChoices,
} from "../pure/choices";
import type { Client } from "../pure/clients";
import type { Point } from "../pure/geometry";
import { roleWord } from "../pure/member";
import { clock, duration } from "../pure/time";
import { kindWord } from "./glyph";
import { Menu } from "./menu";

/** What a menu is open for. */
export type Target =
  | { kind: "member"; id: number }
  | { kind: "link"; between: [number, number] }
  | { kind: "message"; id: number }
  | { kind: "arrow"; id: number }
  | { kind: "client"; name: string }
  | { kind: "cluster" };

export interface TargetMenuProps {
  frame: Frame;
  target: Target;
  clients: Client[];
  at: Point;
  onPick: (choice: Choice) => void;
  onClose: () => void;
}

/** The menu of whatever was pressed; nothing if it is no more. */
export function TargetMenu({ frame, target, clients, ...rest }: TargetMenuProps) {
  const member = (id: number) => frame.members.find((m) => m.id === id);
  switch (target.kind) {
    case "member": {
      const m = member(target.id);
      return m ? <MemberMenu frame={frame} member={m} {...rest} /> : null;
    }
    case "link": {
      const [a, b] = target.between.map(member);
      return a && b ? (
        <Menu label={`Link ${a.name} to ${b.name}`} choices={linkChoices(frame, a, b)} {...rest} />
      ) : null;
    }
    case "message":
      return <MessageMenu frame={frame} id={target.id} {...rest} />;
    case "arrow":
      return <ArrowMenu frame={frame} id={target.id} {...rest} />;
    case "client": {
      const client = clients.find((c) => c.name === target.name);
      return client ? <ClientMenu frame={frame} client={client} {...rest} /> : null;
    }
    case "cluster":
      return <Menu label="Cluster" choices={clusterChoices(frame)} {...rest} />;
  }
}

type Rest = Omit<TargetMenuProps, "frame" | "target" | "clients">;

function MemberMenu({ frame, member, ...rest }: { frame: Frame; member: Member } & Rest) {
  return (
    <Menu
      label={member.name}
      head={<Summary member={member} />}
      choices={memberChoices(frame, member)}
      {...rest}
    />
  );
}

function Summary({ member: m }: { member: Member }) {
  const facts = [
    m.unsyncedBytes > 0 ? `${m.unsyncedBytes} of ${m.diskBytes} bytes not yet on disk` : "",
    m.snapshotIndex > 0 ? `snapshot up to ${m.snapshotIndex}` : "",
    m.dead ? `dead: ${m.dead}` : "",
    m.lost ?? "",
  ];
  return (
    <div class="menu-head">
      <b>{m.name}</b> {roleWord(m)}, term {m.term}
      <br />
      log {m.last} · durable {m.durable} · committed {m.commit}
      {facts.filter(Boolean).map((fact) => (
        <div key={fact}>{fact}</div>
      ))}
    </div>
  );
}

/** What is in a message, and what can be done to it while it flies. */
function MessageMenu({ frame, id, ...rest }: { frame: Frame; id: number } & Rest) {
  const message = frame.messages.find((m) => m.id === id);
  if (!message) {
    return (
      <Menu
        label="Message"
        head={<p class="menu-head">It has arrived.</p>}
        choices={[{ label: "Close" }]}
        {...rest}
      />
    );
  }
  return (
    <Menu
      label={messageTitle(frame, message)}
      head={<Inside frame={frame} message={message} />}
      choices={messageChoices(message)}
      {...rest}
    />
  );
}

/** What is known of a message that is no longer under way. */
function ArrowMenu({ frame, id, ...rest }: { frame: Frame; id: number } & Rest) {
  const arrow = frame.spaceTime?.arrows.find((a) => a.id === id);
  if (!arrow) return null;
  const title = messageTitle(frame, arrow);
  const head = (
    <div class="menu-head">
      <b>{title}</b>
      <div>{arrow.label}</div>
      {arrow.dropped && <div>{arrow.dropped}</div>}
      <div>
        {clock(arrow.sent)} to {clock(arrow.arrived)}
      </div>
    </div>
  );
  const choices: Choice[] = [
    { label: "Go to when it was sent", go: { seek: arrow.sent } },
    { label: arrow.dropped ? "Go to when it was lost" : "Go to when it came", go: { seek: arrow.arrived } },
  ];
  return <Menu label={title} head={head} choices={choices} {...rest} />;
}

type Titled = Pick<Message, "kind" | "from" | "to" | "client" | "read">;

/** "S1 → S2 heartbeat". */
export function messageTitle(frame: Frame, m: Titled): string {
  const name = (id: number) => frame.members.find((x) => x.id === id)?.name ?? m.client ?? "?";
  return `${name(m.from)} → ${name(m.to)} ${m.read ? `${m.read} read, ` : ""}${kindWord[m.kind]}`;
}

function Inside({ frame, message: m }: { frame: Frame; message: Message }) {
  return (
    <div class="menu-head">
      <b>{messageTitle(frame, m)}</b>
      <div>{m.label}</div>
      <dl class="fields">
        {m.fields.map((field) => (
          <div key={field.name}>
            <dt>{field.name}</dt>
            <dd>{field.value}</dd>
          </div>
        ))}
        <div>
          <dt>sent</dt>
          <dd>{clock(m.sent)}</dd>
        </div>
        <div>
          <dt>{m.lost ? "lost" : "arrives"}</dt>
          <dd>{m.lost ? "the link is cut" : `in ${duration(m.arrives - frame.time)}`}</dd>
        </div>
      </dl>
    </div>
  );
}

function ClientMenu({ frame, client, ...rest }: { frame: Frame; client: Client } & Rest) {
  const { name, request, since, answer, outcome, about, watches, member } = client;
  const head = (
    <div class="menu-head">
      <b>client {name}</b> {about}
      {request !== "" && <div class="mono">{request}</div>}
      {request !== "" && <div>{waiting(client, frame.time - since)}</div>}
      {request === "" && outcome !== "pending" && <div>last: {answer || outcome}</div>}
      {watches.map((w) => (
        <div key={w.span}>
          watches {w.span}, waits for revision {w.next}
          {w.lags ? ", lags" : ""}
        </div>
      ))}
    </div>
  );
  return <Menu label={`Client ${name}`} head={head} choices={clientChoices(name, member)} {...rest} />;
}

function waiting(client: Client, since: number): string {
  const may = client.serializable ? ": it may be answered from the past" : "";
  return `waits for an answer since ${duration(since)}${may}`;
}
