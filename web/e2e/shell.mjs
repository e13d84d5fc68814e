// What is around the picture: console, scenario, files, links, reload, themes, lecture, offline, and what strangers send.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { binary, root } from "./browser.mjs";
import { audit, note, picture, test } from "./harness.mjs";
import { contains, Playground } from "./playground.mjs";
import { serveStatic } from "./static.mjs";

const phone = { width: 390, height: 844 };
const hall = { width: 1280, height: 720 };
const calm = "castaway 1\nmembers 3\nseed 5\nrun 10s\n";

const notice = (page) => page.locator(".notice p");
const tab = (page, name) => page.getByRole("tab", { name }).click();
const editor = (page) => page.getByRole("textbox", { name: "Scenario" });
const menu = async (page, item) => {
  await page.getByRole("button", { name: "Page menu" }).click();
  await page.getByRole("button", { name: item }).click();
};

/** Gives the page a file, by its picker. */
async function openFile(page, name, buffer) {
  await page.locator('input[type="file"]').setInputFiles({ name, mimeType: "text/plain", buffer });
}

/** Whether the page still answers: a step moves it. */
async function alive(page) {
  const p = new Playground(page);
  await p.pause();
  await p.press("ArrowRight");
}

test("console: completion by keyboard", async ({ page, p }) => {
  await p.pause();
  const line = page.getByRole("combobox", { name: /Command of you/ });
  await line.click();
  await page.keyboard.type("pu");
  const options = page.getByRole("option").filter({ visible: true });
  await page.locator('#completions [role="option"]').first().waitFor();
  contains((await page.locator('#completions [role="option"]').allTextContents()).join("\n"), "put");
  await page.keyboard.press("ArrowDown");
  assert.equal(await line.getAttribute("aria-activedescendant"), "completion-0");
  await audit(page, "completions");
  await picture(page, "console-completion");
  await page.keyboard.press("Tab");
  contains(await line.inputValue(), "put");
  await page.keyboard.press("Escape");
  assert.equal(await line.getAttribute("aria-expanded"), "false");
  assert.equal(await options.count(), await page.locator("select option:visible").count());
});

test("console: several clients, and what was sent comes back", async ({ page, p }) => {
  await openFile(page, "calm.scenario", Buffer.from(`${calm.trim()}\nclient W manual\n`));
  await page.waitForFunction(() => document.querySelectorAll(".member").length === 3);
  await p.playUntil(".member.leader", { speed: "1/5" });
  await p.speed("1");
  contains((await p.send(0, "put a 1")).answer, "OK");
  await page.getByRole("combobox", { name: "Client" }).selectOption("W");
  contains((await p.send(0, "put a 2")).class, "answered");
  contains(await page.locator(".exchange").last().textContent(), "W →");
  await p.pause();
  await page.locator("#command").focus();
  await page.keyboard.press("ArrowUp");
  assert.equal(await page.locator("#command").inputValue(), "put a 2");
  await page.getByRole("combobox", { name: "Client" }).selectOption({ label: "one more client" });
  await page.waitForFunction(() => document.querySelector('[aria-label="Client"]').value === "you2");
  contains((await p.send(0, "get a")).answer, "2");
});

test("console: watch, lease and transaction", async ({ page, p }) => {
  await openFile(page, "calm.scenario", Buffer.from(calm));
  await page.waitForFunction(() => document.querySelectorAll(".member").length === 3);
  await p.playUntil(".member.leader", { speed: "1/5" });
  await p.speed("1");
  contains((await p.send(0, "lease grant 60 --id=1f")).class, "answered");
  contains((await p.send(0, "put a 1 --lease=1f")).class, "answered");
  contains((await p.send(0, `txn --compare 'version("a") = "1"' --then 'put a 2'`)).class, "answered");
  contains((await p.send(0, `txn --compare 'version("a") = "1"' --then 'put a 2'`)).class, "failed");
  await p.pause();
  await tab(page, "Leases");
  contains(await page.locator(".store").textContent(), "1f");
});

