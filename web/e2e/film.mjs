// Makes the README's pictures from the real page: a moving one and two stills.
// The playhead is moved by keys alone, so every run gives the same pictures;
// the moving one carries the hash of its scenario's run, by which a test sees
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
  { from: 150, pictures: 26, apart: 3 },
  { from: 1990, pictures: 22, apart: 2 },
  { from: 2150, pictures: 30, apart: 4 },
];
const delay = 100;

async function film(p) {
  const shots = [];
  for (const { from, pictures, apart } of scenes) {
    await p.press("Shift+ArrowRight", from - (await p.time()));
    for (let i = 0; i < pictures; i++) {
      shots.push({ png: await p.page.screenshot(), delay });
      await p.press("Shift+ArrowRight", apart);
    }
  }
  shots.at(-1).delay = 2000;
  return shots;
}

async function stills(p) {
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
  const browser = await startBrowser();
  try {
    const page = await browser.newPage();
    await page.setViewportSize({ width: 1200, height: 780 });
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    const p = await Playground.open(page, server.url);
    const gif = encodeGif(await film(p), `castaway ${scenario} hash ${hash}`);
    mkdirSync(images, { recursive: true });
    writeFileSync(join(images, "playground.gif"), gif);
    console.log(`playground.gif: ${Math.round(gif.length / 1024)} KiB`);
    await page.setViewportSize({ width: 1440, height: 900 });
    await p.settled();
    await stills(p);
  } finally {
    await browser.close();
    server.stop();
  }
}

await main();
