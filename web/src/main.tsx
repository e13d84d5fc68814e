import { render } from "preact";
import { App } from "./app";
import { WorkerEngine } from "./engine/client";
import { compile } from "./engine/load";
import { installOffline } from "./offline";
import { speeds } from "./pure/time";
import { address, readAddress, shows } from "./state/address";
import { forget, type Kept, keep, restore } from "./state/keep";
import { say } from "./state/notice";
import { openBundled, openLink, openText } from "./state/open";
import { Player } from "./state/player";
import { chosen, first, scenarios, served } from "./state/scenarios";
import { applyTheme } from "./state/theme";
import { firstVisit, tour } from "./state/tour";
import { unopened } from "./state/unopened";
import { choose, openShown } from "./state/view";
import "./style/tokens.css";
import "./style/page.css";
import "./style/stage.css";
import "./style/spacetime.css";
import "./style/panels.css";
import "./style/timeline.css";
import "./style/branches.css";

const module = compile();
const player = new Player(() => new WorkerEngine(module));

applyTheme();
openShown(shows);
const root = document.getElementById("app");
if (root) render(<App player={player} />, root);

let before = performance.now();
function loop(now: number): void {
  player.tick(now - before);
  before = now;
  requestAnimationFrame(loop);
}
requestAnimationFrame(loop);

/** Whoever wants less motion starts it themselves. */
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Opens what the address names, else what was open last, else the first scenario. */
async function begin(): Promise<void> {
  const kept = address.embed ? null : restore();
  if (kept === "bad") {
    forget();
    say("What was kept of the last visit can't be read, so the page starts afresh.");
  }
  if (kept && kept !== "bad" && !address.file && kept.link === address.link) {
    if (await resume(kept)) return;
  }
  if (isBare() && firstVisit()) {
    await tour.start(player);
    return;
  }
  if (!calm && address.at === null) player.play();
  if (!(await openAddressed())) await openBundled(player, first?.name ?? "");
  if (address.at !== null) await player.arrive(address.at);
}

/** Whether the address asks for nothing but the page. */
function isBare(): boolean {
  return address.link === "" && !address.file && address.embed === null && address.at === null;
}

/** The file or link of the address; false if there is none, or it can't be opened. */
async function openAddressed(): Promise<boolean> {
  if (address.link !== "") return openLink(player, address.link);
  const file = address.file ? await served() : null;
  return file !== null && openText(player, file, "The file");
}

/** Goes on where the last visit ended. */
async function resume(kept: Kept): Promise<boolean> {
  choose({ ...kept.view });
  if (await player.open(kept.scenario)) {
    forget();
    say("What was kept of the last visit doesn't run any more, so the page starts afresh.");
    return false;
  }
  chosen.value = scenarios.some((s) => s.name === kept.chosen) ? kept.chosen : "";
  if (speeds.some((s) => s.value === kept.speed)) player.speed.value = kept.speed;
  if (kept.edited !== "") unopened.value = { text: kept.edited, problem: null };
  await player.arrive(address.at ?? kept.time);
  return true;
}

/** A link that is put into the address of the open page. */
addEventListener("hashchange", () => {
  const { link } = readAddress(location.search, location.hash);
  if (link !== "") void openLink(player, link);
});

void begin().then(() => {
  if (!address.embed) keep(player, () => readAddress(location.search, location.hash).link);
  installOffline();
});
