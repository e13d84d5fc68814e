import type { Frame, Op, OpOutcome } from "../engine/types";

/** What stands for an answer that has no words of its own; that nobody knows is said in full. */
const wordless: Record<OpOutcome, string> = {
  pending: "waiting for an answer",
  answered: "done",
  failed: "not done: a comparison did not hold",
  refused: "refused: it did not happen",
  unknown: "unknown: no answer came. It may have happened, or may yet.",
};

/** How an operation ended, as a sentence. */
export function answer(op: Pick<Op, "outcome" | "answer">): string {
  return op.answer || wordless[op.outcome];
}

/** The client whose commands the page gives unless another one is chosen. */
export const you = "you";

/** So many of a client's newest operations are listed. */
const most = 100;

/** What a client asked, and was told, up to the playhead, oldest first. */
export function exchanges(frame: Frame, client: string): Op[] {
  if (client === you) return frame.console;
  return (frame.lanes?.ops ?? [])
    .filter((op) => op.client === client && op.call <= frame.time)
    .slice(-most)
    .map((op) => (op.return > frame.time ? { ...op, outcome: "pending", answer: "", return: 0 } : op));
}

/** All clients that can be spoken for, "you" first. */
export function speakers(frame: Frame): string[] {
  const others = (frame.lanes?.clients ?? []).filter((name) => name !== you);
  return [you, ...others];
}

/** A name for one more client: you2, you3, … */
export function nextName(frame: Frame): string {
  const taken = new Set(speakers(frame));
  for (let n = 2; ; n++) if (!taken.has(`${you}${n}`)) return `${you}${n}`;
}

/** The scenario with one more client who does only what it is told. */
export function withClient(scenario: string, name: string): string {
  const lines = scenario.split("\n");
  const statement = `client ${name} manual`;
  const at = lines.findIndex((line) => /^(at|run|expect)\s/.test(line));
  lines.splice(at < 0 ? lines.length : at, 0, statement);
  return lines.join("\n");
}
