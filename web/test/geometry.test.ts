import { describe, expect, it } from "vitest";
import { boundary, cutLabel, cutLinks, groups } from "../src/pure/cuts";
import { along, linkPath, memberAt, progress, spot, stripOffset } from "../src/pure/geometry";
import { ring } from "../src/pure/layout";
import { boxAt, covers, meets } from "../src/pure/strips";

const sizes: [number, number][] = [
  [640, 470],
  [366, 430],
  [1200, 800],
  [688, 222],
  [1000, 180],
  [300, 180],
  [300, 400],
  [500, 260],
];
const counts = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const cases = sizes.flatMap(([w, h]) => counts.map((n): [number, number, number] => [n, w, h]));

describe.each(cases)("%d members on %d × %d", (count, width, height) => {
  const all = counts.slice(0, count);
  const r = ring(all, width, height);

  it("keeps members, strips and clients on the stage", () => {
    for (const m of all) {
      const { x, y } = spot(r, m);
      expect(x - r.radius).toBeGreaterThanOrEqual(0);
      expect(x + r.radius).toBeLessThanOrEqual(width);
      expect(y + stripOffset(r, m).y).toBeGreaterThanOrEqual(0);
      expect(y + stripOffset(r, m).y + 18).toBeLessThanOrEqual(height);
      expect(memberAt(r, { x: x + r.radius, y })).toBe(m);
    }
  });

  it("keeps members apart", () => {
    for (const a of all) {
      for (const b of all.filter((other) => other > a)) {
        const [p, q] = [spot(r, a), spot(r, b)];
        expect(Math.hypot(p.x - q.x, p.y - q.y)).toBeGreaterThan(2 * r.radius);
      }
    }
  });

  it("keeps the log strips off members and each other", () => {
    if (r.stripWidth === 0) return;
    const boxes = all.map((m) => boxAt(spot(r, m), stripOffset(r, m), r.stripWidth));
    for (const [i, box] of boxes.entries()) {
      expect(all.filter((m) => covers(box, spot(r, m), r.radius))).toEqual([]);
      expect(boxes.slice(i + 1).filter((other) => meets(box, other))).toEqual([]);
    }
  });

  it("gives both directions of a link a way of their own", () => {
    for (const b of all.slice(1)) {
      const [there, back] = [along(linkPath(r, 1, b), 0.5), along(linkPath(r, b, 1), 0.5)];
      expect(Math.hypot(there.x - back.x, there.y - back.y)).toBeCloseTo(20, 6);
    }
  });
});

describe("progress", () => {
  const message = { sent: 100, arrives: 200, lost: false };

  it.each([
    [0, 0],
    [100, 0],
    [150, 0.5],
    [175, 0.75],
    [200, 1],
    [900, 1],
  ])("at %d", (now, part) => expect(progress(message, now)).toBe(part));

  it("stops a lost message at the cut", () => {
    expect(progress({ ...message, lost: true }, 140)).toBeCloseTo(0.4);
    expect(progress({ ...message, lost: true }, 190)).toBe(0.5);
  });

  it("bears a message that arrives when it is sent", () => {
    expect(progress({ sent: 100, arrives: 100, lost: false }, 100)).toBe(1);
  });
});

/** Cuts in both directions between each of one side and each of the other. */
function split(left: number[], right: number[]) {
  return left.flatMap((a) =>
    right.flatMap((b) => [
      { from: a, to: b },
      { from: b, to: a },
    ]),
  );
}

describe("cuts", () => {
  const members = [1, 2, 3, 4, 5];
  const name = (m: number) => `S${m}`;

  it("are one per pair", () => {
    expect(cutLinks([{ from: 2, to: 1 }])).toEqual([{ a: 1, b: 2, way: "ba" }]);
    expect(cutLinks(split([2], [1]))).toEqual([{ a: 1, b: 2, way: "both" }]);
  });

  it("are named by the groups they leave", () => {
    const links = cutLinks(split([1], [2, 3, 4, 5]));
    expect(cutLabel(groups(members, links), links, name)).toBe("S1 | S2 S3 S4 S5");
  });

  it("leave three groups", () => {
    const links = cutLinks([...split([1], members.slice(1)), ...split([2, 3], [4, 5])]);
    expect(groups(members, links)).toEqual([[1], [2, 3], [4, 5]]);
  });

  it("are no split when a way around is left", () => {
    const links = cutLinks(split([1], [2]));
    expect(groups(members, links)).toBeNull();
    expect(cutLabel(null, links, name)).toBe("S1 | S2");
  });

  it("are no split when one direction is open", () => {
    const links = cutLinks([{ from: 1, to: 2 }]);
    expect(groups([1, 2], links)).toBeNull();
    expect(cutLabel(null, links, name)).toBe("S1 → S2");
  });

  it("are counted when they are many and no split", () => {
    const links = cutLinks([...split([1], [2]), ...split([3], [4])]);
    expect(cutLabel(groups(members, links), links, name)).toBe("2 links");
  });

  it("are drawn around neighbours, also across the ring's beginning", () => {
    const r = ring(members, 640, 470);
    expect(boundary(r, [1])).not.toBeNull();
    expect(boundary(r, [1, 5])).not.toBeNull();
    expect(boundary(r, [1, 3])).toBeNull();
  });

  it.each(counts.slice(1))("are drawn between every member and the rest of %d", (count) => {
    const r = ring(counts.slice(0, count), 640, 470);
    for (let m = 1; m <= count; m++) {
      const curve = boundary(r, [m]);
      const through = curve && {
        x: (curve.from.x + 2 * curve.bend.x + curve.to.x) / 4,
        y: (curve.from.y + 2 * curve.bend.y + curve.to.y) / 4,
      };
      const distance = through ? Math.hypot(through.x - spot(r, m).x, through.y - spot(r, m).y) : 0;
      expect(distance).toBeGreaterThan(r.radius * 0.9);
    }
  });
});
