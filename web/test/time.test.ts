import { describe, expect, it } from "vitest";
import { marks, niceSpan, type Scale, toPixel, toTime } from "../src/pure/scale";
import { clock, mark, millisecond as ms, second as s, speeds } from "../src/pure/time";

describe("clock", () => {
  it.each([
    [0, "0.000 s"],
    [-5, "0.000 s"],
    [4812 * ms, "4.812 s"],
    [4812 * ms + 999_999, "4.812 s"],
    [59_999 * ms, "59.999 s"],
    [60 * s, "1 min 00.000 s"],
    [123_500 * ms, "2 min 03.500 s"],
  ])("%d", (time, text) => expect(clock(time)).toBe(text));
});

describe("mark", () => {
  it.each([
    [0, "0 s"],
    [200 * ms, "200 ms"],
    [2500 * ms, "2.5 s"],
    [60 * s, "1 min"],
    [90 * s, "90 s"],
  ])("%d", (time, text) => expect(mark(time)).toBe(text));
});

it("offers speeds from slow to fast, each once", () => {
  const values = speeds.map((x) => x.value);
  expect(values).toEqual([...new Set(values)].sort((a, b) => a - b));
});

describe("niceSpan", () => {
  it.each([
    [0, 2 * s],
    [2 * s, 2 * s],
    [2 * s + 1, 4 * s],
    [7 * s, 10 * s],
    [11 * s, 20 * s],
    [3600 * s, 4000 * s],
  ])("%d", (head, span) => expect(niceSpan(head)).toBe(span));
});

describe("scale", () => {
  const scale: Scale = { left: 64, right: 1064, span: 10 * s };

  it("leads to the pixel and back", () => {
    for (const time of [0, 1, 4812 * ms, 9 * s, 10 * s]) {
      expect(toTime(scale, toPixel(scale, time), 10 * s)).toBe(time);
    }
  });

  it("stays within the run", () => {
    expect(toTime(scale, -50, 6 * s)).toBe(0);
    expect(toTime(scale, 2000, 6 * s)).toBe(6 * s);
  });

  it("bears a window without width", () => {
    expect(toTime({ left: 64, right: 10, span: s }, 70, s)).toBeLessThanOrEqual(s);
  });

  it.each([200, 366, 1000, 3000])("has few round marks at %d pixels", (right) => {
    for (const head of [0, 7 * s, 61 * s, 3600 * s]) {
      const span = niceSpan(head);
      const found = marks({ left: 44, right, span });
      expect(found.length).toBeGreaterThan(1);
      expect(found.length - 1).toBeLessThanOrEqual((right - 44) / 70);
      expect(found[0]).toBe(0);
    }
  });
});
