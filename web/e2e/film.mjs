// Makes the README's pictures from the real page: a moving one and two stills.
// The playhead is moved by keys alone, so every run gives the same pictures; the
// moving one carries the hash of its scenario's run, by which a test sees
// whether it is current.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { binary, root, servePlayground, startBrowser } from "./browser.mjs";
import { encodeGif } from "./gif.mjs";
import { Playground } from "./playground.mjs";

const scenario = "examples/cas-counter.scenario";
const images = join(root, "docs", "img");

/** What is filmed: from a moment on, so many pictures, so many virtual milliseconds apart. */
const scenes = [
  { from: 156, pictures: 28, apart: 2 }, // an election, the first entry
  { from: 988, pictures: 18, apart: 3 }, // the leader is cut off
  { from: 1192, pictures: 22, apart: 3 }, // another one is elected
  { from: 2493, pictures: 16, apart: 3 }, // the cut heals
];
const delay = 100;

async function film(p) {
  const shots = [];
  for (const { from, pictures, apart } of scenes) {
    for (let i = 0; i < pictures; i++) {
      await p.moveTo(from + i * apart);
      shots.push({ png: await p.page.screenshot(), delay });
    }
  }
  shots.at(-1).delay = 2000;
  return shots;
}

/** The old leader is cut off, the new one leads. */
const still = 1215;

async function stills(p) {
  await p.moveTo(still);
  for (const colorScheme of ["light", "dark"]) {
    await p.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    writeFileSync(join(images, `playground-${colorScheme}.png`), await p.page.screenshot());
  }
}

function runHash() {
  const out = execFileSync(binary, ["run", join(root, scenario)], { encoding: "utf8" });
  const hash = /^hash: ([0-9a-f]{16})$/m.exec(out)?.[1];
  if (!hash) throw new Error(`castaway run ${scenario} printed no hash:\n${out}`);
  return hash;
}

async function main() {
  const hash = runHash();
  const server = await servePlayground();
  const browser = await startBrowser({ exact: true });
  try {
    const page = await browser.newPage({ serviceWorkers: "block" });
    await page.addInitScript(() => localStorage.setItem("castaway.toured", "yes"));
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await page.setViewportSize({ width: 1280, height: 820 });
    const gif = encodeGif(
      await film(await Playground.open(page, server.url)),
      `castaway ${scenario} hash ${hash}`,
    );
    mkdirSync(images, { recursive: true });
    writeFileSync(join(images, "playground.gif"), gif);
    console.log(`playground.gif: ${Math.round(gif.length / 1024)} KiB`);
    await page.setViewportSize({ width: 1440, height: 900 });
    await stills(await Playground.open(page, server.url));
  } finally {
    await browser.close();
    server.stop();
  }
}

await main();
