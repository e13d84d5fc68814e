// The stage: every handle, and the views of the same run beside it.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./browser.mjs";
import { audit, picture, pictures, test } from "./harness.mjs";
import { contains } from "./playground.mjs";

const own = { file: join(root, "web", "e2e", "stage.scenario") };
const phone = { viewport: { width: 390, height: 844 } };

/** Picks an item of an open menu, through others if need be. */
async function choose(page, ...items) {
  for (const item of items) await page.getByRole("menuitem", { name: item, exact: true }).click();
}

/** Does to a member what its menu offers. */
async function act(p, id, ...items) {
  await p.member(id).click();
  await choose(p.page, ...items);
}

async function led(p) {
  await p.playUntil(".picture .member.leader:not(.cut-off)", { speed: "1" });
  return p.leader();
}

const appears = (page, selector) => page.waitForSelector(selector, { state: "attached" });
const vanishes = (page, selector) => page.waitForSelector(selector, { state: "detached" });

/** Waits for a member's badge that says something. */
async function badge(p, id, words) {
  await p.page.waitForFunction(
    ([i, w]) => document.querySelector(`#member-${i}`)?.getAttribute("aria-label").includes(w),
    [id, words],
  );
}

/** The text of the story and of what was refused. */
async function told(p) {
  return `${(await p.story()).join("\n")}\n${await p.page.locator(".sentence").textContent()}`;
}

test("stage: kill, restart, pause, resume", async ({ page, p }) => {
  const id = await led(p);
  const other = await p.follower();
  await act(p, other, "Kill the process");
  await appears(page, `#member-${other}.down`);
  await act(p, other, "Restart");
  await appears(page, `#member-${other}.follower`);
  await act(p, id, "Pause");
  await badge(p, id, "paused");
  await appears(page, `#member-${id} .paused-mark`);
  await p.playUntil(`.picture .member.leader:not(#member-${id})`, { speed: "1" });
  await picture(page, "stage-paused");
  await act(p, id, "Resume");
  await vanishes(page, `#member-${id} .paused-mark`);
});

test(
  "stage: time out now, transfer leadership",
  async ({ page, p }) => {
    await led(p);
    const id = await p.follower();
    await act(p, id, "Time out now");
    await p.playUntil(`#member-${id}.candidate, #member-${id}.pre-candidate, #member-${id}.leader`);
    await led(p);
    const next = await p.follower();
    await act(p, next, "Transfer leadership to it");
    await p.playUntil(`#member-${next}.leader`, { speed: "1" });
    assert.equal(await page.locator(`#member-${next} .crown`).count(), 1);
  },
  own,
);

test("stage: clocks", async ({ p }) => {
  await led(p);
  const id = await p.follower();
  await act(p, id, "Clock", "Jump 2 s ahead");
  await badge(p, id, "clock +2 s");
  await act(p, id, "Clock", "Run at × 1.5");
  await badge(p, id, "clock × 1.5");
  await act(p, id, "Clock", "Run at the right rate");
  await badge(p, id, "clock +");
});

test(
  "stage: disks",
  async ({ page, p }) => {
    await led(p);
    const id = await p.follower();
    await act(p, id, "Disk", "Slow: × 20");
    await badge(p, id, "slow");
    await act(p, id, "Disk", "As fast as before");
    await act(p, id, "Disk", "Fill it up");
    await badge(p, id, "full");
    await picture(page, "stage-disk");
    await act(p, id, "Disk", "Mend");
    await act(p, id, "Disk", "The next fsync fails");
    await badge(p, id, "sync");
    await act(p, id, "Disk", "Mend");
    await act(p, id, "Disk", "The next fsync lies");
    await act(p, id, "Disk", "Flip a bit of the log");
    await act(p, id, "Disk", "A sector of the log can't be read");
    contains(await told(p), `disk S${id}`);
    await act(p, id, "Disk", "Wipe");
    await page.waitForFunction(
      (i) => /dead|down|crashed/.test(document.querySelector(`#member-${i}`)?.getAttribute("aria-label")),
      id,
    );
    await picture(page, "stage-wiped");
  },
  own,
);

