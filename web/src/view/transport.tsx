import type { Frame } from "../engine/types";
import { clock, speeds } from "../pure/time";
import type { Player } from "../state/player";
import { Pause, Play, StepBack, StepForward, ToStart } from "./icons";

/** The buttons that move the playhead. */
export function Transport({ frame, player }: { frame: Frame; player: Player }) {
  const playing = player.playing.value;
  return (
    <div class="bar transport">
      <button
        type="button"
        title="To the start (Home)"
        aria-label="To the start"
        onClick={() => void player.seek(0)}
      >
        <ToStart />
      </button>
      <button
        type="button"
        title="One event back (←)"
        aria-label="Step back"
        onClick={() => void player.step(-1)}
      >
        <StepBack />
        <span class="wide">step</span>
      </button>
      <button
        type="button"
        class="primary play"
        title="Play or pause (Space)"
        onClick={() => player.toggle()}
      >
        {playing ? <Pause /> : <Play />}
        {playing ? "Pause" : "Play"}
      </button>
      <button
        type="button"
        title="One event forward (→)"
        aria-label="Step forward"
        onClick={() => void player.step(1)}
      >
        <span class="wide">step</span>
        <StepForward />
      </button>
      <label class="pick">
        speed{" "}
        <select
          value={player.speed.value}
          onChange={(event) => {
            player.speed.value = Number(event.currentTarget.value);
          }}
        >
          {speeds.map((s) => (
            <option key={s.label} value={s.value}>
              {s.label}
            </option>
          ))}
        </select>
      </label>
      <label class="check" title="Time in which no message travels passes ten times as fast">
        <input
          type="checkbox"
          checked={player.hurry.value}
          onChange={(event) => {
            player.hurry.value = event.currentTarget.checked;
          }}
        />
        skip quiet time
      </label>
      <div class="aside">
        {frame.time < frame.head && (
          <span class="past">
            in the past<span class="wide">: what you do here starts a new future</span>
          </span>
        )}
        <output class="clock" aria-live="off">
          {clock(frame.time)}
        </output>
        <span
          class="events wide"
          data-moment={`${frame.events} ${frame.time}`}
          title={`hash of all events so far: ${frame.hash}`}
        >
          event {frame.events}
        </span>
      </div>
    </div>
  );
}