test("scenario: an error stands in its place, the text follows what is done", async ({ page, p }) => {
  await p.playUntil(".member.leader");
  await p.pick(2, "Crash");
  await tab(page, "Scenario");
  const text = await editor(page).inputValue();
  contains(text, "crash S2");
  await editor(page).fill(text.replace("crash S2", "crush S2"));
  await page.getByRole("button", { name: "Apply" }).click();
  const wrong = page.locator(".wrong-place");
  await wrong.waitFor();
  const line = text.split("\n").findIndex((l) => l.includes("crash S2")) + 1;
  contains(await wrong.textContent(), `line ${line}, column `);
  contains(await wrong.textContent(), "crush");
  assert.equal(await page.locator(".gutter .wrong").textContent(), String(line));
  await audit(page, "an error in the scenario");
  await picture(page, "scenario-error");
  await page.getByRole("button", { name: "Undo changes" }).click();
  assert.equal(await editor(page).inputValue(), text);
});

test("scenario: an edit keeps the moment, another seed is another run", async ({ page, p }) => {
  await p.playUntil(".member.leader");
  const before = await p.time();
  await tab(page, "Scenario");
  const text = await editor(page).inputValue();
  await editor(page).fill(text.replace(/^run .*$/m, "run 9s"));
  await page.keyboard.press("Control+Enter");
  await page.waitForFunction(() => document.querySelector(".scenario .primary").disabled);
  assert.equal(await p.time(), before);
  const seed = page.getByRole("textbox", { name: "seed" });
  await seed.fill("77");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => /^seed 77$/m.test(document.querySelector(".editor textarea").value));
});

test("files: opened by picker and by drop, saved as text", async ({ page, p }) => {
  await p.pause();
  await openFile(page, "calm.scenario", Buffer.from(calm));
  await page.waitForFunction(() => document.querySelectorAll(".member").length === 3);
  const [download] = await Promise.all([page.waitForEvent("download"), menu(page, "Save the scenario")]);
  assert.equal(download.suggestedFilename(), "run.scenario");
  assert.equal(readFileSync(await download.path(), "utf8"), calm);
  await drop(page, "one.scenario", calm.replace("members 3", "members 1"));
  await page.waitForFunction(() => document.querySelectorAll(".member").length === 1);
});

test("files: pictures and the history", async ({ page, p }) => {
  await p.playUntil(".member.leader", { speed: "1" });
  await p.speed("5");
  await p.play();
  await page.waitForFunction(() => document.querySelectorAll(".op.answered").length > 3);
  await p.pause();
  const saved = async (item) => {
    const [download] = await Promise.all([page.waitForEvent("download"), menu(page, item)]);
    return { name: download.suggestedFilename(), body: readFileSync(await download.path()) };
  };
  const svg = await saved("as SVG");
  assert.equal(svg.name, "cas-counter.svg");
  contains(svg.body.toString(), "<svg");
  const png = await saved("as PNG");
  assert.deepEqual([...png.body.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
  const history = await saved("Save the history");
  assert.equal(history.name, "cas-counter.jsonl");
  const said = execFileSync(binary, ["check", "-"], { input: history.body, encoding: "utf8" });
  contains(said, "linearizable");
});

/** Drops a file on the page, as from a file manager. */
async function drop(page, name, text) {
  const data = await page.evaluateHandle(
    ([n, t]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([t], n));
      return transfer;
    },
    [name, text],
  );
  await page.dispatchEvent("body", "dragover", { dataTransfer: data });
  await page.dispatchEvent("body", "drop", { dataTransfer: data });
}

test("links: made, copied, and opened in another window", async ({ page, p, browser, url }) => {
  await p.playUntil(".member.leader");
  await p.pick(2, "Crash");
  const moment = await p.moment();
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Share" }).click();
  const field = page.getByRole("textbox", { name: "Link" });
  await field.waitFor();
  await page.getByLabel(/begin at/).check();
  await audit(page, "share");
  await picture(page, "share");
  await page.getByRole("button", { name: "Copy" }).click();
  await page.getByText("Copied.").waitFor();
  const link = await field.inputValue();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link);
  assert.ok(link.startsWith(`${url}#s=1.`), link);
  const other = await visit(browser, link);
  await other.page.waitForFunction((m) => document.querySelector(".events")?.dataset.moment === m, moment);
  await tab(other.page, "Scenario");
  contains(await editor(other.page).inputValue(), "crash S2");
  await other.close();
});

test("links: what strangers send gets a sentence, and the page lives on", async ({ page, p, url }) => {
  await p.pause();
  const texts = [
    "#s=1.",
    "#s=1.AAAA",
    "#s=2.AAAAAAAA",
    "#s=99999999999999999999.x",
    "#s=1.%00%ff</script><script>alert(1)</script>",
    `#s=1.${"A".repeat(150_000)}`,
  ];
  for (const [i, text] of texts.entries()) {
    await page.goto(`${url}?n=${i}${text}`);
    await notice(page).filter({ hasText: "can't be opened" }).waitFor();
    await page.waitForSelector(".picture .member");
    await alive(page);
  }
  await page.evaluate(() => {
    location.hash = "#s=1.BBBB";
  });
  await notice(page).filter({ hasText: "can't be opened" }).waitFor();
  await alive(page);
});

