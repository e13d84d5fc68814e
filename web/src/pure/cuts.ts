import type { Cut } from "../engine/types";
import { mean, type Point, type Ring, spot } from "./geometry";

/** A pair of members with a cut between them, the lower number first. */
export interface CutLink {
  a: number;
  b: number;
  /** Cut in both directions, or only from a to b, or from b to a. */
  way: "both" | "ab" | "ba";
}

/** The cuts, one per pair. */
export function cutLinks(cuts: Cut[]): CutLink[] {
  const links = new Map<string, CutLink>();
  for (const cut of cuts) {
    const a = Math.min(cut.from, cut.to);
    const b = Math.max(cut.from, cut.to);
    const way = cut.from === a ? "ab" : "ba";
    const key = `${a} ${b}`;
    const known = links.get(key);
    links.set(key, { a, b, way: known && known.way !== way ? "both" : way });
  }
  return [...links.values()].sort((x, y) => x.a - y.a || x.b - y.b);
}

/**
 * The groups into which the cuts split the members, the largest last; null
 * when the cuts are no clean split: some pair within a group is cut too.
 */
export function groups(members: number[], links: CutLink[]): number[][] | null {
  if (links.length === 0 || links.some((l) => l.way !== "both")) return null;
  const cut = new Set(links.map((l) => `${l.a} ${l.b}`));
  const isCut = (a: number, b: number) => cut.has(`${Math.min(a, b)} ${Math.max(a, b)}`);
  const found = components(members, isCut);
  const clean = found.every((group) => group.every((a) => group.every((b) => a === b || !isCut(a, b))));
  return found.length > 1 && clean ? found.sort((x, y) => x.length - y.length) : null;
}

function components(members: number[], isCut: (a: number, b: number) => boolean): number[][] {
  const left = new Set(members);
  const found: number[][] = [];
  for (const start of members) {
    if (!left.delete(start)) continue;
    const group = [start];
    for (const a of group) {
      for (const b of [...left]) {
        if (!isCut(a, b)) {
          left.delete(b);
          group.push(b);
        }
      }
    }
    found.push(group.sort((x, y) => x - y));
  }
  return found;
}

/** The cuts in words: "S1 | S2 S3", or how many links when they are no clean split. */
export function cutLabel(
  split: number[][] | null,
  links: CutLink[],
  name: (member: number) => string,
): string {
  if (split) return split.map((group, i) => groupLabel(group, i > 0, name)).join(" | ");
  const one = links[0];
  if (links.length === 1 && one) {
    const arrow = { both: "|", ab: "→", ba: "←" }[one.way];
    return `${name(one.a)} ${arrow} ${name(one.b)}`;
  }
  return `${links.length} links`;
}

function groupLabel(group: number[], shorten: boolean, name: (member: number) => string): string {
  return shorten && group.length > 4 ? `${group.length} others` : group.map(name).join(" ");
}

/** A quadratic curve. */
export interface Curve {
  from: Point;
  bend: Point;
  to: Point;
}

/**
 * The line around a group of neighbours on the ring, between them and the
 * rest; null when the group is not made of neighbours.
 */
export function boundary(r: Ring, group: number[]): Curve | null {
  const inside = new Set(group);
  const start = group.filter((m) => !inside.has(neighbour(r, m, -1)));
  const end = group.filter((m) => !inside.has(neighbour(r, m, 1)));
  const [first, last] = [start[0], end[0]];
  if (start.length !== 1 || first === undefined || last === undefined) return null;
  const others = r.ids.filter((m) => !inside.has(m));
  const from = between(r, neighbour(r, first, -1), first);
  const to = between(r, last, neighbour(r, last, 1));
  const through = divide(r, group, others);
  return {
    from,
    to,
    bend: { x: 2 * through.x - (from.x + to.x) / 2, y: 2 * through.y - (from.y + to.y) / 2 },
  };
}

/** The next member on the ring, clockwise or back. */
function neighbour(r: Ring, member: number, step: 1 | -1): number {
  const count = r.ids.length;
  return r.ids[(r.ids.indexOf(member) + step + count) % count] ?? member;
}

/** A point outside of the ring, between two neighbours. */
function between(r: Ring, a: number, b: number): Point {
  const m = mean([spot(r, a), spot(r, b)]);
  const away = { x: m.x - r.center.x, y: m.y - r.center.y };
  const length = Math.hypot(away.x, away.y);
  if (length < 1) return crossing(r, a, b, m);
  const reach = 1 + (r.radius * 1.1) / length;
  return { x: r.center.x + away.x * reach, y: r.center.y + away.y * reach };
}

/** Two members face each other: the line between them is crossed at a right angle. */
function crossing(r: Ring, a: number, b: number, middle: Point): Point {
  const [p, q] = [spot(r, a), spot(r, b)];
  const length = Math.hypot(q.x - p.x, q.y - p.y) || 1;
  const reach = (2 * r.radius) / length;
  return { x: middle.x + (q.y - p.y) * reach, y: middle.y - (q.x - p.x) * reach };
}

/** A point between a group and the others: near the group when there is much room, and never on its members. */
function divide(r: Ring, group: number[], others: number[]): Point {
  const g = mean(group.map((m) => spot(r, m)));
  const o = mean(others.map((m) => spot(r, m)));
  const length = Math.hypot(o.x - g.x, o.y - g.y) || 1;
  const u = { x: (o.x - g.x) / length, y: (o.y - g.y) / length };
  const reach = (m: number) => (spot(r, m).x - g.x) * u.x + (spot(r, m).y - g.y) * u.y;
  const near = Math.max(...group.map(reach));
  const far = Math.min(...others.map(reach));
  if (r.spots.length === 2) return r.center;
  const t = Math.max(near + r.radius + 14, Math.min((near + far) / 2, near + r.radius + 40));
  return { x: g.x + u.x * t, y: g.y + u.y * t };
}
