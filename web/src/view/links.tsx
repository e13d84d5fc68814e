import type { LinkState } from "../engine/types";
import { along, px, type Ring, spot } from "../pure/geometry";
import type { Drag } from "./drag";
import type { Open } from "./handles";
import { memo } from "./memo";

/** The links, with a wide invisible handle for the pointer; by keyboard they are reached from the members' menus. */
export const Links = memo(({ ring: r, onOpen }: { ring: Ring; onOpen: Open }) => {
  const pairs = r.ids.flatMap((a, i) => r.ids.slice(i + 1).map((b): [number, number] => [a, b]));
  return (
    <g class="links">
      {pairs.map(([a, b]) => {
        const [p, q] = [spot(r, a), spot(r, b)];
        const d = `M${px(p.x)} ${px(p.y)}L${px(q.x)} ${px(q.y)}`;
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: the same is offered by keyboard in the members' menus.
          <g
            key={`${a}-${b}`}
            class="link"
            data-link={`${a}-${b}`}
            onClick={(event) =>
              onOpen({ kind: "link", between: [a, b] }, { x: event.offsetX, y: event.offsetY })
            }
          >
            <title>{`S${a} – S${b}`}</title>
            <path class="link-line" d={d} />
            <path class="link-handle" d={d} />
          </g>
        );
      })}
    </g>
  );
});

/** Links that are not as the rest of the network: a broader line, and in what. */
export function LinkStates({ links, ring: r }: { links: LinkState[]; ring: Ring }) {
  const pairs = new Map<string, { link: LinkState; both: boolean }>();
  for (const link of links.filter((l) => r.ids.includes(l.from) && r.ids.includes(l.to))) {
    const key = `${Math.min(link.from, link.to)} ${Math.max(link.from, link.to)} ${link.text}`;
    pairs.set(key, { link, both: pairs.has(key) });
  }
  return (
    <g class="link-states">
      {[...pairs].map(([key, { link, both }]) => (
        <OddLink key={key} link={link} both={both} ring={r} />
      ))}
    </g>
  );
}

function OddLink({ link, both, ring: r }: { link: LinkState; both: boolean; ring: Ring }) {
  const [p, q] = [spot(r, link.from), spot(r, link.to)];
  // Away from the middle, where many links cross; of two directions each nearer to where it begins.
  const at = along({ from: p, to: q }, both ? 0.34 : 0.3);
  const text = both ? link.text : `→ ${link.text}`;
  const width = 12 + text.length * 6.7;
  return (
    <g class="link-state">
      <path class="odd-link" d={`M${px(p.x)} ${px(p.y)}L${px(q.x)} ${px(q.y)}`} />
      <g class="badge" transform={`translate(${px(at.x)} ${px(at.y)})`}>
        <rect x={px(-width / 2)} y="-8" width={px(width)} height="17" rx="8" />
        <text y="4.5">{text}</text>
      </g>
    </g>
  );
}

/** The line that is being drawn from one member to another. */
export function DragLine({ ring: r, drag }: { ring: Ring; drag: Drag }) {
  const from = spot(r, drag.from);
  const to = drag.over === 0 ? drag.to : spot(r, drag.over);
  return (
    <g class="drag">
      <path class="drag-line" d={`M${px(from.x)} ${px(from.y)}L${px(to.x)} ${px(to.y)}`} />
      {drag.over !== 0 && <circle class="drag-end" cx={px(to.x)} cy={px(to.y)} r={px(r.radius + 7)} />}
    </g>
  );
}
