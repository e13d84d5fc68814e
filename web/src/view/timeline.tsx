import { useMemo, useRef } from "preact/hooks";
import type { Lanes } from "../engine/types";
import { px } from "../pure/geometry";
import { rows } from "../pure/rows";
import { niceSpan, type Scale, toPixel, toTime } from "../pure/scale";
import { clock } from "../pure/time";
import { spotlight } from "../state/spotlight";
import { Bars } from "./lanes";
import { useMedia, useSize } from "./size";

export interface TimelineProps {
  lanes: Lanes;
  /** The members of the cluster now; those that were are shown too. */
  members: readonly number[];
  time: number;
  head: number;
  /** The head when the lanes were as they are given; as now if absent. */
  drawn?: number;
  /** What the axis must reach to, for two timelines with the same one. */
  reach?: number;
  /** Leaves the times of the axis to the timeline below. */
  bare?: boolean;
  /** Where two branches first differ. */
  difference?: number;
  /** Whether this is the run that the playhead moves in, or one beside it. */
  beside?: boolean;
  onSeek: (time: number) => void;
}

const none: readonly number[] = [];

/** The whole run so far: roles, faults and operations over one time axis, and the playhead. */
export function Timeline(props: TimelineProps) {
  const { time, head, onSeek, drawn = head } = props;
  const close = props.difference !== undefined;
  const lanes = useMemo(() => (close ? withoutIdle(props.lanes) : props.lanes), [close, props.lanes]);
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box, { width: 1000, height: 190 });
  const dense = useMedia("(max-height: 780px) and (min-width: 901px)") || close;
  const ids = laneMembers(lanes, props.members).join(" ");
  const reach = Math.max(head, props.reach ?? 0);
  const scale = useMemo(() => axis(width, reach), [width, niceSpan(reach)]);
  const bare = props.bare ?? false;
  const marks = lanes.marks.length > 0 || lanes.violation >= 0;
  const layout = useMemo(
    () => rows(ids.split(" ").map(Number), lanes.clients.length, { dense, marks, bare }),
    [ids, lanes.clients.length, dense, marks, bare],
  );
  const spotlit = (!props.beside && spotlight.value?.ops) || none;
  // While the playhead only moves within the past, the bars stay as they are.
  const bars = useMemo(
    () => <Bars lanes={lanes} scale={scale} rows={layout} head={drawn} spotlit={spotlit} bare={bare} />,
    [lanes, scale, layout, drawn, spotlit, bare],
  );
  const seekTo = (event: PointerEvent) => {
    const x = event.clientX - (box.current?.getBoundingClientRect().left ?? 0);
    onSeek(toTime(scale, x, head));
  };
  const x = toPixel(scale, time);
  return (
    // The bars are for eyes; the slider offers the same moments by keyboard, and the story tells what happened.
    <div
      class="timeline"
      ref={box}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        seekTo(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) seekTo(event);
      }}
    >
      <svg width={width} height={layout.height} viewBox={`0 0 ${width} ${layout.height}`} aria-hidden="true">
        {bars}
        {props.difference !== undefined && props.difference >= 0 && (
          <path class="difference" d={`M${px(toPixel(scale, props.difference))} 0V${layout.axis}`} />
        )}
      </svg>
      <Playhead x={x} axis={layout.axis} />
      {!props.beside && <Slider x={x} y={layout.axis} time={time} head={head} onSeek={onSeek} />}
    </div>
  );
}

/** A picture of its own, so that moving it leaves the bars as they are drawn. */
function Playhead({ x, axis }: { x: number; axis: number }) {
  return (
    <svg
      class="playhead"
      width="14"
      height={axis + 7}
      viewBox={`-7 0 14 ${axis + 7}`}
      style={{ transform: `translateX(${px(x - 7)}px)` }}
      aria-hidden="true"
    >
      <path d={`M0 2V${axis}`} />
      <circle cy={axis} r="6" />
    </svg>
  );
}

/** The lanes without clients that did nothing, where room is scarce. */
function withoutIdle(lanes: Lanes): Lanes {
  return { ...lanes, clients: lanes.clients.filter((name) => lanes.ops.some((op) => op.client === name)) };
}

/** All that are or were members, in order. */
function laneMembers(lanes: Lanes, now: readonly number[]): number[] {
  return [...new Set([...now, ...lanes.roles.map((r) => r.member)])].sort((a, b) => a - b);
}

function axis(width: number, head: number): Scale {
  return { left: width < 600 ? 44 : 64, right: width - 16, span: niceSpan(head) };
}

interface SliderProps {
  x: number;
  y: number;
  time: number;
  head: number;
  onSeek: (time: number) => void;
}

/** The playhead's handle: a slider for keyboard and screen reader, 24 pixels wide for a finger. */
function Slider({ x, y, time, head, onSeek }: SliderProps) {
  return (
    <div
      class="slider"
      style={{ left: x, top: y }}
      role="slider"
      tabIndex={0}
      aria-label="Playhead"
      aria-valuemin={0}
      aria-valuemax={Math.round(head / 1e6)}
      aria-valuenow={Math.round(time / 1e6)}
      aria-valuetext={`${clock(time)} of ${clock(head)}`}
      onKeyDown={(event) => {
        const page = niceSpan(head) / 20;
        const step = { PageUp: page, PageDown: -page }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        onSeek(Math.min(head, Math.max(0, time + step)));
      }}
    />
  );
}
