import { describe, expect, it } from "vitest";
import type { Engine } from "../src/engine/client";
import type { Command, Frame, HuntState } from "../src/engine/types";
import { Hunt } from "../src/state/hunt";
import { frame } from "./fixture";

const none: HuntState = { bug: "b", runs: 0, simulated: 0, features: 0, tries: 0, lines: 0, done: false };

/** An engine that finds something after so many slices. */
function finder(slices: number, asked: Command[] = []): Engine {
  let runs = 0;
  return {
    call(command: Command): Promise<Frame> {
      asked.push(command);
      runs += command.events ?? 0;
      const done = asked.length >= slices;
      const hunt = {
        ...none,
        runs,
        done,
        ...(done && { property: "ElectionSafety", scenario: "castaway 1\n" }),
      };
      return Promise.resolve({ ...frame, hunt });
    },
    stop() {},
  };
}

describe("hunt", () => {
  it("asks slice by slice until something is found", async () => {
    const hunt = new Hunt();
    const asked: Command[] = [];
    await hunt.start("b", () => finder(3, asked));
    expect(asked.map((c) => [c.kind, c.text])).toEqual(Array(3).fill(["hunt", "b"]));
    expect(hunt.state.value?.scenario).toBe("castaway 1\n");
    expect(hunt.running.value).toBe(false);
    expect(hunt.problem.value).toBe("");
  });

  it("is stopped at once, and what comes later is not heard", async () => {
    const hunt = new Hunt();
    let stopped = false;
    const stop = () => {
      stopped = true;
    };
    const never: Engine = { call: () => new Promise(() => {}), stop };
    void hunt.start("b", () => never);
    hunt.stop();
    expect(stopped).toBe(true);
    expect(hunt.running.value).toBe(false);
    expect(hunt.state.value?.runs).toBe(0);
  });

  it("says why it can't go on", async () => {
    const hunt = new Hunt();
    const problem = { line: 0, column: 0, text: "there is no bug b" };
    await hunt.start("b", () => ({ call: () => Promise.resolve({ ...frame, problem }), stop() {} }));
    expect(hunt.problem.value).toBe("there is no bug b");
    await hunt.start("b", () => ({ call: () => Promise.reject(new Error("out of memory")), stop() {} }));
    expect(hunt.problem.value).toBe("out of memory");
    expect(hunt.running.value).toBe(false);
  });
});
