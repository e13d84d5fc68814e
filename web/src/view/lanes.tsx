import type { FaultSpan, Lanes, Op, RoleSpan } from "../engine/types";
import { px } from "../pure/geometry";
import { roleWord } from "../pure/member";
import { clientRow, memberRow, type Rows } from "../pure/rows";
import { marks, type Scale, toPixel } from "../pure/scale";
import { mark } from "../pure/time";
import { answer } from "./console";

export interface BarsProps {
  lanes: Lanes;
  /** Names of the members. */
  names: string[];
  scale: Scale;
  rows: Rows;
  head: number;
}

/** All of the timeline but the playhead: names, roles, faults, operations, axis. */
export function Bars({ lanes, names, scale, rows, head }: BarsProps) {
  return (
    <>
      <Axis scale={scale} y={rows.axis} />
      {names.map((name, i) => (
        <LaneName key={`member ${name}`} name={name} y={memberRow(rows, i + 1) + 11} />
      ))}
      {lanes.clients.map((name, i) => (
        <LaneName key={`client ${name}`} name={name} y={clientRow(rows, i) + 10} />
      ))}
      {lanes.roles.map((span) => (
        <RoleBar
          key={`${span.member} ${span.from}`}
          span={span}
          scale={scale}
          y={memberRow(rows, span.member)}
          head={head}
        />
      ))}
      {lanes.faults.map((span) => (
        <FaultBand key={`${span.label} ${span.from}`} span={span} scale={scale} rows={rows} head={head} />
      ))}
      {lanes.ops.map((op) => (
        <OpBar
          key={`${op.client} ${op.call}`}
          op={op}
          scale={scale}
          y={clientRow(rows, lanes.clients.indexOf(op.client))}
          head={head}
        />
      ))}
    </>
  );
}

/** Where a span ends; 0 stands for one that lasts. */
function end(until: number, head: number): number {
  return until === 0 ? head : until;
}

function LaneName({ name, y }: { name: string; y: number }) {
  return (
    <text class="lane-name" x="12" y={y}>
      {name}
    </text>
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
function RoleBar({ span, scale, y, head }: { span: RoleSpan; scale: Scale; y: number; head: number }) {
  const x = toPixel(scale, span.from);
  const width = Math.max(1, toPixel(scale, end(span.until, head)) - x);
  const title = <title>{`${roleWord({ role: span.role, cutOff: false })}, term ${span.term}`}</title>;
  if (span.role === "follower" || span.role === "down") {
    return (
      <path class={`lane ${span.role}`} d={`M${px(x)} ${y + 6.5}h${px(width)}`}>
        {title}
      </path>
    );
  }
  return (
    <g>
      <rect class={`lane ${span.role}`} x={px(x)} y={y} width={px(width)} height="13" rx="3">
        {title}
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
function FaultBand({ span, scale, rows, head }: { span: FaultSpan; scale: Scale; rows: Rows; head: number }) {
  const x = toPixel(scale, span.from);
  const width = Math.max(3, toPixel(scale, end(span.until, head)) - x);
  const first = span.members[0];
  const room = (text: string) => text.length * 6.4 + 60 < width / 2;
  const word = room(span.label) ? span.label : (span.label.split(/[ :]/, 1)[0] ?? "");
  return (
    <g class="fault">
      {span.members.map((member) => (
        <rect
          key={member}
          x={px(x)}
          y={memberRow(rows, member) - 3}
          width={px(width)}
          height={rows.memberPitch}
          rx="4"
        >
          <title>{span.label}</title>
        </rect>
      ))}
      {width > 60 && first !== undefined && (
        <FaultWord x={x + width} y={memberRow(rows, first)} word={word} />
      )}
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
  const width = Math.max(6, toPixel(scale, end(op.return, head)) - x);
  return (
    <rect class={`op ${op.outcome}`} x={px(x)} y={y + 1} width={px(width)} height="11" rx="5.5">
      <title>{`${op.client}: ${op.request} → ${answer(op)}`}</title>
    </rect>
  );
}
