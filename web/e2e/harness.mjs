// Runs the tests of the page: the binary serves it, Chromium shows it, the real engine runs in it.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { root, servePlayground, startBrowser } from "./browser.mjs";
import { Playground } from "./playground.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Where pictures of what was tested are put, to be looked at. */
export const pictures = join(root, "web", "shots");

const tests = [];

/**
 * Adds a test. Options: viewport, colorScheme, reducedMotion, file (a scenario that is served), firstVisit (nobody
 * was here before), withoutEngine, dyingEngine,
 * hangingEngine.
 */
export function test(name, run, options = {}) {
  tests.push({ name, run, options });
}

/** Checks the page by axe, or the part of it that a selector names. */
export async function audit(page, where, part = "html") {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((p) => globalThis.axe.run(p), part);
  const words = violations.map((v) => `${v.id}: ${v.help}\n  ${v.nodes.map((n) => n.html).join("\n  ")}`);
  assert.deepEqual(words, [], `axe on ${where}`);
}

/** Prints something of a test that is worth knowing. */
export function note(text) {
  console.log(`     ${text}`);
}

/** Takes a picture of the page, to be looked at. */
export async function picture(page, name, options = {}) {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), ...options });
}

/** Serves the worker with an addition: the engine fails its twentieth call. */
async function letDie(route) {
  const response = await route.fetch();
  const addition = `
    let engine, calls = 0;
    const frail = (command) => {
      if (++calls === 20) throw new Error("out of memory");
      return engine(command);
    };
    Object.defineProperty(globalThis, "castaway", { get: () => engine && frail, set: (f) => { engine = f; } });`;
  await route.fulfill({ response, body: (await response.text()) + addition });
}

/** Serves the worker with an addition: the engine never comes back from a scenario that says so. */
async function letHang(route) {
  const response = await route.fetch();
  const addition = `
    let engine;
    const endless = (command) => {
      while (command.includes("# hang"));
      return engine(command);
    };
    Object.defineProperty(globalThis, "castaway", { get: () => engine && endless, set: (f) => { engine = f; } });`;
  await route.fulfill({ response, body: (await response.text()) + addition });
}

/** Runs one test on a fresh page; what the page logs or fetches elsewhere fails it too. */
async function attempt(browser, base, { run, options }) {
  const own = options.file && (await servePlayground(options.file));
  const url = own ? own.url : base;
  const context = await browser.newContext({
    viewport: options.viewport ?? { width: 1440, height: 900 },
    colorScheme: options.colorScheme ?? "light",
    serviceWorkers: "block",
  });
  if (!options.firstVisit) {
    await context.addInitScript(() => localStorage.setItem("castaway.toured", "yes"));
  }
  const page = await context.newPage();
  const faults = [];
  page.on("console", (m) => {
    if (m.type() === "error" && !options.withoutEngine) faults.push(`console: ${m.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (new URL(request.url()).protocol.startsWith("http") && !request.url().startsWith(url)) {
      faults.push(`request to ${request.url()}`);
    }
  });
  try {
    if (options.reducedMotion) await page.emulateMedia({ reducedMotion: options.reducedMotion });
    if (options.withoutEngine) {
      await page.route("**/castaway-*.wasm", (route) => route.fulfill({ status: 404 }));
      await page.goto(url);
      await run({ page });
    } else {
      if (options.hangingEngine) await page.route("**/worker-*.js", letHang);
      if (options.dyingEngine) await page.route("**/worker-*.js", letDie);
      const p = await Playground.open(page, own ? `${url}#file` : url);
      await run({ page, p, browser, url });
    }
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
    own?.stop();
  }
}

/** Runs the tests whose names contain a text. */
export async function runAll(only) {
  const server = await servePlayground();
  const browser = await startBrowser();
  let [passed, failed] = [0, 0];
  try {
    for (const one of tests.filter((t) => !only || t.name.includes(only))) {
      try {
        await attempt(browser, server.url, one);
        passed++;
        console.log(`ok   ${one.name}`);
      } catch (error) {
        failed++;
        console.log(`FAIL ${one.name}\n${error.stack}`);
      }
    }
  } finally {
    await browser.close();
    server.stop();
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}
