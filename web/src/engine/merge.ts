import { share } from "./share";
import type { Frame } from "./types";

/**
 * Completes a frame as it came from the engine: what is absent because it did
 * not change is taken from the frame before, and Go's empty lists, which come
 * as null, become empty lists. What is equal stays the same object.
 */
export function merge(before: Frame | null, next: Frame): Frame {
  // Lanes that are there have changed somewhere; all else is as often the same.
  return { ...share(before, complete(before, next)) };
}

function complete(before: Frame | null, next: Frame): Frame {
  const lanes = next.lanes ?? before?.lanes;
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
    ...(lanes && {
      lanes: lanes === before?.lanes ? lanes : { ...lanes, ...lists(lanes) },
    }),
    ...(scenario !== undefined && { scenario }),
  };
}

function lists(lanes: NonNullable<Frame["lanes"]>) {
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