test("stage: membership", async ({ page, p }) => {
  await led(p);
  await page.getByRole("button", { name: "Change cluster" }).click();
  await choose(page, "Add S6 as a learner");
  await appears(page, "#member-6");
  await p.playUntil("#member-6.learner", { speed: "1" });
  contains(await page.locator(".membership").textContent(), "learning: S6");
  await act(p, 6, "Membership", "Promote S6 to a voter");
  await p.playUntil("#member-6.voter", { speed: "1" });
  await page.getByRole("button", { name: "Change cluster" }).click();
  await choose(page, "Add S7 as a voter");
  await appears(page, "#member-7");
  await picture(page, "stage-joint");
  await p.playUntil("#member-7.voter", { speed: "1" });
  const gone = await p.follower();
  await act(p, gone, "Membership", `Remove S${gone}`);
  await p.playUntil(`#member-${gone}.outsider`, { speed: "1" });
  await act(p, gone, "Kill the process");
  await page
    .locator(".gone")
    .getByRole("button", { name: `S${gone}` })
    .click();
  await choose(page, "Restart");
  await appears(page, `#member-${gone}.outsider`);
  await picture(page, "stage-members");
});

test("stage: a line drawn between members cuts, one way or both", async ({ page, p }) => {
  await led(p);
  const drag = async (from, to) => {
    const [a, b] = [await p.member(from).boundingBox(), await p.member(to).boundingBox()];
    await page.mouse.move(a.x + a.width / 2, a.y + a.height / 2);
    await page.mouse.down();
    await page.mouse.move((a.x + b.x) / 2, (a.y + b.y) / 2, { steps: 4 });
    await page.waitForSelector(".drag-line", { state: "attached" });
    await page.mouse.move(b.x + b.width / 2, b.y + b.height / 2, { steps: 4 });
    await page.waitForSelector(".drag-end");
    await page.mouse.up();
    await vanishes(page, ".drag-line");
  };
  await drag(2, 4);
  await choose(page, "Cut only S2 → S4");
  await appears(page, ".one-way");
  contains(await page.locator(".cut-list").textContent(), "S2 → S4");
  await drag(1, 3);
  await choose(page, "Cut link S1 – S3");
  await page.waitForFunction(() => document.querySelectorAll(".cut-link").length === 2);
  await picture(page, "stage-cuts");
  await drag(4, 2);
  await choose(page, "Heal link S4 – S2");
  await vanishes(page, ".one-way");
});

test("stage: links without a drag", async ({ page, p }) => {
  await led(p);
  await act(p, 1, "Links", "Link to S3", "Slow: 100 to 200 ms");
  await page.locator(".link-state", { hasText: "100ms..200ms" }).waitFor();
  await act(p, 2, "Links", "Link to S4", "Comes and goes every 500 ms");
  await page.locator(".link-state", { hasText: "500ms" }).waitFor();
  await act(p, 2, "Links", "Link to S5", "Loses every other message");
  await page.locator(".link-state", { hasText: "50%" }).waitFor();
  await picture(page, "stage-links");
  await act(p, 1, "Links", "Link to S3", "As the rest of the network");
  await page.locator(".link-state", { hasText: "100ms..200ms" }).waitFor({ state: "detached" });
  await act(p, 3, "Links", "Only S3 reaches all");
  await appears(page, ".cut-link, .cut-line");
  await page.getByRole("button", { name: "Change cluster" }).click();
  await choose(page, "Heal all cuts");
  await vanishes(page, ".cut-list");
});

/** Steps until a message with a name is under way, and returns its id. */
async function flying(p) {
  const { page } = p;
  await led(p);
  for (let i = 0; i < 60; i++) {
    const found = page.locator(".picture .message.heartbeat, .picture .message.entries").first();
    if (await found.count()) return Number(await found.getAttribute("data-id"));
    await p.press("ArrowRight");
  }
  throw new Error("no message is under way");
}

/** Opens a message by a press on its glyph. */
async function openMessage(page, id) {
  await page.locator(`.message[data-id="${id}"] .touch`).click({ force: true });
  await page.locator(".menu .fields").waitFor();
}

test("stage: a look inside a message, and dropping it", async ({ page, p }) => {
  const id = await flying(p);
  await openMessage(page, id);
  contains(await page.locator(".menu .fields").textContent(), "term");
  await picture(page, "stage-message");
  await choose(page, "Drop");
  await vanishes(page, `.message[data-id="${id}"]`);
});

test("stage: a message is duplicated, delayed, delivered", async ({ page, p }) => {
  const id = await flying(p);
  const before = await page.locator(".message").count();
  await openMessage(page, id);
  await choose(page, "Duplicate");
  await page.waitForFunction((n) => document.querySelectorAll(".message").length > n, before);
  await openMessage(page, id);
  await choose(page, "Delay", "By 1 s");
  await openMessage(page, id);
  contains(await page.locator(".menu .fields").textContent(), "arrives");
  assert.match(await page.locator(".menu .fields").textContent(), /in (9\d\d(\.\d)? ms|1(\.0\d)? s)/);
  await choose(page, "Deliver now");
  await p.press("ArrowRight", 2);
  await vanishes(page, `.message[data-id="${id}"]`);
});

