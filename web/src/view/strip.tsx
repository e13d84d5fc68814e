import type { Entry, Member } from "../engine/types";
import { px, type Ring, spot, stripOffset } from "../pure/geometry";
import { termClass } from "../pure/term";
import { memo } from "./memo";

interface StripProps extends Pick<Member, "id" | "log" | "commit" | "durable" | "snapshotIndex"> {
  ring: Ring;
}

/** The end of a member's log beside it, one square per entry with its term's hue and number. */
export const Strip = memo(({ ring, ...member }: StripProps) => {
  if (ring.stripWidth === 0) return null;
  const digits = String(Math.max(1, ...member.log.map((e) => e.term))).length;
  const width = 10 + 6 * digits;
  const snapshot = member.snapshotIndex > 0 ? 15 + 7 * String(member.snapshotIndex).length : 0;
  const fit = Math.max(1, Math.floor((ring.stripWidth - snapshot) / (width + 2)));
  const entries = member.log.slice(-fit);
  const all = entries.length * (width + 2) + snapshot;
  const center = spot(ring, member.id);
  const by = stripOffset(ring, member.id);
  const left = Math.max(2, Math.min(center.x + by.x - all / 2, ring.width - all - 2));
  const y = center.y + by.y;
  return (
    <g class="strip">
      {snapshot > 0 && <Snapshot index={member.snapshotIndex} x={left} y={y} width={snapshot - 3} />}
      {entries.map((entry, i) => (
        <Square
          key={entry.index}
          entry={entry}
          committed={entry.index <= member.commit}
          durable={entry.index <= member.durable}
          x={left + snapshot + i * (width + 2)}
          y={y}
          width={width}
        />
      ))}
    </g>
  );
});

/** The snapshot that stands for the beginning of the log: a sheet with its last index. */
function Snapshot({ index, x, y, width }: { index: number; x: number; y: number; width: number }) {
  return (
    <g class="snapshot-mark" transform={`translate(${px(x)} ${px(y)})`}>
      <path class="sheet" d={`M0 0H${width - 5}L${width} 5V15H0z`} />
      <text x={px((width - 2) / 2)} y="11.5">
        ≤{index}
      </text>
      <title>{`snapshot of all up to index ${index}`}</title>
    </g>
  );
}

interface SquareProps {
  entry: Entry;
  committed: boolean;
  durable: boolean;
  x: number;
  y: number;
  width: number;
}

function Square({ entry, committed, durable, x, y, width }: SquareProps) {
  return (
    <g transform={`translate(${px(x)} ${px(y)})`}>
      <rect
        class={`entry ${termClass(entry.term)}${committed ? " committed" : ""}`}
        width={width}
        height="15"
        rx="3"
      >
        <title>{`${entry.index}: ${entry.detail}`}</title>
      </rect>
      <text x={px(width / 2)} y="11.5">
        {entry.term}
      </text>
      {durable && <path class="durable" d={`M1 17.5h${width - 2}`} />}
    </g>
  );
}
