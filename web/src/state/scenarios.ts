/** A scenario that comes with the page. */
export interface Scenario {
  name: string;
  title: string;
  text: string;
}

const files = import.meta.glob<string>("../../../examples/*.scenario", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** The bundled scenarios by name, in order. */
export const scenarios: readonly Scenario[] = Object.entries(files)
  .map(([path, text]) => {
    const name = path.replace(/^.*\//, "").replace(/\.scenario$/, "");
    return { name, title: title(name), text };
  })
  .sort((a, b) => (a.name < b.name ? -1 : 1));

/** The one a first visit sees. */
export const first = scenarios.find((s) => s.name === "cas-counter") ?? scenarios[0];

/** "cas-counter" is "CAS counter". */
export function title(name: string): string {
  const words = name.replaceAll("-", " ").replace(/\bcas\b/g, "CAS");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
