import type { RefObject } from "preact";
import { useState } from "preact/hooks";
import { memberAt, type Point, type Ring } from "../pure/geometry";

/** A line that is being drawn from a member to where the pointer is. */
export interface Drag {
  from: number;
  to: Point;
  /** The member under the pointer, 0 for none. */
  over: number;
}

/** A pointer that moves less than this means a click. */
const slack = 8;

/** Drawing a line from member to member by pointer. */
export function useDrag(
  picture: RefObject<SVGSVGElement | null>,
  ring: Ring,
  onLink: (between: [number, number], at: Point) => void,
) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const start = (event: PointerEvent) => {
    const member = (event.target as Element).closest("[data-member]")?.getAttribute("data-member");
    const box = picture.current?.getBoundingClientRect();
    if (!member || !box || event.button !== 0) return;
    const from = Number(member);
    const begin = { x: event.clientX, y: event.clientY };
    const at = (e: PointerEvent): Point => ({ x: e.clientX - box.x, y: e.clientY - box.y });
    const far = (e: PointerEvent) => Math.hypot(e.clientX - begin.x, e.clientY - begin.y) > slack;
    let moved = false;
    const move = (e: PointerEvent) => {
      moved ||= far(e);
      if (!moved) return;
      const over = memberAt(ring, at(e));
      setDrag({ from, to: at(e), over: over === from ? 0 : over });
    };
    const end = (e: PointerEvent) => {
      document.removeEventListener("pointermove", move);
      document.removeEventListener("pointerup", end);
      document.removeEventListener("pointercancel", end);
      setDrag(null);
      const over = memberAt(ring, at(e));
      if (e.type === "pointerup" && moved && over !== 0 && over !== from) onLink([from, over], at(e));
    };
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", end);
    document.addEventListener("pointercancel", end);
  };
  return { drag, start };
}
