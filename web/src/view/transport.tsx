import type { Frame, MarkKind } from "../engine/types";
import { clock, speeds } from "../pure/time";
import type { Player } from "../state/player";
import { Next, Pause, Play, Previous, Redo, StepBack, StepForward, ToEnd, ToStart, Undo } from "./icons";
import { memo } from "./memo";

/** The buttons that move the playhead. */
export function Transport({ frame, player }: { frame: Frame; player: Player }) {
  const marked = (frame.lanes?.marks ?? []).length > 0;
  return (
    <div class="bar transport">
      <Movers player={player} canUndo={frame.canUndo} canRedo={frame.canRedo} />
      <Finders player={player} marked={marked} />
      <Speed player={player} />
      <Moment frame={frame} />
    </div>
  );
}

interface MoversProps {
  player: Player;
  canUndo: boolean;
  canRedo: boolean;
}

const Movers = memo(({ player, canUndo, canRedo }: MoversProps) => {
  const playing = player.playing.value;
  return (
    <>
      <Round label="To the start" keys="Home" run={() => player.seek(0)}>
        <ToStart />
      </Round>
      <Round label="Step back" keys="←" run={() => player.step(-1)}>
        <StepBack />
      </Round>
      <button
        type="button"
        class="primary play"
        title="Play or pause (Space)"
        onClick={() => player.toggle()}
      >
        {playing ? <Pause /> : <Play />}
        {playing ? "Pause" : "Play"}
      </button>
      <Round label="Step forward" keys="→" run={() => player.step(1)}>
        <StepForward />
      </Round>
      <Round
        label="To the furthest moment seen"
        keys="End"
        run={() => player.seek(player.frame.peek()?.head ?? 0)}
      >
        <ToEnd />
      </Round>
      <div class="undo">
        <Round label="Undo" keys="Ctrl Z" disabled={!canUndo} run={() => player.undo()}>
          <Undo />
        </Round>
        <Round label="Redo" keys="Ctrl Shift Z" disabled={!canRedo} run={() => player.redo()}>
          <Redo />
        </Round>
      </div>
    </>
  );
});

interface RoundProps {
  label: string;
  keys: string;
  disabled?: boolean;
  run: () => unknown;
  children: preact.ComponentChildren;
}

function Round({ label, keys, disabled, run, children }: RoundProps) {
  return (
    <button
      type="button"
      class="tool"
      title={`${label} (${keys})`}
      aria-label={label}
      disabled={disabled}
      onClick={() => void run()}
    >
      {children}
    </button>
  );
}

const finders: readonly { mark: MarkKind; word: string; key: string }[] = [
  { mark: "election", word: "election", key: "E" },
  { mark: "commit", word: "commit", key: "O" },
  { mark: "answer", word: "answer", key: "N" },
  { mark: "fault", word: "fault", key: "F" },
  { mark: "caption", word: "mark", key: "M" },
];

/** To the next, or the last, of what is worth looking for. */
const Finders = memo(({ player, marked }: { player: Player; marked: boolean }) => {
  return (
    <div class="finders">
      {finders
        .filter((f) => f.mark !== "caption" || marked)
        .map(({ mark, word, key }) => (
          // biome-ignore lint/a11y/useSemanticElements: two buttons and their word are no fieldset.
          <div key={mark} class="finder" role="group" aria-label={word}>
            <button
              type="button"
              title={`To the ${word} before (Shift ${key})`}
              aria-label={`Previous ${word}`}
              onClick={() => void player.find(mark, -1)}
            >
              <Previous />
            </button>
            <button
              type="button"
              title={`To the next ${word} (${key})`}
              aria-label={`Next ${word}`}
              onClick={() => void player.find(mark, 1)}
            >
              {word} <Next />
            </button>
          </div>
        ))}
    </div>
  );
});

const Speed = memo(({ player }: { player: Player }) => {
  return (
    <>
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
          aria-label="Skip quiet time"
          checked={player.hurry.value}
          onChange={(event) => {
            player.hurry.value = event.currentTarget.checked;
          }}
        />
        skip quiet
      </label>
    </>
  );
});

/** The moment at the playhead. */
function Moment({ frame }: { frame: Frame }) {
  return (
    <div class="aside">
      {frame.time < frame.head && (
        <span class="past" title="What you do here starts a new branch">
          in the past<span class="unseen">: what you do here starts a new branch</span>
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
  );
}
