import { render } from "preact";
import { App } from "./app";
import { WorkerEngine } from "./engine/client";
import { compile } from "./engine/load";
import { installOffline } from "./offline";
import { Player } from "./state/player";
import { chosen, first, served } from "./state/scenarios";
import { applyTheme } from "./state/theme";
import { firstVisit, tour } from "./state/tour";
import "./style/tokens.css";
import "./style/page.css";
import "./style/stage.css";
import "./style/panels.css";
import "./style/timeline.css";
import "./style/branches.css";

const module = compile();
const player = new Player(() => new WorkerEngine(module));

applyTheme();
const root = document.getElementById("app");
if (root) render(<App player={player} />, root);

let before = performance.now();
function loop(now: number): void {
  player.tick(now - before);
  before = now;
  requestAnimationFrame(loop);
}
requestAnimationFrame(loop);

async function begin(): Promise<void> {
  const file = await served();
  if (file === null && location.hash === "" && firstVisit()) {
    await tour.start(player);
    return;
  }
  if (file !== null) chosen.value = "";
  // Whoever wants less motion starts it themselves.
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) player.play();
  await player.open(file ?? first?.text ?? "");
}
void begin().then(installOffline);
