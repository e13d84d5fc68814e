import type { Command, Frame, Member } from "../engine/types";
import type { Pane } from "../state/view";
import { millisecond as ms } from "./time";

/** What the first minute is about; its scenario's seed makes exactly this happen. */
export const story = {
  scenario: "first-minute",
  /** Where the first picture stands: somebody leads. */
  begin: 202 * ms,
  /** The member that the transaction is sent to. */
  asks: 3,
  transaction: `txn --compare 'value("counter") = "5"' --then 'put counter 6' --else 'get counter'`,
  key: "counter",
};

/** One caption of the first minute, and the one thing to press. */
export interface Stop {
  id: string;
  /** What it says of the frame, in a sentence. */
  say: (frame: Frame) => string;
  press: string;
  /** The moment at which it waits for the press. */
  until: number;
  speed: number;
  /** Which part of the page a phone shows. */
  pane: Pane;
  /** What is done on the way here; "base" is the scenario as it was before anything was done. */
  does: (frame: Frame | null) => readonly (Command | "base")[];
}

const nothing = () => [];
const act = (text: string) => () => [{ kind: "act", text } as const];

export const stops: readonly Stop[] = [
  {
    id: "leader",
    say: (f) => `${leads(f)}: it sends heartbeats, and the other ${f.members.length - 1} follow.`,
    press: "Let two clients count",
    until: 240 * ms,
    speed: 1 / 50,
    pane: "main",
    does: nothing,
  },
  {
    id: "count",
    say: (f) =>
      `A and B each read the counter and swap in the next number if nobody was faster: it is ${value(f)}, and the verdict counts ${f.verdict.operations} operations.`,
    press: "Cut the leader off",
    until: 1350 * ms,
    speed: 1 / 5,
    pane: "timeline",
    does: nothing,
  },
  {
    id: "cut",
    say: () => "S1 reaches no other member now: A's write gets no answer, and its bar stays open.",
    press: "Wait for the others",
    until: 1450 * ms,
    speed: 1 / 20,
    pane: "main",
    does: act("cut S1"),
  },
  {
    id: "elected",
    say: (f) =>
      newest(f)?.id === 1
        ? "The other four hear no heartbeat: whose patience ends first asks for votes."
        : `${leads(f)}; S1 has A's write on ${holders(f, 1)} of ${f.members.length} members and can't commit it: for A the outcome is unknown.`,
    press: "Be a client yourself",
    until: 1900 * ms,
    speed: 1 / 10,
    pane: "timeline",
    does: nothing,
  },
  {
    id: "swap",
    say: () => "A transaction stands ready in the console: if the counter is still 5, put 6.",
    press: "Press Enter to send it",
    until: 1900 * ms,
    speed: 1 / 10,
    pane: "console",
    does: nothing,
  },
  {
    id: "answer",
    say: (f) =>
      f.console.at(-1)?.outcome === "failed"
        ? `Not succeeded: counter is ${value(f)}, ${writer(f)} wrote it.`
        : "Your transaction is on its way.",
    press: "Heal the cut",
    until: 2000 * ms,
    speed: 1 / 10,
    pane: "console",
    does: nothing,
  },
  {
    id: "heal",
    say: (f) =>
      f.members.find((m) => m.id === 1)?.role === "leader"
        ? "The messages get through again, and the old leader hears of a newer term."
        : `S1 follows in term ${f.members.find((m) => m.id === 1)?.term}: its entry that was never committed vanishes, and the leader's take its place.`,
    press: "Go back before the cut",
    until: 2240 * ms,
    speed: 1 / 15,
    pane: "main",
    does: act("heal"),
  },
  {
    id: "back",
    say: () => "The same moment as before, exactly: drag the playhead along the lanes and see.",
    press: "Skip the cut",
    until: 1300 * ms,
    speed: 1 / 10,
    pane: "timeline",
    does: () => [{ kind: "seek", time: 1300 * ms }],
  },
  {
    id: "branches",
    say: (f) =>
      `Without the cut ${leads(f)}: both branches stand side by side, and nothing of the first is lost.`,
    press: "And the verdict?",
    until: 2240 * ms,
    speed: 1 / 5,
    pane: "timeline",
    does: (f) => ["base", { kind: "compare", branch: f?.branch ?? 0 }],
  },
  {
    id: "verdict",
    say: (f) =>
      f.verdict.result === "linearizable"
        ? `Linearizable: one order of effect explains all ${f.verdict.operations} operations.`
        : `The verdict is ${f.verdict.result} after ${f.verdict.operations} operations.`,
    press: "",
    until: 2240 * ms,
    speed: 1 / 5,
    pane: "main",
    does: () => [{ kind: "compare", branch: -1 }],
  },
];

/** Of those who take themselves for the leader, the one in the highest term. */
function newest(frame: Frame): Member | undefined {
  return frame.members.filter((m) => m.role === "leader").sort((a, b) => b.term - a.term)[0];
}

function leads(frame: Frame): string {
  const leader = newest(frame);
  return leader ? `${leader.name} leads term ${leader.term}` : "nobody leads";
}

function value(frame: Frame): string {
  return counter(frame)?.value ?? "not there yet";
}

function counter(frame: Frame) {
  return frame.store.keys.find((k) => k.key === story.key);
}

/** On how many members the last entry of this one's log is. */
function holders(frame: Frame, id: number): number {
  const last = frame.members.find((m) => m.id === id)?.log.at(-1);
  const has = (m: Member) => m.log.some((e) => e.index === last?.index && e.term === last.term);
  return last ? frame.members.filter(has).length : 0;
}

/** Whose operation gave the counter its value: the one that took effect at its revision. */
function writer(frame: Frame): string {
  const revision = counter(frame)?.modRevision;
  const op = frame.lanes?.ops.find(
    (o) => o.effect > 0 && o.revision === revision && o.outcome === "answered",
  );
  return op?.client ?? "another client";
}
