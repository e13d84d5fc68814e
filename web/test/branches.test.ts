import { describe, expect, it } from "vitest";
import type { Branch } from "../src/engine/types";
import { title, tree } from "../src/pure/branches";

const branch = (id: number, parent: number, at = 0, label = ""): Branch => ({
  id,
  parent,
  at,
  head: at,
  label,
});

describe("branches", () => {
  it("stand behind the one they came from", () => {
    const all = [branch(0, -1), branch(1, 0), branch(2, 0), branch(3, 1)];
    expect(tree(all).map((t) => [t.branch.id, t.depth])).toEqual([
      [0, 0],
      [1, 1],
      [3, 2],
      [2, 1],
    ]);
  });

  it("stay when the one they came from is dropped", () => {
    expect(tree([branch(0, -1), branch(3, 1)]).map((t) => [t.branch.id, t.depth])).toEqual([
      [0, 0],
      [3, 0],
    ]);
  });

  it("are named by where they began and what is done there", () => {
    expect(title(branch(0, -1))).toBe("main");
    expect(title(branch(1, 0, 3.1e9, "cut S1"))).toBe("fork at 3.100 s: cut S1");
    expect(title(branch(1, 0, 3.1e9))).toBe("fork at 3.100 s");
  });
});
