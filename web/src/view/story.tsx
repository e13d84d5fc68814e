import type { Line } from "../engine/types";
import { clock } from "../pure/time";

/** The newest events worth telling, the last one on top; each leads to its moment. */
export function Story({ story, onSeek }: { story: Line[]; onSeek: (time: number) => void }) {
  const lines = story.map((line, i) => ({ line, key: `${line.time} ${i}` })).reverse();
  return (
    <section class="story" aria-label="Story">
      <h2>Story</h2>
      <ol aria-label="Newest events first">
        {lines.map(({ line, key }) => (
          <li key={key} class={line.kind}>
            <button type="button" title="Go to this moment" onClick={() => onSeek(line.time)}>
              {clock(line.time)}
            </button>{" "}
            {line.text}
          </li>
        ))}
      </ol>
      {lines.length === 0 && <p class="empty">Nothing has happened yet.</p>}
    </section>
  );
}
