// Time: the playhead, the branches, the lanes, the verdict, bugs.
import assert from "node:assert/strict";
import { audit, note, picture, test } from "./harness.mjs";
import { contains } from "./playground.mjs";

/** What the timeline's lanes hold, by class. */
const bars = (page, outcome) => page.locator(`.lanes-scroll .op.${outcome}`);

async function choose(p, title, speed = "1/2") {
  await p.pause();
  await p.choose(title);
  await p.speed(speed);
  await p.settled();
}

/** Plays fast up to a moment, in milliseconds, and stays there or a little later. */
async function playTo(p, time, speed = "5") {
  await p.speed(speed);
  await p.play();
  await p.page.waitForFunction(
    (t) => {
      const now = Number(document.querySelector('[role=slider][aria-label="Playhead"]')?.ariaValueNow);
      if (now < t) return false;
      document.querySelector("button.play").click();
      return true;
    },
    time,
    { timeout: 60_000 },
  );
  await p.settled();
}

const present = (page) =>
  page
    .getByRole("tablist", { name: "Branches of the run" })
    .getByRole("tab", { selected: true })
    .textContent();

test("the next and last election, commit, answer and fault, by button and by key", async ({ page, p }) => {
  await choose(p, "CAS counter");
  await p.press("Home").catch(() => {});
  for (const [word, key] of [
    ["election", "e"],
    ["commit", "o"],
    ["answer", "n"],
    ["fault", "f"],
  ]) {
    await page.keyboard.press("Home");
    await p.settled();
    await page.getByRole("button", { name: `Next ${word}` }).click();
    await p.settled();
    const [first, time] = [await p.moment(), await p.time()];
    assert.ok(time > 0, `the first ${word}`);
    await p.press(key);
    assert.ok((await p.time()) >= time, `a later ${word}`);
    await p.press(`Shift+${key}`);
    assert.equal(await p.moment(), first, `back at the first ${word}`);
    await p.press(key);
    await page.getByRole("button", { name: `Previous ${word}` }).click();
    await p.settled();
    assert.equal(await p.moment(), first, `back at the first ${word} by button`);
  }
  contains((await p.story())[0], "cut");
  await page.keyboard.press("Home");
  await p.settled();
  await page.keyboard.press("Shift+F");
  await page.waitForSelector(".sentence.problem");
  contains(await page.locator(".sentence.problem").textContent(), "no earlier fault");
});

test("steps both ways, Home and End", async ({ page, p }) => {
  await choose(p, "CAS counter");
  await p.press("e");
  await p.settled();
  const moment = await p.moment();
  await page.getByRole("button", { name: "Step forward" }).click();
  await p.settled();
  assert.notEqual(await p.moment(), moment);
  await page.getByRole("button", { name: "Step back" }).click();
  await p.settled();
  assert.equal(await p.moment(), moment);
  await p.press("ArrowRight", 3);
  const furthest = await p.moment();
  await p.press("Home");
  assert.equal(await p.time(), 0);
  await p.press("End");
  assert.equal(await p.moment(), furthest);
});

test("from a thousandth to as fast as it goes", async ({ page, p }) => {
  await choose(p, "Calm");
  const labels = await page.getByLabel("speed").locator("option").allTextContents();
  assert.equal(labels[0], "1/1000");
  assert.equal(labels.at(-1), "fastest");
  await p.speed("fastest");
  await p.play();
  await page.waitForTimeout(2000);
  await p.pause();
  const time = await p.time();
  note(`fastest: ${Math.round(time / 1000)} virtual seconds in two`);
  assert.ok(time > 20_000, `${time} ms in two seconds`);
  await page.keyboard.press("-");
  assert.equal(await page.getByLabel("speed").inputValue(), "10");
});

test("undo and redo, by key and by button", async ({ page, p }) => {
  await choose(p, "CAS counter");
  await p.press("e");
  await p.settled();
  const before = await p.moment();
  const picture = await p.picture();
  const undo = page.getByRole("button", { name: "Undo", exact: true });
  assert.equal(await undo.isDisabled(), true);
  const id = await p.follower();
  await p.pick(id, "Crash");
  await page.waitForSelector(`#member-${id}.down`);
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("Control+z");
  await page.waitForSelector(`#member-${id}.follower`);
  await p.settled();
  assert.equal(await p.moment(), before);
  assert.equal(await p.picture(), picture);
  await page.keyboard.press("Control+Shift+z");
  await page.waitForSelector(`#member-${id}.down`);
  await undo.click();
  await page.waitForSelector(`#member-${id}.follower`);
  await page.getByRole("button", { name: "Redo", exact: true }).click();
  await page.waitForSelector(`#member-${id}.down`);
});

