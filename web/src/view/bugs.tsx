import { useEffect, useRef, useState } from "preact/hooks";
import { type Bug, bugs } from "../engine/bugs";
import type { Frame, HuntState } from "../engine/types";
import { hunt } from "../state/hunt";
import { close, overlay } from "../state/overlay";
import type { Player } from "../state/player";
import { chosen, scenarios } from "../state/scenarios";
import { Cross } from "./icons";

/** Which bug is planted, or how the search goes; pressed, it opens the catalogue. */
export function BugPill({ frame }: { frame: Frame }) {
  const search = hunt.running.value ? "searching …" : hunt.news.value ? "found one" : "";
  const state = search || frame.bug || "none";
  return (
    <button
      type="button"
      id="bug-pill"
      class="pill bug"
      title="Known bugs: plant one, or let the adversary search"
      onClick={() => {
        overlay.value = "bugs";
      }}
    >
      Bug <b>{state}</b>
    </button>
  );
}

/** The catalogue of known bugs, and the three things to do with one. */
export function Bugs({ frame, player }: { frame: Frame; player: Player }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = overlay.value === "bugs";
  const [name, setName] = useState("");
  useEffect(() => {
    if (open && !dialog.current?.open) dialog.current?.showModal();
    if (!open) dialog.current?.close();
  }, [open]);
  const wanted = name || hunt.state.value?.bug || frame.bug || bugs[0]?.name;
  const bug = bugs.find((b) => b.name === wanted);
  return (
    <dialog
      class="bugs"
      ref={dialog}
      aria-labelledby="bugs-title"
      onClose={() => {
        if (overlay.value === "bugs") close();
      }}
    >
      {open && (
        <>
          <div class="dialog-head">
            <h2 id="bugs-title">Known bugs</h2>
            <form method="dialog">
              <button type="submit" class="round" aria-label="Close">
                <Cross />
              </button>
            </form>
          </div>
          <p>
            Each was made in a real system, or is a step of the paper left out. Plant one and break the
            cluster yourself, or let the adversary look for a run that shows it.
          </p>
          <div class="bugs-body">
            <BugList value={bug?.name ?? ""} onChange={setName} />
            {bug && <BugDetail key={bug.name} bug={bug} frame={frame} player={player} />}
          </div>
        </>
      )}
    </dialog>
  );
}

function BugList({ value, onChange }: { value: string; onChange: (name: string) => void }) {
  const list = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    list.current?.querySelector(":checked")?.parentElement?.scrollIntoView({ block: "nearest" });
  }, []);
  return (
    <fieldset class="bug-list" ref={list}>
      <legend class="unseen">Bug</legend>
      {bugs.map((bug) => (
        <label key={bug.name} class={bug.name === value ? "chosen" : undefined}>
          <input
            type="radio"
            name="bug"
            value={bug.name}
            checked={bug.name === value}
            onChange={() => onChange(bug.name)}
          />
          <span>{bug.name}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface DetailProps {
  bug: Bug;
  frame: Frame;
  player: Player;
}

function BugDetail({ bug, frame, player }: DetailProps) {
  const story = scenarios.find((s) => s.name === `bugs/${bug.name}`);
  return (
    <section class="bug-detail" aria-label={bug.name}>
      <h3>{bug.name}</h3>
      <p>{bug.sentence}</p>
      <p class="soft">
        It breaks <b>{bug.breaks}</b>. Told by {bug.source}.
      </p>
      <div class="doors">
        <button type="button" onClick={() => void plant(player, bug.name)}>
          Break it by hand
        </button>
        {story && (
          <button type="button" onClick={() => void watch(player, story.text, story.name)}>
            Watch its story
          </button>
        )}
        <button
          type="button"
          class="primary"
          disabled={hunt.running.value}
          onClick={() => void hunt.start(bug.name, player.newEngine)}
        >
          Let the adversary search
        </button>
        {frame.bug !== "" && (
          <button type="button" onClick={() => void plant(player, "")}>
            Take {frame.bug} out
          </button>
        )}
      </div>
      <Search player={player} />
    </section>
  );
}

/** How far the search has come, and what it found. */
function Search({ player }: { player: Player }) {
  const state = hunt.state.value;
  const problem = hunt.problem.value;
  const news = hunt.news.value;
  useEffect(() => {
    hunt.news.value = false; // it is seen now
  }, [news]);
  if (!state) return null;
  return (
    <section class="search" aria-label="Search">
      <h3>Search for {state.bug}</h3>
      <dl>
        <Count name="runs" value={state.runs.toLocaleString("en")} />
        <Count name="runs a second" value={hunt.rate.value.toFixed(hunt.rate.value < 10 ? 1 : 0)} />
        <Count name="features seen" value={state.features.toLocaleString("en")} />
        <Count name="simulated" value={`${Math.round(state.simulated / 1e9).toLocaleString("en")} s`} />
      </dl>
      {/* The sentence changes with the phase of the search, not with each number. */}
      <p role="status">{phase(state, hunt.running.value, problem)}</p>
      {state.property && (
        <p class="soft">
          {state.lines} lines left after {state.tries.toLocaleString("en")} tries to leave some out.
        </p>
      )}
      <div class="doors">
        {hunt.running.value && (
          <>
            <progress aria-label="Searching" />
            <button type="button" onClick={() => hunt.stop()}>
              Cancel
            </button>
          </>
        )}
        {state.done && state.scenario && (
          <button type="button" class="primary" onClick={() => void watch(player, state.scenario ?? "")}>
            Watch the story
          </button>
        )}
      </div>
    </section>
  );
}

function Count({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function phase(state: HuntState, running: boolean, problem: string): string {
  if (problem) return `The search ended: ${problem}.`;
  if (state.done) return state.scenario ? `Found: ${state.property} breaks.` : "Nothing was found.";
  if (!running) return "Cancelled.";
  if (state.property) return `${state.property} breaks. Now the run is made as short as it can be.`;
  return "Runs with faults are made at random, and those that show something new are varied.";
}

/** Replaces the rule and starts from the beginning. */
async function plant(player: Player, name: string): Promise<void> {
  if (await player.plant(name)) return;
  close();
  player.play();
}

/** Opens a run and plays it; without a name it is one that was found. */
async function watch(player: Player, text: string, name = ""): Promise<void> {
  if (await player.open(text)) return;
  chosen.value = name;
  close();
  player.play();
}
