import { millisecond } from "../pure/time";
import { lecture } from "./lecture";
import type { Player } from "./player";
import { raftscope } from "./raftscope";

/** What keys can reach. */
export interface Reach {
  player: Player;
  help: () => void;
  faster: (steps: number) => void;
}

/** A key of the page; the list people see is made of the same. */
export interface Key {
  /** As the list shows it. */
  key: string;
  /** What is pressed, as in `combination`; several do the same. */
  on: readonly string[];
  does: string;
  run: (reach: Reach) => void;
}

/** Keys that belong together, under a heading. */
export interface Keys {
  title: string;
  keys: readonly Key[];
}

const time: Keys = {
  title: "Time",
  keys: [
    { key: "Space", on: [" "], does: "play or pause", run: ({ player }) => player.toggle() },
    step("→", "ArrowRight", "one event forward", (player) => player.step(1)),
    step("←", "ArrowLeft", "one event back", (player) => player.step(-1)),
    step("Shift →", "Shift+ArrowRight", "one millisecond forward", (player) => player.nudge(millisecond)),
    step("Shift ←", "Shift+ArrowLeft", "one millisecond back", (player) => player.nudge(-millisecond)),
    ...finders("E", "election", "election"),
    ...finders("O", "commit", "commit"),
    ...finders("N", "answer", "answer to a client"),
    ...finders("F", "fault", "fault"),
    ...finders("M", "caption", "caption or mark"),
    step("Home", "Home", "to the beginning", (player) => player.seek(0)),
    step("End", "End", "to the furthest moment seen", (player) => player.seek(player.frame.value?.head ?? 0)),
    { key: "+ −", on: ["+"], does: "faster, slower", run: ({ faster }) => faster(1) },
    { key: "", on: ["-"], does: "", run: ({ faster }) => faster(-1) },
    step("Ctrl Z", "Ctrl+z", "undo what was done", (player) => player.undo()),
    {
      ...step("Ctrl Shift Z", "Ctrl+Shift+z", "do it again", (player) => player.redo()),
      on: ["Ctrl+Shift+z", "Ctrl+y"],
    },
  ],
};

const page: Keys = {
  title: "Page",
  keys: [{ key: "?", on: ["?"], does: "this list", run: ({ help }) => help() }],
};

/** All keys by topic. Whoever adds a table adds it here. */
export const keys: readonly Keys[] = [time, raftscope, lecture, page];

function step(key: string, on: string, does: string, run: (player: Player) => unknown): Key {
  return { key, on: [on], does, run: ({ player }) => void run(player) };
}

/** A letter that goes to the next mark of a kind, and to the last one with Shift. */
function finders(letter: string, mark: Parameters<Player["find"]>[0], name: string): Key[] {
  const low = letter.toLowerCase();
  return [
    step(letter, low, `to the next ${name}`, (player) => player.find(mark, 1)),
    step(`Shift ${letter}`, `Shift+${low}`, `to the ${name} before`, (player) => player.find(mark, -1)),
  ];
}

/**
 * What was pressed, as the tables name it: "Shift+ArrowRight", "Ctrl+z". Signs
 * such as "?" and "+" stand for themselves, however a keyboard makes them.
 */
export function combination(event: KeyboardEvent): string {
  const letter = /^\p{L}$/u.test(event.key);
  const named = event.key.length > 1 || letter;
  const key = letter ? event.key.toLowerCase() : event.key;
  return [
    event.ctrlKey || event.metaKey ? "Ctrl+" : "",
    event.altKey ? "Alt+" : "",
    event.shiftKey && named ? "Shift+" : "",
    key,
  ].join("");
}

/** Handles a key press; true when it was one of ours. */
export function press(event: KeyboardEvent, player: Player, actions: Omit<Reach, "player">): boolean {
  if (event.defaultPrevented || isTaken(event.target, event.key)) return false;
  const pressed = combination(event);
  const found = keys.flatMap((k) => k.keys).find((k) => k.on.includes(pressed));
  found?.run({ player, ...actions });
  return found !== undefined;
}

/** Fields keep all keys that edit; what can be pressed keeps the space bar, tabs and lists their arrows. */
function isTaken(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest("input:not([type=checkbox]), textarea, select, dialog, [role=menu]")) return true;
  if (key === " ") return target.closest("button, a, summary, input, [role=button]") !== null;
  return key.startsWith("Arrow") && target.closest("[role=tablist], [role=tree]") !== null;
}
