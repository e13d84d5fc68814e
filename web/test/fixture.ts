import type { Entry, Frame, Lanes, Member, Message, Op, Role } from "../src/engine/types";

// A frame as the engine might give it: S1 is cut off and still takes itself
// for the leader of term 4, S3 leads term 5, S5 has crashed.

const ms = 1e6;
export const now = 4812 * ms;

/** Terms of a log's entries, from index 21. */
function log(terms: string, labels: string[]): Entry[] {
  return [...terms].map((term, i) => ({
    index: 21 + i,
    term: Number(term),
    label: labels[i] ?? "",
    detail: `put counter ${labels[i]}`,
  }));
}

const old = ["c=4", "c=5", "∅", "c=6", "c=7"];
const fresh = ["c=4", "c=5", "∅", "∅", "c=6", "c=7", "c=8"];

function member(id: number, role: Role, term: number, terms: string, rest: Partial<Member> = {}): Member {
  const entries = log(terms, term === 4 ? old : fresh);
  const last = 20 + entries.length;
  return {
    id,
    name: `S${id}`,
    role,
    term,
    vote: 0,
    leads: role === "down" ? 0 : 3,
    cutOff: false,
    timerFrom: now - 100 * ms,
    timerUntil: now + 120 * ms,
    last,
    durable: last - 1,
    commit: last - 1,
    applied: last - 1,
    revision: 31,
    log: entries,
    diskBytes: 2048,
    unsyncedBytes: 64,
    kind: "voter",
    paused: false,
    clockOffset: 0,
    clockRate: 0,
    snapshotIndex: 0,
    ...rest,
  };
}

let ids = 0;
function message(from: number, to: number, part: number, rest: Partial<Message>): Message {
  const travel = 20 * ms;
  return {
    id: ++ids,
    kind: "entries",
    from,
    to,
    term: 5,
    sent: now - part * travel,
    arrives: now + (1 - part) * travel,
    count: 0,
    positive: false,
    lost: false,
    label: "S3 sends entries 27 to 28 of term 5",
    name: "S3>S2 AppendEntries 5.27",
    fields: [
      { name: "term", value: "5" },
      { name: "prevLogIndex", value: "26" },
      { name: "entries", value: "c=7 c=8" },
    ],
    ...rest,
  };
}

function op(client: string, call: number, back: number, outcome: Op["outcome"]): Op {
  return {
    id: ++ids,
    serializable: false,
    effect: outcome === "answered" ? ((call + back) / 2) * ms : 0,
    revision: outcome === "answered" ? 30 : 0,
    client,
    member: 1,
    call: call * ms,
    return: back * ms,
    outcome,
    request: "txn --compare 'value(\"counter\") = \"5\"' --then 'put counter 6'",
    answer: outcome === "answered" ? "succeeded, revision 30" : "",
  };
}

const lanes: Lanes = {
  roles: [
    { member: 1, from: 0, until: 300 * ms, role: "follower", term: 3 },
    { member: 1, from: 300 * ms, until: 450 * ms, role: "candidate", term: 4 },
    { member: 1, from: 450 * ms, until: 6900 * ms, role: "leader", term: 4 },
    { member: 2, from: 0, until: 6900 * ms, role: "follower", term: 4 },
    { member: 3, from: 0, until: 2600 * ms, role: "follower", term: 4 },
    { member: 3, from: 2600 * ms, until: 2750 * ms, role: "candidate", term: 5 },
    { member: 3, from: 2750 * ms, until: 0, role: "leader", term: 5 },
    { member: 4, from: 0, until: 6900 * ms, role: "follower", term: 4 },
    { member: 5, from: 0, until: 3600 * ms, role: "follower", term: 4 },
    { member: 5, from: 3600 * ms, until: 6900 * ms, role: "down", term: 4 },
  ],
  faults: [
    { from: 1900 * ms, until: 5300 * ms, members: [1], label: "cut S1 | S2 S3 S4 S5" },
    { from: 3600 * ms, until: 0, members: [5], label: "S5 down" },
  ],
  ops: [
    op("A", 600, 700, "answered"),
    op("A", 1200, 1300, "answered"),
    op("A", 2100, 3100, "unknown"),
    op("A", 3400, 3550, "answered"),
    op("A", 4300, 4500, "answered"),
    op("B", 800, 900, "answered"),
    op("B", 2900, 3200, "answered"),
    op("B", 3900, 4000, "failed"),
    op("B", 4600, 0, "pending"),
    op("C", 1000, 1100, "answered"),
    op("C", 2400, 2950, "answered"),
    op("C", 3300, 3420, "failed"),
    op("C", 3900, 3960, "refused"),
  ],
  clients: ["A", "B", "C", "you"],
  marks: [{ time: 1900 * ms, text: "The leader is cut off" }],
  violation: -1,
};