test("files: what strangers send gets a sentence, and the page lives on", async ({ page, p }) => {
  await p.pause();
  const refused = async (name, body, words) => {
    await openFile(page, name, body);
    await notice(page).filter({ hasText: words }).waitFor({ timeout: 10_000 });
    await page.getByRole("button", { name: "Put away" }).click();
    await alive(page);
  };
  await refused("junk.bin", Buffer.from([0xff, 0xfe, 0, 1, 2, 0x80]), "is no text");
  await refused("nulls.scenario", Buffer.alloc(1000), "is no text");
  await refused("huge.scenario", Buffer.alloc(3 << 20, "#"), "at most 1 MiB");
  await refused("later.scenario", Buffer.from("castaway 9\nrun 1s\n"), "version");
  await refused(
    "long.scenario",
    Buffer.from(`castaway 1\n${"#\n".repeat(20_000)}run 1s\n`),
    "can't be opened",
  );
  await refused(
    "deep.scenario",
    Buffer.from(`castaway 1\nat 1s ${"(".repeat(100_000)}\nrun 1s\n`),
    "can't be opened",
  );
  await refused(
    "markup.scenario",
    Buffer.from("castaway 1\n</script><script>alert(1)</script><img src=x onerror=alert(1)>\nrun 1s\n"),
    "</script>",
  );
  contains(await page.locator(".wrong-place").textContent(), "line 2");
  await picture(page, "refused-file");
});

test("text is never markup", async ({ page, p }) => {
  const text =
    "castaway 1\nmembers 3\nclient you2 manual\nat 1ms say '<img src=x onerror=alert(1)><b>bold</b>'\nat 500ms client you2 put '<script>alert(1)</script>' '</script><b>x</b>'\nrun 2s\n";
  await openFile(page, "markup.scenario", Buffer.from(text));
  await page.waitForFunction(() => document.querySelectorAll(".member").length === 3);
  await p.playUntil(".op", { speed: "1" });
  await p.speed("1");
  await p.play();
  await page.waitForFunction(() => document.querySelector(".store tbody")?.textContent.includes("</script>"));
  await p.pause();
  assert.equal(await page.locator("#app :is(script, img, b:text-is('bold'), b:text-is('x'))").count(), 0);
});

test("reload: run, moment, what was done, tab and draft stay", async ({ page, p }) => {
  await p.playUntil(".member.leader");
  await p.pick(2, "Crash");
  await p.speed("1/10");
  await tab(page, "Scenario");
  const text = await editor(page).inputValue();
  await editor(page).fill(`${text}# a thought\n`);
  const moment = await p.moment();
  await page.reload();
  await page.waitForFunction((m) => document.querySelector(".events")?.dataset.moment === m, moment);
  assert.equal(await editor(page).inputValue(), `${text}# a thought\n`);
  assert.equal(await p.isPlaying(), false);
  contains(text, "crash S2");
});

test("reload: what was kept and is broken is said, and left", async ({ page, p }) => {
  await p.pause();
  for (const bad of ["{", "[]", '{"version":1}', '{"version":7}', "null", `"${"x".repeat(10_000)}"`]) {
    await spoil(page, bad);
    await notice(page).filter({ hasText: "can't be read" }).waitFor();
    await page.waitForSelector(".picture .member");
  }
  const kept = {
    version: 1,
    scenario: "castaway 1\nnonsense",
    time: 0,
    chosen: "",
    link: "",
    speed: 1,
    view: {},
    edited: "",
  };
  await spoil(page, JSON.stringify(kept));
  await notice(page).filter({ hasText: "doesn't run any more" }).waitFor();
  await page.waitForSelector(".picture .member");
});

/** Loads the page with something else in the place of what is kept. */
async function spoil(page, text) {
  await page.addInitScript((t) => {
    sessionStorage.setItem("castaway.run", t);
  }, text);
  await page.reload();
}

