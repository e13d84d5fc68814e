import type { Message, MessageKind } from "../engine/types";
import { termClass } from "../pure/term";

type Drawn = Pick<Message, "kind" | "term" | "count" | "positive">;

/** The glyph of a message, around the origin: one shape per kind, replies hollow with their yes or no. */
export function Glyph({ message, heading = 0 }: { message: Drawn; heading?: number }) {
  switch (message.kind) {
    case "vote-request":
      return <path class="g-vote" d="M9 0-6-7.5V7.5z" transform={`rotate(${Math.round(heading)})`} />;
    case "vote-reply":
      return (
        <>
          <path class="g-vote hollow" d="M0-10 10 7H-10z" />
          <YesNo positive={message.positive} y={1.5} size={0.8} />
        </>
      );
    case "heartbeat":
      return <circle class="g-heartbeat" r="5" />;
    case "entries":
      return <Entries message={message} />;
    case "append-reply":
      return (
        <>
          <circle class={message.positive ? "g-reply yes" : "g-reply no"} r="8" />
          <YesNo positive={message.positive} />
        </>
      );
    case "forward":
      return (
        <path class="g-forward" d="M-8-6-2 0-8 6M0-6 6 0 0 6" transform={`rotate(${Math.round(heading)})`} />
      );
    case "read-index":
      return <path class="g-read" d="M-8 0-4-7H4L8 0 4 7H-4z" />;
    case "read-index-reply":
      return (
        <>
          <path class="g-read hollow" d="M-10 0-5-8.5H5L10 0 5 8.5H-5z" />
          <YesNo positive={message.positive} size={0.9} />
        </>
      );
    case "client-request":
      return <path class="g-client" d="M-8 0 0-8 8 0 0 8z" />;
    case "client-reply":
      return (
        <>
          <path class="g-client hollow" d="M-11 0 0-11 11 0 0 11z" />
          <YesNo positive={message.positive} size={0.9} />
        </>
      );
  }
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

/** The kinds as people call them, in the order of the legend. */
export const kindWords: readonly { kind: MessageKind; word: string }[] = [
  { kind: "heartbeat", word: "heartbeat" },
  { kind: "entries", word: "entries" },
  { kind: "append-reply", word: "accepted" },
  { kind: "vote-request", word: "asks for a vote" },
  { kind: "vote-reply", word: "vote" },
  { kind: "client-request", word: "client asks" },
  { kind: "client-reply", word: "answer" },
  { kind: "forward", word: "forwarded" },
  { kind: "read-index", word: "read index" },
];
