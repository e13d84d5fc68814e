// The first minute of a first visit, caption by caption.
import assert from "node:assert/strict";
import { audit, picture, test } from "./harness.mjs";
import { contains, Playground } from "./playground.mjs";

/** Where the playhead waits at each stop, in milliseconds. */
const times = {
  leader: 240,
  count: 1350,
  cut: 1450,
  elected: 1900,
  swap: 1900,
  answer: 2000,
  heal: 2240,
  back: 1300,
  branches: 2240,
  verdict: 2240,
};

/** A page with the tour on it. */
class Tour {
  constructor(page, name) {
    this.page = page;
    this.name = name;
  }

  /** Waits until the tour is at a stop and says something, has come as far as it goes, and takes a picture. */
  async at(stop, words) {
    const { page } = this;
    await page.waitForSelector(`.tour[data-stop="${stop}"]`);
    await page.waitForFunction(
      (w) => new RegExp(w).test(document.querySelector(".tour-caption")?.textContent ?? ""),
      words.source,
      { timeout: 30_000 },
    );
    await page.waitForSelector(`[role=slider][aria-label="Playhead"][aria-valuenow="${times[stop]}"]`, {
      state: "attached",
    });
    await new Playground(page).settled();
    await picture(page, `first-minute-${this.name}-${stop}`);
  }

  press(name) {
    return this.page.locator(".tour").getByRole("button", { name }).click();
  }
}

async function whole(page, name) {
  const t = new Tour(page, name);
  await t.at("leader", /^S1 leads term 1: it sends heartbeats, and the other 4 follow\.$/);
  assert.equal(await page.locator(".member.leader").count(), 1);
  await t.press("Let two clients count");
  await t.at("count", /it is 5, and the verdict counts 17 operations\.$/);
  contains(await page.locator(".verdict").textContent(), "linearizable");
  await t.press("Cut the leader off");
  await t.at("cut", /^S1 reaches no other member now: A's write gets no answer, and its bar stays open\.$/);
  await page.waitForSelector(".op.pending", { state: "attached" });
  await page.waitForSelector(".cut-line", { state: "attached" });
  await t.press("Wait for the others");
  await t.at(
    "elected",
    /^S3 leads term 2; S1 has A's write on 1 of 5 members and can't commit it: for A the outcome is unknown\.$/,
  );
  await page.waitForSelector(".op.unknown", { state: "attached" });
  await t.press("Be a client yourself");
  await t.at("swap", /^A transaction stands ready in the console: if the counter is still 5, put 6\.$/);
  assert.equal(
    await page.locator("#command").inputValue(),
    `txn --compare 'value("counter") = "5"' --then 'put counter 6' --else 'get counter'`,
  );
  assert.equal(await page.evaluate(() => document.activeElement?.id), "command");
  await page.keyboard.press("Enter");
  await t.at("answer", /^Not succeeded: counter is 6, B wrote it\.$/);
  contains(await page.locator(".exchange").last().getAttribute("class"), "failed");
  await t.press("Heal the cut");
  await t.at("heal", /^S1 follows in term 2: its entry that was never committed vanishes/);
  await page.waitForSelector(".cut-line", { state: "detached" });
  await t.press("Go back before the cut");
  await t.at("back", /^The same moment as before, exactly/);
  await t.press("Skip the cut");
  await t.at("branches", /^Without the cut S1 leads term 1: both branches stand side by side/);
  await page.waitForSelector(".compared", { state: "attached" });
  assert.equal(await page.getByRole("tablist", { name: "Branches of the run" }).getByRole("tab").count(), 2);
  contains(await page.locator(".difference-words").textContent(), "cut");
  await t.press("And the verdict?");
  await t.at("verdict", /^Linearizable: one order of effect explains all \d+ operations\.$/);
  for (const door of ["Hunt a bug", "Open a scenario", "Share a link"]) {
    await page.locator(".tour").getByRole("button", { name: door }).waitFor();
  }
}

test(
  "the first minute, caption by caption",
  async ({ page }) => {
    await whole(page, "light");
    await page.locator(".tour").getByRole("button", { name: "Hunt a bug" }).click();
    await page.waitForSelector("dialog.bugs[open]");
    await page.keyboard.press("Escape");
    await page.reload();
    await page.waitForSelector(".picture .member");
    assert.equal(await page.locator(".tour").count(), 0, "it comes only once");
    await page.keyboard.press("?");
    await page.getByRole("button", { name: "Show the first minute again" }).click();
    await page.waitForSelector('.tour[data-stop="leader"]');
    await page.getByRole("button", { name: "Skip" }).click();
    await page.waitForSelector(".tour", { state: "detached" });
  },
  { firstVisit: true },
);

test("the first minute on a phone", async ({ page }) => whole(page, "phone"), {
  firstVisit: true,
  viewport: { width: 390, height: 844 },
});

test("the first minute in the dark", async ({ page }) => whole(page, "dark"), {
  firstVisit: true,
  colorScheme: "dark",
});

test(
  "the first minute by keyboard, paused where less motion is wished",
  async ({ page, p }) => {
    const caption = () => page.locator(".tour-caption").textContent();
    await page.waitForSelector('.tour[data-stop="leader"]');
    const before = await p.moment();
    await page.waitForTimeout(300);
    assert.equal(await p.moment(), before, "it waits");
    for (const stop of ["count", "cut", "elected", "swap", "answer", "heal", "back", "branches", "verdict"]) {
      await page.keyboard.press("Enter");
      await page.waitForSelector(`.tour[data-stop="${stop}"]`);
      await p.settled();
      assert.equal(await p.isPlaying(), false);
    }
    contains(await caption(), "Linearizable");
    await audit(page, "the first minute", ".tour");
  },
  { firstVisit: true, reducedMotion: "reduce" },
);

test(
  "pressing ahead skips the waiting, and comes to the same",
  async ({ page }) => {
    const t = new Tour(page, "ahead");
    for (const press of [
      "Let two clients count",
      "Cut the leader off",
      "Wait for the others",
      "Be a client yourself",
    ]) {
      await t.press(press);
    }
    await page.waitForSelector('.tour[data-stop="swap"]');
    await t.press("Press Enter to send it");
    await t.at("answer", /^Not succeeded: counter is 6, B wrote it\.$/);
  },
  { firstVisit: true },
);
