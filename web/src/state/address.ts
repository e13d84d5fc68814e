import { second } from "../pure/time";

/** Parts of the page that an embedded one may show. */
export const parts = [
  "cluster",
  "spacetime",
  "scenario",
  "timeline",
  "logs",
  "state",
  "disk",
  "store",
  "leases",
  "watchers",
  "console",
  "verdict",
] as const;

export type Part = (typeof parts)[number];

/** What the page's address asks for. */
export interface Address {
  /** A link to a run, from the number sign on; "" for none. */
  link: string;
  /** The scenario of `castaway play FILE`. */
  file: boolean;
  /** Only these parts, for slides; null for the whole page. */
  embed: ReadonlySet<Part> | null;
  /** The moment to go to, in virtual nanoseconds; null if none is named. */
  at: number | null;
  /** Whether the page listens to keys. */
  keys: boolean;
  /** Whether the text of the scenario is kept from sight. */
  hidden: boolean;
}

/**
 * Reads an address: `?embed=cluster,timeline&at=3.1s&keys=off`. The same may
 * stand behind a link, `#s=1.…&at=3.1s&hide=scenario`, where it never reaches a server.
 */
export function readAddress(search: string, hash: string): Address {
  const [head = "", ...rest] = hash.replace(/^#/, "").split("&");
  const isLink = head.startsWith("s=");
  const query = new URLSearchParams(search);
  const fragment = new URLSearchParams((isLink || head === "file" ? rest : [head, ...rest]).join("&"));
  const get = (name: string) => fragment.get(name) ?? query.get(name);
  return {
    link: isLink ? `#${head}` : "",
    file: head === "file",
    embed: embedded(get("embed")),
    at: duration(get("at") ?? ""),
    keys: get("keys") !== "off",
    hidden: get("hide") === "scenario",
  };
}

function embedded(value: string | null): ReadonlySet<Part> | null {
  if (value === null) return null;
  const names = value.split(",");
  return new Set(parts.filter((part) => names.includes(part)));
}

const units: Record<string, number> = { ns: 1, us: 1e3, ms: 1e6, s: second, m: 60 * second };

/** A moment as scenarios write it: "3.1s", "250ms". */
export function duration(text: string): number | null {
  const found = /^(\d{1,9}(?:\.\d{1,9})?)(ns|us|ms|s|m)$/.exec(text);
  return found ? Math.round(Number(found[1]) * (units[found[2] ?? ""] ?? 0)) : null;
}

/** A moment as duration reads it back. */
export function inSeconds(time: number): string {
  return `${time / second}s`;
}

/** What this page's address asks for; without a document, nothing. */
export const address: Address =
  typeof location === "undefined" ? readAddress("", "") : readAddress(location.search, location.hash);

/** Whether a part is shown. */
export function shows(part: Part): boolean {
  if (part === "scenario" && address.hidden) return false;
  return address.embed === null || address.embed.has(part);
}
