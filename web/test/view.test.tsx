import { renderToString } from "preact-render-to-string";
import { describe, expect, it } from "vitest";
import { App } from "../src/app";
import type { Engine } from "../src/engine/client";
import type { Frame, OpOutcome, VerdictResult } from "../src/engine/types";
import { clientsOf } from "../src/pure/clients";
import { answer } from "../src/pure/console";
import { ring } from "../src/pure/layout";
import { sentence as inWords } from "../src/pure/member";
import { Player } from "../src/state/player";
import { title } from "../src/state/scenarios";
import { Logs, shownIndexes } from "../src/view/logs";
import { Picture } from "../src/view/stage";
import { VerdictChip } from "../src/view/verdict";
import { frame } from "./fixture";

const idle: Engine = { call: () => Promise.resolve(frame), stop: () => {} };

function draw(f: Frame): string {
  return renderToString(
    <Picture
      frame={f}
      ring={ring(
        f.members.map((m) => m.id),
        640,
        470,
      )}
      clients={clientsOf(f)}
    />,
  );
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

describe("picture", () => {
  it("is a function of the frame", () => {
    expect(draw(structuredClone(frame))).toBe(draw(frame));
  });

  it("moves with the time", () => {
    expect(draw({ ...frame, time: frame.time + 1e6 })).not.toBe(draw(frame));
  });

  it("shows each member's role as shape and word", () => {
    const svg = draw(frame);
    expect(count(svg, 'class="crown"')).toBe(2);
    expect(count(svg, "<polygon")).toBe(1);
    for (const word of ["leader?", "follower", ">leader ", "candidate", "crashed"])
      expect(svg).toContain(word);
  });

  it("draws a clean cut once, others link by link", () => {
    expect(count(draw(frame), 'class="cut-line"')).toBe(1);
    const one = draw({ ...frame, cuts: [{ from: 1, to: 2 }] });
    expect(count(one, 'class="cut-line"')).toBe(0);
    expect(count(one, 'class="cut-link"')).toBe(1);
    expect(count(one, 'class="one-way"')).toBe(1);
  });

  it("marks what is lost", () => {
    expect(count(draw(frame), 'class="lost-mark"')).toBe(1);
  });

  it("draws one to nine members", () => {
    for (let n = 1; n <= 9; n++) {
      const [model] = frame.members;
      const members = Array.from({ length: n }, (_, i) => ({ ...model, id: i + 1, name: `S${i + 1}` }));
      const svg = draw({ ...frame, members: members as Frame["members"], cuts: [], messages: [] });
      expect(count(svg, 'class="name"')).toBe(n);
      expect(svg).not.toContain("NaN");
    }
  });

  it("never takes text for markup", () => {
    const member = { ...frame.members[0], name: "<script>" } as Frame["members"][number];
    const svg = draw({ ...frame, members: [member, ...frame.members.slice(1)] });
    expect(svg).not.toContain("<script>");
  });
});

describe("words", () => {
  it("describe a member", () => {
    expect(frame.members.map(inWords)).toEqual([
      "S1 leader? term 4, cut off from the majority, log up to 25, committed up to 23",
      "S2 follower term 5, log up to 26, committed up to 25",
      "S3 leader term 5, log up to 27, committed up to 26",
      "S4 candidate term 5, log up to 26, committed up to 25",
      "S5 crashed term 5, its disk holds 23 entries",
    ]);
  });

  it.each<[OpOutcome, string, string]>([
    ["unknown", "", "unknown: no answer came. It may have happened, or may yet."],
    ["answered", "counter = 6", "counter = 6"],
    ["failed", "", "not done: a comparison did not hold"],
    ["refused", "no leader", "no leader"],
    ["pending", "", "waiting for an answer"],
  ])("answer of an operation that is %s", (outcome, text, want) => {
    expect(answer({ outcome, answer: text })).toBe(want);
  });

  it("titles of scenarios", () => expect(title("cas-counter")).toBe("CAS counter"));
});

describe("verdict", () => {
  it.each<[VerdictResult, number, string]>([
    ["linearizable", 128, "128 operations"],
    ["violation", 1, "1 operation"],
    ["undecided", 0, "0 operations"],
  ])("%s", (result, operations, text) => {
    const chip = renderToString(
      <VerdictChip verdict={{ result, operations, reason: "because", checks: [] }} />,
    );
    expect(chip).toContain(`verdict ${result}`);
    expect(chip).toContain(text);
    expect(chip).toContain("because");
  });
});

describe("logs", () => {
  it("begin where the frame begins, and leave room", () => {
    expect(shownIndexes(frame.members)).toEqual([21, 22, 23, 24, 25, 26, 27]);
    expect(shownIndexes([])).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it("show term, commit and disk of each entry", () => {
    const table = renderToString(<Logs members={frame.members} />);
    expect(table).toContain("index 24, term 4, durable: put counter c=6");
    expect(table).toContain("index 21, term 3, committed, durable: put counter c=4");
  });
});

describe("page", () => {
  it("is drawn whole", async () => {
    const player = new Player(() => idle);
    await player.open("castaway 1");
    const page = renderToString(<App player={player} />);
    for (const text of ["linearizable", "Store of", "4.812 s", "S3 leads term 5", "in the past", "rules"]) {
      expect(page).toContain(text);
    }
  });

  it("says that the engine starts, or why it can't", async () => {
    const player = new Player(() => ({ ...idle, call: () => Promise.reject(new Error("no wasm here")) }));
    expect(renderToString(<App player={player} />)).toContain("The engine is starting");
    await player.open("castaway 1");
    expect(renderToString(<App player={player} />)).toContain("no wasm here");
  });
});