test("stage: messages in flight as a list, by keyboard", async ({ page, p }) => {
  await flying(p);
  await page.getByRole("button", { name: "in flight" }).focus();
  await page.keyboard.press("Enter");
  const first = page.getByRole("list", { name: "Messages in flight" }).getByRole("button").first();
  contains(await first.textContent(), "→");
  await first.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menu").waitFor();
  await audit(page, "a message's menu");
  await picture(page, "stage-flight");
  await page.keyboard.press("Escape");
  await vanishes(page, ".menu");
  assert.equal(await first.evaluate((e) => e === document.activeElement), true);
});

test("stage: menus by keyboard", async ({ page, p }) => {
  await led(p);
  const id = await p.follower();
  await p.member(id).focus();
  await page.keyboard.press("Enter");
  const focused = () => page.evaluate(() => document.activeElement.textContent);
  await page.keyboard.press("d");
  assert.equal(await focused(), "Disk");
  await page.keyboard.press("ArrowRight");
  assert.equal(await focused(), "Fill it up");
  await page.keyboard.press("Escape");
  await page.keyboard.press("c");
  await page.keyboard.press("Escape");
  await vanishes(page, ".menu");
  assert.equal(await page.evaluate(() => document.activeElement.id), `member-${id}`);
});

test(
  "stage: clients, watches and reads",
  async ({ page, p }) => {
    await led(p);
    await p.playUntil(".client.pending", { speed: "1/20" });
    await page.locator(".client", { hasText: "A" }).click();
    contains(await page.locator(".menu-head").textContent(), "client A");
    await choose(page, "Stand still for 5 s");
    await appears(page, ".client.paused");
    await appears(page, ".watch-way");
    await page.getByRole("tab", { name: "Watchers" }).click();
    contains(await page.locator(".store").textContent(), "W");
    await picture(page, "stage-clients");
  },
  own,
);

test("stage: send commands here, inspect", async ({ page, p }) => {
  await led(p);
  const id = await p.follower();
  await act(p, id, "Send commands here");
  await page.waitForFunction(() => document.activeElement?.id === "command");
  await act(p, id, "Inspect");
  contains(await page.locator(".raft-state").textContent(), "currentTerm");
  assert.equal(await page.getByLabel("Inspected member").inputValue(), String(id));
});

test("inspector: Figure 2's variables, with what changed", async ({ page, p }) => {
  const id = await led(p);
  await act(p, id, "Inspect");
  const text = await page.locator(".raft-state").textContent();
  for (const name of [
    "currentTerm",
    "votedFor",
    "log",
    "commitIndex",
    "lastApplied",
    "nextIndex",
    "matchIndex",
  ]) {
    contains(text, name);
  }
  await page.evaluate(() => document.activeElement.blur());
  let changed = 0;
  for (let i = 0; i < 40 && changed === 0; i++) {
    await p.press("ArrowRight");
    changed = await page.locator(".raft-state .just").count();
  }
  assert.ok(changed > 0, "nothing is ever marked as changed");
  await picture(page, "inspector-state");
});

test(
  "inspector: the disk, page cache and medium apart",
  async ({ page, p }) => {
    const id = await led(p);
    await act(p, id, "Inspect");
    await page.getByRole("tab", { name: "Disk" }).click();
    await page.locator(".file").first().waitFor();
    contains(await page.locator(".disk").textContent(), "on the medium");
    assert.match(
      await page.locator(".sectors").first().getAttribute("aria-label"),
      /^\d+ sectors?: \d+ durable/,
    );
    assert.ok((await page.locator(".file li").count()) > 0, "no records");
    await picture(page, "inspector-disk");
  },
  own,
);

test(
  "inspector: the store at any revision",
  async ({ page, p }) => {
    await led(p);
    await p.speed("1");
    await p.play();
    await page.waitForFunction(() => Number(document.querySelector(".revision input")?.max) > 8);
    await p.pause();
    const slider = page.getByRole("slider", { name: "Revision" });
    await slider.fill("4");
    await page.locator(".revision", { hasText: "revision 4 of" }).waitFor();
    await picture(page, "inspector-store");
    await page.getByRole("button", { name: "Newest" }).click();
    await vanishes(page, ".revision.in-past");
  },
  own,
);

