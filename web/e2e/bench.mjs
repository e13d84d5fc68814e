// Measures the page against its bars: first picture, download, frames, seeks, memory. Medians of ten rounds.
// An argument names one of them.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { root, servePlayground, startBrowser } from "./browser.mjs";
import { Playground } from "./playground.mjs";

const rounds = 10;

const load = (minutes) => `castaway 1
members 7
seed 7
client A B C mixed k keys 5 think 20ms..80ms
run ${minutes}m
`;

const sorted = (values) => [...values].sort((a, b) => a - b);
const quantile = (values, q) => sorted(values)[Math.min(values.length - 1, Math.floor(values.length * q))];
const median = (values) => quantile(values, 0.5);

let missed = 0;

/** Prints a number beside its bar. */
function print(what, value, unit, bar, least = false) {
  const kept = least ? value >= bar : value <= bar;
  if (!kept) missed++;
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  const sign = least ? "at least" : "at most";
  console.log(
    `${kept ? "ok  " : "MISS"} ${what.padEnd(44)} ${value.toFixed(digits).padStart(8)} ${unit} (${sign} ${bar})`,
  );
}

/** A window to which nothing is new. */
async function open(context) {
  await context.addInitScript(() => localStorage.setItem("castaway.toured", "yes"));
  return context.newPage();
}

const drawn = (page) => page.evaluate(() => performance.getEntriesByName("first-picture")[0].startTime);

/** Every cold round has a browser of its own; the warm one comes back to the same page with all kept. */
async function firstPicture() {
  const server = await servePlayground();
  const [cold, warm] = [[], []];
  for (let i = 0; i < rounds; i++) {
    const browser = await startBrowser();
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await open(context);
    await Playground.open(page, server.url);
    cold.push(await drawn(page));
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.waitForTimeout(1000); // the browser keeps compiled code some time after it was used
    await page.close();
    const again = await context.newPage();
    await Playground.open(again, server.url);
    warm.push(await drawn(again));
    await browser.close();
  }
  server.stop();
  print("first picture, cold", median(cold), "ms", 1000);
  print("first picture, warm", median(warm), "ms", 400);
}

function download() {
  const dist = join(root, "web", "dist");
  let total = 0;
  for (const name of readdirSync(dist, { recursive: true })) {
    const file = join(dist, name);
    if (!statSync(file).isFile() || name.endsWith(".br")) continue;
    const size = brotli(file);
    total += size;
    console.log(`     ${name.padEnd(44)} ${String(size).padStart(8)} B brotli`);
  }
  print("download", total / 1e6, "MB brotli", 1.3);
}

function brotli(file) {
  try {
    return statSync(`${file}.br`).size;
  } catch {
    return brotliCompressSync(readFileSync(file)).length;
  }
}

/** Serves a scenario of so many minutes and opens it, at a moment if one is named. */
async function withLoad(minutes, at, measure) {
  const file = join(mkdtempSync(join(tmpdir(), "castaway-")), "load.scenario");
  writeFileSync(file, load(minutes));
  const server = await servePlayground(file);
  const browser = await startBrowser();
  try {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      serviceWorkers: "block",
    });
    const page = await open(context);
    await page.route("**/worker-*.js", showMemory);
    const p = await Playground.open(page, `${server.url}#file${at ? `&at=${at}` : ""}`);
    await measure({ page, p, browser });
  } finally {
    await browser.close();
    server.stop();
  }
}

/** Serves the worker with an addition: the size of the engine's memory can be asked for. */
async function showMemory(route) {
  const response = await route.fetch();
  const addition = `
    const instantiate = WebAssembly.instantiate;
    WebAssembly.instantiate = async (...args) => {
      const made = await instantiate(...args);
      globalThis.engineMemory = (made.instance ?? made).exports.mem;
      return made;
    };`;
  await route.fulfill({ response, body: addition + (await response.text()) });
}

/** How many pictures a second, and how long the main thread works for one. */
async function frames() {
  const [rates, works] = [[], []];
  await withLoad(10, "", async ({ page, p, browser }) => {
    await p.pause();
    await page.keyboard.press("End");
    await p.speed("1");
    for (let i = 0; i < rounds; i++) {
      await browser.startTracing(page, { categories: ["toplevel", "devtools.timeline"] });
      await p.play();
      rates.push(
        await page.evaluate(
          () =>
            new Promise((done) => {
              const began = performance.now();
              let count = 0;
              const next = (now) => {
                if (now - began >= 2000) done((count * 1000) / (now - began));
                else {
                  count++;
                  requestAnimationFrame(next);
                }
              };
              requestAnimationFrame(next);
            }),
        ),
      );
      await p.pause();
      works.push(...workPerFrame(JSON.parse((await browser.stopTracing()).toString()).traceEvents));
    }
  });
  print("pictures a second, 7 members, speed 1", median(rates), "/s", 55, true);
  print("main thread for a picture, 95th percentile", quantile(works, 0.95), "ms", 8);
}

