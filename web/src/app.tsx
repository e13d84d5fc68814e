import { useEffect, useState } from "preact/hooks";
import type { Frame } from "./engine/types";
import { speeds } from "./pure/time";
import { address } from "./state/address";
import { press } from "./state/keys";
import { blank } from "./state/lecture";
import { say } from "./state/notice";
import type { Player } from "./state/player";
import { presenter } from "./state/theme";
import { Announcer } from "./view/announcer";
import { Bugs } from "./view/bugs";
import { Desk } from "./view/desk";
import { DropZone } from "./view/dropzone";
import { Header } from "./view/header";
import { Help } from "./view/help";
import { Notice } from "./view/notice";
import { PaneBar } from "./view/panebar";
import { FirstMinute } from "./view/tour";
import { VerdictPanel } from "./view/verdict";
import { Watchdog } from "./view/watchdog";

export function App({ player }: { player: Player }) {
  const [help, setHelp] = useState(false);
  const frame = player.frame.value;
  useFirstPicture(frame !== null);
  useKeys(player, () => setHelp(true));
  useEngineNotice(frame);
  return (
    <div class={address.embed ? "app embed" : "app"}>
      {address.embed || presenter.value ? (
        <header class="unseen">
          <h1>castaway</h1>
        </header>
      ) : (
        <Header frame={frame} player={player} onHelp={() => setHelp(true)} />
      )}
      {frame ? <Desk frame={frame} player={player} /> : <Waiting player={player} />}
      {frame && player.dead.value !== "" && <Dead player={player} />}
      {frame && !address.embed && <PaneBar player={player} onHelp={() => setHelp(true)} />}
      {frame && !address.embed && <FirstMinute frame={frame} />}
      {frame && <VerdictPanel frame={frame} player={player} />}
      {frame && <Bugs frame={frame} player={player} />}
      <Notice />
      <Watchdog player={player} />
      <DropZone player={player} />
      <Help open={help} player={player} onClose={() => setHelp(false)} />
      <Announcer player={player} />
      {blank.value && <div class="blank" />}
    </div>
  );
}

/** What the engine has to say once: how a link's run compares with this one. */
function useEngineNotice(frame: Frame | null): void {
  const words = frame?.notice ?? "";
  useEffect(() => {
    if (words !== "") say(words);
  }, [words]);
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
    if (!address.keys) return;
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
  }, [player]);
}
