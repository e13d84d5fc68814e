import type { Frame } from "../engine/types";
import { address, shows } from "../state/address";
import { openBundled } from "../state/open";
import type { Player } from "../state/player";
import { chosen, topics } from "../state/scenarios";
import { toggleTheme } from "../state/theme";
import { BugPill } from "./bugs";
import { HalfMoon, Question } from "./icons";
import { memo } from "./memo";
import { PageMenu } from "./pagemenu";
import { Seed } from "./seed";
import { Share } from "./share";
import { VerdictChip } from "./verdict";

export interface HeaderProps {
  frame: Frame | null;
  player: Player;
  onHelp: () => void;
}

export function Header({ frame, player, onHelp }: HeaderProps) {
  return (
    <header>
      <h1 class="brand">
        cas<i>taway</i>
      </h1>
      {shows("scenario") && <Chooser player={player} />}
      {frame && shows("scenario") && <Seed frame={frame} player={player} />}
      {frame && (
        <>
          <span class="pill wide" title="The set of Raft options in force">
            rules <b>{frame.rules}</b>
          </span>
          <BugPill frame={frame} />
        </>
      )}
      <span class="space" />
      {frame && <VerdictChip verdict={frame.verdict} />}
      {frame && !address.hidden && <Share frame={frame} player={player} />}
      <button
        type="button"
        class="round wide"
        title="Light or dark"
        aria-label="Light or dark"
        onClick={toggleTheme}
      >
        <HalfMoon />
      </button>
      <button type="button" class="round wide" title="Keys (?)" aria-label="Keys" onClick={onHelp}>
        <Question />
      </button>
      <PageMenu player={player} onHelp={onHelp} />
    </header>
  );
}

/** All bundled scenarios, by topic. */
const Chooser = memo(({ player }: { player: Player }) => {
  return (
    <label class="pill chooser">
      <span class="wide">Scenario</span>{" "}
      <select
        aria-label="Scenario"
        value={chosen.value}
        onChange={(event) => void openBundled(player, event.currentTarget.value)}
      >
        {chosen.value === "" && <option value="">your own</option>}
        {topics.map((topic) => (
          <optgroup key={topic.title} label={topic.title}>
            {topic.scenarios.map((s) => (
              <option key={s.name} value={s.name}>
                {s.title}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
});
