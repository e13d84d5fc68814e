import { useEffect, useRef } from "preact/hooks";
import type { Cause, Check as CheckResult, Frame, Verdict, VerdictResult } from "../engine/types";
import { clock } from "../pure/time";
import { close, overlay } from "../state/overlay";
import type { Player } from "../state/player";
import { spotlight } from "../state/spotlight";
import { pane } from "../state/view";
import { Check, Cross, Question } from "./icons";

const marks: Record<VerdictResult, () => preact.JSX.Element> = {
  linearizable: Check,
  violation: Cross,
  undecided: Question,
};

/** The judge's word as a sign and a word; undecided never looks like a pass. */
export function VerdictMark({ verdict }: { verdict: Pick<Verdict, "result"> }) {
  const Mark = marks[verdict.result];
  return (
    <span class={`verdict-word ${verdict.result}`}>
      <Mark /> {verdict.result}
    </span>
  );
}

/** What the judge says of the history so far, always in sight; pressed, it opens all that was checked. */
export function VerdictChip({ verdict }: { verdict: Verdict }) {
  const Mark = marks[verdict.result];
  const open = overlay.value === "verdict";
  return (
    <button
      type="button"
      id="verdict-chip"
      class={`pill verdict ${verdict.result}`}
      title={verdict.reason ?? "All that was checked"}
      aria-expanded={open}
      onClick={() => {
        overlay.value = open ? "none" : "verdict";
      }}
    >
      <Mark /> {verdict.result}
      <span class="count"> · {operations(verdict)}</span>
      {verdict.excuse && <span class="count"> · excused</span>}
      {verdict.reason && <span class="unseen">: {verdict.reason}</span>}
    </button>
  );
}

function operations({ operations: n }: Verdict): string {
  return n === 1 ? "1 operation" : `${n} operations`;
}

/** All checks by name, the excuse, and the way to what broke. */
export function VerdictPanel({ frame, player }: { frame: Frame; player: Player }) {
  const box = useRef<HTMLElement>(null);
  const open = overlay.value === "verdict";
  useEffect(() => {
    if (open) box.current?.focus();
  }, [open]);
  if (!open) return null;
  const { verdict } = frame;
  const leave = () => {
    close();
    document.getElementById("verdict-chip")?.focus();
  };
  return (
    <section
      class="panel popup verdict-panel"
      aria-label="Verdict"
      ref={box}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === "Escape") leave();
      }}
    >
      <div class="bar">
        <h2>
          <VerdictMark verdict={verdict} /> · {operations(verdict)}
        </h2>
        <div class="aside">
          <button type="button" class="round" aria-label="Close" onClick={leave}>
            <Cross />
          </button>
        </div>
      </div>
      <div class="popup-body">
        <p>{meaning(verdict)}</p>
        {verdict.excuse && (
          <p class="excuse">
            Excused: {verdict.excuse} No replication survives that; what breaks after it proves nothing.
          </p>
        )}
        <Violation frame={frame} player={player} />
        <Checks checks={verdict.checks} />
      </div>
    </section>
  );
}

function meaning(verdict: Verdict): string {
  if (verdict.reason) return verdict.reason;
  switch (verdict.result) {
    case "linearizable":
      return "There is an order of effect that explains every answer: each operation took effect at one moment between its call and its return.";
    case "violation":
      return "No order of effect explains what the clients saw.";
    default:
      return "Not judged to the end: that is no pass.";
  }
}

/** What broke, here or later in the run, and the button that goes there. */
function Violation({ frame, player }: { frame: Frame; player: Player }) {
  const at = frame.lanes?.violation ?? -1;
  if (at < 0 && !frame.verdict.cause) return null;
  const { cause } = frame.verdict;
  return (
    <div class="broken">
      <p>
        {cause ? (
          <>
            <b>{cause.property}</b> broke at {clock(cause.time)}.
          </>
        ) : (
          <>Later in this run, at {clock(at)}, a promise is broken.</>
        )}
      </p>
      <button type="button" class="primary" onClick={() => void show(player)}>
        Show me
      </button>
    </div>
  );
}

/** Goes to the moment, and lights what it is about. */
async function show(player: Player): Promise<void> {
  if (await player.showViolation()) return;
  spotlight.value = player.frame.value?.verdict.cause ?? null;
  pane.value = "timeline";
  close();
}

/** What the engine says of a check for which the run gave no occasion. */
const noOccasion = "there was nothing to check";

function Checks({ checks }: { checks: readonly CheckResult[] }) {
  if (checks.length === 0) return null;
  const idle = checks.filter((c) => c.reason === noOccasion);
  return (
    <ul class="checks" aria-label="Checks">
      {checks
        .filter((c) => c.reason !== noOccasion)
        .map((check) => (
          <OneCheck key={check.name} check={check} />
        ))}
      {idle.length > 0 && (
        <li class="unchecked">There was no occasion yet to check {idle.map((c) => c.name).join(", ")}.</li>
      )}
    </ul>
  );
}

function OneCheck({ check }: { check: CheckResult }) {
  const Mark = marks[check.result];
  return (
    <li class={check.result}>
      <Mark />
      <span>
        <b>{check.name}</b>
        <span class="unseen"> {check.result}</span>
        {check.reason && <> {check.reason}</>}
      </span>
    </li>
  );
}

/** Why the promise was broken, in sentences, between the stage and the lanes that show it. */
export function CauseStrip({ cause, frame }: { cause: Cause; frame: Frame }) {
  const violation = frame.lanes?.violation ?? -1;
  useEffect(() => {
    // Another run, or a branch in which nothing broke.
    if (violation < 0) spotlight.value = null;
  }, [violation]);
  return (
    <section class="cause" aria-label="Cause">
      <Cross />
      <div class="cause-words" role="status">
        <p>
          <b>{cause.property}</b> broke at {clock(cause.time)}:
        </p>
        <ul>
          {cause.text.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </div>
      <button
        type="button"
        class="round"
        aria-label="Close the explanation"
        onClick={() => {
          spotlight.value = null;
        }}
      >
        <Cross />
      </button>
    </section>
  );
}
