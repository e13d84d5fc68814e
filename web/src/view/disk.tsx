import type { Frame } from "../engine/types";
import type { Player } from "../state/player";

export interface DiskViewProps {
  frame: Frame;
  player: Player;
}

/** Files, page cache and durable image. */
export function DiskView(_: DiskViewProps) {
  return <p class="empty">Files, page cache and durable image.</p>;
}
