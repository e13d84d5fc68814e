import { signal } from "@preact/signals";
import type { Cause } from "../engine/types";

/**
 * What a violation points at, while somebody looks at it: the lanes ring the
 * operations, the stage the members, and the sentences stand between them.
 */
export const spotlight = signal<Cause | null>(null);
