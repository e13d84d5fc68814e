import { describe, expect, it } from "vitest";
import { hues } from "../src/pure/term";
import { contrast, type Theme, tokens } from "./color";

const terms = Array.from({ length: hues }, (_, i) => `t${i}`);

/** Text and the grounds it stands on: at least 4.5 to 1. */
const text: [string, string[]][] = [
  ["ink", ["bg", "panel", "bad-ground", ...terms]],
  ["soft", ["bg", "panel"]],
  ["accent", ["panel"]],
  ["good", ["panel"]],
  ["bad", ["panel", "bad-ground"]],
  ["warn", ["bg", "panel"]],
  ["on-accent", ["accent"]],
  ["on-leader", ["leader"]],
  ["on-candidate", ["candidate"]],
  ["panel", ["bad"]],
];

/** Shapes that carry meaning, and their grounds: at least 3 to 1. */
const graphics: [string, string[]][] = [
  ["edge", ["panel", "bg"]],
  ["leader", ["panel"]],
  ["candidate", ["panel"]],
  ["follower", ["panel"]],
  ["down", ["panel"]],
  ["good", ["panel"]],
  ["bad", ["panel", "bad-ground"]],
  ["warn", ["panel"]],
  ["accent", ["panel"]],
  ["ink", terms],
  ...terms.map((t): [string, string[]] => [`${t}-edge`, ["panel"]]),
];

/** The presenter theme is read from far away. */
const least = (theme: Theme) => (theme.startsWith("presenter") ? 7 : 4.5);

describe.each<Theme>(["light", "dark", "presenter light", "presenter dark"])("%s", (theme) => {
  const colors = tokens(theme);
  const ratio = (a: string, b: string) => contrast(colors.get(a) ?? "", colors.get(b) ?? "");

  it.each(text.flatMap(([on, grounds]) => grounds.map((ground) => [on, ground])))(
    "text %s on %s",
    (on, ground) => {
      expect(ratio(on, ground)).toBeGreaterThanOrEqual(least(theme));
    },
  );

  it.each(graphics.flatMap(([on, grounds]) => grounds.map((ground) => [on, ground])))(
    "shape %s on %s",
    (on, ground) => {
      expect(ratio(on, ground)).toBeGreaterThanOrEqual(3);
    },
  );
});

it("computes contrasts as WCAG does", () => {
  expect(contrast("#000000", "#ffffff")).toBe(21);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
  expect(contrast("#123456", "#123456")).toBe(1);
});
