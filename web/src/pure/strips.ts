import type { Point } from "./geometry";

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** How high a log strip is, and how near to its member. */
export const stripHeight = 18;
const aboveGap = 12;
const belowGap = 10;

/**
 * Finds a place for the log strip of each member: within a box, over no member
 * and no other strip, and where the fewest links pass. Null if there is none.
 */
export function placeStrips(spots: Point[], radius: number, width: number, inside: Box): Point[] | null {
  const placed: Box[] = [];
  const found: Point[] = [];
  const middle = spots.reduce((sum, s) => sum + s.y, 1) / spots.length;
  for (const spot of spots) {
    const free = offsets(radius, width).filter((o) => {
      const box = boxAt(spot, o, width);
      return (
        within(box, inside) &&
        !spots.some((s) => covers(box, s, radius)) &&
        !placed.some((b) => meets(box, b))
      );
    });
    const links = spots.filter((s) => s !== spot).map((s): [Point, Point] => [spot, s]);
    const cost = (o: Point) => {
      const box = boxAt(spot, o, width);
      const crossed = links.reduce((sum, [a, b]) => sum + lengthWithin(a, b, box), 0);
      const y = o.y + stripHeight / 2;
      const inward = spot.y <= middle === y > 0 ? radius : 0;
      return crossed * 10 + Math.hypot(o.x, y) + inward;
    };
    const best = free.map((o) => ({ o, cost: cost(o) })).sort((a, b) => a.cost - b.cost)[0];
    if (!best) return null;
    found.push(best.o);
    placed.push(boxAt(spot, best.o, width));
  }
  return found;
}

/** Where a strip may stand: above or below, straight or shifted, or beside its member. */
function offsets(radius: number, width: number): Point[] {
  const shifts = [0, 0.35 * radius, 0.8 * radius, width / 2].flatMap((x) => [x, -x]);
  const side = radius + 10 + width / 2;
  return [
    ...shifts.map((x) => ({ x, y: -(radius + aboveGap + stripHeight) })),
    ...shifts.map((x) => ({ x, y: radius + belowGap })),
    { x: -side, y: -stripHeight / 2 },
    { x: side, y: -stripHeight / 2 },
  ];
}

/** The place of a strip whose upper edge has its middle at an offset from its member. */
export function boxAt(spot: Point, offset: Point, width: number): Box {
  const [x, y] = [spot.x + offset.x, spot.y + offset.y];
  return { left: x - width / 2, top: y, right: x + width / 2, bottom: y + stripHeight };
}

function within(a: Box, b: Box): boolean {
  return a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom;
}

export function meets(a: Box, b: Box): boolean {
  const gap = 3;
  return a.left < b.right + gap && b.left < a.right + gap && a.top < b.bottom + gap && b.top < a.bottom + gap;
}

/** Whether a box covers a part of a member, or of the crown that it may wear. */
export function covers(box: Box, member: Point, radius: number): boolean {
  const x = Math.max(box.left, Math.min(member.x, box.right));
  const y = Math.max(box.top, Math.min(member.y, box.bottom));
  if (Math.hypot(x - member.x, y - member.y) < radius + 4) return true;
  const crown = { left: member.x - 12, right: member.x + 12, top: member.y - radius - 11, bottom: member.y };
  return meets({ ...box, top: box.top + 2, bottom: box.bottom - 3 }, crown);
}

/** How much of a straight line is within a box. */
function lengthWithin(a: Point, b: Point, box: Box): number {
  let [from, to] = [0, 1];
  const sides = [
    [a.x, b.x - a.x, box.left, box.right],
    [a.y, b.y - a.y, box.top, box.bottom],
  ] as const;
  for (const [start, way, low, high] of sides) {
    if (Math.abs(way) < 1e-9) {
      if (start < low || start > high) return 0;
      continue;
    }
    const [s, e] = [(low - start) / way, (high - start) / way];
    from = Math.max(from, Math.min(s, e));
    to = Math.min(to, Math.max(s, e));
  }
  return Math.max(0, to - from) * Math.hypot(b.x - a.x, b.y - a.y);
}
