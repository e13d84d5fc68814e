// Measures the engine under Node: what it holds as a run grows, how long a frame takes while it plays, and a seek.
//
//   node engine.mjs [minutes]    60 unless told
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { root } from "./browser.mjs";

await import(join(root, "web", "engine", "wasm_exec.js"));

const scenarios = {
  default: readFileSync(join(root, "examples", "first-minute.scenario"), "utf8"),
  mixed: "castaway 1\nmembers 7\nseed 7\nclient A B C mixed k keys 5 think 20ms..80ms\nrun 60m\n",
};
const minutes = [1, 5, 10, 20, 60].filter((m) => m <= Number(process.argv[2] ?? 60));
const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.floor(values.length * q)] ?? 0;

const module = await WebAssembly.compile(readFileSync(join(root, "web", "engine", "castaway.wasm")));

async function start() {
  const go = new Go();
  const instance = await WebAssembly.instantiate(module, go.importObject);
  go.run(instance);
  const castaway = globalThis.castaway;
  const call = (command) => {
    const began = performance.now();
    const json = castaway(JSON.stringify(command));
    return { json, took: performance.now() - began };
  };
  return { call, memory: () => instance.exports.mem.buffer.byteLength / 2 ** 20 };
}

const timeOf = (json) => Number(/"time":(\d+)/.exec(json)[1]);

/** Seeks until it is there: one command does a bounded amount of work. */
function seek(engine, time) {
  const began = performance.now();
  for (;;) {
    const { json } = engine.call({ kind: "seek", time });
    if (timeOf(json) >= time) return { json, took: performance.now() - began };
  }
}

/** Plays a minute at speed 1, sixty frames a second, and prints how long these take. */
function play(engine) {
  const took = [];
  let bytes = 0;
  for (let i = 0; i < 1200; i++) {
    const frame = engine.call({ kind: "advance", time: Math.round(1e9 / 60) });
    took.push(frame.took);
    bytes += frame.json.length;
  }
  const ms = [0.5, 0.95, 0.99, 1].map((q) => quantile(took, Math.min(q, 1 - 1 / took.length)).toFixed(1));
  console.log(
    `  a frame takes ${ms.join(", ")} ms (median, 95th, 99th, most), ${(bytes / 1200 / 1000).toFixed(0)} kB`,
  );
}

for (const [name, text] of Object.entries(scenarios)) {
  const engine = await start();
  engine.call({ kind: "open", text });
  console.log(name);
  for (const minute of minutes) {
    const began = performance.now();
    const { json } = seek(engine, minute * 60e9);
    const events = Number(/"events":(\d+)/.exec(json)[1]);
    const took = ((performance.now() - began) / 1000).toFixed(0);
    console.log(
      `${String(minute).padStart(3)} min: ${engine.memory().toFixed(0)} MiB, ${events} events, after ${took} s`,
    );
    if (minute === 10) {
      play(engine);
      const seeks = Array.from({ length: 60 }, (_, i) => seek(engine, ((i * 61) % 100) * 6e9).took);
      console.log(
        `  a seek takes ${quantile(seeks, 0.5).toFixed(0)}, ${quantile(seeks, 0.95).toFixed(0)} ms (median, 95th)`,
      );
    }
  }
}
process.exit(0);
