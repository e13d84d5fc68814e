import { millisecond, second } from "./time";

/** The time axis: virtual nanoseconds to pixels and back. */
export interface Scale {
  /** Where the axis begins and ends, in pixels. */
  left: number;
  right: number;
  /** The time at its right end; it begins at 0. */
  span: number;
}

/** An axis shows at least this much, so that the first moments don't fill it. */
const shortest = 2 * second;

/**
 * The span for a run that has come as far as head: it grows in few large
 * steps, so that bars stand still while the run goes on.
 */
export function niceSpan(head: number): number {
  let span = shortest;
  for (const factor of steps()) {
    if (span >= head) break;
    span = shortest * factor;
  }
  return span;
}

function* steps(): Generator<number> {
  for (let power = 1; power < 1e9; power *= 10) {
    yield power * 2;
    yield power * 5;
    yield power * 10;
  }
}

export function toPixel(scale: Scale, time: number): number {
  return scale.left + ((scale.right - scale.left) * time) / scale.span;
}

/** The time under a pixel, no further than head: what was not simulated can't be sought. */
export function toTime(scale: Scale, x: number, head: number): number {
  const width = Math.max(1, scale.right - scale.left);
  const time = ((x - scale.left) / width) * scale.span;
  return Math.round(Math.min(head, Math.max(0, time)));
}

/** The marks of the axis, at most one per 70 pixels, at round times. */
export function marks(scale: Scale): number[] {
  const most = Math.max(1, Math.floor((scale.right - scale.left) / 70));
  const step = [1, ...steps()].map((n) => n * millisecond).find((s) => scale.span / s <= most) ?? scale.span;
  const found: number[] = [];
  for (let time = 0; time <= scale.span; time += step) found.push(time);
  return found;
}
