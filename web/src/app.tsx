import { useEffect, useState } from "preact/hooks";
import { speeds } from "./pure/time";
import { press } from "./state/keys";
import type { Player } from "./state/player";
import { chosen, scenarios } from "./state/scenarios";
import { Announcer } from "./view/announcer";
import { Bugs } from "./view/bugs";
import { Desk } from "./view/desk";
import { Header } from "./view/header";
import { Help } from "./view/help";
import { PaneBar } from "./view/panebar";
import { FirstMinute } from "./view/tour";
import { VerdictPanel } from "./view/verdict";

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
      {frame && <PaneBar />}
      {frame && <FirstMinute frame={frame} player={player} />}
      {frame && <VerdictPanel frame={frame} player={player} />}
      {frame && <Bugs frame={frame} player={player} />}
      <Help open={help} player={player} onClose={() => setHelp(false)} />
      <Announcer player={player} />
    </div>
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