test("what is done in the past makes a branch; branches are switched and dropped", async ({ page, p }) => {
  await choose(p, "CAS counter");
  await playTo(p, 800);
  const end = await p.moment();
  await page.keyboard.press("Home");
  await p.settled();
  await p.press("e");
  await p.settled();
  await p.pick(await p.leader(), "Crash");
  await page.waitForSelector(".branches");
  contains(await present(page), "crash S");
  await playTo(p, 400, "1/5");
  await picture(page, "branches");
  const tabs = page.getByRole("tablist", { name: "Branches of the run" }).getByRole("tab");
  assert.equal(await tabs.count(), 2);
  await tabs.first().click();
  await p.settled();
  contains(await present(page), "main");
  assert.equal(await page.locator(".member.down").count(), 0);
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("End");
  await p.settled();
  assert.equal(await p.moment(), end, "the future that was seen stays");
  await tabs.first().focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForSelector(".member.down");
  contains(await present(page), "crash S");
  await audit(page, "branches", "footer");
  await page.getByRole("button", { name: "drop this branch" }).click();
  await page.waitForSelector(".branches", { state: "detached" });
  assert.equal(await page.locator(".member.down").count(), 0);
});

test("two branches side by side, with the first difference in words", async ({ page, p }) => {
  await choose(p, "CAS counter");
  await playTo(p, 900);
  await page.keyboard.press("Home");
  await p.settled();
  await p.press("e");
  await p.settled();
  const leader = await p.leader();
  await p.pick(leader, "Crash");
  await playTo(p, 1500);
  await page.getByLabel("compare with").selectOption({ label: "main" });
  await page.waitForSelector(".compared");
  await p.settled();
  assert.equal(await page.locator(".compared .timeline").count(), 2);
  contains(await page.locator(".difference-words").textContent(), `crash`);
  assert.equal(await page.locator(".difference").count(), 2, "the difference is marked on both");
  const rows = await page.locator(".side-by-side tr.differs").allTextContents();
  assert.ok(
    rows.some((r) => r.includes(`S${leader}`) && r.includes("crashed")),
    rows.join(" | "),
  );
  await picture(page, "compare");
  await audit(page, "comparison", "footer");
  await page.getByRole("button", { name: "go there" }).click();
  await page.waitForFunction(() =>
    /main/.test(document.querySelector(".branches [aria-selected=true]").textContent),
  );
  await page.getByLabel("compare with").selectOption({ label: "none" });
  await page.waitForSelector(".compared", { state: "detached" });
});

test("how operations ended is told by shape: lanes, ticks, legend", async ({ page, p }) => {
  await choose(p, "CAS counter");
  await playTo(p, 4700);
  for (const outcome of ["answered", "failed", "refused", "unknown"]) {
    assert.ok((await bars(page, outcome).count()) > 0, outcome);
    contains(
      await page.locator(".lanes-legend").textContent(),
      { failed: "compare failed" }[outcome] ?? outcome,
    );
  }
  assert.ok((await page.locator(".op .effect").count()) > 10, "ticks of effect");
  const shape = (outcome) =>
    bars(page, outcome)
      .first()
      .evaluate((g) =>
        [...g.children]
          .filter((c) => !/title|effect/.test(c.outerHTML))
          .map((c) => c.tagName)
          .join(),
      );
  const shapes = new Set();
  for (const outcome of ["answered", "failed", "unknown"]) shapes.add(`${await shape(outcome)}`);
  assert.equal(shapes.size, 3);
  await choose(p, "Reads");
  await playTo(p, 3000);
  contains(await page.locator(".lanes-legend").textContent(), "serializable read");
  await picture(page, "lanes-reads");
});

