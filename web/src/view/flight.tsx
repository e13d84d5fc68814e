import type { Frame, Message } from "../engine/types";
import { duration } from "../pure/time";
import { Glyph } from "./glyph";
import type { Open } from "./handles";
import { messageTitle } from "./menus";

/** The messages in flight as a list, the next to arrive first: for whoever can't see or catch them in the picture. */
export function Flight({ frame, onOpen }: { frame: Frame; onOpen: Open }) {
  const sorted = [...frame.messages].sort((a, b) => a.arrives - b.arrives || a.id - b.id);
  return (
    <ul class="flight" aria-label="Messages in flight">
      {sorted.map((m) => (
        <li key={m.id}>
          <button
            type="button"
            aria-haspopup="menu"
            onClick={(event) => onOpen({ kind: "message", id: m.id }, event.currentTarget)}
          >
            <svg width="28" height="22" viewBox="-14 -11 28 22" aria-hidden="true">
              <Glyph message={m} />
            </svg>
            <span>{messageTitle(frame, m)}</span>
            <span class="quiet">{m.label}</span>
            <span class="quiet">{when(m, frame.time)}</span>
          </button>
        </li>
      ))}
      {sorted.length === 0 && <li class="empty">No message is under way.</li>}
    </ul>
  );
}

function when(m: Message, now: number): string {
  return m.lost ? "lost: the link is cut" : `arrives in ${duration(m.arrives - now)}`;
}
