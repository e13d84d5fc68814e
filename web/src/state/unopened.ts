import { signal } from "@preact/signals";
import type { Problem } from "../engine/types";

/** A text in the scenario's editor that is not what runs, and what is wrong with it, as far as that is known. */
export interface Unopened {
  text: string;
  problem: Problem | null;
}

/** It outlives the editor's tab; null while the editor shows what runs. */
export const unopened = signal<Unopened | null>(null);
