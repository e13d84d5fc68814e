// The page as a person handles it; every wait is for something seen on it.
import assert from "node:assert/strict";

export class Playground {
  constructor(page) {
    this.page = page;
  }

  /** Opens the page and waits for its first picture. */
  static async open(page, url) {
    await page.goto(url);
    await page.waitForSelector(".picture .member");
    return new Playground(page);
  }

  async pause() {
    if (await this.isPlaying()) await this.page.getByRole("button", { name: "Pause", exact: true }).click();
    await this.settled();
  }

  async play() {
    if (!(await this.isPlaying())) await this.page.getByRole("button", { name: "Play", exact: true }).click();
  }

  isPlaying() {
    return this.page.getByRole("button", { name: "Pause", exact: true }).isVisible();
  }

  speed(label) {
    return this.page.getByLabel("speed").selectOption({ label });
  }

  choose(title) {
    return this.page.getByRole("combobox", { name: "Scenario" }).selectOption({ label: title });
  }

  /** Milliseconds of virtual time at the playhead. */
  async time() {
    return Number(await this.slider().getAttribute("aria-valuenow"));
  }

  slider() {
    return this.page.getByRole("slider", { name: "Playhead" });
  }

  /** Waits until two looks at the page show the same moment; on a busy machine a command may take longer than a frame. */
  async settled() {
    await this.page.waitForFunction(async () => {
      const look = () =>
        document.querySelector(".events")?.textContent + document.querySelector(".picture")?.outerHTML;
      const before = look();
      await new Promise((done) => setTimeout(done, 150));
      for (let i = 0; i < 4; i++) await new Promise((done) => requestAnimationFrame(done));
      return look() === before;
    });
  }

  async press(key, times = 1) {
    for (let i = 0; i < times; i++) {
      const before = await this.moment();
      await this.page.keyboard.press(key);
      await this.page.waitForFunction((b) => document.querySelector(".events")?.dataset.moment !== b, before);
    }
  }

  /** Moves on to a moment, in milliseconds, by as many presses of Shift and arrow. */
  async moveTo(time) {
    const presses = time - (await this.time());
    await this.page.evaluate((n) => {
      const init = { key: "ArrowRight", shiftKey: true, bubbles: true };
      for (let i = 0; i < n; i++) document.body.dispatchEvent(new KeyboardEvent("keydown", init));
    }, presses);
    await this.page.waitForSelector(`[role=slider][aria-valuenow="${time}"]`, { timeout: 120_000 });
    await this.settled();
  }

  /** Time and event number, which every step changes. */
  moment() {
    return this.page.locator(".events").evaluate((e) => e.dataset.moment);
  }

  /** The picture as text, without what the pointer and the focus do to it. */
  picture() {
    return this.page.locator(".picture").evaluate((svg) => svg.outerHTML);
  }

  /** Plays fast until the page shows what a selector describes, and pauses in the same instant. */
  async playUntil(selector, { speed = "1/2", timeout = 30_000 } = {}) {
    await this.speed(speed);
    await this.play();
    await this.page.waitForFunction(
      (s) => {
        if (!document.querySelector(s)) return false;
        document.querySelector("button.play").click();
        return true;
      },
      selector,
      { timeout },
    );
    await this.settled();
  }

  member(id) {
    return this.page.locator(`#member-${id}`);
  }

  async leader() {
    const id = await this.page.locator(".member.leader:not(.cut-off)").first().getAttribute("id");
    return Number(id.replace("member-", ""));
  }

  async follower() {
    const id = await this.page.locator(".member.follower").first().getAttribute("id");
    return Number(id.replace("member-", ""));
  }

  /** Picks an item of a member's menu. */
  async pick(id, item) {
    await this.member(id).click();
    await this.page.getByRole("menuitem", { name: item, exact: true }).click();
  }

  /** Sends a command from the console and waits until it has ended, however it did. */
  async send(member, command) {
    const { page } = this;
    const before = await page.locator(".exchange").count();
    await page.getByLabel("Send to").selectOption(String(member));
    await page.locator("#command").fill(command);
    await page.getByRole("button", { name: "Send" }).click();
    await page.waitForFunction((n) => document.querySelectorAll(".exchange").length > n, before);
    await page.waitForFunction(() => !document.querySelector(".exchange:last-child.pending"), null, {
      timeout: 30_000,
    });
    const last = page.locator(".exchange").last();
    return { class: await last.getAttribute("class"), answer: await last.locator(".answer").textContent() };
  }

  async verdict() {
    return this.page.locator(".verdict").textContent();
  }

  async story() {
    return this.page.locator(".story li").allTextContents();
  }
}

/** Asserts that a text contains another. */
export function contains(text, part) {
  assert.ok(text.includes(part), `${JSON.stringify(text)} should contain ${JSON.stringify(part)}`);
}
