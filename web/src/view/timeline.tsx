import { useMemo, useRef } from "preact/hooks";
import type { FaultSpan, Lanes, Member, Op, RoleSpan } from "../engine/types";
import { px } from "../pure/geometry";
import { marks, niceSpan, type Scale, toPixel, toTime } from "../pure/scale";
import { clock, mark } from "../pure/time";
import { answer } from "./console";
import { roleWord } from "./member";
import { useSize } from "./size";

const top = 6;
const axisHeight = 22;

/** Distances from lane to lane; in a low window they stand closer, so that the axis stays in sight. */
interface Lanes2 {
  member: number;
  client: number;
}

export interface TimelineProps {
  lanes: Lanes;
  members: Member[];
  time: number;
  head: number;
  onSeek: (time: number) => void;
}

/** The whole run so far: roles, faults and operations over one time axis, and the playhead. */
export function Timeline({ lanes, members, time, head, onSeek }: TimelineProps) {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box, { width: 1000, height: 190 });
  const left = width < 600 ? 44 : 64;
  const scale = useMemo<Scale>(
    () => ({ left, right: width - 16, span: niceSpan(head) }),
    [left, width, head],
  );
  const height = top + members.length * memberLane + 8 + lanes.clients.length * clientLane + axisHeight;
  const names = members.map((m) => m.name);
  // While the playhead only moves within the past, the bars stay as they are.
  const bars = useMemo(
    () => <Bars lanes={lanes} names={names} scale={scale} height={height} head={head} />,
    [lanes, names.join(" "), scale, height, head],
  );
  const seekTo = (event: PointerEvent) => {
    const x = event.clientX - (box.current?.getBoundingClientRect().left ?? 0);
    onSeek(toTime(scale, x, head));
  };
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
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        {bars}
        <Playhead x={toPixel(scale, time)} height={height - axisHeight + 6} />
      </svg>
      <Slider x={toPixel(scale, time)} y={height - axisHeight} time={time} head={head} onSeek={onSeek} />
    </div>
  );
}

interface BarsProps {
  lanes: Lanes;
  names: string[];
  scale: Scale;
  height: number;
  head: number;
}

/** All but the playhead. */
function Bars({ lanes, names, scale, height, head }: BarsProps) {
  const clientsTop = top + names.length * memberLane + 8;
  return (
    <>
      <Axis scale={scale} y={height - axisHeight} />
      {names.map((name, i) => (
        <text key={name} class="lane-name" x="12" y={top + i * memberLane + 11}>
          {name}
        </text>
      ))}
      {lanes.clients.map((name, i) => (
        <text key={name} class="lane-name" x="12" y={clientsTop + i * clientLane + 10}>
          {name}
        </text>
      ))}
      {lanes.roles.map((span) => (
        <RoleBar key={`${span.member} ${span.from}`} span={span} scale={scale} head={head} />
      ))}
      {lanes.faults.map((span) => (
        <FaultBand key={`${span.label} ${span.from} ${span.members.join()}`} span={span} scale={scale} head={head} />
      ))}
      {lanes.ops.map((op) => (
        <OpBar
          key={`${op.client} ${op.call}`}
          op={op}
          scale={scale}
          y={clientsTop + lanes.clients.indexOf(op.client) * clientLane}
          head={head}
        />
      ))}
    </>
  );
}

function Axis({ scale, y }: { scale: Scale; y: number }) {
  return (
    <g class="axis">
      <path d={`M${px(scale.left)} ${y + 0.5}H${px(scale.right)}`} />
      {marks(scale).map((time) => (
        <g key={time} transform={`translate(${px(toPixel(scale, time))} ${y})`}>
          <path d="M0 0v4" />
          <text y="16" text-anchor={time === scale.span ? "end" : "middle"}>
            {mark(time)}
          </text>
        </g>
      ))}
    </g>
  );
}

/** A role as a bar: leaders and candidates thick, followers a thin line, crashed a broken one. */
function RoleBar({ span, scale, head }: { span: RoleSpan; scale: Scale; head: number }) {
  const x = toPixel(scale, span.from);
  const width = Math.max(1, toPixel(scale, span.until || head) - x);
  const y = top + (span.member - 1) * memberLane;
  const label = `${roleWord({ role: span.role, cutOff: false })}, term ${span.term}`;
  const thick = span.role === "leader" || span.role === "candidate" || span.role === "pre-candidate";
  if (!thick) {
    return (
      <path class={`lane ${span.role}`} d={`M${px(x)} ${y + 6.5}h${px(width)}`}>
        <title>{label}</title>
      </path>
    );
  }
  return (
    <g>
      <rect class={`lane ${span.role}`} x={px(x)} y={y} width={px(width)} height="13" rx="3">
        <title>{label}</title>
      </rect>
      {width > 60 && (
        <text class={`lane-term on-${span.role}`} x={px(x + 6)} y={y + 10.5}>
          {`term ${span.term}`}
        </text>
      )}
    </g>
  );
}

/** A fault as a frame around the lanes of the members it hits. */
function FaultBand({ span, scale, head }: { span: FaultSpan; scale: Scale; head: number }) {
  const x = toPixel(scale, span.from);
  const width = Math.max(3, toPixel(scale, span.until || head) - x);
  const lanes = span.members.length > 0 ? span.members : [1];
  const word = span.label.split(/[ :]/, 1)[0] ?? "";
  return (
    <g class="fault">
      {lanes.map((member) => (
        <rect
          key={member}
          x={px(x)}
          y={top + (member - 1) * memberLane - 3}
          width={px(width)}
          height={memberLane}
          rx="4"
        >
          <title>{span.label}</title>
        </rect>
      ))}
      {width > 60 && <FaultWord x={x + width} y={top + ((lanes[0] ?? 1) - 1) * memberLane} word={word} />}
    </g>
  );
}

/** The word on a ground of its own, at the end of the band where no bar's own word stands. */
function FaultWord({ x, y, word }: { x: number; y: number; word: string }) {
  const width = word.length * 6.4 + 8;
  return (
    <g class="fault-word" transform={`translate(${px(x - width - 4)} ${y})`}>
      <rect width={px(width)} height="13" rx="3" />
      <text x={px(width / 2)} y="10.5">
        {word}
      </text>
    </g>
  );
}

/** An operation from call to return; one without an answer is an outline, never filled. */
function OpBar({ op, scale, y, head }: { op: Op; scale: Scale; y: number; head: number }) {
  const x = toPixel(scale, op.call);
  const until = op.return > 0 ? op.return : head;
  const width = Math.max(6, toPixel(scale, until) - x);
  return (
    <rect class={`op ${op.outcome}`} x={px(x)} y={y + 1} width={px(width)} height="11" rx="5.5">
      <title>{`${op.client}: ${op.request} → ${answer(op)}`}</title>
    </rect>
  );
}

function Playhead({ x, height }: { x: number; height: number }) {
  return (
    <g class="playhead" transform={`translate(${px(x)} 0)`}>
      <path d={`M0 2V${height - 6}`} />
      <circle cy={height - 6} r="6" />
    </g>
  );
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
