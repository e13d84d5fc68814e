import { signal } from "@preact/signals";
import type { Problem } from "../engine/types";

/** A text for the scenario's editor that is not what runs: one that could not be opened. */
export interface Unopened {
  text: string;
  problem: Problem | null;
}

export const unopened = signal<Unopened | null>(null);
