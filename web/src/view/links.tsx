import type { Frame } from "../engine/types";
import { px, type Ring, spot } from "../pure/geometry";
import type { Drag } from "./drag";
import type { Open } from "./handles";

/** The links, with a wide invisible handle for the pointer; by keyboard they are reached from the members' menus. */
export function Links({ frame, ring: r, onOpen }: { frame: Frame; ring: Ring; onOpen: Open }) {
  const name = (id: number) => frame.members.find((m) => m.id === id)?.name ?? "";
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
            <title>{`${name(a)} – ${name(b)}`}</title>
            <path class="link-line" d={d} />
            <path class="link-handle" d={d} />
          </g>
        );
      })}
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
