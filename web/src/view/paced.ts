import { useRef } from "preact/hooks";
import type { Player } from "../state/player";

/** So many pictures are drawn until a panel that is read changes again, while time runs. */
const turns = 4;

/** Whose turn it is: neighbours change in different pictures, so that no picture is much work. */
export const turn = { lanes: 0, store: 1, logs: 2, story: 3, console: 3 } as const;

/**
 * What a panel of text shows of a value: while time runs nobody can read what
 * changes sixty times a second, so it changes every fourth picture. At rest it
 * is always the newest.
 */
export function usePaced<T>(value: T, player: Player, mine: number): T {
  const shown = useRef({ value, at: 0 });
  const age = player.count - shown.current.at;
  if (!player.playing.value || player.count % turns === mine || age >= turns || age < 0) {
    shown.current = { value, at: player.count };
  }
  return shown.current.value;
}
