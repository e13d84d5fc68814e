import type { Op } from "../engine/types";
import { Shape } from "./opbar";

type Kind = Pick<Op, "outcome" | "serializable">;

/** The shapes in the order in which to read them. */
const kinds: readonly (Kind & { word: string })[] = [
  { outcome: "answered", serializable: false, word: "answered" },
  { outcome: "answered", serializable: true, word: "serializable read" },
  { outcome: "failed", serializable: false, word: "compare failed" },
  { outcome: "refused", serializable: false, word: "refused: did not happen" },
  { outcome: "unknown", serializable: false, word: "unknown: no answer" },
];

/** What the bars of the clients mean, as far as there are such. */
export function LanesLegend({ ops }: { ops: readonly Op[] }) {
  const there = new Set(ops.map((op) => word(op)));
  const shown = kinds.filter((k) => there.has(k.word));
  if (shown.length === 0) return null;
  return (
    <ul class="lanes-legend" aria-label="Meaning of the bars">
      {shown.map((kind) => (
        <li key={kind.word}>
          <svg width="24" height="16" viewBox="0 0 24 16" aria-hidden="true">
            <g class={`op ${kind.outcome}`}>
              <Shape op={kind} x={2} y={2.5} width={20} />
            </g>
          </svg>
          {kind.word}
        </li>
      ))}
      {ops.some((op) => op.effect > 0) && (
        <li>
          <svg width="10" height="16" viewBox="0 0 10 16" aria-hidden="true">
            <path class="effect-key" d="M5 0v16" />
          </svg>
          took effect
        </li>
      )}
    </ul>
  );
}

function word(op: Kind): string {
  return kinds.find((k) => k.outcome === op.outcome && k.serializable === op.serializable)?.word ?? "";
}
