import type { Frame } from "../engine/types";
import type { Player } from "../state/player";
import { spotlight } from "../state/spotlight";
import { Branches } from "./branches";
import { Compared } from "./compare";
import { LanesLegend } from "./laneslegend";
import { Timeline } from "./timeline";
import { Transport } from "./transport";
import { CauseStrip } from "./verdict";

/** All that is about time: what moves the playhead, the branches, and the lanes. */
export function TimePanel({ frame, player }: { frame: Frame; player: Player }) {
  const seek = (time: number) => {
    player.pause();
    void player.seek(time);
  };
  const comparison = frame.comparison;
  return (
    <footer class={comparison ? "panel time comparing" : "panel time"}>
      <Transport frame={frame} player={player} />
      <Branches frame={frame} player={player} />
      {spotlight.value && <CauseStrip cause={spotlight.value} frame={frame} />}
      {comparison ? (
        <Compared frame={frame} comparison={comparison} player={player} onSeek={seek} />
      ) : (
        frame.lanes && (
          <div class="lanes-scroll">
            <Timeline
              lanes={frame.lanes}
              members={frame.members.map((m) => m.id)}
              time={frame.time}
              head={frame.head}
              onSeek={seek}
            />
          </div>
        )
      )}
      {!comparison && <LanesLegend ops={frame.lanes?.ops ?? []} />}
    </footer>
  );
}
