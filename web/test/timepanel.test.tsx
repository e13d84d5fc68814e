import { renderToString } from "preact-render-to-string";
import { afterEach, describe, expect, it } from "vitest";
import type { Engine } from "../src/engine/client";
import type { Frame, Op, OpOutcome } from "../src/engine/types";
import { advance, Stride } from "../src/pure/pace";
import { rows } from "../src/pure/rows";
import { stops } from "../src/pure/tour";
import { overlay } from "../src/state/overlay";
import { Player } from "../src/state/player";
import { spotlight } from "../src/state/spotlight";
import { OpBar } from "../src/view/opbar";
import { TimePanel } from "../src/view/timepanel";
import { VerdictPanel } from "../src/view/verdict";
import { broken, forked, frame } from "./fixture";

const idle: Engine = { call: () => Promise.resolve(frame), stop: () => {} };
const player = new Player(() => idle);
const panel = (f: Frame) => renderToString(<TimePanel frame={f} player={player} />);

afterEach(() => {
  spotlight.value = null;
  overlay.value = "none";
});

describe("time panel", () => {
  it("shows no branches as long as there is one", () => {
    expect(panel(frame)).not.toContain("Branches of the run");
    const html = panel({ ...forked, comparison: undefined } as unknown as Frame);
    expect(html).toContain("fork at 3.100 s: crash S2");
    expect(html).toContain("drop this branch");
  });

  it("puts two branches on one axis, with the difference in words", () => {
    const html = panel(forked);
    expect(html.split('class="timeline"')).toHaveLength(3);
    expect(html.split('class="difference"')).toHaveLength(3);
    expect(html).toContain("they differ from 1.900 s on");
    expect(html).toContain("cut: S1 | S2 S3 S4 S5");
    expect(html).toMatch(/≠ <\/span>S3.*leader, term 5, log 27.*follower, term 4, log 27/);
  });

  it("rings what a violation points at, and says why", () => {
    expect(panel(broken)).not.toContain("halo");
    expect(panel(broken)).toContain("violation-mark");
    spotlight.value = broken.verdict.cause ?? null;
    const html = panel(broken);
    expect(html.split('class="halo"')).toHaveLength(3);
    expect(html).toContain("B was told that counter is 7.");
  });
});

describe("verdict panel", () => {
  it("names all checks, and the way to what broke", () => {
    overlay.value = "verdict";
    const html = renderToString(<VerdictPanel frame={broken} player={player} />);
    for (const text of ["linearizability", "watches", "durability", "Show me", "too many steps"]) {
      expect(html).toContain(text);
    }
  });

  it("says what excuses a violation, and that undecided is no pass", () => {
    overlay.value = "verdict";
    const excused = { ...broken, verdict: { ...broken.verdict, excuse: "S1's disk was wiped." } };
    expect(renderToString(<VerdictPanel frame={excused} player={player} />)).toContain(
      "S1's disk was wiped.",
    );
    const undecided: Frame = { ...frame, verdict: { result: "undecided", operations: 3, checks: [] } };
    expect(renderToString(<VerdictPanel frame={undecided} player={player} />)).toContain("no pass");
  });
});

describe("bars", () => {
  const scale = { left: 0, right: 1000, span: 10e9 };
  const bar = (change: Partial<Op>) =>
    renderToString(
      <OpBar
        op={{ ...(frame.lanes?.ops[0] as Op), ...change }}
        scale={scale}
        y={0}
        until={9e9}
        spotlit={false}
      />,
    ).replace(/<title>.*<\/title>/, "");

  it("have a shape of their own for each outcome", () => {
    const shapes = (["answered", "failed", "refused", "unknown"] as OpOutcome[]).map((outcome) =>
      bar({ outcome, effect: 0 }).replace(/class="[^"]*"/g, ""),
    );
    expect(new Set(shapes).size).toBe(4);
  });

  it("tell serializable reads from linearizable ones", () => {
    expect(bar({ serializable: true })).not.toBe(bar({ serializable: false }));
  });

  it("tick where they took effect", () => {
    expect(bar({ effect: 0 })).not.toContain("effect");
    expect(bar({ effect: 650e6 })).toContain('class="effect"');
  });
});

describe("lanes", () => {
  it("have room for marks only where there are some", () => {
    expect(rows([1, 2, 3], 2, { marks: true }).height).toBeGreaterThan(rows([1, 2, 3], 2).height);
  });
});

describe("as fast as it goes", () => {
  it("learns from how long a call took", () => {
    const stride = new Stride();
    const first = stride.length;
    stride.learn(1);
    expect(stride.length).toBe(2 * first);
    stride.learn(400);
    expect(stride.length).toBe(first);
    for (let i = 0; i < 40; i++) stride.learn(1);
    expect(stride.length).toBe(60e9);
  });

  it("is no speed that can be reckoned with", () => {
    expect(advance(frame, 16, 1, false)).toBe(16e6);
  });
});

describe("first minute", () => {
  it("says something of any frame, and moves on in time but for the way back", () => {
    for (const stop of stops) expect(stop.say(frame).length).toBeGreaterThan(10);
    const times = stops.slice(0, 7).map((s) => s.until);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});
