import { useRef } from "preact/hooks";
import { address } from "../state/address";
import { say } from "../state/notice";
import { openFile, sentence } from "../state/open";
import type { Player } from "../state/player";
import { chosen } from "../state/scenarios";
import { presenter, single, type Theme, theme, togglePresenter } from "../state/theme";
import { mainTab } from "../state/view";
import { exportPng, exportSvg } from "./export";
import { Dots } from "./icons";
import { save, saveText } from "./save";

export interface PageMenuProps {
  player: Player;
  onHelp: () => void;
}

/** What is done with the page as a whole: files, pictures, themes. */
export function PageMenu({ player, onHelp }: PageMenuProps) {
  const box = useRef<HTMLElement>(null);
  const done = (action: () => unknown) => () => {
    box.current?.hidePopover();
    void action();
  };
  return (
    <>
      <button
        type="button"
        class="round"
        popovertarget="page-menu"
        title="Files, pictures, themes"
        aria-label="Page menu"
      >
        <Dots />
      </button>
      <section id="page-menu" ref={box} popover="auto" aria-label="Page menu">
        <OpenButton player={player} onDone={() => box.current?.hidePopover()} />
        {!address.hidden && (
          <button type="button" onClick={done(() => saveScenario(player))}>
            Save the scenario
          </button>
        )}
        <button type="button" onClick={done(() => saveHistory(player))}>
          Save the history, for castaway check
        </button>
        <Pictures done={done} />
        <hr />
        <Themes />
        <button type="button" aria-pressed={presenter.value} onClick={done(togglePresenter)}>
          {presenter.value ? "Leave the presenter theme" : "Presenter theme"}
        </button>
        <hr />
        <button type="button" onClick={done(onHelp)}>
          Keys, and how to begin
        </button>
      </section>
    </>
  );
}

function OpenButton({ player, onDone }: { player: Player; onDone: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" onClick={() => input.current?.click()}>
        Open a scenario from a file …
      </button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="Scenario file"
        accept=".scenario,.txt,text/plain"
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          event.currentTarget.value = "";
          onDone();
          if (file) void openFile(player, file);
        }}
      />
    </>
  );
}

/** Pictures of the stage, as it is shown. */
function Pictures({ done }: { done: (action: () => unknown) => () => void }) {
  if (mainTab.value === "scenario" && single.value) return null;
  return (
    <>
      <button type="button" onClick={done(() => saveText(fileName(".svg"), exportSvg(), "image/svg+xml"))}>
        Save the picture as SVG
      </button>
      <button type="button" onClick={done(savePng)}>
        Save the picture as PNG
      </button>
    </>
  );
}

/** Twice as fine as on the page, for print and projectors. */
async function savePng(): Promise<void> {
  try {
    save(fileName(".png"), await exportPng(2));
  } catch (error) {
    say(`The picture can't be saved: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const themes: readonly { id: Theme; title: string }[] = [
  { id: "auto", title: "as the system" },
  { id: "light", title: "light" },
  { id: "dark", title: "dark" },
];

function Themes() {
  return (
    <fieldset>
      <legend>Theme</legend>
      {themes.map(({ id, title }) => (
        <label key={id} class="check">
          <input
            type="radio"
            name="theme"
            checked={theme.value === id}
            onChange={() => {
              theme.value = id;
            }}
          />
          {title}
        </label>
      ))}
    </fieldset>
  );
}

/** Name for a file of what is open. */
export function fileName(ending: string): string {
  const name = chosen.value.replace(/^.*\//, "");
  return `${name === "" ? "run" : name}${ending}`;
}

function saveScenario(player: Player): void {
  saveText(fileName(".scenario"), player.frame.value?.scenario ?? "");
}

async function saveHistory(player: Player): Promise<void> {
  const { frame, problem } = await player.ask({ kind: "export" });
  if (problem) say(sentence(problem));
  else saveText(fileName(".jsonl"), frame?.history ?? "");
}
