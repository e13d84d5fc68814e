import { useMemo } from "preact/hooks";
import type { FaultSpan, Lanes, RoleSpan } from "../engine/types";
import { px } from "../pure/geometry";
import { roleWord } from "../pure/member";
import { clientRow, memberRow, type Rows } from "../pure/rows";
import { marks, type Scale, toPixel } from "../pure/scale";
import { mark } from "../pure/time";
import { OpBar } from "./opbar";

export interface BarsProps {
  lanes: Lanes;
  scale: Scale;
  rows: Rows;
  /** Up to where the run was seen. */
  head: number;
  bare: boolean | undefined;
  /** The operations that a violation points at, by ID. */
  spotlit: readonly number[];
}

/** All of the timeline but the playhead: names, roles, faults, operations, marks, axis. */
export function Bars({ lanes, scale, rows, head, spotlit, bare }: BarsProps) {
  return (
    <>
      <Axis scale={scale} y={rows.axis} bare={bare ?? false} />
      <Marks lanes={lanes} scale={scale} rows={rows} />
      {rows.members.map((id) => (
        <LaneName key={`member ${id}`} name={`S${id}`} y={memberRow(rows, id) + 11} />
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
          until={end(span.until, head)}
        />
      ))}
      {lanes.faults.map((span) => (
        <FaultBand
          key={`${span.label} ${span.from}`}
          span={span}
          scale={scale}
          rows={rows}
          head={head}
          covered={isCovered(span, lanes.faults, head)}
        />
      ))}
      {lanes.ops.map((op) => (
        <OpBar
          key={op.id}
          op={op}
          scale={scale}
          y={clientRow(rows, lanes.clients.indexOf(op.client))}
          until={end(op.return, head)}
          spotlit={spotlit.includes(op.id)}
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
  const short = name.length > 7 ? `${name.slice(0, 6)}…` : name;
  return (
    <text class="lane-name" x="12" y={y}>
      {short}
    </text>
  );
}

function Axis({ scale, y, bare }: { scale: Scale; y: number; bare: boolean }) {
  return useMemo(
    () => (
      <g class="axis">
        <path d={`M${px(scale.left)} ${y + 0.5}H${px(scale.right)}`} />
        {marks(scale).map((time) => (
          <g key={time} transform={`translate(${px(toPixel(scale, time))} ${y})`}>
            <path d="M0 0v4" />
            {!bare && (
              <text y="16" text-anchor={time === scale.span ? "end" : "middle"}>
                {mark(time)}
              </text>
            )}
          </g>
        ))}
      </g>
    ),
    [scale, y, bare],
  );
}

/** The moments that the scenario names, and the one at which it broke a promise, above the lanes. */
function Marks({ lanes, scale, rows }: Pick<BarsProps, "lanes" | "scale" | "rows">) {
  const shown = lanes.marks.filter((m) => m.time <= scale.span);
  return (
    <g class="marks">
      {shown.map((m, i) => {
        const x = toPixel(scale, m.time);
        const room = toPixel(scale, shown[i + 1]?.time ?? scale.span) - x - 14;
        const letters = Math.floor(room / 6);
        return (
          <g key={`${m.time} ${m.text}`} transform={`translate(${px(x)} 0)`}>
            <title>{m.text}</title>
            <path class="mark-line" d={`M0.5 14V${rows.axis}`} />
            <path class="mark-flag" d="M0.5 15V4l8 4-8 4" />
            {letters > 3 && (
              <text x="12" y="12">
                {m.text.length > letters ? `${m.text.slice(0, letters - 1)}…` : m.text}
              </text>
            )}
          </g>
        );
      })}
      {lanes.violation >= 0 && lanes.violation <= scale.span && (
        <g class="violation-mark" transform={`translate(${px(toPixel(scale, lanes.violation))} 0)`}>
          <title>Here a promise is broken.</title>
          <path d={`M0 16V${rows.axis}`} />
          <circle cy="9" r="7" />
          <path class="cross" d="M-3 6l6 6M3 6l-6 6" />
        </g>
      )}
    </g>
  );
}

/** A role as a bar: leaders and candidates thick, followers a thin line, crashed a broken one. */
function RoleBar({ span, scale, y, until }: { span: RoleSpan; scale: Scale; y: number; until: number }) {
  const x = toPixel(scale, span.from);
  const width = Math.max(1, toPixel(scale, until) - x);
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
      {width > 14 && (
        <text class={`lane-term on-${span.role}`} x={px(x + 4)} y={y + 10.5}>
          {width > 60 ? `term ${span.term}` : span.term}
        </text>
      )}
    </g>
  );
}

/** Whether another fault of the same member begins where the word of this one would stand. */
function isCovered(span: FaultSpan, faults: readonly FaultSpan[], head: number): boolean {
  const last = end(span.until, head);
  return faults.some(
    (f) => f !== span && f.members[0] === span.members[0] && f.from > span.from && f.from < last,
  );
}

interface FaultProps {
  span: FaultSpan;
  scale: Scale;
  rows: Rows;
  head: number;
  /** Whether there is no place for its word. */
  covered: boolean;
}

/** A fault as a frame around the lanes of the members it hits. */
function FaultBand({ span, scale, rows, head, covered }: FaultProps) {
  const x = toPixel(scale, span.from);
  const width = Math.max(3, toPixel(scale, end(span.until, head)) - x);
  const first = span.members[0];
  const room = (text: string) => text.length * 6.4 + 60 < width / 2;
  // What has happened says more than to whom: the lane has its name.
  const bare = span.label.replace(/^S\d+ /, "");
  const word = room(span.label) ? span.label : (bare.split(/[ :]/, 1)[0] ?? "");
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
      {width > 60 && !covered && first !== undefined && (
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
