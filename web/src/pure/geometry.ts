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
  /** Where each one's log strip stands: the middle of its upper edge, from the member's center. */
  strips: Point[];
  /** How wide a strip may be; 0 where there is no room for any. */
  stripWidth: number;
}

/** Messages keep to the right of their link, so that those of both directions pass each other. */
const lane = 10;

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
  return stripOffset(r, member).y < 0;
}

/** Where a member's log strip stands: the middle of its upper edge, measured from the member's center. */
export function stripOffset(r: Ring, member: number): Point {
  return r.strips[r.ids.indexOf(member)] ?? { x: 0, y: 0 };
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
