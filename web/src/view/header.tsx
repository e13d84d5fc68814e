import type { Frame } from "../engine/types";
import { scenarios } from "../state/scenarios";
import { toggleTheme } from "../state/theme";
import { BugPill } from "./bugs";
import { HalfMoon, Question } from "./icons";
import { VerdictChip } from "./verdict";

export interface HeaderProps {
  frame: Frame | null;
  /** Name of the bundled scenario that was chosen; empty for a text of one's own. */
  chosen: string;
  onChoose: (name: string) => void;
  onHelp: () => void;
}

export function Header({ frame, chosen, onChoose, onHelp }: HeaderProps) {
  return (
    <header>
      <h1 class="brand">
        cas<i>taway</i>
      </h1>
      <label class="pill">
        <span class="wide">Scenario</span>{" "}
        <select
          aria-label="Scenario"
          value={chosen}
          onChange={(event) => onChoose(event.currentTarget.value)}
        >
          {chosen === "" && <option value="">your own</option>}
          {scenarios.map((s) => (
            <option key={s.name} value={s.name}>
              {s.title}
            </option>
          ))}
        </select>
      </label>
      {frame && (
        <>
          <span class="pill">
            seed <b>{frame.seed}</b>
          </span>
          <span class="pill" title="The set of Raft options in force">
            rules <b>{frame.rules}</b>
          </span>
          <BugPill frame={frame} />
        </>
      )}
      <span class="space" />
      {frame && <VerdictChip verdict={frame.verdict} />}
      <button
        type="button"
        class="round"
        title="Light or dark"
        aria-label="Light or dark"
        onClick={toggleTheme}
      >
        <HalfMoon />
      </button>
      <button type="button" class="round" title="Keys (?)" aria-label="Keys" onClick={onHelp}>
        <Question />
      </button>
    </header>
  );
}