test(
  "an engine that doesn't answer can be stopped",
  async ({ page, p }) => {
    await p.pause();
    await openFile(page, "hang.scenario", Buffer.from(`${calm}# hang\n`));
    const alert = page.getByRole("alert").filter({ hasText: "has not answered" });
    await alert.waitFor({ timeout: 15_000 });
    await page.getByRole("button", { name: "Stop it" }).click();
    await page.getByRole("button", { name: "Start again" }).click();
    await page.locator(".dead").waitFor({ state: "detached" });
    await alive(page);
  },
  { hangingEngine: true },
);

test(
  "embedded: only what is asked for, at its moment, without keys",
  async ({ page, p, url }) => {
    await p.pause();
    await page.goto(`${url}?embed=cluster,timeline&at=1.3s&keys=off`);
    await page.waitForSelector('[role=slider][aria-valuenow="1300"]');
    assert.equal(await page.locator("header:not(.unseen), .side, .story").count(), 0);
    assert.equal(await page.locator(".lanes-scroll").isVisible(), true);
    assert.equal(await p.isPlaying(), false);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("?");
    await p.settled();
    assert.equal(await p.time(), 1300);
    assert.equal(await page.locator("dialog[open]").count(), 0);
    await audit(page, "embedded");
    await picture(page, "embedded");
    await page.goto(`${url}?embed=console,store,verdict,spacetime`);
    await page.waitForSelector(".console");
    assert.equal(await page.locator(".verdict").isVisible(), true);
    await picture(page, "embedded-console");
  },
  { viewport: { width: 900, height: 600 } },
);

test("a link can hide the scenario's text", async ({ page, p, url }) => {
  await p.pause();
  await page.goto(`${url}?hide=scenario`);
  await page.waitForSelector(".picture .member");
  assert.equal(await page.getByRole("tab", { name: "Scenario" }).count(), 0);
  assert.equal(await page.getByRole("combobox", { name: "Scenario" }).count(), 0);
  assert.equal(await page.getByRole("button", { name: "Share" }).count(), 0);
});

test(
  "presenter: large, one part at a time, from mark to mark, black by B",
  async ({ page, p }) => {
    await p.choose("First lesson");
    await p.pause();
    await page.locator("body").click({ position: { x: 5, y: 5 } });
    await page.keyboard.press("p");
    await page.waitForSelector("[data-presenter]");
    await page.keyboard.press("PageDown");
    await page.waitForFunction(() => (document.querySelector(".caption")?.textContent ?? "") !== "");
    const time = () => page.locator(".events").evaluate((e) => Number(e.dataset.moment.split(" ")[1]));
    const first = await time();
    await picture(page, "presenter");
    await page.keyboard.press("PageDown");
    await p.settled();
    const second = await time();
    assert.ok(second > first, `${second} after ${first}`);
    await page.keyboard.press("PageUp");
    await page.waitForFunction(
      (t) => Number(document.querySelector(".events").dataset.moment.split(" ")[1]) === t,
      first,
    );
    const small = await page.evaluate(smallText, [
      ".caption",
      ".sentence",
      ".tabs button",
      ".transport button",
      ".member .name",
    ]);
    assert.deepEqual(small, []);
    for (const part of ["Timeline", "Logs", "Store", "Console"]) {
      await page.getByRole("button", { name: part, exact: true }).click();
      await audit(page, `presenter, ${part}`);
      await picture(page, `presenter-${part.toLowerCase()}`);
      const over = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
      assert.ok(over <= 0, `${part} is ${over} pixels too high`);
    }
    await page.keyboard.press("b");
    await page.waitForSelector(".blank");
    await page.keyboard.press("b");
    await page.waitForSelector(".blank", { state: "detached" });
  },
  { viewport: hall },
);

/** The texts that are smaller than 24 pixels on the screen. */
function smallText(selectors) {
  const zoom = Number(getComputedStyle(document.documentElement).getPropertyValue("--zoom"));
  return selectors.flatMap((s) =>
    [...document.querySelectorAll(s)]
      .filter((e) => e.checkVisibility() && Number.parseFloat(getComputedStyle(e).fontSize) * zoom < 23.9)
      .map((e) => `${s}: ${getComputedStyle(e).fontSize}`),
  );
}

/** All parts of the page, by the tab that opens them. */
const tabs = [
  "Cluster",
  "Space-time",
  "Scenario",
  "Logs",
  "Raft state",
  "Disk",
  "Leases",
  "Watchers",
  "Store",
];

