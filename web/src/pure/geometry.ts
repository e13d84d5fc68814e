import type { Message } from "../engine/types";

export interface Point {
  x: number;
  y: number;
}

/** Where the members stand, in pixels of the stage. */
export interface Ring {
  width: number;
  height: number;
  /** The outer radius of a member, timer ring included. */
  radius: number;
  /** The members in the order in which they stand, clockwise from the top. */
  ids: number[];
  spots: Point[];
  center: Point;
}

/** On a narrow stage the list of cuts needs a line of its own above the members. */
const narrow = 600;
const headline = 38;

/** Room kept around the members: for crown and log strip above and below, for clients at the sides. */
const above = 46;
const below = 38;
const wideBeside = 88;
const narrowBeside = 50;

/** The smallest member: role and term still fit into it in a size that can be read. */
const smallest = 36;

/** Messages keep to the right of their link, so that those of both directions pass each other. */
const lane = 10;

/** An ellipse is at most so many times as wide as high, or as high as wide. */
const widest = 2.2;
const highest = 2.4;

/** Places members on an ellipse that fills a stage of the given size, the first on top. */
export function ring(ids: number[], width: number, height: number): Ring {
  const radius = memberRadius(ids.length, width, height);
  const head = above + (width < narrow ? headline : 0);
  const free = {
    x: Math.max(1, width - 2 * (radius + besideOf(width))),
    y: Math.max(1, height - 2 * radius - head - below),
  };
  let [rx, ry] = [free.x / 2, free.y / 2];
  let points = around(ids.length, rx, ry);
  // Few members don't touch all sides of their ellipse: it grows until they do.
  for (let i = 0; i < 4; i++) {
    const box = bounds(points);
    if (box.width > 0) rx *= free.x / box.width;
    if (box.height > 0) ry *= free.y / box.height;
    [rx, ry] = [Math.min(rx, widest * ry), Math.min(ry, highest * rx)];
    points = around(ids.length, rx, ry);
  }
  const box = bounds(points);
  const origin = { x: width / 2 - box.x, y: (height + head - below) / 2 - box.y };
  const spots = points.map((p) => ({ x: origin.x + p.x, y: origin.y + p.y }));
  return { width, height, radius, ids, spots, center: mean(spots) };
}

/** Points on an ellipse around the origin, all as far from the next along it. */
function around(count: number, rx: number, ry: number): Point[] {
  // Two members stand side by side; all others begin on top.
  const start = count === 2 ? -Math.PI : -Math.PI / 2;
  const steps = 360;
  const fine = Array.from({ length: steps + 1 }, (_, i) => {
    const angle = start + (i * 2 * Math.PI) / steps;
    return { x: rx * Math.cos(angle), y: ry * Math.sin(angle) };
  });
  const way = [0];
  for (let i = 1; i <= steps; i++) way.push((way[i - 1] ?? 0) + distance(fine[i - 1], fine[i]));
  const whole = way[steps] ?? 0;
  return Array.from({ length: count }, (_, i) => {
    const at = way.findIndex((length) => length >= (whole * i) / count - 1e-9);
    return fine[at] ?? { x: 0, y: 0 };
  });
}

function distance(a: Point | undefined, b: Point | undefined): number {
  return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
}

/** How much room at each side belongs to the clients. */
export function besideOf(width: number): number {
  return width < narrow ? narrowBeside : wideBeside;
}

function memberRadius(count: number, width: number, height: number): number {
  const room = Math.min(width, height) / (count <= 5 ? 10.5 : 8 + count / 2);
  return Math.max(smallest, Math.min(46, room));
}

function bounds(points: Point[]): { x: number; y: number; width: number; height: number } {
  const xs = points.map((p) => p.x);
  const ys = points.map((p) => p.y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const flat = (size: number) => (size < 1e-9 ? 0 : size);
  return {
    x: (left + right) / 2,
    y: (top + bottom) / 2,
    width: flat(right - left),
    height: flat(bottom - top),
  };
}

export function mean(points: Point[]): Point {
  const sum = points.reduce((a, p) => ({ x: a.x + p.x, y: a.y + p.y }), { x: 0, y: 0 });
  const n = Math.max(1, points.length);
  return { x: sum.x / n, y: sum.y / n };
}

/** A straight way a message takes. */
export interface Path {
  from: Point;
  to: Point;
}

/** The way from one member to another, from rim to rim. */
export function linkPath(r: Ring, from: number, to: number): Path {
  const a = spot(r, from);
  const b = spot(r, to);
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const u = { x: (b.x - a.x) / length, y: (b.y - a.y) / length };
  const rim = Math.min(r.radius + 12, length / 2);
  const side = { x: -u.y * lane, y: u.x * lane };
  return {
    from: { x: a.x + u.x * rim + side.x, y: a.y + u.y * rim + side.y },
    to: { x: b.x - u.x * rim + side.x, y: b.y - u.y * rim + side.y },
  };
}

/** Where on the ring a member stands; one that is not there, in the middle. */
export function spot(r: Ring, member: number): Point {
  return r.spots[r.ids.indexOf(member)] ?? r.center;
}

/** The member at a point, 0 if there is none. */
export function memberAt(r: Ring, point: Point): number {
  const far = r.spots.map((s) => Math.hypot(s.x - point.x, s.y - point.y));
  const near = far.indexOf(Math.min(...far));
  return (far[near] ?? Infinity) <= r.radius + 6 ? (r.ids[near] ?? 0) : 0;
}

/** How much of its way a message has behind it at a time, from 0 to 1; a lost one stops at the cut, halfway. */
export function progress(message: Pick<Message, "sent" | "arrives" | "lost">, now: number): number {
  const whole = message.arrives - message.sent;
  const part = whole <= 0 ? 1 : Math.min(1, Math.max(0, (now - message.sent) / whole));
  return message.lost ? Math.min(part, 0.5) : part;
}

export function along(path: Path, part: number): Point {
  return {
    x: path.from.x + (path.to.x - path.from.x) * part,
    y: path.from.y + (path.to.y - path.from.y) * part,
  };
}

/** The direction of a path in degrees, 0 to the right. */
export function heading(path: Path): number {
  return (Math.atan2(path.to.y - path.from.y, path.to.x - path.from.x) * 180) / Math.PI;
}

/** Whether a member's log strip stands above it; its badges are on the other side. */
export function stripAbove(r: Ring, member: number): boolean {
  return spot(r, member).y <= r.center.y + 1;
}

/** Where a member's log strip stands, measured from its center: on the side where no links leave. */
export function stripOffset(r: Ring, member: number): Point {
  const outward = spot(r, member).x - r.center.x;
  const x = Math.abs(outward) < r.radius ? 0 : Math.sign(outward) * r.radius * 0.35;
  return { x, y: stripAbove(r, member) ? -(r.radius + 30) : r.radius + 18 };
}

/** A number for SVG: two decimals are finer than any screen, and keep the picture's text short. */
export function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** The way of a client's request to its member, from the client's node to the member's rim. */
export function clientPath(
  r: Ring,
  member: number,
  client: { at: Point; side: 1 | -1; width: number },
): Path {
  const m = spot(r, member);
  const from = { x: client.at.x - client.side * (client.width / 2 + 2), y: client.at.y };
  const length = Math.hypot(from.x - m.x, from.y - m.y) || 1;
  const rim = Math.min(r.radius + 4, length);
  return {
    from,
    to: { x: m.x + ((from.x - m.x) * rim) / length, y: m.y + ((from.y - m.y) * rim) / length },
  };
}
