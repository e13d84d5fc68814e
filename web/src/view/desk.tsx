import { useEffect } from "preact/hooks";
import type { Frame } from "../engine/types";
import { millisecond } from "../pure/time";
import { address, shows } from "../state/address";
import { inspectorTab, look } from "../state/look";
import type { Player } from "../state/player";
import { presenter } from "../state/theme";
import { consoleMember, type MainTab, mainTab, pane } from "../state/view";
import { Caption } from "./caption";
import { Console } from "./console";
import { Inside, insideTabs } from "./inside";
import { TabPanel } from "./panel";
import { ScenarioView } from "./scenario";
import { SpaceTimeView } from "./spacetime";
import { Stage } from "./stage";
import { StorePanel, storeTabs } from "./storepanel";
import { Story } from "./story";
import { TimePanel } from "./timepanel";
import { VerdictChip } from "./verdict";

/** How much of the past the space-time view shows at first. */
const pastShown = 500 * millisecond;

export interface DeskProps {
  frame: Frame;
  player: Player;
}

/** All panels around one frame; of an embedded page those that are asked for. */
export function Desk({ frame, player }: DeskProps) {
  useLook(frame, player);
  const side = ["logs", "state", "disk", "store", "leases", "watchers", "console"] as const;
  return (
    <main class="desk" data-pane={pane.value}>
      {mainTabs.some(({ id }) => shows(id)) && <Main frame={frame} player={player} />}
      {shows("timeline") && <TimePanel frame={frame} player={player} />}
      {side.some(shows) && (
        <div class="side">
          {insideTabs.some(({ id }) => shows(id)) && <Inside frame={frame} player={player} />}
          {storeTabs.some(({ id }) => shows(id)) && <StorePanel frame={frame} player={player} />}
          {shows("console") && (
            <Console
              frame={frame}
              player={player}
              member={consoleMember.value}
              onMember={(id) => {
                consoleMember.value = id;
              }}
            />
          )}
        </div>
      )}
    </main>
  );
}

const mainTabs = [
  { id: "cluster", title: "Cluster" },
  { id: "spacetime", title: "Space-time" },
  { id: "scenario", title: "Scenario" },
] as const satisfies readonly { id: MainTab; title: string }[];

/** The large panel. Lessons get a tab here. */
function Main({ frame, player }: DeskProps) {
  const tabs = mainTabs.filter(({ id }) => shows(id));
  const tab = (tabs.find(({ id }) => id === mainTab.value) ?? tabs[0])?.id;
  return (
    <TabPanel
      class="main"
      label="Main view"
      tabs={tabs}
      signal={mainTab}
      aside={
        <>
          {address.embed && shows("verdict") && <VerdictChip verdict={frame.verdict} />}
          <Sentence frame={frame} />
        </>
      }
      top={<Caption frame={frame} />}
    >
      {tab === "cluster" && (
        <>
          <Stage frame={frame} player={player} onConsole={toConsole} />
          {!address.embed && !presenter.value && (
            <Story story={frame.story} onSeek={(time) => void player.seek(time)} />
          )}
        </>
      )}
      {tab === "spacetime" && <SpaceTimeView frame={frame} player={player} />}
      {tab === "scenario" && <ScenarioView text={frame.scenario ?? ""} player={player} />}
    </TabPanel>
  );
}

/** Puts the cursor into the console, to send something to a member. */
function toConsole(id: number): void {
  consoleMember.value = id;
  pane.value = "console";
  // It may only now become visible.
  requestAnimationFrame(() => document.getElementById("command")?.focus());
}

/** What is going on, or why the last thing could not be done. */
function Sentence({ frame }: { frame: Frame }) {
  return (
    <p class={frame.problem ? "sentence problem" : "sentence"}>{frame.problem?.text ?? frame.sentence}</p>
  );
}

/** Asks the engine for what is looked at, as far as it is there and its tab is open. */
function useLook(frame: Frame, player: Player): void {
  const there = (id: number) => (frame.members.some((m) => m.id === id) ? id : 0);
  const { revision } = look.value;
  const member = there(look.value.member);
  const inspect = inspectorTab.value === "logs" ? 0 : there(look.value.inspect) || leader(frame);
  const window = mainTab.value === "spacetime" ? look.value.window || pastShown : 0;
  useEffect(
    () => void player.look({ member, revision, inspect, window }),
    [player, member, revision, inspect, window],
  );
}

/** Whoever leads in the highest term, else the first member. */
function leader(frame: Frame): number {
  const leaders = frame.members.filter((m) => m.role === "leader").sort((a, b) => b.term - a.term);
  return leaders[0]?.id ?? frame.members[0]?.id ?? 0;
}
