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

/** How long one call of the engine may take where time goes as fast as it can, in milliseconds. */
const callTime = 40;

/**
 * How far to move per tick where time goes as fast as it can: so far that a call takes a
 * little longer than a frame, or than a call that does nothing, where that takes long.
 */
export class Stride {
  /** In virtual nanoseconds. */
  length = 50e6;
  /** The shortest call of late. */
  #least = callTime;

  /** The last stride took so many milliseconds. */
  learn(took: number): void {
    this.#least = Math.min(took, this.#least * 1.05);
    const factor = Math.max(callTime, 3 * this.#least) / Math.max(1, took);
    this.length = Math.round(
      Math.min(60e9, Math.max(50e6, this.length * Math.min(2, Math.max(0.25, factor)))),
    );
  }
}
