import { describe, expect, it } from "vitest";
import type { Engine } from "../src/engine/client";
import { merge } from "../src/engine/merge";
import type { Command, Frame } from "../src/engine/types";
import { advance } from "../src/pure/pace";
import { narrate } from "../src/pure/story";
import { Player } from "../src/state/player";
import { frame } from "./fixture";

/** An engine that answers when told to. */
class Puppet implements Engine {
  readonly asked: Command[] = [];
  readonly #waiting: { resolve: (f: Frame) => void; reject: (e: Error) => void }[] = [];

  call(command: Command): Promise<Frame> {
    this.asked.push(command);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  async answer(change: Partial<Frame> = {}): Promise<void> {
    this.#waiting.shift()?.resolve({ ...frame, ...change });
    await new Promise((done) => setTimeout(done));
  }

  async die(reason: string): Promise<void> {
    this.#waiting.shift()?.reject(new Error(reason));
    await new Promise((done) => setTimeout(done));
  }

  stop(): void {}
}

async function opened(): Promise<{ player: Player; engine: Puppet }> {
  const engine = new Puppet();
  const player = new Player(() => engine);
  void player.open("castaway 1");
  await engine.answer();
  return { player, engine };
}

describe("player", () => {
  it("asks one thing at a time", async () => {
    const { player, engine } = await opened();
    void player.act("crash S1");
    void player.act("crash S2");
    expect(engine.asked.map((c) => c.text)).toEqual(["castaway 1", "crash S1"]);
    await engine.answer();
    expect(engine.asked.at(-1)?.text).toBe("crash S2");
  });

  it("moves time on only while playing and idle", async () => {
    const { player, engine } = await opened();
    player.tick(16);
    expect(engine.asked).toHaveLength(1);
    player.play();
    player.tick(16);
    player.tick(16);
    expect(engine.asked).toHaveLength(2);
    expect(engine.asked[1]?.kind).toBe("advance");
  });

  it("forgets seeks that were overtaken", async () => {
    const { player, engine } = await opened();
    for (const time of [1, 2, 3, 4]) void player.seek(time);
    await engine.answer();
    await engine.answer();
    expect(engine.asked.filter((c) => c.kind === "seek").map((c) => c.time)).toEqual([1, 4]);
  });

  it("pauses to step", async () => {
    const { player, engine } = await opened();
    player.play();
    void player.step(-1);
    expect(player.playing.value).toBe(false);
    expect(engine.asked.at(-1)).toEqual({ kind: "step", events: -1 });
  });

  it("moves by a duration, on or back", async () => {
    const { player, engine } = await opened();
    void player.nudge(1e6);
    await engine.answer();
    void player.nudge(-1e6);
    expect(engine.asked.slice(1)).toEqual([
      { kind: "advance", time: 1e6 },
      { kind: "seek", time: frame.time - 1e6 },
    ]);
  });

  it("says why something could not be done", async () => {
    const { player, engine } = await opened();
    const done = player.open("nonsense");
    await engine.answer({ members: [], problem: { line: 1, column: 0, text: "expected castaway 1" } });
    expect(await done).toEqual({ line: 1, column: 0, text: "expected castaway 1" });
    expect(player.frame.value?.members).toHaveLength(5);
  });

  it("says when the engine died, and starts a new one with the same scenario", async () => {
    const engines: Puppet[] = [];
    const player = new Player(() => {
      const engine = new Puppet();
      engines.push(engine);
      return engine;
    });
    void player.open("castaway 1");
    await engines[0]?.answer();
    player.play();
    player.tick(16);
    await engines[0]?.die("out of memory");
    expect(player.dead.value).toBe("out of memory");
    expect(player.playing.value).toBe(false);
    void player.restart();
    await engines[1]?.answer();
    expect(player.dead.value).toBe("");
    expect(engines[1]?.asked[0]).toEqual({ kind: "open", text: "castaway 1" });
  });
});

describe("advance", () => {
  const quiet = { ...frame, messages: [], time: 0, next: 5e6 };

  it("goes at the chosen speed while messages travel", () => {
    expect(advance(frame, 16, 1 / 20, true)).toBe(800_000);
  });

  it("hurries through quiet time, but not past the next event", () => {
    expect(advance(quiet, 16, 1 / 20, true)).toBe(5e6);
    expect(advance({ ...quiet, next: 5e9 }, 16, 1 / 20, true)).toBe(8e6);
    expect(advance(quiet, 16, 1 / 20, false)).toBe(800_000);
  });

  it("is never slower than the chosen speed, and never stands still", () => {
    expect(advance({ ...quiet, next: 1 }, 16, 1 / 20, true)).toBe(800_000);
    expect(advance({ ...quiet, next: 0 }, 0, 1 / 20, true)).toBe(1);
  });

  it("does not make up for a tab that slept", () => {
    expect(advance(frame, 60_000, 1, false)).toBe(100e6);
  });
});

describe("merge", () => {
  it("keeps what did not change", () => {
    const { lanes: _, scenario: __, ...rest } = frame;
    const merged = merge(frame, rest);
    expect(merged.lanes).toBe(frame.lanes);
    expect(merged.scenario).toBe(frame.scenario);
  });

  it("makes empty lists of Go's null", () => {
    const bare = JSON.parse(JSON.stringify({ ...frame, messages: null, cuts: null })) as Frame;
    expect(merge(null, bare).messages).toEqual([]);
    expect(merge(null, bare).cuts).toEqual([]);
  });

  it("puts what is new into the lanes, and keeps the lists in which nothing is", () => {
    const before = merge(null, frame);
    const lanes = before.lanes;
    if (!lanes?.ops[0]) throw new Error("the fixture has no operations");
    const { lanes: _, ...rest } = frame;
    const op = { ...lanes.ops[0], id: 99 };
    const nothing = { rolesGone: 0, rolesAt: [], roles: [], faultsGone: 0, faultsAt: [], faults: [] };
    const lanesPatch = { ...nothing, opsGone: 1, opsAt: [lanes.ops.length - 1], ops: [op], violation: 7 };
    const after = merge(before, { ...rest, lanesPatch });
    expect(after.lanes).toEqual({ ...lanes, ops: [...lanes.ops.slice(1), op], violation: 7 });
    expect(after.lanes?.roles).toBe(lanes.roles);
    expect(after).not.toHaveProperty("lanesPatch");
  });

  it("drops a problem that is over", () => {
    const before = merge(null, { ...frame, problem: { line: 0, column: 0, text: "no" } });
    expect(merge(before, frame).problem).toBeUndefined();
  });
});

describe("narrate", () => {
  it("tells what is new, the last three of many", () => {
    expect(narrate(frame, 3600e6)).toBe("A: counter is 7 at revision 31");
    expect(narrate(frame, 4500e6)).toBe("");
    expect(narrate(frame, 0)).toMatch(/^3 more events\. .*S5 crashes A: counter is 7/);
  });
});
