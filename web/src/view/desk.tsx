import { useEffect, useMemo } from "preact/hooks";
import type { Frame } from "../engine/types";
import { address, shows } from "../state/address";
import { inspectorTab, look, lookAt } from "../state/look";
import type { Player } from "../state/player";
import { presenter, single } from "../state/theme";
import { consoleMember, type MainTab, mainTab, pane } from "../state/view";
import { Caption } from "./caption";
import { Console } from "./console";
import { Inspector, inspectorTabs } from "./inspector";
import { turn, usePaced } from "./paced";
import { TabPanel } from "./panel";
import { ScenarioView } from "./scenario";
import { Stage } from "./stage";
import { StoreView } from "./store";
import { Story } from "./story";
import { TimePanel } from "./timepanel";
import { VerdictChip } from "./verdict";

export interface DeskProps {
  frame: Frame;
  player: Player;
}

/** All panels around one frame; of an embedded page those that are asked for. */
export function Desk({ frame, player }: DeskProps) {
  useLook(frame, player);
  return (
    // All parts of an embedded page are shown at once, as narrow as it may be.
    <main class="desk" data-pane={address.embed ? "timeline" : pane.value}>
      {mainTabs.some(({ id }) => shows(id)) && <Main frame={frame} player={player} />}
      {shows("timeline") && <TimePanel frame={frame} player={player} />}
      {sides.some(shows) && <Side frame={frame} player={player} />}
    </main>
  );
}

const sides = ["logs", "state", "disk", "store", "leases", "watchers", "console"] as const;

/** The panels of text. */
function Side({ frame, player }: DeskProps) {
  const inspected = usePaced(frame, player, turn.logs);
  const stored = usePaced(frame, player, turn.store);
  const told = usePaced(frame, player, turn.console);
  const looked = look.value;
  const member = consoleMember.value;
  const inspector = useMemo(() => <Inspector frame={inspected} />, [inspected]);
  const store = useMemo(
    () => <StoreView store={stored.store} members={stored.members} look={looked} onLook={lookAt} />,
    [stored, looked],
  );
  const console = useMemo(
    () => <Console frame={told} player={player} member={member} onMember={setConsoleMember} />,
    [told, player, member],
  );
  return (
    <div class="side">
      {inspectorTabs.some(({ id }) => shows(id)) && inspector}
      {(shows("store") || shows("leases") || shows("watchers")) && store}
      {shows("console") && console}
    </div>
  );
}

function setConsoleMember(id: number): void {
  consoleMember.value = id;
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
          {(presenter.value || address.embed) && shows("verdict") && <VerdictChip verdict={frame.verdict} />}
          <Sentence frame={frame} />
        </>
      }
      top={<Caption frame={frame} />}
    >
      {tab === "scenario" && <ScenarioView text={frame.scenario ?? ""} player={player} />}
      {(tab !== "scenario" || !single.value) && (
        <Stage
          frame={frame}
          player={player}
          view={tab === "spacetime" ? "space-time" : "ring"}
          onConsole={toConsole}
        />
      )}
      {tab !== "scenario" && !address.embed && !presenter.value && (
        <PacedStory frame={frame} player={player} />
      )}
    </TabPanel>
  );
}

function PacedStory({ frame, player }: DeskProps) {
  const story = usePaced(frame.story, player, turn.story);
  return useMemo(() => <Story story={story} onSeek={(time) => void player.seek(time)} />, [story, player]);
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
  const { revision, window } = look.value;
  const member = there(look.value.member);
  const inspect = inspectorTab.value === "logs" ? 0 : there(look.value.inspect) || leader(frame);
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
