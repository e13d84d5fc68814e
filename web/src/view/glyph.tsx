import type { JSX } from "preact";
import type { MessageKind } from "../engine/types";
import { termClass } from "../pure/term";

/** What of a message its glyph shows. */
export interface Drawn {
  kind: MessageKind;
  term: number;
  count: number;
  positive: boolean;
  /** How a client's read is answered, "linearizable" or "serializable"; "" if it writes. */
  read?: string;
}

interface GlyphProps {
  message: Drawn;
  heading?: number;
}

/** The glyph of a message, around the origin: one shape per kind, replies hollow with their yes or no. */
export function Glyph({ message, heading = 0 }: GlyphProps): JSX.Element {
  const shape = shapes[message.kind];
  return shape(message, Math.round(heading));
}

const shapes: Record<MessageKind, (m: Drawn, heading: number) => JSX.Element> = {
  heartbeat: () => <circle class="g-heartbeat" r="5" />,
  entries: (m) => <Entries message={m} />,
  "append-reply": (m) => (
    <>
      <circle class={m.positive ? "g-reply yes" : "g-reply no"} r="8" />
      <YesNo positive={m.positive} />
    </>
  ),
  "vote-request": (_, heading) => (
    <path class="g-vote" d="M9 0-6-7.5V7.5z" transform={`rotate(${heading})`} />
  ),
  "vote-reply": (m) => <VoteReply message={m} kind="g-vote hollow" />,
  "pre-vote-request": (_, heading) => (
    <path class="g-vote hollow dashed" d="M10 0-7-8.5V8.5z" transform={`rotate(${heading})`} />
  ),
  "pre-vote-reply": (m) => <VoteReply message={m} kind="g-vote hollow dashed" />,
  "timeout-now": () => <path class="g-vote" d="M-7-9H7L1.5 0 7 9H-7L-1.5 0z" />,
  forward: (_, heading) => (
    <path class="g-forward" d="M-8-6-2 0-8 6M0-6 6 0 0 6" transform={`rotate(${heading})`} />
  ),
  "read-index": () => <path class="g-read" d="M-8 0-4-7H4L8 0 4 7H-4z" />,
  "read-index-reply": (m) => (
    <>
      <path class="g-read hollow" d="M-10 0-5-8.5H5L10 0 5 8.5H-5z" />
      <YesNo positive={m.positive} size={0.9} />
    </>
  ),
  snapshot: (m) => (
    <>
      <path class="g-sheets" d="M-7-10H11V6" />
      <rect class={`g-entries ${termClass(m.term)}`} x="-11" y="-7" width="18" height="15" rx="1" />
      <path class="g-lines" d="M-7-2.5H3M-7 .5H3M-7 3.5H0" />
    </>
  ),
  "snapshot-reply": (m) => (
    <>
      <rect class={m.positive ? "g-reply yes" : "g-reply no"} x="-8" y="-8" width="16" height="16" rx="1" />
      <YesNo positive={m.positive} />
    </>
  ),
  "client-request": (m) => <Request read={m.read ?? ""} />,
  "client-reply": (m) => (
    <>
      <path
        class={`g-client hollow${m.read === "serializable" ? " dashed" : ""}`}
        d="M-11 0 0-11 11 0 0 11z"
      />
      <YesNo positive={m.positive} size={0.9} />
    </>
  ),
  "watch-request": () => (
    <>
      <path class="g-client hollow" d={eye} />
      <circle class="g-client hollow" r="2.5" />
    </>
  ),
  "watch-response": () => (
    <>
      <path class="g-client" d={eye} />
      <circle class="g-pupil" r="3" />
    </>
  ),
};

const eye = "M-11 0C-6-8.5 6-8.5 11 0 6 8.5-6 8.5-11 0z";

/** A write is solid; a linearizable read has a ring around its core, a serializable one is broken and empty. */
function Request({ read }: { read: string }) {
  if (read === "") return <path class="g-client" d="M-8 0 0-8 8 0 0 8z" />;
  return (
    <>
      <path
        class={`g-client hollow${read === "serializable" ? " dashed" : ""}`}
        d="M-9.5 0 0-9.5 9.5 0 0 9.5z"
      />
      {read === "linearizable" && <path class="g-client" d="M-4.5 0 0-4.5 4.5 0 0 4.5z" />}
    </>
  );
}

function VoteReply({ message, kind }: { message: Drawn; kind: string }) {
  return (
    <>
      <path class={kind} d="M0-10 10 7H-10z" />
      <YesNo positive={message.positive} y={1.5} size={0.8} />
    </>
  );
}

function Entries({ message }: { message: Drawn }) {
  return (
    <>
      <rect class={`g-entries ${termClass(message.term)}`} x="-13" y="-9" width="26" height="18" rx="4" />
      <text class="g-count" y="4">
        +{message.count}
      </text>
    </>
  );
}

function YesNo({ positive, y = 0, size = 1 }: { positive: boolean; y?: number; size?: number }) {
  const d = positive ? "M-4 .5-1 3.5 4.5-3.5" : "M-3.2-3.2 3.2 3.2M3.2-3.2-3.2 3.2";
  return <path class={positive ? "g-yes" : "g-no"} d={d} transform={`translate(0 ${y}) scale(${size})`} />;
}

/** A glyph of the legend with what it means. */
export interface Sign {
  word: string;
  drawn: Omit<Drawn, "term">;
}

function sign(word: string, kind: MessageKind, rest: Partial<Drawn> = {}): Sign {
  return { word, drawn: { kind, count: 1, positive: true, ...rest } };
}

/** The glyphs that are seen all the time. */
export const usualSigns: readonly Sign[] = [
  sign("heartbeat", "heartbeat"),
  sign("entries", "entries"),
  sign("accepted", "append-reply"),
  sign("asks for a vote", "vote-request"),
  sign("vote", "vote-reply"),
  sign("write", "client-request"),
  sign("read", "client-request", { read: "linearizable" }),
  sign("answer", "client-reply"),
];

/** All others. */
export const rareSigns: readonly Sign[] = [
  sign("refused", "append-reply", { positive: false }),
  sign("asks for a pre-vote", "pre-vote-request"),
  sign("pre-vote", "pre-vote-reply"),
  sign("serializable read: not asked for the newest", "client-request", { read: "serializable" }),
  sign("forwarded to the leader", "forward"),
  sign("asks for the read index", "read-index"),
  sign("read index", "read-index-reply"),
  sign("part of a snapshot", "snapshot"),
  sign("snapshot received", "snapshot-reply"),
  sign("hold an election now", "timeout-now"),
  sign("asks to watch", "watch-request"),
  sign("events of a watch", "watch-response"),
];

/** The kind of a message in a word or two. */
export const kindWord: Record<MessageKind, string> = {
  heartbeat: "heartbeat",
  entries: "entries",
  "append-reply": "reply to entries",
  "vote-request": "asks for a vote",
  "vote-reply": "vote",
  "pre-vote-request": "asks for a pre-vote",
  "pre-vote-reply": "pre-vote",
  "timeout-now": "hold an election now",
  forward: "forwarded request",
  "read-index": "asks for the read index",
  "read-index-reply": "read index",
  snapshot: "part of a snapshot",
  "snapshot-reply": "snapshot received",
  "client-request": "request",
  "client-reply": "answer",
  "watch-request": "asks to watch",
  "watch-response": "events of a watch",
};