/** From a trace: the milliseconds that the page's main thread computed between two animation frames. */
function workPerFrame(events) {
  const fired = events.filter((e) => e.name === "FireAnimationFrame");
  const thread = fired[0]?.tid;
  const process = fired[0]?.pid;
  const mine = events.filter((e) => e.tid === thread && e.pid === process);
  // Chromium notes each task twice, one within the other.
  const tasks = mine
    .filter((e) => e.ph === "X" && e.name === "ThreadControllerImpl::RunTask")
    .sort((a, b) => a.ts - b.ts);
  const starts = mine.filter((e) => e.name === "FireAnimationFrame").map((e) => e.ts);
  const work = new Array(Math.max(0, starts.length - 1)).fill(0);
  let frame = 0;
  for (const task of tasks) {
    const middle = task.ts + task.dur / 2;
    while (frame < starts.length - 1 && starts[frame + 1] <= middle) frame++;
    if (frame < work.length && starts[frame] <= task.ts + task.dur)
      work[frame] += (task.tdur ?? task.dur) / 1000;
  }
  return work;
}

/** From a press on the timeline until the page shows that moment. */
async function seeks() {
  const times = [];
  await withLoad(10, "10m", async ({ page }) => {
    await page.waitForFunction(
      () => Number(document.querySelector(".events")?.dataset.moment.split(" ")[1]) >= 6e11,
      null,
      { timeout: 600_000 },
    );
    for (let i = 0; i < rounds * 10; i++) {
      // Spread over the whole, in an order that knows no direction.
      times.push(await page.evaluate(seekTo, ((i * 61) % 100) / 100));
    }
  });
  print("seek within 10 minutes, median", median(times), "ms", 50);
  print("seek within 10 minutes, 95th percentile", quantile(times, 0.95), "ms", 120);
}

function seekTo(part) {
  const line = document.querySelector(".timeline");
  const { left, top, width } = line.getBoundingClientRect();
  const events = document.querySelector(".events");
  return new Promise((done) => {
    const began = performance.now();
    const observer = new MutationObserver(() => {
      observer.disconnect();
      done(performance.now() - began);
    });
    observer.observe(events, { attributes: true });
    const at = {
      clientX: left + 70 + (width - 90) * part,
      clientY: top + 20,
      bubbles: true,
      button: 0,
      pointerId: 1,
    };
    line.dispatchEvent(new PointerEvent("pointerdown", at));
    line.dispatchEvent(new PointerEvent("pointerup", at));
  });
}

/** What page and engine hold after five minutes, and the most they hold up to an hour. */
async function memory() {
  await withLoad(60, "", async ({ page, p }) => {
    const session = await page.context().newCDPSession(page);
    const size = async () => {
      await session.send("HeapProfiler.collectGarbage");
      const { usedSize } = await session.send("Runtime.getHeapUsage");
      const engine = await page.workers()[0].evaluate(() => globalThis.engineMemory.buffer.byteLength);
      return { page: usedSize / 1e6, engine: engine / 1e6 };
    };
    const options = await page.getByLabel("speed").locator("option").allTextContents();
    await p.speed(options.at(-1));
    await p.play();
    const seen = [];
    for (const minute of [5, 10, 20, 30, 40, 50, 60]) {
      await page.waitForFunction(
        (t) => Number(document.querySelector(".events")?.dataset.moment.split(" ")[1]) >= t,
        minute * 60e9 - 1e9,
        { timeout: 900_000, polling: 500 },
      );
      const now = await size();
      seen.push(now.page + now.engine);
      console.log(
        `     after ${String(minute).padStart(2)} min: page ${now.page.toFixed(1)} MB, engine ${now.engine.toFixed(1)} MB`,
      );
    }
    print("memory over an hour, against five minutes", Math.max(...seen) / seen[0], "times", 1.1);
  });
}

const all = { firstPicture, download, frames, seeks, memory };
const only = process.argv[2];
if (process.env.BUSY !== "ignore") {
  const busy = Number(execFileSync("cat", ["/proc/loadavg"], { encoding: "utf8" }).split(" ")[0]);
  if (busy > 1.5)
    console.log(
      `     the machine is busy with other things (load ${busy}): times will be worse than they are`,
    );
}
for (const [name, measure] of Object.entries(all)) if (!only || name === only) await measure();
if (missed > 0) console.log(`${missed} missed`);
