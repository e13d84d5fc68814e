import { signal } from "@preact/signals";

/** A command laid ready in the console, to be read and sent; null when it was taken. */
export const ready = signal<string | null>(null);
