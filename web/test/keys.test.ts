import { describe, expect, it } from "vitest";
import { combination, keys } from "../src/state/keys";

const pressed = (key: string, held: Partial<KeyboardEvent> = {}) =>
  combination({
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    key,
    ...held,
  } as KeyboardEvent);

describe("keys", () => {
  it.each([
    [pressed("e"), "e"],
    [pressed("E", { shiftKey: true }), "Shift+e"],
    [pressed("E"), "e"], // caps lock
    [pressed("?", { shiftKey: true }), "?"],
    [pressed("+", { shiftKey: true }), "+"],
    [pressed("ArrowLeft", { shiftKey: true }), "Shift+ArrowLeft"],
    [pressed("z", { metaKey: true }), "Ctrl+z"],
    [pressed("Z", { ctrlKey: true, shiftKey: true }), "Ctrl+Shift+z"],
    [pressed("c", { ctrlKey: true }), "Ctrl+c"],
    [pressed(" "), " "],
  ])("%s", (got, want) => expect(got).toBe(want));

  it("each does one thing", () => {
    const all = keys.flatMap((table) => table.keys.flatMap((key) => key.on));
    expect(all.filter((key, i) => all.indexOf(key) !== i)).toEqual([]);
  });

  it("leave the browser its own", () => {
    const all = keys.flatMap((table) => table.keys.flatMap((key) => key.on));
    for (const key of ["Ctrl+c", "Ctrl+r", "Ctrl+f", "Tab", "Enter", "Escape"])
      expect(all).not.toContain(key);
  });
});
