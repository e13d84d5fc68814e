/**
 * Gives back the old value for a new one that is equal, and keeps within a
 * changed one all parts that are equal: what is the same object need not be
 * drawn again. Both are of plain JSON.
 */
export function share<T>(old: unknown, next: T): T;
export function share(old: unknown, next: unknown): unknown {
  if (old === next || typeof next !== "object" || next === null) return next;
  if (typeof old !== "object" || old === null) return next;
  if (Array.isArray(next)) return Array.isArray(old) ? shareList(old, next) : next;
  return Array.isArray(old) ? next : shareRecord(old as Parts, next as Parts);
}

type Parts = Record<string, unknown>;

function shareRecord(old: Parts, next: Parts): Parts {
  const keys = Object.keys(next);
  let same = keys.length === Object.keys(old).length;
  for (const key of keys) {
    next[key] = share(old[key], next[key]);
    if (next[key] !== old[key] || !(key in old)) same = false;
  }
  return same ? old : next;
}

function shareList(old: unknown[], next: unknown[]): unknown[] {
  // Lists of what happened lose their oldest items and get new ones.
  const by = shift(old, next[0]);
  let same = by === 0 && old.length === next.length;
  for (let i = 0; i < next.length; i++) {
    next[i] = share(old[i + by], next[i]);
    if (next[i] !== old[i + by]) same = false;
  }
  return same ? old : next;
}

/** How many items before the first one of the new list the old one has. */
function shift(old: unknown[], first: unknown): number {
  const id = identity(first);
  if (id === undefined) return 0;
  return Math.max(
    0,
    old.findIndex((item) => identity(item) === id),
  );
}

function identity(item: unknown): unknown {
  if (typeof item !== "object" || item === null) return undefined;
  const { id, index } = item as { id?: unknown; index?: unknown };
  return id ?? index;
}
