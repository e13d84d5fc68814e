import { signal } from "@preact/signals";
import type { Look } from "../engine/types";
import { millisecond } from "../pure/time";

/** What the frames show beside what they always show; whoever holds the player sends it whenever it changes. */
export const look = signal<Look>({ member: 0, revision: 0, inspect: 0, window: 0 });

/** Changes a part of the look; what stays the same is not sent again. */
export function lookAt(change: Partial<Look>): void {
  const next = { ...look.peek(), ...change };
  const same = (Object.keys(next) as (keyof Look)[]).every((key) => next[key] === look.peek()[key]);
  if (!same) look.value = next;
}

/** The tabs of the inspector. */
export type InspectorTab = "logs" | "state" | "disk";

/** Which tab of the inspector is open: the menus of members lead there too. */
export const inspectorTab = signal<InspectorTab>("logs");

/** Opens the variables of a member, or its disk if that is open; 0 for whoever leads. */
export function inspect(member: number): void {
  if (inspectorTab.peek() === "logs") inspectorTab.value = "state";
  lookAt({ inspect: member });
}

/** How much of the past the space-time view shows, in virtual nanoseconds. */
export const past = signal(100 * millisecond);
