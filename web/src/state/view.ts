import { signal } from "@preact/signals";
import { type InspectorTab, inspectorTab } from "./look";

/** The tabs of the page's panels. */
export type MainTab = "cluster" | "spacetime" | "scenario";
export type StoreTab = "store" | "leases" | "watchers";

/** The parts of the page that a phone, and a lecture hall, show one at a time. */
export type Pane = "main" | "inside" | "store" | "console" | "timeline";

export const mainTab = signal<MainTab>("cluster");
export const storeTab = signal<StoreTab>("store");
export const pane = signal<Pane>("main");

/** To whom commands go, 0 for whoever leads. */
export const consoleMember = signal(0);

/** What is chosen in the page, to be kept over a reload. */
export interface Choices {
  mainTab: MainTab;
  inspectorTab: InspectorTab;
  storeTab: StoreTab;
  pane: Pane;
}

const all = { mainTab, inspectorTab, storeTab, pane };

const known: { [K in keyof Choices]: readonly Choices[K][] } = {
  mainTab: ["cluster", "spacetime", "scenario"],
  inspectorTab: ["logs", "state", "disk"],
  storeTab: ["store", "leases", "watchers"],
  pane: ["main", "inside", "store", "console", "timeline"],
};

/** The choices as they are now. */
export function choices(): Choices {
  return {
    mainTab: mainTab.value,
    inspectorTab: inspectorTab.value,
    storeTab: storeTab.value,
    pane: pane.value,
  };
}

/** Takes over choices that were kept, as far as there are such. */
export function choose(kept: Record<string, unknown>): void {
  for (const name of Object.keys(all) as (keyof Choices)[]) {
    const value = kept[name];
    if ((known[name] as readonly unknown[]).includes(value)) (all[name].value as unknown) = value;
  }
}

/** Opens tabs that an embedded page has, where it has not all. */
export function openShown(shows: (tab: MainTab | InspectorTab | StoreTab) => boolean): void {
  for (const name of ["mainTab", "inspectorTab", "storeTab"] as const) {
    const tab = known[name].find(shows);
    if (tab && !shows(all[name].value)) (all[name].value as unknown) = tab;
  }
}
