// The page as a whole: what everybody who opens it can do.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { binary, root } from "./browser.mjs";
import { gifComment } from "./gif.mjs";
import { audit, note, test } from "./harness.mjs";
import { contains, Playground } from "./playground.mjs";

const minority = join(root, "examples", "split-minority.scenario");
const counter = readFileSync(join(root, "examples", "cas-counter.scenario"), "utf8");

test("shows a picture at once, and plays", async ({ page, p }) => {
  const first = await page.evaluate(() => performance.getEntriesByName("first-picture")[0]?.startTime);
  note(`first picture after ${Math.round(first)} ms`);
  assert.equal(await p.isPlaying(), true);
  assert.equal(await page.locator(".member").count(), 5);
});

test("a leader is elected within three virtual seconds", async ({ p }) => {
  await p.playUntil(".member.leader");
  assert.ok((await p.time()) < 3000, `elected after ${await p.time()} ms`);
  contains((await p.story()).join("\n"), "leads term");
});

test("messages travel", async ({ page, p }) => {
  await p.playUntil(".member.leader");
  await p.press("ArrowRight", 3);
  const message = page.locator(".message").first();
  await message.waitFor();
  const id = await message.getAttribute("data-id");
  const at = () => page.locator(`.message[data-id="${id}"] > g`).getAttribute("transform");
  const before = await at();
  await p.speed("1/100");
  await p.play();
  await page.waitForFunction(
    ([i, b]) => document.querySelector(`.message[data-id="${i}"] > g`)?.getAttribute("transform") !== b,
    [id, before],
  );
  await p.pause();
});

test("scrubbing back shows what was seen before", async ({ page, p }) => {
  await p.playUntil(".member.leader");
  await p.press("ArrowRight", 2);
  const seen = [];
  for (let i = 0; i < 40; i++) {
    seen.push([await p.moment(), await p.picture()]);
    await p.press("ArrowRight");
  }
  for (const [moment, picture] of seen.reverse()) {
    await p.press("ArrowLeft");
    assert.equal(await p.moment(), moment);
    assert.equal(await p.picture(), picture);
  }
  await drag(page, 0.02);
  const early = await p.picture();
  await drag(page, 0.2);
  await drag(page, 0.02);
  assert.equal(await p.picture(), early);
});

test("playing shows what scrubbing shows", async ({ p }) => {
  await p.playUntil(".member.leader", { speed: "1/5" });
  const [moment, picture] = [await p.moment(), await p.picture()];
  await p.press("Home");
  await p.page.keyboard.press("End");
  await p.settled();
  assert.equal(await p.moment(), moment);
  assert.equal(await p.picture(), picture);
});

test("a member crashes and comes back by click", async ({ page, p }) => {
  await p.playUntil(".member.leader");
  const id = await p.leader();
  await p.pick(id, "Crash");
  await page.waitForSelector(`#member-${id}.down`);
  contains((await p.story()).join("\n"), `S${id} crash`);
  await p.playUntil(".member.leader");
  assert.notEqual(await p.leader(), id);
  await p.pick(id, "Restart");
  await page.waitForSelector(`#member-${id}.follower`);
});

test("a member is cut off and healed by click", async ({ page, p }) => {
  await p.playUntil(".member.leader");
  const id = await p.leader();
  await p.pick(id, "Cut off from all");
  await page.waitForSelector(".cut-line");
  contains(await page.locator(".cut-list").textContent(), `S${id} | 4 others`.slice(0, 4));
  await p.playUntil(`.member.leader:not(#member-${id})`);
  await page.getByRole("button", { name: "Heal" }).click();
  await page.waitForSelector(".cut-list", { state: "detached" });
});

test("a link is cut and healed by click", async ({ page, p }) => {
  await p.playUntil(".member.leader");
  await clickLink(page, "2-5");
  await page.getByRole("menuitem", { name: "Cut link S2 – S5" }).click();
  await page.waitForSelector(".cut-link", { state: "attached" });
  contains(await page.locator(".cut-list").textContent(), "S2 | S5");
  await clickLink(page, "2-5");
  await page.getByRole("menuitem", { name: "Heal link S2 – S5" }).click();
  await page.waitForSelector(".cut-link", { state: "detached" });
});

test("all of it by keyboard", async ({ page, p }) => {
  await p.playUntil(".member.leader");
  const id = await p.follower();
  await p.member(id).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Cut off from all");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".cut-line");
  assert.equal(await page.evaluate(() => document.activeElement.id), `member-${id}`);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.waitForSelector(".menu", { state: "detached" });
  await page.locator(".brand").click();
  await page.keyboard.press("?");
  await page.waitForSelector("dialog[open]");
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog[open]", { state: "detached" });
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Pause" }).waitFor();
});

