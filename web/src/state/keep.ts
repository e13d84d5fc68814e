import { longest } from "./open";
import type { Player } from "./player";
import { chosen } from "./scenarios";
import { unopened } from "./unopened";
import { type Choices, choices } from "./view";

const key = "castaway.run";
const version = 1;

/** The run and the view of it, as they are kept over a reload. */
export interface Kept {
  version: number;
  /** The run as text, actions of the page included. */
  scenario: string;
  /** The playhead. */
  time: number;
  /** Name of the bundled scenario it came from. */
  chosen: string;
  /** The link that the page was opened with. */
  link: string;
  speed: number;
  view: Choices;
  /** The text in the editor, if it is not what runs. */
  edited: string;
}

/** What was kept; "bad" if it can't be read. */
export function restore(): Kept | "bad" | null {
  const text = read();
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isKept(value) ? value : "bad";
  } catch {
    return "bad";
  }
}

export function isKept(value: unknown): value is Kept {
  if (typeof value !== "object" || value === null) return false;
  const k = value as Record<string, unknown>;
  return (
    k.version === version &&
    typeof k.scenario === "string" &&
    k.scenario.length <= longest &&
    Number.isFinite(k.time) &&
    typeof k.chosen === "string" &&
    typeof k.link === "string" &&
    Number.isFinite(k.speed) &&
    typeof k.edited === "string" &&
    k.edited.length <= longest &&
    typeof k.view === "object" &&
    k.view !== null
  );
}

/** A tab comes back to its own run, a new one to the last. */
function read(): string | null {
  try {
    return sessionStorage.getItem(key) ?? localStorage.getItem(key);
  } catch {
    return null; // storage may be forbidden
  }
}

function write(text: string): void {
  try {
    sessionStorage.setItem(key, text);
    localStorage.setItem(key, text);
  } catch {
    // Full or forbidden: this visit is not kept.
  }
}

/** Forgets what is kept: it could not be opened. */
export function forget(): void {
  try {
    sessionStorage.removeItem(key);
    localStorage.removeItem(key);
  } catch {
    // There was nothing then.
  }
}

/** Keeps the run from now on: every second, if it changed, and when the page goes. */
export function keep(player: Player, link: () => string): void {
  let last = "";
  const save = () => {
    const frame = player.frame.peek();
    if (!frame?.scenario || frame.scenario.length > longest || player.dead.peek() !== "") return;
    const kept: Kept = {
      version,
      scenario: frame.scenario,
      time: frame.time,
      chosen: chosen.peek(),
      link: link(),
      speed: player.speed.peek(),
      view: choices(),
      edited: (unopened.peek()?.text ?? "").slice(0, longest),
    };
    const text = JSON.stringify(kept);
    if (text !== last) write(text);
    last = text;
  };
  setInterval(save, 1000);
  addEventListener("pagehide", save);
}
