import { signal } from "@preact/signals";

/** A command laid ready in the console, to be read and sent; null when it was taken. */
export const draft = signal<string | null>(null);