test("put, get and compare-and-swap from the console", async ({ page, p }) => {
  await calm(p);
  await p.playUntil(".member.leader");
  await p.speed("1/2");
  const id = await p.leader();
  contains((await p.send(id, "put mine 5")).class, "answered");
  const got = await p.send(id, "get mine");
  contains(got.class, "answered");
  contains(got.answer, "5");
  const swap = `txn --compare 'value("mine") = "5"' --then 'put mine 6' --else 'get mine'`;
  contains((await p.send(id, swap)).class, "answered");
  contains((await p.send(id, swap)).class, "failed");
  contains((await p.send(id, "get mine")).answer, "6");
  await p.pause();
  contains(await page.locator(".store tbody").textContent(), "mine6");
});

test("another member answers a client too", async ({ p }) => {
  await calm(p);
  await p.playUntil(".member.leader");
  await p.speed("1/2");
  contains((await p.send(await p.follower(), "put x 1")).class, "answered");
});

test("an unknown outcome is spelled out", async ({ p }) => {
  await calm(p);
  await p.playUntil(".member.leader");
  const id = await p.leader();
  await p.pick(id, "Cut off from all");
  await p.speed("2");
  const { class: outcome, answer } = await p.send(id, "put x 1");
  contains(outcome, "unknown");
  contains(answer, "may have happened");
});

test("a command that can't be read says why", async ({ page, p }) => {
  await p.playUntil(".member.leader");
  await page.locator("#command").fill("putt x");
  await page.getByRole("button", { name: "Send" }).click();
  const alert = page.locator(".console .problem");
  await alert.waitFor();
  contains(await alert.textContent(), "putt");
});

test("the verdict counts and holds", async ({ page, p }) => {
  await p.speed("5");
  await p.play();
  await page.waitForFunction(() => {
    const words = document.querySelector(".verdict")?.textContent ?? "";
    return Number(/(\d+) operations/.exec(words)?.[1] ?? 0) >= 10;
  });
  await p.pause();
  contains(await p.verdict(), "linearizable");
});

test("acting in the past starts a new future", async ({ page, p }) => {
  await p.playUntil(".member.leader", { speed: "1" });
  await p.press("ArrowLeft", 5);
  await page.waitForSelector(".past");
  await p.pick(await p.follower(), "Crash");
  await page.waitForSelector(".member.down");
  await page.waitForSelector(".past", { state: "detached" });
});

test("a bad scenario names its line and reason, a good one runs", async ({ page, p }) => {
  await p.pause();
  await page.getByRole("tab", { name: "Scenario" }).click();
  const area = page.getByRole("textbox", { name: "Scenario" });
  contains(await area.inputValue(), "castaway 1");
  const lines = counter.split("\n");
  await area.fill([...lines.slice(0, 2), "nonsense here", ...lines.slice(2)].join("\n"));
  await page.getByRole("button", { name: "Run" }).click();
  const alert = page.locator(".scenario .problem");
  await alert.waitFor();
  contains(await alert.textContent(), "line 3");
  contains(await alert.textContent(), "nonsense");
  assert.equal(await page.locator(".gutter .wrong").textContent(), "3");
  await area.fill(counter);
  await page.getByRole("button", { name: "Run" }).click();
  await page.waitForSelector(".picture");
});

test("actions of the page stand in the scenario", async ({ page, p }) => {
  await p.playUntil(".member.leader");
  await p.pick(2, "Crash");
  await page.getByRole("tab", { name: "Scenario" }).click();
  contains(await page.getByRole("textbox", { name: "Scenario" }).inputValue(), "crash S2");
});

test("every scenario that comes with the page opens", async ({ page, p }) => {
  const options = page.getByRole("combobox", { name: "Scenario" }).locator("option");
  const titles = await options.allTextContents();
  assert.ok(titles.length >= 2, `scenarios: ${titles.join(", ")}`);
  for (const title of titles) {
    await p.choose(title);
    await p.playUntil(".member.leader", { speed: "1" });
    assert.equal(await page.locator(".sentence.problem").count(), 0, title);
  }
});

test("light and dark", async ({ page, p }) => {
  await p.pause();
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const before = await ground();
  await page.getByRole("button", { name: "Light or dark" }).click();
  assert.notEqual(await ground(), before);
  await page.reload();
  await page.waitForSelector(".picture");
  assert.notEqual(await ground(), before);
});