test("inspector: leases", async ({ page, p }) => {
  await led(p);
  await p.speed("1/2");
  await p.send(await p.leader(), "lease grant 60 --id=1f");
  await p.send(await p.leader(), "put mine 1 --lease=1f");
  await p.pause();
  await page.getByRole("tab", { name: "Leases" }).click();
  contains(await page.locator(".store tbody").textContent(), "1f");
  contains(await page.locator(".store tbody").textContent(), "of 60 s");
  await picture(page, "inspector-leases");
});

test("space-time: the same run with time downwards", async ({ page, p }) => {
  await led(p);
  await page.getByRole("tab", { name: "Space-time" }).click();
  await appears(page, ".arrow");
  await page.locator(".arrow .touch").last().click({ force: true });
  await page.getByRole("menu").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Show more" }).click();
  await page.getByLabel("How much of the past").selectOption({ label: "500 ms" });
  await p.settled();
  await appears(page, ".point.election");
  await picture(page, "space-time");
  await act(p, await p.follower(), "Crash");
  await appears(page, ".lane-head.down");
  await appears(page, ".point.fault");
});

for (const view of ["Cluster", "Space-time"]) {
  test(`${view}: scrubbing shows exactly what playing showed`, async ({ page, p }) => {
    await page.getByRole("tab", { name: view }).click();
    for (const speed of ["1/2", "1/20", "1/2", "1/100", "1"]) {
      await p.speed(speed);
      await p.play();
      await page.waitForTimeout(400);
      await p.pause();
      const [moment, drawn] = [await p.moment(), await p.picture()];
      await page.evaluate(() => document.activeElement.blur());
      await p.press("Home");
      await p.press("End");
      await p.settled();
      assert.equal(await p.moment(), moment);
      assert.equal(await p.picture(), drawn);
    }
  });
}

/** Saves what an item of the page's menu offers, and reads it. */
async function saved(page, item) {
  await page.getByRole("button", { name: "Page menu" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: item }).click();
  return readFileSync(await (await download).path());
}

for (const colorScheme of ["light", "dark"]) {
  test(
    `export: the picture as SVG and PNG, ${colorScheme}`,
    async ({ page, p }) => {
      await flying(p);
      const svg = (await saved(page, "Save the picture as SVG")).toString();
      assert.doesNotMatch(svg, /class=|style=|var\(|<script|href/);
      contains(svg, 'xmlns="http://www.w3.org/2000/svg"');
      contains(svg, ">leader ");
      const shot = await saved(page, "Save the picture as PNG");
      const size = await page.locator(".picture").evaluate((e) => [e.clientWidth, e.clientHeight]);
      assert.deepEqual(
        [shot.readUInt32BE(16), shot.readUInt32BE(20)],
        size.map((n) => 2 * n),
      );
      mkdirSync(pictures, { recursive: true });
      writeFileSync(join(pictures, `export-${colorScheme}.png`), shot);
      writeFileSync(join(pictures, `export-${colorScheme}.svg`), svg);
    },
    { colorScheme },
  );
}

test("nine members: every word can be read", async ({ page, p }) => {
  await led(p);
  for (let i = 6; i <= 9; i++) {
    await page.getByRole("button", { name: "Change cluster" }).click();
    await choose(page, `Add S${i} as a voter`);
    await p.playUntil(`#member-${i}.voter`, { speed: "1" });
  }
  await readable(page);
  await picture(page, "stage-nine");
  await page.getByRole("tab", { name: "Space-time" }).click();
  await p.settled();
  await readable(page);
  await picture(page, "space-time-nine");
});

/** No word in the picture is smaller than 11 pixels, none is cut off by its edge. */
async function readable(page) {
  const bad = await page.locator(".picture").evaluate((svg) => {
    const frame = svg.getBoundingClientRect();
    return [...svg.querySelectorAll("text")]
      .filter((t) => t.textContent.trim() !== "")
      .filter((t) => {
        const box = t.getBoundingClientRect();
        const inside =
          box.left >= frame.left - 1 && box.right <= frame.right + 1 && box.bottom <= frame.bottom + 1;
        return Number.parseFloat(getComputedStyle(t).fontSize) < 11 || !inside;
      })
      .map((t) => t.textContent);
  });
  assert.deepEqual(bad, []);
}

test("stage: axe finds nothing, light and dark", async ({ page, p }) => {
  await led(p);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await p.member(2).click();
    await choose(page, "Disk");
    await audit(page, `a menu in a menu, ${colorScheme}`);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    for (const name of [
      "Raft state",
      "Disk",
      "Logs",
      "Leases",
      "Watchers",
      "Store",
      "Space-time",
      "Cluster",
    ]) {
      await page.getByRole("tab", { name }).first().click();
      await p.settled();
      await audit(page, `${name}, ${colorScheme}`);
      if (name === "Space-time") await picture(page, `space-time-${colorScheme}`);
    }
    await page.getByRole("button", { name: "All signs" }).click();
    await audit(page, `all signs, ${colorScheme}`);
    await picture(page, `stage-signs-${colorScheme}`);
    await page.getByRole("button", { name: "All signs" }).click();
  }
});

