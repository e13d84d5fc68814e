import { share } from "./share";
import type { Frame, Lanes, LanesPatch } from "./types";

/**
 * Completes a frame as it came from the engine: what is absent because it did
 * not change is taken from the frame before, what is new in the lanes is put into
 * theirs, and Go's empty lists, which come as null, become empty lists. What is equal stays the same object.
 */
export function merge(before: Frame | null, frame: Frame): Frame {
  return { ...share(before, complete(before, frame)) };
}

function complete(before: Frame | null, frame: Frame): Frame {
  const { lanesPatch, ...next } = frame;
  const lanes = mergeLanes(before?.lanes, next.lanes, lanesPatch);
  const scenario = next.scenario ?? before?.scenario;
  return {
    ...next,
    members: list(next.members).map((m) => ({ ...m, log: list(m.log) })),
    cuts: list(next.cuts),
    messages: list(next.messages),
    story: list(next.story),
    console: list(next.console),
    branches: list(next.branches),
    verdict: { ...next.verdict, checks: list(next.verdict?.checks) },
    store: { ...next.store, keys: list(next.store.keys) },
    ...(lanes && { lanes }),
    ...(next.comparison && { comparison: mergeComparison(before?.comparison, next.comparison) }),
    ...(scenario !== undefined && { scenario }),
  };
}

type Comparison = NonNullable<Frame["comparison"]>;

function mergeComparison(before: Comparison | undefined, { lanesPatch, ...next }: Comparison): Comparison {
  const lanes = mergeLanes(before?.lanes, next.lanes, lanesPatch);
  return { ...next, ...(lanes && { lanes }) };
}

/** The lanes as a whole; a list in which nothing is new stays the same one. */
function mergeLanes(
  before: Lanes | undefined,
  whole: Lanes | undefined,
  p: LanesPatch | undefined,
): Lanes | undefined {
  if (whole) return { ...whole, ...lists(whole) };
  if (!before || !p) return before;
  return {
    ...before,
    roles: patch(before.roles, p.rolesGone, p.rolesAt, p.roles),
    faults: patch(before.faults, p.faultsGone, p.faultsAt, p.faults),
    ops: patch(before.ops, p.opsGone, p.opsAt, p.ops),
    violation: p.violation,
  };
}

/** A list whose first elements have gone, and that has new ones at some places. */
function patch<T>(old: T[], gone: number, at: number[], items: T[]): T[] {
  if (gone === 0 && at.length === 0) return old;
  const result = old.slice(gone);
  at.forEach((place, i) => {
    result[place] = items[i] as T;
  });
  return result;
}

function lists(lanes: Lanes) {
  return {
    roles: list(lanes.roles),
    faults: list(lanes.faults).map((f) => ({ ...f, members: list(f.members) })),
    ops: list(lanes.ops),
    clients: list(lanes.clients),
    marks: list(lanes.marks),
  };
}

function list<T>(items: T[] | null | undefined): T[] {
  return items ?? [];
}
