// Virtual time is in nanoseconds everywhere; seconds are only for people.

export const millisecond = 1e6;
export const second = 1e9;

/** Without a bound: as fast as the engine goes. */
export const fastest = Number.POSITIVE_INFINITY;

/** How fast virtual time may run, in virtual seconds per second. */
export const speeds: readonly { label: string; value: number }[] = [
  { label: "1/1000", value: 1 / 1000 },
  { label: "1/500", value: 1 / 500 },
  { label: "1/200", value: 1 / 200 },
  { label: "1/100", value: 1 / 100 },
  { label: "1/50", value: 1 / 50 },
  { label: "1/20", value: 1 / 20 },
  { label: "1/10", value: 1 / 10 },
  { label: "1/5", value: 1 / 5 },
  { label: "1/2", value: 1 / 2 },
  { label: "1", value: 1 },
  { label: "2", value: 2 },
  { label: "5", value: 5 },
  { label: "10", value: 10 },
  { label: "fastest", value: fastest },
];

/** Slow enough that a message, some milliseconds under way, can be followed with the eye. */
export const defaultSpeed = 1 / 50;

/** A moment as people read it: "4.812 s", "2 min 03.500 s". */
export function clock(time: number): string {
  const thousandths = Math.floor(Math.max(0, time) / millisecond);
  const minutes = Math.floor(thousandths / 60_000);
  const rest = ((thousandths % 60_000) / 1000).toFixed(3);
  return minutes === 0 ? `${rest} s` : `${minutes} min ${rest.padStart(6, "0")} s`;
}

/** A mark of the time axis, without digits that say nothing: "0 s", "2.5 s", "200 ms", "3 min". */
export function mark(time: number): string {
  if (time === 0) return "0 s";
  if (time < second) return `${round(time / millisecond)} ms`;
  if (time < 60 * second || time % (60 * second) !== 0) return `${round(time / second)} s`;
  return `${time / (60 * second)} min`;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** A length of time as people read it: "1.2 s", "35 ms", "350 µs". */
export function duration(time: number): string {
  if (time >= second) return `${round(Math.round(time / (second / 100)) / 100)} s`;
  if (time >= millisecond) return `${Math.round(time / (millisecond / 10)) / 10} ms`;
  return `${Math.max(0, Math.round(time / 1000))} µs`;
}
