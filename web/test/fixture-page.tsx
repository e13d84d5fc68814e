// The page on the fixture instead of the engine, for `npm run dev`: open
// /test/fixture.html, with ?members=3 for another number of members, ?show=forked
// or ?show=broken for other frames.
import { render } from "preact";
import { App } from "../src/app";
import type { Engine } from "../src/engine/client";
import type { Command, Frame } from "../src/engine/types";
import { Player } from "../src/state/player";
import { applyTheme } from "../src/state/theme";
import "../src/style/tokens.css";
import "../src/style/page.css";
import "../src/style/stage.css";
import "../src/style/spacetime.css";
import "../src/style/panels.css";
import "../src/style/timeline.css";
import "../src/style/branches.css";
import { broken, forked, frame as plain } from "./fixture";

const shown = new URLSearchParams(location.search).get("show");
const frame = shown === "forked" ? forked : shown === "broken" ? broken : plain;
const count = Number(new URLSearchParams(location.search).get("members") ?? frame.members.length);

/** The fixture's members again and again, as many as asked for. */
const members = Array.from({ length: count }, (_, i) => ({
  ...frame.members[i % frame.members.length],
  id: i + 1,
  name: `S${i + 1}`,
})) as Frame["members"];

const still: Frame = {
  ...frame,
  members,
  cuts: members.slice(1).flatMap((m) => [
    { from: 1, to: m.id },
    { from: m.id, to: 1 },
  ]),
  messages: frame.messages.filter((m) => m.from <= count && m.to <= count),
};

/** Knows one frame, and how to move its time. */
class Still implements Engine {
  #time = frame.time;

  call(command: Command): Promise<Frame> {
    if (command.kind === "advance") this.#time += command.time ?? 0;
    if (command.kind === "seek") this.#time = command.time ?? 0;
    return Promise.resolve({ ...still, time: this.#time });
  }

  stop(): void {}
}

const player = new Player(() => new Still());
applyTheme();
const root = document.getElementById("app");
if (root) render(<App player={player} />, root);
void player.open("");
