import { signal } from "@preact/signals";

/** The panels that open over the page, one at a time. */
export type Overlay = "none" | "verdict" | "bugs";

export const overlay = signal<Overlay>("none");

export function close(): void {
  overlay.value = "none";
}
