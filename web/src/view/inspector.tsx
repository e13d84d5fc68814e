import type { Frame } from "../engine/types";
import type { Player } from "../state/player";

export interface InspectorProps {
  frame: Frame;
  player: Player;
}

/** The variables of Figure 2. */
export function Inspector(_: InspectorProps) {
  return <p class="empty">The variables of Figure 2.</p>;
}
