const files = import.meta.glob<string>("../../../examples/bugs/*.scenario", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** The scenario in which a bug of the catalogue breaks what it breaks; undefined if there is none. */
export function bugStory(name: string): string | undefined {
  return files[`../../../examples/bugs/${name}.scenario`];
}
