import { renderToString } from "preact-render-to-string";
import { describe, expect, it } from "vitest";
import type { Frame, Member, MemberKind, MessageKind } from "../src/engine/types";
import { badges, offsetWords, rateWords } from "../src/pure/badges";
import { type Choice, clusterChoices, linkChoices, memberChoices, messageChoices } from "../src/pure/choices";
import { clientSpots, clientsOf } from "../src/pure/clients";
import { ring } from "../src/pure/layout";
import { roleWord, standing } from "../src/pure/member";
import { sheet, timeMarks, timeToY } from "../src/pure/spacetime";
import { duration } from "../src/pure/time";
import { DiskView } from "../src/view/disk";
import { Glyph, rareSigns, usualSigns } from "../src/view/glyph";
import { Leases } from "../src/view/leases";
import { membershipWords } from "../src/view/membership";
import { RaftState } from "../src/view/raftstate";
import { SpaceTimePicture } from "../src/view/spacetime";
import { Picture } from "../src/view/stage";
import { frame, now } from "./fixture";

const ms = 1e6;
const [s1, s2] = frame.members as [Member, Member];

function draw(f: Frame): string {
  const ids = standing(f.members).map((m) => m.id);
  return renderToString(<Picture frame={f} ring={ring(ids, 640, 470)} clients={clientsOf(f)} />);
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** The frame with its second member changed. */
function with2(change: Partial<Member>): Frame {
  return { ...frame, members: frame.members.map((m) => (m.id === 2 ? { ...m, ...change } : m)) };
}

/** All actions that choices offer, those within others too. */
function acts(choices: Choice[]): string[] {
  return choices.flatMap((c) => [...(c.act === undefined ? [] : [c.act]), ...acts(c.more ?? [])]);
}

describe("what is out of the ordinary with a member", () => {
  it.each<[Partial<Member>, string[]]>([
    [{}, []],
    [{ paused: true }, ["paused"]],
    [{ diskState: "full" }, ["disk full"]],
    [{ clockOffset: 500 * ms }, ["clock +500 ms"]],
    [{ clockRate: -500_000 }, ["clock × 0.5"]],
    [{ clockOffset: ms, clockRate: 100 }, []],
    [{ kind: "leaving" }, ["leaving"]],
    [{ kind: "outsider", paused: true }, ["paused", "no member"]],
  ])("%o", (change, words) => expect(badges({ ...s2, ...change }).map((b) => b.text)).toEqual(words));

  it("is drawn and said", () => {
    const svg = draw(with2({ paused: true, diskState: "slow x20" }));
    expect(svg).toContain('class="paused-mark"');
    expect(count(svg, "disk slow x20")).toBe(2);
  });

  it.each<[Partial<Member>, string, string]>([
    [{ kind: "learner" }, "learner", '<rect class="body"'],
    [{ role: "down", dead: "its disk was wiped" }, "dead", 'class="dead-cross"'],
    [{ role: "pre-candidate" }, "pre-vote", "<polygon"],
  ])("%o has a word and a shape", (change, word, shape) => {
    expect(roleWord({ ...s2, ...change })).toBe(word);
    expect(draw(with2(change))).toContain(shape);
  });

  it("moves those that were removed and run no more off the ring", () => {
    expect(standing(with2({ kind: "outsider", role: "down" }).members).map((m) => m.id)).toEqual([
      1, 3, 4, 5,
    ]);
    expect(standing(with2({ kind: "outsider" }).members)).toHaveLength(5);
  });

  it("marks a snapshot", () => expect(draw(with2({ snapshotIndex: 20 }))).toContain("≤20"));

  it("knows how clocks are said", () => {
    expect(offsetWords(-2.5e9)).toBe("−2.5 s");
    expect(rateWords(100_000)).toBe("× 1.1");
  });
});

describe("membership in words", () => {
  const name = (id: number) => `S${id}`;
  const plain = { index: 3, committed: true, joint: false, voters: [1, 2, 3], outgoing: [], learners: [] };

  it.each([
    [plain, "S1 S2 S3 vote, majority 2"],
    [{ ...plain, learners: [4] }, "S1 S2 S3 vote, majority 2; learning: S4"],
    [
      { ...plain, joint: true, voters: [1, 2, 3, 4], outgoing: [1, 2, 3] },
      "joint: 2 of S1 S2 S3 and 3 of S1 S2 S3 S4",
    ],
  ])("%o", (membership, words) => expect(membershipWords(membership, name)).toBe(words));
});

describe("choices", () => {
  it("of a member are actions of the language", () => {
    const offered = acts(memberChoices({ ...frame, cuts: [] }, s2));
    for (const action of [
      "crash S2",
      "kill S2",
      "pause S2",
      "timeout S2",
      "transfer S2",
      "cut S2 | S1 S3 S4 S5",
      "bridge S2",
      "cut S2 > S4",
      "cut S4 > S2",
      "flap 500ms S2 | S3",
      "clock S2 jump +200ms",
      "clock S2 rate -500000ppm",
      "disk S2 fail-sync",
      "disk S2 flip log",
      "disk S2 mend",
      "disk S2 wipe",
      "members remove S2",
      "members add S6",
      "members add-learner S6",
    ]) {
      expect(offered).toContain(action);
    }
  });

  it("follow what a member is", () => {
    const of = (change: Partial<Member>) => acts(memberChoices(frame, { ...s2, ...change }));
    expect(of({ role: "down" })).toContain("restart S2");
    expect(of({ role: "down" })).not.toContain("crash S2");
    expect(of({ paused: true })).toContain("resume S2");
    expect(of({ kind: "learner" })).toContain("members promote S2");
    expect(of({ kind: "outsider" })).not.toContain("members remove S2");
    expect(of({ role: "leader" })).not.toContain("transfer S2");
  });

  it("of a link heal what is cut", () => {
    expect(acts(linkChoices(frame, s1, s2))).toContain("heal S1 | S2");
    expect(acts(linkChoices(frame, s1, s2))).not.toContain("cut S1 | S2");
  });

  it("end at nine members, and never name one twice", () => {
    const nine = Array.from({ length: 9 }, (_, i) => ({ ...s2, id: i + 1, name: `S${i + 1}` }));
    expect(acts(clusterChoices({ ...frame, members: nine })).some((a) => a.startsWith("members"))).toBe(
      false,
    );
    const gone = nine.map((m): Member => (m.id === 9 ? { ...m, kind: "outsider" } : m));
    expect(acts(clusterChoices({ ...frame, members: gone }))).toContain("members add S10");
  });

  it("of a message call it by its name", () => {
    const [message] = frame.messages as [Frame["messages"][number]];
    expect(acts(messageChoices({ ...message, name: "S3>S2 AppendEntries 5.27" }))).toEqual([
      "drop S3>S2 AppendEntries 5.27",
      "double S3>S2 AppendEntries 5.27 by 5ms",
      "deliver S3>S2 AppendEntries 5.27",
      "delay S3>S2 AppendEntries 5.27 by 10ms",
      "delay S3>S2 AppendEntries 5.27 by 100ms",
      "delay S3>S2 AppendEntries 5.27 by 1s",
    ]);
    expect(acts(messageChoices({ ...message, name: "" }))).toEqual([]);
  });
});

describe("glyphs", () => {
  const signs = [...usualSigns, ...rareSigns];

  it("are one per kind, no two alike", () => {
    const drawn = signs.map((s) => renderToString(<Glyph message={{ ...s.drawn, term: 1 }} />));
    expect(new Set(drawn).size).toBe(signs.length);
  });

  it("are all in the legend", () => {
    const kinds = new Set<MessageKind>(signs.map((s) => s.drawn.kind));
    expect(kinds.size).toBe(17);
  });
});

describe("clients", () => {
  it("stand at the edges, apart from each other", () => {
    const r = ring([1, 2, 3, 4, 5], 640, 470);
    const many = Array.from({ length: 12 }, (_, i) => ({
      ...(clientsOf(frame)[0] as ReturnType<typeof clientsOf>[number]),
      name: `c${i}`,
      member: 3,
    }));
    const spots = [...clientSpots(r, many).values()];
    for (const a of spots) {
      expect(a.at.y - 12).toBeGreaterThanOrEqual(0);
      expect(a.at.y + 12).toBeLessThanOrEqual(470);
      for (const b of spots.filter((s) => s !== a))
        expect(Math.abs(a.at.y - b.at.y)).toBeGreaterThanOrEqual(24);
    }
  });
});

const travelled: Frame = {
  ...frame,
  spaceTime: {
    from: now - 100 * ms,
    until: now,
    arrows: [
      {
        id: 1,
        kind: "entries",
        from: 3,
        to: 2,
        term: 5,
        sent: now - 50 * ms,
        arrived: now - 30 * ms,
        flying: false,
        label: "two entries",
        count: 2,
        positive: false,
      },
      {
        id: 2,
        kind: "heartbeat",
        from: 3,
        to: 5,
        term: 5,
        sent: now - 40 * ms,
        arrived: now - 35 * ms,
        flying: false,
        dropped: "S5 is down",
        label: "heartbeat",
        count: 0,
        positive: false,
      },
      {
        id: 3,
        kind: "append-reply",
        from: 2,
        to: 3,
        term: 5,
        sent: now - 10 * ms,
        arrived: now + 10 * ms,
        flying: true,
        label: "agrees",
        count: 0,
        positive: true,
      },
    ],
    points: [{ time: now - 60 * ms, member: 5, kind: "fault", text: "S5 crashes" }],
  },
};

describe("space-time", () => {
  const lay = (f: Frame) => sheet(f, ["A"], 100 * ms, 660, 400);
  const lanes = (f: Frame) => renderToString(<SpaceTimePicture frame={f} sheet={lay(f)} />);

  it("is a function of the frame", () => expect(lanes(structuredClone(travelled))).toBe(lanes(travelled)));

  it("shows what arrived, what was lost, what still flies, and what happened", () => {
    const svg = lanes(travelled);
    expect(count(svg, 'class="tip"')).toBe(1);
    expect(count(svg, 'class="lost-mark"')).toBe(1);
    expect(svg).toContain("append-reply flying");
    expect(svg).toContain("S5 crashes");
    expect(svg).not.toContain("NaN");
  });

  it("does not know what comes later", () => {
    const roles = [...(travelled.lanes?.roles ?? [])];
    const later = { member: 2, from: now + 5 * ms, until: 0, role: "candidate" as const, term: 6 };
    const known = {
      ...travelled,
      lanes: { ...(travelled.lanes as NonNullable<Frame["lanes"]>), roles: [...roles, later] },
    };
    expect(lanes(known)).toBe(lanes(travelled));
  });

  it("begins at the top while the run is young", () => {
    const young = lay({ ...frame, time: 20 * ms });
    expect(timeToY(young, 0)).toBe(young.top);
    expect(timeToY(young, 20 * ms)).toBeLessThan(young.bottom);
    expect(timeMarks(young).every((t) => t >= 0 && t <= 20 * ms)).toBe(true);
  });
});

describe("inspector", () => {
  it("marks what changed in words", () => {
    const html = renderToString(
      <RaftState
        inspection={{
          member: 1,
          persistent: [{ name: "currentTerm", value: "4", changed: true }],
          volatile: [{ name: "commitIndex", value: "23" }],
          beyond: [],
          peers: [{ id: 2, next: 25, match: 24, changed: true }],
          files: [],
        }}
        members={frame.members}
      />,
    );
    expect(count(html, ">changed<")).toBe(2);
    for (const text of ["Persistent state", "currentTerm", "nextIndex", "matchIndex", "25"])
      expect(html).toContain(text);
  });

  it("keeps page cache and medium apart", () => {
    const html = renderToString(
      <DiskView
        files={[{ name: "log", cached: 1200, durable: 1024, sectors: "ddcx", records: ["entry 1@1"] }]}
      />,
    );
    expect(html).toContain("4 sectors: 2 durable, 1 only in the page cache, 1 damaged");
    expect(html).toContain("a crash may lose 176 B");
    expect(count(html, "durable-sector")).toBe(2);
    expect(count(html, 'class="damage"')).toBe(1);
  });

  it("says how long a lease lives yet, or that nobody counts", () => {
    const lease = { id: "1f", ttl: 60e9, remaining: 12.34e9, keys: ["lock"] };
    expect(renderToString(<Leases leases={[lease]} />)).toContain("12.34 s of 60 s");
    expect(renderToString(<Leases leases={[{ ...lease, remaining: -1 }]} />)).toContain("nobody counts");
  });

  it("writes lengths of time", () => {
    expect([1.234e9, 35.26e6, 350e3, -5].map(duration)).toEqual(["1.23 s", "35.3 ms", "350 µs", "0 µs"]);
  });
});

it("all kinds of members are drawn", () => {
  for (const kind of ["voter", "learner", "joining", "leaving", "outsider"] satisfies MemberKind[]) {
    expect(draw(with2({ kind }))).not.toContain("undefined");
  }
});