test("captions and marks of the scenario", async ({ page, p }) => {
  await choose(p, "First lesson");
  const caption = page.locator(".caption");
  await page.keyboard.press("m");
  await p.settled();
  contains(await caption.textContent(), "Members that hear no leader ask for votes.");
  await page.keyboard.press("m");
  await p.settled();
  contains(await caption.textContent(), "The leader is cut off");
  assert.equal(await p.time(), 1000);
  await page.getByRole("button", { name: "Previous mark" }).click();
  await p.settled();
  assert.equal(await p.time(), 200);
  assert.ok((await page.locator(".marks .mark-flag").count()) >= 3);
  await picture(page, "captions");
});

test("the verdict with all its checks; show me goes to what broke", async ({ page, p }) => {
  await choose(p, "CAS counter");
  await playTo(p, 2000);
  await page.locator("#verdict-chip").click();
  const panel = page.getByRole("region", { name: "Verdict" });
  await panel.waitFor();
  contains(await panel.textContent(), "linearizable");
  assert.ok((await panel.locator(".checks li").count()) >= 3);
  await picture(page, "verdict");
  await audit(page, "verdict", ".verdict-panel");
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
  assert.equal(await page.evaluate(() => document.activeElement.id), "verdict-chip");

  await choose(p, "Planted bug");
  await playTo(p, 4500);
  contains(await p.verdict(), "violation");
  await page.locator("#verdict-chip").click();
  await panel.getByRole("button", { name: "Show me" }).click();
  const cause = page.getByRole("region", { name: "Cause" });
  await cause.waitFor();
  await p.settled();
  const time = await p.time();
  assert.ok(time > 3000 && time < 3500, `the moment is ${time} ms`);
  contains(await cause.textContent(), "get x");
  contains(await cause.textContent(), "put x new");
  assert.ok((await page.locator(".op .halo").count()) >= 2, "the operations are ringed");
  assert.equal(await page.locator(".violation-mark").count(), 1);
  await picture(page, "violation");
  await audit(page, "violation", "footer");
  await cause.getByRole("button").click();
  await cause.waitFor({ state: "detached" });
  assert.equal(await page.locator(".op .halo").count(), 0);
});

test("a bug is planted, its story watched, and taken out again", async ({ page, p }) => {
  await choose(p, "CAS counter");
  await page.locator("#bug-pill").click();
  const dialog = page.getByRole("dialog", { name: "Known bugs" });
  await dialog.getByLabel("commit-old-term").check();
  contains(
    await dialog.textContent(),
    "An entry of an earlier term counts as committed once it is on a majority.",
  );
  contains(await dialog.textContent(), "LeaderCompleteness");
  await picture(page, "bugs");
  await audit(page, "bugs", "dialog");
  await dialog.getByRole("button", { name: "Break it by hand" }).click();
  await dialog.waitFor({ state: "hidden" });
  await page.waitForFunction(() =>
    document.querySelector("#bug-pill").textContent.includes("commit-old-term"),
  );
  await p.pause();
  await page.locator("#bug-pill").click();
  await dialog.getByRole("button", { name: "Watch its story" }).click();
  await dialog.waitFor({ state: "hidden" });
  await page.waitForSelector(".verdict.violation");
  await p.pause();
  await picture(page, "bug-story");
  await page.locator("#bug-pill").click();
  await dialog.getByRole("button", { name: "Take commit-old-term out" }).click();
  await page.waitForFunction(() => document.querySelector("#bug-pill").textContent.includes("none"));
});

test("the adversary searches with progress, is cancelled, finds and shrinks, and its story is watched", async ({
  page,
  p,
}) => {
  await p.pause();
  await page.locator("#bug-pill").click();
  const dialog = page.getByRole("dialog", { name: "Known bugs" });
  await dialog.getByLabel("torn-middle-accepted").check();
  await dialog.getByRole("button", { name: "Let the adversary search" }).click();
  const search = dialog.getByRole("region", { name: "Search" });
  await search.getByRole("button", { name: "Cancel" }).click();
  contains(await search.textContent(), "Cancelled");
  await dialog.getByLabel("local-leader-read").check();
  await dialog.getByRole("button", { name: "Let the adversary search" }).click();
  await page.waitForFunction(
    () => Number(document.querySelector(".search dd").textContent.replace(",", "")) > 0,
    null,
    { timeout: 60_000 },
  );
  await picture(page, "hunt");
  await audit(page, "hunt", "dialog");
  const watch = search.getByRole("button", { name: "Watch the story" });
  await watch.waitFor({ timeout: 240_000 });
  note(await search.locator(".soft").textContent());
  await picture(page, "hunt-found");
  await watch.click();
  await dialog.waitFor({ state: "hidden" });
  await page.waitForFunction(() =>
    document.querySelector("#bug-pill").textContent.includes("local-leader-read"),
  );
  await p.speed("fastest");
  await page.waitForSelector(".verdict.violation", { timeout: 60_000 });
  await p.pause();
});