export const frame: Frame = {
  time: now,
  head: 6900 * ms,
  next: now + 3 * ms,
  events: 2178,
  hash: "8c0d2f5a91b37e64",
  rules: "paper",
  seed: "42",
  sentence: "S1 is cut off and still believes it leads term 4",
  members: [
    member(1, "leader", 4, "33444", { cutOff: true, durable: 24, commit: 23, leads: 1 }),
    member(2, "follower", 5, "334555"),
    member(3, "leader", 5, "3345555"),
    member(4, "candidate", 5, "334555", { timerUntil: now + 30 * ms }),
    member(5, "down", 5, "334", { timerFrom: 0, timerUntil: 0, durable: 23, commit: 22, unsyncedBytes: 0 }),
  ],
  cuts: [2, 3, 4, 5].flatMap((other) => [
    { from: 1, to: other },
    { from: other, to: 1 },
  ]),
  messages: [
    message(3, 2, 0.4, { count: 2 }),
    message(3, 4, 0.4, { count: 2 }),
    message(2, 3, 0.7, { kind: "append-reply", positive: true, label: "S2 has it up to 27" }),
    message(4, 3, 0.6, { kind: "append-reply", positive: false, label: "S4 refuses: its log differs at 26" }),
    message(1, 2, 0.9, { count: 1, term: 4, lost: true }),
    message(4, 2, 0.5, { kind: "vote-request" }),
    message(2, 4, 0.3, { kind: "vote-reply", positive: true }),
    message(3, 5, 0.5, { kind: "heartbeat" }),
    message(2, 5, 0.5, { kind: "forward" }),
    message(0, 2, 0.4, { kind: "client-request", client: "A", label: "A: put counter 7" }),
    message(3, 0, 0.5, { kind: "client-reply", client: "B", positive: true, label: "B: succeeded" }),
  ],
  clients: [
    {
      name: "A",
      member: 2,
      request: "put counter 7",
      since: 4700 * ms,
      serializable: false,
      outcome: "answered",
      answer: "OK (revision 30)",
      paused: false,
      about: "cas-counter counter: 5 increments done",
    },
    {
      name: "you",
      member: 3,
      request: "",
      since: 0,
      serializable: false,
      outcome: "pending",
      answer: "",
      paused: false,
    },
  ],
  clientCount: 2,
  store: {
    member: 3,
    revision: 31,
    keys: [
      { key: "counter", value: "7", createRevision: 2, modRevision: 31, version: 7 },
      { key: "owner", value: "node3", createRevision: 12, modRevision: 12, version: 1 },
      { key: "status", value: "success", createRevision: 5, modRevision: 30, version: 6 },
    ],
    count: 3,
    at: 31,
    compacted: 0,
    leases: [],
    watchers: [],
  },
  story: [
    { time: 450 * ms, kind: "election", text: "S1 leads term 4" },
    { time: 1900 * ms, kind: "fault", text: "S1 is cut off from S2 S3 S4 S5" },
    { time: 2750 * ms, kind: "election", text: "S3 leads term 5" },
    { time: 3100 * ms, kind: "unknown", text: "A got no answer to its transaction: it may have happened" },
    { time: 3600 * ms, kind: "fault", text: "S5 crashes" },
    { time: 4500 * ms, kind: "answer", text: "A: counter is 7 at revision 31" },
  ],
  console: [
    {
      ...op("you", 2100, 3100, "unknown"),
      answer: "unknown: no answer within 1 s. It may have happened, or may yet.",
    },
    {
      ...op("you", 3200, 3300, "answered"),
      member: 3,
      request: "get counter",
      answer: "counter = 6 (revision 30)",
    },
    { ...op("you", 3400, 3500, "failed"), member: 3, answer: "counter is 6, not 5" },
    { ...op("you", 4600, 0, "pending"), member: 3, request: "put x 1" },
  ],
  verdict: { result: "linearizable", operations: 128, checks: [] },
  membership: {
    index: 0,
    committed: true,
    joint: false,
    voters: [1, 2, 3, 4, 5],
    outgoing: [],
    learners: [],
  },
  branches: [{ id: 0, parent: -1, at: 0, head: 6900 * ms, label: "main" }],
  branch: 0,
  canUndo: false,
  canRedo: false,
  bug: "",
  lanes,
  scenario:
    "castaway 1\nmembers 5\nseed 42\nrules paper\n\nat 1900ms cut S1 | S2 S3 S4 S5\nat 3600ms crash S5\n",
};

/** The same run with a fork in which S1 was not cut, the two side by side. */
export const forked: Frame = {
  ...frame,
  branches: [
    { id: 0, parent: -1, at: 0, head: 6900 * ms, label: "main" },
    { id: 1, parent: 0, at: 1800 * ms, head: 6000 * ms, label: "the scenario was edited" },
    { id: 2, parent: 1, at: 3100 * ms, head: 3500 * ms, label: "crash S2" },
  ],
  branch: 0,
  canUndo: true,
  comparison: {
    branch: 1,
    at: 1900 * ms,
    left: "cut: S1 | S2 S3 S4 S5",
    right: "S1 sends AppendEntries to S2",
    sentence: "S1 leads term 4",
    members: frame.members.map((m) => ({
      ...m,
      role: m.id === 1 ? "leader" : "follower",
      term: 4,
      cutOff: false,
    })),
    store: { ...frame.store, member: 1, revision: 33, keys: frame.store.keys.slice(0, 2) },
    lanes: {
      ...lanes,
      roles: lanes.roles
        .filter((r) => r.term < 5 && r.role !== "down")
        .map((r) => ({ ...r, until: r.until > 1e9 ? 0 : r.until })),
      faults: [],
    },
    verdict: { result: "linearizable", operations: 140, checks: [] },
  },
};

const contradiction = lanes.ops.slice(3, 5).map((o) => o.id);

/** The same run where a promise was broken. */
export const broken: Frame = {
  ...frame,
  bug: "local-leader-read",
  lanes: { ...lanes, violation: 4500 * ms },
  verdict: {
    result: "violation",
    operations: 128,
    reason: "A read 6 at 4.5 s, though B was told at 3.2 s that counter is 7",
    excuse: "",
    checks: [
      { name: "linearizability", result: "violation", reason: "no order of effect explains what A read" },
      { name: "serializable reads", result: "linearizable" },
      { name: "watches", result: "linearizable" },
      { name: "durability", result: "undecided", reason: "too many steps" },
    ],
    cause: {
      time: 4500 * ms,
      property: "Linearizability",
      text: [
        "B was told that counter is 7.",
        "After that A asked S1, which answered with 6 of its own store, cut off from the others.",
      ],
      ops: contradiction,
      members: [1],
    },
  },
};
