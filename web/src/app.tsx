import { useEffect, useState } from "preact/hooks";
import type { Frame } from "./engine/types";
import { speeds } from "./pure/time";
import { press } from "./state/keys";
import { look, lookAt } from "./state/look";
import type { Player } from "./state/player";
import { chosen, scenarios } from "./state/scenarios";
import { Announcer } from "./view/announcer";
import { Console } from "./view/console";
import { Header } from "./view/header";
import { Help } from "./view/help";
import { Inspector } from "./view/inspector";
import { Panel, Tabs } from "./view/panel";
import { ScenarioView } from "./view/scenario";
import { Stage } from "./view/stage";
import { StoreView } from "./view/store";
import { Story } from "./view/story";
import { Timeline } from "./view/timeline";
import { Transport } from "./view/transport";

export function App({ player }: { player: Player }) {
  const [help, setHelp] = useState(false);
  const frame = player.frame.value;
  useFirstPicture(frame !== null);
  useKeys(player, () => setHelp(true));
  const choose = (name: string) => {
    const scenario = scenarios.find((s) => s.name === name);
    if (!scenario) return;
    chosen.value = name;
    void player.open(scenario.text);
  };
  return (
    <div class="app">
      <Header frame={frame} chosen={chosen.value} onChoose={choose} onHelp={() => setHelp(true)} />
      {frame ? <Desk frame={frame} player={player} /> : <Waiting player={player} />}
      {frame && player.dead.value !== "" && <Dead player={player} />}
      <Help open={help} onClose={() => setHelp(false)} />
      <Announcer player={player} />
    </div>
  );
}

interface DeskProps {
  frame: Frame;
  player: Player;
}

type MainTab = "cluster" | "spacetime" | "scenario";

/** All panels around one frame. */
function Desk({ frame, player }: DeskProps) {
  const [tab, setTab] = useState<MainTab>("cluster");
  const [member, setMember] = useState(0);
  const toConsole = (id: number) => {
    setMember(id);
    document.getElementById("command")?.focus();
  };
  const tabs = (
    <Tabs
      label="Main view"
      tabs={[
        { id: "cluster", title: "Cluster" },
        { id: "spacetime", title: "Space-time" },
        { id: "scenario", title: "Scenario" },
      ]}
      value={tab}
      onChange={setTab}
    />
  );
  return (
    <main class="desk">
      <Panel class="main" label="Cluster" bar={tabs} aside={<Sentence frame={frame} />}>
        <div class="view" id={`view-${tab}`} role="tabpanel" aria-labelledby={`tab-${tab}`}>
          {tab !== "scenario" ? (
            <>
              <Stage
                frame={frame}
                player={player}
                view={tab === "cluster" ? "ring" : "space-time"}
                onConsole={toConsole}
              />
              <Story story={frame.story} onSeek={(time) => void player.seek(time)} />
            </>
          ) : (
            <ScenarioView
              text={frame.scenario ?? ""}
              player={player}
              onRun={() => {
                chosen.value = "";
                setTab("cluster");
              }}
            />
          )}
        </div>
      </Panel>
      <footer class="panel">
        <Transport frame={frame} player={player} />
        {frame.lanes && (
          <Timeline
            lanes={frame.lanes}
            members={frame.members}
            time={frame.time}
            head={frame.head}
            onSeek={(time) => {
              player.pause();
              void player.seek(time);
            }}
          />
        )}
      </footer>
      <div class="side">
        <Inspector frame={frame} />
        <StoreView store={frame.store} members={frame.members} look={look.value} onLook={lookAt} />
        <Console frame={frame} player={player} member={member} onMember={setMember} />
      </div>
    </main>
  );
}

/** What is going on, or why the last thing could not be done. */
function Sentence({ frame }: { frame: Frame }) {
  return (
    <p class={frame.problem ? "sentence problem" : "sentence"}>{frame.problem?.text ?? frame.sentence}</p>
  );
}

function Waiting({ player }: { player: Player }) {
  return (
    <main class="panel waiting">
      {player.dead.value === "" ? (
        <p>The engine is starting …</p>
      ) : (
        <p role="alert">The playground can't start: {player.dead.value}. Reload the page to try again.</p>
      )}
    </main>
  );
}

function Dead({ player }: { player: Player }) {
  return (
    <div class="dead" role="alert">
      <p>The engine has stopped: {player.dead.value}.</p>
      <button type="button" class="primary" onClick={() => void player.restart()}>
        Start again
      </button>
    </div>
  );
}

/** Notes when the first picture stood, for the browser's performance timeline. */
function useFirstPicture(drawn: boolean): void {
  useEffect(() => {
    if (drawn) performance.mark("first-picture");
  }, [drawn]);
}

function useKeys(player: Player, help: () => void): void {
  useEffect(() => {
    const faster = (steps: number) => {
      const now = speeds.findIndex((s) => s.value === player.speed.value);
      player.speed.value =
        speeds[Math.min(speeds.length - 1, Math.max(0, now + steps))]?.value ?? player.speed.value;
    };
    const onKey = (event: KeyboardEvent) => {
      if (press(event, player, { help, faster })) event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [player, help]);
}