for (const scheme of ["light", "dark"]) {
  test(
    `axe finds nothing in any tab, ${scheme}`,
    async ({ page, p }) => {
      await p.playUntil(".member.leader");
      for (const name of tabs) {
        await tab(page, name);
        await p.settled();
        await audit(page, `${name}, ${scheme}`);
      }
      await page.getByRole("button", { name: "Page menu" }).click();
      await audit(page, `page menu, ${scheme}`);
      await picture(page, `page-menu-${scheme}`);
      await page.keyboard.press("Escape");
      assert.deepEqual(await smallTargets(page), []);
    },
    { colorScheme: scheme },
  );
}

/** What can be pressed and is smaller than 24 by 24 pixels. */
function smallTargets(page) {
  return page
    .locator(
      'button:visible, select:visible, input:visible:not([type="checkbox"], [type="radio"]), label.check:visible, [role=slider]:visible, [role=tab]:visible',
    )
    .evaluateAll((all) =>
      all
        .filter((e) => Math.min(e.getBoundingClientRect().width, e.getBoundingClientRect().height) < 23.9)
        .map((e) => e.outerHTML.slice(0, 120)),
    );
}

test(
  "phone: every part in reach, nothing too wide or too small",
  async ({ page, p }) => {
    await p.playUntil(".member.leader");
    for (const part of ["Cluster", "Timeline", "Logs", "Store", "Console"]) {
      await page.getByRole("button", { name: part, exact: true }).click();
      const [wide, view] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(wide <= view, `${part}: ${wide} pixels wide on a phone of ${view}`);
      assert.deepEqual(await smallTargets(page), [], part);
      assert.equal(await page.locator("button.play").isVisible(), true);
      await audit(page, `phone, ${part}`);
      await picture(page, `phone-${part.toLowerCase()}`);
    }
    await tab(page, "Logs").catch(() => {});
  },
  { viewport: phone },
);

test("a live region tells what happens, not faster than one can listen", async ({ page, p }) => {
  await page.evaluate(() => {
    globalThis.told = [];
    const live = document.querySelector(".unseen[aria-live]");
    new MutationObserver(() => globalThis.told.push([performance.now(), live.textContent])).observe(live, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  await p.speed("1");
  await p.play();
  await page.waitForFunction(() => globalThis.told.length >= 2, null, { timeout: 15_000 });
  await p.pause();
  const told = await page.evaluate(() => globalThis.told);
  assert.ok(told[1][0] - told[0][0] > 2000, `told after ${told[1][0] - told[0][0]} ms`);
  assert.ok(told.every(([, words]) => words.length < 600));
});

test("works from a plain server's folder, and then without it", async ({ browser }) => {
  const server = await serveStatic(join(root, "bin", "site"), "/some/where/");
  const other = await visit(browser, server.url, { serviceWorkers: "allow" });
  const { page } = other;
  try {
    await page.evaluate(() => navigator.serviceWorker.ready);
    server.stop();
    await page.reload();
    await page.waitForSelector(".picture .member");
    await alive(page);
    assert.deepEqual(
      other.requests.filter((r) => !r.startsWith(server.url)),
      [],
    );
  } finally {
    await other.close();
    server.stop();
  }
});

test("castaway.html runs from a file, alone", async ({ browser }) => {
  const file = `file://${join(root, "bin", "site", "castaway.html")}`;
  const other = await visit(browser, file);
  await alive(other.page);
  await other.page.getByRole("button", { name: "Share" }).click();
  contains(await other.page.getByRole("textbox", { name: "Link" }).inputValue(), "castaway.html#s=1.");
  assert.deepEqual(
    other.requests.filter((r) => r !== file && !/^(blob|data):/.test(r)),
    [],
  );
  assert.deepEqual(other.faults, []);
  await other.close();
});

/** Another window, with nothing kept but that the first minute was seen. */
async function visit(browser, address, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    serviceWorkers: "block",
    ...options,
  });
  await context.addInitScript(() => localStorage.setItem("castaway.toured", "yes"));
  const page = await context.newPage();
  const [requests, faults] = [[], []];
  context.on("request", (r) => requests.push(r.url()));
  page.on("pageerror", (e) => faults.push(String(e)));
  page.on("console", (m) => m.type() === "error" && faults.push(m.text()));
  await page.goto(address);
  await page.waitForSelector(".picture .member");
  const first = await page.evaluate(() => performance.getEntriesByName("first-picture")[0]?.startTime);
  note(`first picture after ${Math.round(first)} ms`);
  return { page, requests, faults, close: () => context.close() };
}
