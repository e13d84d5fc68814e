import type { Frame } from "../engine/types";
import type { Player } from "../state/player";

export interface SpaceTimeViewProps {
  frame: Frame;
  player: Player;
}

/** The run with time downwards and a lane for each member. */
export function SpaceTimeView(_: SpaceTimeViewProps) {
  return <p class="empty">The run with time downwards and a lane for each member.</p>;
}
