import type { Arrow, Frame } from "../engine/types";
import type { Point } from "./geometry";
import { millisecond, second } from "./time";

/** How much of the past may be shown. */
export const windows: readonly { label: string; value: number }[] = [
  { label: "20 ms", value: 20 * millisecond },
  { label: "50 ms", value: 50 * millisecond },
  { label: "100 ms", value: 100 * millisecond },
  { label: "200 ms", value: 200 * millisecond },
  { label: "500 ms", value: 500 * millisecond },
  { label: "1 s", value: second },
  { label: "2 s", value: 2 * second },
  { label: "5 s", value: 5 * second },
];

/** The sheet that time is drawn on, downwards, the playhead at its lower end once the run is old enough. */
export interface Sheet {
  width: number;
  height: number;
  top: number;
  bottom: number;
  /** The time at the top and at the bottom; the second is yet to come when the run is young. */
  from: number;
  until: number;
  /** The playhead. */
  now: number;
  /**
   * A moment that changes only now and then, at or before from: what is drawn at a
   * distance from it stays where it is while all of it moves up.
   */
  origin: number;
  /** From lane to lane. */
  pitch: number;
  members: Map<number, number>;
  clients: Map<string, number>;
}

const axis = 58;
const head = 56;
const foot = 12;
/** A client's lane is narrower than a member's. */
const clientPart = 0.6;

/** Lays out the lanes of members and, right of them, clients. */
export function sheet(frame: Frame, clients: string[], span: number, width: number, height: number): Sheet {
  const ids = frame.members.map((m) => m.id);
  const pitch = Math.min(150, (width - axis - 8) / Math.max(1, ids.length + clients.length * clientPart));
  const firstClient = axis + pitch * ids.length;
  return {
    width,
    height,
    top: head,
    bottom: Math.max(head + 1, height - foot),
    from: Math.max(0, frame.time - span),
    until: Math.max(span, frame.time),
    now: frame.time,
    origin: Math.floor(Math.max(0, frame.time - span) / span) * span,
    pitch,
    members: new Map(ids.map((id, i) => [id, axis + pitch * (i + 0.5)])),
    clients: new Map(clients.map((name, i) => [name, firstClient + pitch * clientPart * (i + 0.5)])),
  };
}

/** Pixels for a length of time. */
export function timeToHeight(s: Sheet, time: number): number {
  return (time / (s.until - s.from)) * (s.bottom - s.top);
}

/** How far below the origin a moment is. */
export function depth(s: Sheet, time: number): number {
  return timeToHeight(s, time - s.origin);
}

/** How far the origin is above the sheet's upper end. */
export function risen(s: Sheet): number {
  return timeToHeight(s, s.from - s.origin);
}

/** Where a moment is on the sheet. */
export function timeToY(s: Sheet, time: number): number {
  return s.top + timeToHeight(s, time - s.from);
}

/** The way of a message, from the origin down, as far as it came; null when one of its ends has no lane. */
export function arrowWay(s: Sheet, arrow: Arrow): { from: Point; to: Point } | null {
  const lane = (id: number) => (id === 0 ? s.clients.get(arrow.client ?? "") : s.members.get(id));
  const [a, b] = [lane(arrow.from), lane(arrow.to)];
  if (a === undefined || b === undefined) return null;
  const whole = Math.max(1, arrow.arrived - arrow.sent);
  const came = arrow.flying ? (s.now - arrow.sent) / whole : arrow.dropped ? 0.5 : 1;
  return {
    from: { x: a, y: depth(s, arrow.sent) },
    to: { x: a + (b - a) * came, y: depth(s, arrow.flying ? s.now : arrow.arrived) },
  };
}

/** Round times on the axis, at least 44 pixels apart. */
export function timeMarks(s: Sheet): number[] {
  const most = Math.max(1, Math.floor((s.bottom - s.top) / 44));
  const span = s.until - s.from;
  let step = 1000;
  for (let power = 1000; span / step > most; power *= 10) {
    step = [1, 2, 5, 10].map((n) => n * power).find((n) => span / n <= most) ?? power * 10;
  }
  const first = Math.max(0, Math.ceil(s.from / step) * step);
  const found: number[] = [];
  for (let time = first; time <= s.now; time += step) found.push(time);
  return found;
}