test("axe finds nothing, in all views, light and dark", async ({ page, p }) => {
  await p.playUntil(".member.leader");
  await p.pick(1, "Cut off from all");
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme });
    await audit(page, `cluster, ${scheme}`);
    await p.member(2).click();
    await audit(page, `menu, ${scheme}`);
    await page.keyboard.press("Escape");
    await page.getByRole("tab", { name: "Scenario" }).click();
    await audit(page, `scenario, ${scheme}`);
    await page.getByRole("tab", { name: "Cluster" }).click();
    await page.getByRole("button", { name: "Keys" }).click();
    await audit(page, `keys, ${scheme}`);
    await page.keyboard.press("Escape");
  }
});

test(
  "fits a phone",
  async ({ page, p }) => {
    await p.playUntil(".member.leader");
    const [wide, view] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= view, `${wide} pixels wide on a phone of ${view}`);
    const small = await page
      .locator("button:visible, select:visible, [role=slider]:visible")
      .evaluateAll((all) =>
        all
          .filter((e) => Math.min(e.getBoundingClientRect().width, e.getBoundingClientRect().height) < 24)
          .map((e) => e.outerHTML),
      );
    assert.deepEqual(small, []);
    await audit(page, "phone");
  },
  { viewport: { width: 390, height: 844 } },
);

test(
  "waits for a press where less motion is wished",
  async ({ p }) => {
    assert.equal(await p.isPlaying(), false);
  },
  { reducedMotion: "reduce" },
);

test(
  "says so when the engine can't be had",
  async ({ page }) => {
    const alert = page.locator(".waiting [role=alert]");
    await alert.waitFor();
    contains(await alert.textContent(), "can't start");
  },
  { withoutEngine: true },
);

test(
  "says so when the engine dies, and starts it again",
  async ({ page, p }) => {
    await p.play();
    const alert = page.locator(".dead");
    await alert.waitFor();
    contains(await alert.textContent(), "The engine has stopped: out of memory");
    await page.getByRole("button", { name: "Start again" }).click();
    await alert.waitFor({ state: "detached" });
    await page.waitForSelector('[role=slider][aria-valuenow="0"]');
  },
  { dyingEngine: true },
);

test(
  "opens the file of castaway play FILE",
  async ({ page, p }) => {
    assert.equal(await page.getByRole("combobox", { name: "Scenario" }).inputValue(), "");
    await page.getByRole("tab", { name: "Scenario" }).click();
    const text = await page.getByRole("textbox", { name: "Scenario" }).inputValue();
    assert.equal(text, readFileSync(minority, "utf8"));
    await p.pause();
  },
  { file: minority },
);

test("the README's moving picture is current", async () => {
  const out = execFileSync(binary, ["run", join(root, "examples", "cas-counter.scenario")], {
    encoding: "utf8",
  });
  const hash = /^hash: ([0-9a-f]{16})$/m.exec(out)?.[1];
  const comment = gifComment(readFileSync(join(root, "docs", "img", "playground.gif")));
  assert.equal(
    comment,
    `castaway examples/cas-counter.scenario hash ${hash}`,
    "run make film and commit the pictures",
  );
});

/** Presses the timeline at a part of its axis, by way of a drag. */
async function drag(page, part) {
  const box = await page.locator(".timeline").boundingBox();
  const y = box.y + 20;
  await page.mouse.move(box.x + 64, y);
  await page.mouse.down();
  await page.mouse.move(box.x + 64 + (box.width - 80) * part, y, { steps: 4 });
  await page.mouse.up();
  await new Playground(page).settled();
}

/** Clicks a link a third along its way, where no other crosses it. */
async function clickLink(page, link) {
  const at = await page.locator(`[data-link="${link}"] .link-line`).evaluate((path) => {
    const point = path.getPointAtLength(path.getTotalLength() / 2.6);
    const { x, y } = path.ownerSVGElement.getBoundingClientRect();
    return { x: x + point.x, y: y + point.y };
  });
  await page.mouse.click(at.x, at.y);
}

/** A quiet cluster of three, with no client but "you". */
async function calm(p) {
  const titles = await p.page.getByRole("combobox", { name: "Scenario" }).locator("option").allTextContents();
  const title = titles.find((t) => /calm|quiet|three/i.test(t));
  assert.ok(title, `no calm scenario among ${titles.join(", ")}`);
  await p.choose(title);
  await p.page.waitForFunction(() => document.querySelectorAll(".member").length === 3);
}
