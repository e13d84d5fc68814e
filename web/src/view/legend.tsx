import type { Member, Message, MessageKind } from "../engine/types";
import { termClass } from "../pure/term";
import { Glyph, kindWords } from "./glyph";

const replies: ReadonlySet<MessageKind> = new Set([
  "vote-reply",
  "append-reply",
  "client-reply",
  "read-index-reply",
]);

/** What the shapes mean, and which hue is which term. */
export function Legend({ members, messages }: { members: Member[]; messages: Message[] }) {
  const shown = members.flatMap((m) => m.log.map((e) => e.term)).concat(messages.map((m) => m.term));
  const terms = [...new Set(shown.filter((t) => t > 0))].sort((a, b) => a - b).slice(-6);
  return (
    <ul class="legend" aria-label="Legend">
      {kindWords.map(({ kind, word }) => (
        <li key={kind}>
          <svg width="28" height="22" viewBox="-14 -11 28 22" aria-hidden="true">
            <Glyph message={{ kind, term: terms.at(-1) ?? 1, count: 1, positive: replies.has(kind) }} />
          </svg>
          {word}
        </li>
      ))}
      <li>
        <svg width="20" height="20" viewBox="-10 -10 20 20" aria-hidden="true">
          <circle class="timer-track" r="7" />
          <circle class="timer legend-timer" r="7" stroke-dasharray="28 44" transform="rotate(-90)" />
        </svg>
        time-out running
      </li>
      {terms.length > 0 && (
        <li>
          term
          {terms.map((term) => (
            <span key={term} class={`term-chip ${termClass(term)}`}>
              {term}
            </span>
          ))}
        </li>
      )}
    </ul>
  );
}
