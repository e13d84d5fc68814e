import { signal } from "@preact/signals";
import type { Bug } from "../engine/bugs";

/** The catalogue, once it was asked for; it comes in a file of its own, as few need it. */
export const catalogue = signal<readonly Bug[]>([]);

let stories: Readonly<Record<string, string>> = {};

export async function fetchCatalogue(): Promise<void> {
  if (catalogue.value.length > 0) return;
  const [{ bugs }, told] = await Promise.all([import("../engine/bugs"), import("./bugstories")]);
  stories = told.stories;
  catalogue.value = bugs;
}

/** The scenario in which a bug of the catalogue breaks what it breaks; undefined if there is none. */
export function bugStory(name: string): string | undefined {
  return stories[`../../../examples/bugs/${name}.scenario`];
}
