import { signal } from "@preact/signals";

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

/** Name of the scenario that was chosen; empty for a text of one's own. */
export const chosen = signal(first?.name ?? "");

/** The scenario that `castaway play FILE` serves beside the page; the address then ends in #file. */
export async function served(): Promise<string | null> {
  if (location.hash !== "#file") return null;
  const response = await fetch(new URL("run.scenario", document.baseURI));
  return response.ok ? response.text() : null;
}

/** "cas-counter" is "CAS counter". */
export function title(name: string): string {
  const words = name.replaceAll("-", " ").replace(/\bcas\b/g, "CAS");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
