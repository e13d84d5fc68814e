import { useMemo } from "preact/hooks";
import type { Op } from "../engine/types";
import { answer } from "../pure/console";
import { px } from "../pure/geometry";
import { type Scale, toPixel } from "../pure/scale";
import { clock } from "../pure/time";

export interface OpBarProps {
  op: Op;
  scale: Scale;
  y: number;
  /** Where the bar ends; of a pending operation, how far the run was seen. */
  until: number;
  spotlit: boolean;
}

/** Bars are this high and at least this wide. */
const height = 11;
const narrowest = 6;

/**
 * An operation from call to return. How it ended is told by shape as well as by
 * colour: answered is round and full, failed square with a bar across, refused a
 * frame with a stroke through it, unknown and pending are open to the right,
 * for nobody knows their end. A serializable read is half as high. A tick stands
 * where the operation took effect.
 */
export function OpBar({ op, scale, y, until, spotlit }: OpBarProps) {
  // The same elements again unless something of it changed: most don't, in most frames.
  return useMemo(() => {
    const x = toPixel(scale, op.call);
    const width = Math.max(narrowest, toPixel(scale, until) - x);
    return (
      <g class={`op ${op.outcome}`} data-op={op.id}>
        <title>{words(op)}</title>
        {spotlit && (
          <g class="halo">
            <rect x={px(x - 4)} y={y - 3} width={px(width + 8)} height={height + 8} rx="9" />
            <text x={px(x + width + 7)} y={y + 11}>
              {op.id}
            </text>
          </g>
        )}
        <Shape op={op} x={x} y={y + 1} width={width} />
        {op.effect > 0 && <Effect at={toPixel(scale, op.effect)} from={x} until={x + width} y={y + 1} />}
      </g>
    );
  }, [op, until, scale, y, spotlit]);
}

/** The operation in a sentence. */
function words(op: Op): string {
  const kind = op.serializable ? " (serializable: it may read the past)" : "";
  const effect = op.effect > 0 ? `; took effect at ${clock(op.effect)}, revision ${op.revision}` : "";
  return `${op.client}: ${op.request}${kind} → ${answer(op)}${effect}`;
}

/** The bar alone, also for the legend. */
export function Shape(props: {
  op: Pick<Op, "outcome" | "serializable">;
  x: number;
  y: number;
  width: number;
}) {
  const { op, x, width } = props;
  const half = op.serializable;
  const y = half ? props.y + 3 : props.y;
  const high = half ? 5 : height;
  switch (op.outcome) {
    case "answered":
      return <rect class="body" x={px(x)} y={y} width={px(width)} height={high} rx={high / 2} />;
    case "failed":
      return (
        <>
          <rect class="body" x={px(x)} y={y} width={px(width)} height={high} />
          <path class="across" d={`M${px(x)} ${y + high / 2}h${px(width)}`} />
        </>
      );
    case "refused": {
      const middle = x + width / 2;
      return (
        <>
          <rect class="body" x={px(x)} y={y} width={px(width)} height={high} rx="2" />
          <path class="through" d={`M${px(middle - 3)} ${y + high + 2}l6 ${-high - 4}`} />
        </>
      );
    }
    default:
      return (
        <path
          class="body"
          d={`M${px(x + width)} ${y}H${px(x + 3)}q-3 0-3 3v${high - 6}q0 3 3 3H${px(x + width)}`}
        />
      );
  }
}

/** A tick where it took effect; one that came after the bar's end hangs on a thread. */
function Effect({ at, from, until, y }: { at: number; from: number; until: number; y: number }) {
  const thread = at > until + 1 ? `M${px(until)} ${y + height / 2}H${px(at)}` : "";
  return <path class="effect" d={`${thread}M${px(Math.max(from, at))} ${y - 2}v${height + 4}`} />;
}
