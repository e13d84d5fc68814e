import { useMemo } from "preact/hooks";
import type { Frame, Lanes } from "../engine/types";
import type { Player } from "../state/player";
import { spotlight } from "../state/spotlight";
import { Branches } from "./branches";
import { Compared } from "./compare";
import { LanesLegend } from "./laneslegend";
import { turn, usePaced } from "./paced";
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
        frame.lanes && <Whole frame={frame} lanes={frame.lanes} player={player} onSeek={seek} />
      )}
    </footer>
  );
}

interface WholeProps {
  frame: Frame;
  lanes: Lanes;
  player: Player;
  onSeek: (time: number) => void;
}

/** The run so far; while time runs the playhead is ahead of the bars by a picture or three. */
function Whole({ frame, lanes, player, onSeek }: WholeProps) {
  const now = useMemo(() => ({ lanes, head: frame.head }), [lanes, frame.head]);
  const drawn = usePaced(now, player, turn.lanes);
  const legend = useMemo(() => <LanesLegend ops={drawn.lanes.ops} />, [drawn.lanes.ops]);
  return (
    <>
      <div class="lanes-scroll">
        <Timeline
          lanes={drawn.lanes}
          members={frame.members.map((m) => m.id)}
          time={frame.time}
          head={frame.head}
          drawn={drawn.head}
          onSeek={onSeek}
        />
      </div>
      {legend}
    </>
  );
}