/** Listens to the frames from now on; says when the election timers run out, in the members' order. */
async function electionTimers(page) {
  await page.evaluate(() => {
    const parse = JSON.parse;
    JSON.parse = (text) => {
      const value = parse(text);
      if (value?.members) globalThis.newest = value;
      return value;
    };
  });
  return () =>
    page.evaluate(() =>
      globalThis.newest.members
        .filter((m) => m.role !== "leader" && m.role !== "down")
        .map((m) => m.timerUntil),
    );
}

test("what users of RaftScope know, each by a key", async ({ page, p }) => {
  await choose(p, "Calm");
  await p.press("e");
  await p.settled();
  const leader = await p.leader();
  await page.keyboard.press("c");
  await page.waitForSelector(".exchange");
  contains(await page.locator(".exchange .request").textContent(), "request");
  await page.keyboard.press("r");
  await page.waitForSelector(`#member-${leader}.follower`);
  await p.playUntil(".member.leader", { speed: "1/5" });
  const other = await p.follower();
  await p.pick(other, "Crash");
  await page.waitForSelector(`#member-${other}.down`);
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("u");
  await page.waitForSelector(`#member-${other}.follower`);
  await p.playUntil(".member.leader", { speed: "1/5" });
  const term = () => page.locator(".member.leader").first().textContent();
  const before = await term();
  await page.keyboard.press("r");
  await page.waitForSelector(".member.leader", { state: "detached" });
  await p.settled();
  const timers = await electionTimers(page);
  await page.keyboard.press("a");
  await p.settled();
  assert.equal(new Set(await timers()).size, 1, "all timers run out at once");
  await p.playUntil(".member.leader", { speed: "1/5" });
  assert.notEqual(await term(), before);
  await page.keyboard.press("r");
  await page.waitForSelector(".member.leader", { state: "detached" });
  await p.settled();
  await page.keyboard.press("t");
  await p.settled();
  const [first, ...rest] = await timers();
  assert.ok(rest.length >= 2);
  rest.forEach((time, i) => {
    assert.equal(time, first + (i + 1) * 100e6);
  });
  for (const [key, name, members, time] of [
    ["l", "Log replication", 5, 1040],
    ["7", "Figure 7", 7, 562],
    ["8", "Figure 8", 5, 190],
  ]) {
    await page.keyboard.press(key);
    await page.waitForSelector(`[role=slider][aria-valuenow="${time}"]`);
    await p.settled();
    assert.equal(await p.isPlaying(), false);
    assert.equal(await page.locator(".member").count(), members, name);
    await picture(page, `raftscope-${key}`);
  }
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keys" });
  await help.waitFor();
  for (const words of ["Figure 7 of the paper", "restart the leader", "to the next election", "undo"]) {
    contains(await help.textContent(), words);
  }
});

test(
  "the time panel on a phone",
  async ({ page, p }) => {
    await choose(p, "CAS counter");
    await playTo(p, 1500);
    await page
      .getByRole("button", { name: "Timeline" })
      .or(page.getByRole("tab", { name: "Timeline" }))
      .click();
    await p.settled();
    const [wide, view] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= view, `${wide} pixels wide on a phone of ${view}`);
    await picture(page, "time-phone");
    await page.locator("#verdict-chip").click();
    await picture(page, "verdict-phone");
    await page.keyboard.press("Escape");
    await page.locator("#bug-pill").click();
    await picture(page, "bugs-phone");
    await audit(page, "bugs on a phone", "dialog");
  },
  { viewport: { width: 390, height: 844 } },
);
