import { mean, type Point, type Ring } from "./geometry";
import { type Box, placeStrips } from "./strips";

/** On a narrow stage the list of cuts needs a line of its own above the members, if it is high enough. */
const narrow = 600;
const low = 320;
const headline = 38;

/** Room for clients at the sides. */
const wideBeside = 88;
const narrowBeside = 50;

/** Radii of members: the largest, and the smallest in which a name can be read. */
const largest = 46;
const usual = 36;
const smallest = 14;

/** An ellipse is at most so many times as wide as high; a flat stage needs flatter ones. */
const widest = [2.2, 3.2, 5, 8] as const;
const highest = 2.4;

/** Each entry of a log strip takes so much. */
const entryWidth = 18;

/** An entry more is worth so many pixels of radius. */
const entryWorth = 3;

interface Plan {
  radius: number;
  aspect: number;
  entries: number;
}

/**
 * Places members on an ellipse that fills a stage of the given size, the first
 * on top: as large, and with as much of their logs beside them, as can be
 * without anything covering anything else.
 */
export function ring(ids: number[], width: number, height: number): Ring {
  let made: Ring | null = null;
  for (const plan of plans(ids.length, width, height)) {
    made = tried(ids, width, height, plan);
    if (made) return made;
  }
  return loose(ids, width, height, { radius: smallest, aspect: widest[0], entries: 0 });
}

/** All that can be tried, the best first. */
function plans(count: number, width: number, height: number): Plan[] {
  const room = Math.min(width, height) / (count <= 5 ? 10.5 : 8 + count / 2);
  const top = Math.max(usual, Math.min(largest, room));
  const most = count <= 5 ? 6 : width < narrow ? 3 : 4;
  const list: Plan[] = [];
  for (let radius = top; radius >= smallest; radius -= 2) {
    for (const aspect of widest) {
      for (let entries = most; entries >= 0; entries--) {
        if (entries !== 1) list.push({ radius, aspect, entries });
      }
    }
  }
  const worth = (p: Plan) => p.radius + entryWorth * p.entries - p.aspect / 10;
  return list.sort((a, b) => worth(b) - worth(a));
}

/** The layout of a plan, or null if something would cover something else. */
function tried(ids: number[], width: number, height: number, plan: Plan): Ring | null {
  const made = loose(ids, width, height, plan);
  const { spots, radius, stripWidth } = made;
  const apart = 2 * radius + Math.max(6, radius * 0.35);
  for (const [i, a] of spots.entries()) {
    if (a.y - radius < 2 || a.y + radius > height - 2) return null;
    if (spots.slice(i + 1).some((b) => distance(a, b) < apart)) return null;
  }
  if (stripWidth === 0) return made;
  // Clients are never wider than this.
  const side = Math.min(besideOf(width) - 6, 58);
  const inside: Box = { left: side, top: 2 + headOf(width, height), right: width - side, bottom: height - 2 };
  const strips = placeStrips(spots, radius, stripWidth, inside);
  return strips && { ...made, strips };
}

function loose(ids: number[], width: number, height: number, plan: Plan): Ring {
  const { radius, entries } = plan;
  const above = headOf(width, height) + (entries > 0 ? 34 : 16);
  const below = entries > 0 ? 32 : 6;
  const free = {
    x: Math.max(1, width - 2 * (radius + besideOf(width))),
    y: Math.max(1, height - 2 * radius - above - below),
  };
  const points = ellipse(ids.length, free.x, free.y, plan.aspect);
  const box = bounds(points);
  const origin = { x: width / 2 - box.x, y: (height + above - below) / 2 - box.y };
  const spots = points.map((p) => ({ x: origin.x + p.x, y: origin.y + p.y }));
  const strips = spots.map(() => ({ x: 0, y: -(radius + 30) }));
  return { width, height, radius, ids, spots, center: mean(spots), strips, stripWidth: entries * entryWidth };
}

/** Points that fill a free room of the given size. */
function ellipse(count: number, width: number, height: number, aspect: number): Point[] {
  let [rx, ry] = [width / 2, height / 2];
  let points = around(count, rx, ry);
  // Few members don't touch all sides of their ellipse: it grows until they do.
  for (let i = 0; i < 4; i++) {
    const box = bounds(points);
    if (box.width > 0) rx *= width / box.width;
    if (box.height > 0) ry *= height / box.height;
    [rx, ry] = [Math.min(rx, aspect * ry), Math.min(ry, highest * rx)];
    points = around(count, rx, ry);
  }
  return points;
}

/** Points on an ellipse around the origin, all as far from the next along it. */
function around(count: number, rx: number, ry: number): Point[] {
  // Two members stand side by side; all others begin on top.
  const start = count === 2 ? -Math.PI : -Math.PI / 2;
  const steps = 360;
  const fine = Array.from({ length: steps + 1 }, (_, i) => {
    const angle = start + (i * 2 * Math.PI) / steps;
    return { x: rx * Math.cos(angle), y: ry * Math.sin(angle) };
  });
  const way = [0];
  for (let i = 1; i <= steps; i++) way.push((way[i - 1] ?? 0) + distance(fine[i - 1], fine[i]));
  const whole = way[steps] ?? 0;
  return Array.from({ length: count }, (_, i) => {
    const at = way.findIndex((length) => length >= (whole * i) / count - 1e-9);
    return fine[at] ?? { x: 0, y: 0 };
  });
}

function distance(a: Point | undefined, b: Point | undefined): number {
  return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
}

/** How much room at each side belongs to the clients. */
export function besideOf(width: number): number {
  return width < narrow ? narrowBeside : wideBeside;
}

function headOf(width: number, height: number): number {
  return width < narrow && height >= low ? headline : 0;
}

function bounds(points: Point[]): { x: number; y: number; width: number; height: number } {
  const xs = points.map((p) => p.x);
  const ys = points.map((p) => p.y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const flat = (size: number) => (size < 1e-9 ? 0 : size);
  return {
    x: (left + right) / 2,
    y: (top + bottom) / 2,
    width: flat(right - left),
    height: flat(bottom - top),
  };
}
