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
  /** A stage so small that role and term don't fit into a member, but stand below its name. */
  small: boolean;
}

/** On a narrow stage the list of cuts needs a line of its own above the members. */
const narrow = 600;
const headline = 38;

/** Room kept around the members: for crown and log strip above and below, for clients at the sides. */
const above = 46;
const below = 38;
const wideBeside = 88;
const narrowBeside = 50;

/** The smallest member into which its words fit in a size that can be read. */
const roomy = 36;

/** Messages keep to the right of their link, so that those of both directions pass each other. */
const lane = 10;

/** Places members on an ellipse that fills a stage of the given size, the first on top. */
export function ring(ids: number[], width: number, height: number): Ring {
  const count = ids.length;
  const angles = ids.map((_, i) => startAngle(count) + (i * 2 * Math.PI) / count);
  const unit = angles.map((a) => ({ x: Math.cos(a), y: Math.sin(a) }));
  const box = bounds(unit);
  const radius = memberRadius(count, width, height);
  const head = above + (width < narrow ? headline : 0);
  const free = {
    x: Math.max(0, width - 2 * (radius + besideOf(width))),
    y: Math.max(0, height - 2 * radius - head - below),
  };
  let sx = box.width > 0 ? free.x / box.width : 0;
  let sy = box.height > 0 ? free.y / box.height : 0;
  if (sx > 0 && sy > 0) {
    sx = Math.min(sx, sy * 1.8);
    sy = Math.min(sy, sx * 1.6);
  }
  const origin = {
    x: width / 2 - box.x * sx,
    y: (height + head - below) / 2 - box.y * sy,
  };
  const spots = unit.map((u) => ({ x: origin.x + u.x * sx, y: origin.y + u.y * sy }));
  return { width, height, radius, ids, spots, center: mean(spots), small: radius < roomy };
}

function besideOf(width: number): number {
  return width < narrow ? narrowBeside : wideBeside;
}

/** Two members stand side by side; all others begin on top. */
function startAngle(count: number): number {
  return count === 2 ? -Math.PI : -Math.PI / 2;
}

function memberRadius(count: number, width: number, height: number): number {
  const room = Math.min(width, height) / (count <= 5 ? 10.5 : 8 + count / 2);
  return Math.max(count <= 5 ? roomy : 26, Math.min(46, room));
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
  const rim = Math.min(r.radius + 6, length / 2);
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
  const i = r.spots.findIndex((s) => Math.hypot(s.x - point.x, s.y - point.y) <= r.radius + 6);
  return r.ids[i] ?? 0;
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