test(
  "stage: on a phone",
  async ({ page, p }) => {
    await led(p);
    await readable(page);
    await p.member(await p.follower()).click();
    const menu = await page.locator(".menu").boundingBox();
    assert.ok(menu.x >= 0 && menu.x + menu.width <= 390, `menu from ${menu.x}, ${menu.width} wide`);
    const low = await page
      .getByRole("menuitem")
      .evaluateAll((all) => all.filter((e) => e.getBoundingClientRect().height < 24).length);
    assert.equal(low, 0);
    await picture(page, "stage-phone-menu");
    await page.keyboard.press("Escape");
    await picture(page, "stage-phone", { fullPage: true });
    await page.getByRole("tab", { name: "Space-time" }).click();
    await p.settled();
    await picture(page, "space-time-phone");
  },
  { ...phone, ...own },
);

/** Whether any member, or the log strip of one, covers another on the stage. */
async function overlaps(page) {
  return page.evaluate(() => {
    const boxes = [
      ...[...document.querySelectorAll(".member .timer-track")].map((e) => ({ e, round: true })),
      ...[...document.querySelectorAll(".strip")].map((e) => ({ e, round: false })),
    ].map(({ e, round }) => ({ round, ...e.getBoundingClientRect().toJSON() }));
    const middle = (b) => ({ x: (b.left + b.right) / 2, y: (b.top + b.bottom) / 2 });
    const clamp = (v, low, high) => Math.max(low, Math.min(v, high));
    const meet = (a, b) => {
      if (a.round && b.round) {
        const [p, q] = [middle(a), middle(b)];
        return Math.hypot(p.x - q.x, p.y - q.y) < (a.width + b.width) / 2;
      }
      if (b.round) return meet(b, a);
      if (!a.round) return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
      const p = middle(a);
      const q = { x: clamp(p.x, b.left, b.right), y: clamp(p.y, b.top, b.bottom) };
      return Math.hypot(p.x - q.x, p.y - q.y) < a.width / 2;
    };
    return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => b.width > 0 && meet(a, b))).length;
  });
}

for (const [width, height] of [
  [1440, 900],
  [1024, 620],
  [390, 844],
]) {
  test(
    `nothing covers anything on the stage, ${width} × ${height}`,
    async ({ page, p }) => {
      for (const members of [1, 3, 5, 7, 9]) {
        await page.getByRole("tab", { name: "Scenario" }).click();
        await page
          .getByRole("textbox", { name: "Scenario" })
          .fill(
            `castaway 1\nmembers ${members}\nseed 7\nclient A B mixed k keys 3 think 20ms..80ms\nrun 10s\n`,
          );
        await page.getByRole("button", { name: "Apply" }).click();
        await page.getByRole("tab", { name: "Cluster" }).click();
        await page.waitForFunction(
          (n) => document.querySelectorAll(".picture .member").length === n,
          members,
        );
        await p.playUntil(".member.leader", { speed: "1/5" });
        await page.waitForFunction(() => document.querySelectorAll(".strip .entry").length > 0);
        await picture(page, `stage-${members}-of-${width}`);
        assert.equal(await overlaps(page), 0, `${members} members`);
      }
    },
    { viewport: { width, height } },
  );
}

test("a clock jumps by what one writes, and what makes no sense is said", async ({ page, p }) => {
  await p.pause();
  await p.member(2).click();
  await choose(page, "Clock", "Jump by …");
  await page.getByRole("textbox", { name: "Jump by" }).fill("+1234ms");
  await page.keyboard.press("Enter");
  await badge(p, 2, "clock +1.2 s");
  await p.member(2).click();
  await choose(page, "Disk", "Leave room for …");
  await page.getByRole("textbox", { name: "Leave room for" }).fill("much");
  await page.getByRole("button", { name: "Do it" }).click();
  await page.waitForSelector(".sentence.problem");
});
