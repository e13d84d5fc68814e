import type { Frame } from "../engine/types";

/** How much faster quiet time passes. */
const hurryFactor = 10;

/** A tab that was in the background must not make up for all the time it slept. */
const longestTick = 100;

/**
 * How far to move the playhead for a tick of so many real milliseconds.
 * With hurry, time in which no message travels passes faster, but never past
 * the next event, so that no message's journey is missed.
 */
export function advance(frame: Frame, tick: number, speed: number, hurry: boolean): number {
  const step = Math.min(tick, longestTick) * 1e6 * speed;
  if (!hurry || frame.messages.length > 0) return Math.round(step);
  const quiet = frame.next - frame.time;
  return Math.max(1, Math.round(Math.max(step, Math.min(step * hurryFactor, quiet))));
}
