import { millisecond } from "../pure/time";
import type { Player } from "./player";

/** The keys of the page, for the handler and for the list people see. */
export const keys: readonly { key: string; does: string }[] = [
  { key: "Space", does: "play or pause" },
  { key: "→", does: "one event forward" },
  { key: "←", does: "one event back" },
  { key: "Shift →", does: "one millisecond forward" },
  { key: "Shift ←", does: "one millisecond back" },
  { key: "Home", does: "to the beginning" },
  { key: "End", does: "to the furthest moment seen" },
  { key: "+ −", does: "faster, slower" },
  { key: "?", does: "this list" },
];

/** Actions of the keys beyond the player. */
export interface KeyActions {
  help: () => void;
  faster: (steps: number) => void;
}

/** Handles a key press; true when it was one of ours. */
export function press(event: KeyboardEvent, player: Player, actions: KeyActions): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return false;
  if (isTaken(event.target, event.key)) return false;
  switch (event.key) {
    case " ":
      player.toggle();
      return true;
    case "ArrowRight":
    case "ArrowLeft":
      move(player, event.key === "ArrowRight" ? 1 : -1, event.shiftKey);
      return true;
    case "Home":
      void player.seek(0);
      return true;
    case "End":
      void player.seek(player.frame.value?.head ?? 0);
      return true;
    case "+":
    case "-":
      actions.faster(event.key === "+" ? 1 : -1);
      return true;
    case "?":
      actions.help();
      return true;
    default:
      return false;
  }
}

/** One event on or back, or one millisecond. */
function move(player: Player, direction: 1 | -1, byTime: boolean): void {
  if (byTime) void player.nudge(direction * millisecond);
  else void player.step(direction);
}

/** Fields keep all keys that edit; what can be pressed keeps the space bar, tabs and lists their arrows. */
function isTaken(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest("input, textarea, select, dialog, [role=menu]")) return true;
  if (key === " ") return target.closest("button, a, summary, [role=button]") !== null;
  return key.startsWith("Arrow") && target.closest("[role=tablist]") !== null;
}
