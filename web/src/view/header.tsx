import type { Frame, Verdict } from "../engine/types";
import { scenarios } from "../state/scenarios";
import { toggleTheme } from "../state/theme";
import { Check, Cross, HalfMoon, Question } from "./icons";

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

/** What the judge says of the history so far; undecided never looks like a pass. */
export function VerdictChip({ verdict }: { verdict: Verdict }) {
  const mark = { linearizable: <Check />, violation: <Cross />, undecided: <Question /> }[verdict.result];
  const operations = verdict.operations === 1 ? "1 operation" : `${verdict.operations} operations`;
  return (
    <span class={`pill verdict ${verdict.result}`} title={verdict.reason}>
      {mark} {verdict.result}
      <span class="count"> · {operations}</span>
      {verdict.reason && <span class="unseen">: {verdict.reason}</span>}
    </span>
  );
}
