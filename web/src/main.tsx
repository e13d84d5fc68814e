import { effect } from "@preact/signals";
import { render } from "preact";
import { App } from "./app";
import { WorkerEngine } from "./engine/client";
import { compile } from "./engine/load";
import { look } from "./state/look";
import { Player } from "./state/player";
import { chosen, first, served } from "./state/scenarios";
import { applyTheme } from "./state/theme";
import "./style/tokens.css";
import "./style/page.css";
import "./style/stage.css";
import "./style/spacetime.css";
import "./style/panels.css";
import "./style/timeline.css";

const base = document.baseURI;
const module = compile(new URL("castaway.wasm", base));
const player = new Player(() => new WorkerEngine(module, new URL("wasm_exec.js", base)));

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
  if (file !== null) chosen.value = "";
  // Whoever wants less motion starts it themselves.
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) player.play();
  await player.open(file ?? first?.text ?? "");
  effect(() => void player.look(look.value));
}
void begin();
