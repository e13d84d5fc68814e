import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { Arrow, Frame, Member, Point, RoleSpan } from "../engine/types";
import { heading, px } from "../pure/geometry";
import { roleWord, sentence } from "../pure/member";
import { arrowWay, depth, risen, type Sheet, timeMarks, timeToY } from "../pure/spacetime";
import { termClass } from "../pure/term";
import { mark } from "../pure/time";
import { Glyph } from "./glyph";
import type { Open } from "./handles";
import { MemberShape } from "./member";

/** With more arrows than these, glyphs would hide the lines. */
const mostGlyphs = 120;

export interface SpaceTimeProps {
  frame: Frame;
  sheet: Sheet;
  onOpen?: Open;
  onSeek?: (time: number) => void;
}

/** The last of a run: a lane per member, time downwards, messages as slanted lines. A pure function of the frame. */
export function SpaceTimePicture({ frame, sheet: s, onOpen = () => {}, onSeek = () => {} }: SpaceTimeProps) {
  const { arrows, points } = frame.spaceTime ?? { arrows: [], points: [] };
  return (
    // biome-ignore lint/a11y/useSemanticElements: an SVG picture can't be a fieldset.
    <svg
      class="picture space-time"
      width={s.width}
      height={s.height}
      viewBox={`0 0 ${s.width} ${s.height}`}
      role="group"
      aria-label="Space-time: a lane for each member, time downwards"
    >
      <Axis sheet={s} />
      {[...s.clients].map(([name, x]) => (
        <ClientLane key={name} name={name} x={x} sheet={s} />
      ))}
      <svg y={s.top} width={s.width} height={px(s.bottom - s.top)} aria-hidden="true">
        <g transform={`translate(0 ${px(-risen(s))})`}>
          {frame.members.map((m) => (
            <Lane key={m.id} member={m} spans={frame.lanes?.roles ?? []} sheet={s} />
          ))}
          <Arrows arrows={arrows} sheet={s} onOpen={onOpen} />
          <Points points={points} sheet={s} onSeek={onSeek} />
        </g>
      </svg>
      <path class="now" d={`M0 ${px(timeToY(s, s.now))}H${s.width}`} />
      {frame.members.map((m) => (
        <Head key={m.id} member={m} sheet={s} onOpen={onOpen} />
      ))}
    </svg>
  );
}

function Axis({ sheet: s }: { sheet: Sheet }) {
  return (
    <g class="time-axis">
      {timeMarks(s).map((time) => {
        const y = px(timeToY(s, time));
        return (
          <g key={time}>
            <path d={`M54 ${y}H${s.width}`} />
            <text x="50" y={px(timeToY(s, time) + 4)}>
              {mark(time)}
            </text>
          </g>
        );
      })}
    </g>
  );
}

/** A member's lane: its roles as lines of different breadth, each new term with its number. */
function Lane({ member, spans, sheet: s }: { member: Member; spans: RoleSpan[]; sheet: Sheet }) {
  const x = px(s.members.get(member.id) ?? 0);
  const seen = spans.filter(
    (r) => r.member === member.id && r.from < s.now && (r.until === 0 || r.until > s.from),
  );
  return (
    <g class="lane">
      {seen.map((span) => {
        const from = depth(s, Math.max(span.from, s.origin));
        const to = depth(s, span.until === 0 ? s.now : Math.min(span.until, s.now));
        const named = span.from > s.origin && span.role !== "down" && to - from > 14;
        return (
          <g key={span.from} class={`span ${span.role}`}>
            <path d={`M${x} ${px(from)}V${px(to)}`}>
              <title>{`${member.name} ${roleWord({ role: span.role, cutOff: false })}, term ${span.term}`}</title>
            </path>
            {named && (
              <g class="term-mark" transform={`translate(${x} ${px(from + 9)})`}>
                <rect class={termClass(span.term)} x="-9" y="-7" width="18" height="14" rx="3" />
                <text y="4">{span.term}</text>
              </g>
            )}
          </g>
        );
      })}
    </g>
  );
}

function ClientLane({ name, x, sheet: s }: { name: string; x: number; sheet: Sheet }) {
  return (
    <g class="client-lane">
      <path d={`M${px(x)} ${s.top}V${px(s.bottom)}`} />
      <text x={px(x)} y={s.top - 8}>
        {name.length > 4 ? `${name.slice(0, 3)}…` : name}
      </text>
    </g>
  );
}

/** A member at the head of its lane, as it is now: the same handle as on the ring. */
function Head({ member, sheet: s, onOpen }: { member: Member; sheet: Sheet; onOpen: Open }) {
  const x = s.members.get(member.id) ?? 0;
  const open = () => onOpen({ kind: "member", id: member.id }, { x, y: 20 });
  const off = member.cutOff ? " cut-off" : "";
  return (
    // biome-ignore lint/a11y/useSemanticElements: SVG has no button element.
    <g
      class={`member lane-head ${member.role} ${member.kind}${off}`}
      id={`member-${member.id}`}
      role="button"
      tabindex={0}
      aria-haspopup="menu"
      aria-label={sentence(member)}
      transform={`translate(${px(x)} 20)`}
      onClick={open}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        open();
      }}
    >
      <circle class="focus-ring" r="18" />
      <MemberShape of={member} radius={15} />
      <text class="name" y="4">
        {member.name}{" "}
      </text>
      {s.pitch >= 58 && (
        <text class="role" y="29">
          {member.paused ? "paused" : roleWord(member)}
        </text>
      )}
    </g>
  );
}

interface ArrowsProps {
  arrows: Arrow[];
  sheet: Sheet;
  onOpen: Open;
}

/** The ways of the messages. Those that have ended are drawn once and then only moved: there are many. */
function Arrows({ arrows, sheet, onOpen }: ArrowsProps) {
  const cache = useRef({ laid: "", drawn: new Map<string, JSX.Element>() });
  const glyphs = arrows.length <= mostGlyphs;
  const laid = [
    sheet.origin,
    sheet.until - sheet.from,
    sheet.height,
    sheet.pitch,
    sheet.members.size,
    glyphs,
  ].join();
  const known = cache.current.laid === laid ? cache.current.drawn : new Map<string, JSX.Element>();
  const drawn = new Map<string, JSX.Element>();
  const ways = arrows.map((arrow) => {
    const key = `${arrow.id} ${arrow.flying} ${arrow.arrived} ${arrow.dropped}`;
    const old = arrow.flying ? undefined : known.get(key);
    const way = old ?? <Way key={arrow.id} arrow={arrow} sheet={sheet} glyph={glyphs} onOpen={onOpen} />;
    drawn.set(key, way);
    return way;
  });
  cache.current = { laid, drawn };
  return <g class="arrows">{ways}</g>;
}

interface WayProps {
  arrow: Arrow;
  sheet: Sheet;
  glyph: boolean;
  onOpen: Open;
}

/** Where in the picture something was pressed. */
function pressed(event: MouseEvent): { x: number; y: number } {
  const box = (event.currentTarget as Element).closest(".picture")?.getBoundingClientRect();
  return { x: event.clientX - (box?.x ?? 0), y: event.clientY - (box?.y ?? 0) };
}

/** A message's way, with its glyph near where it began; one that was dropped ends in a cross. */
function Way({ arrow, sheet: s, glyph, onOpen }: WayProps) {
  const way = arrowWay(s, arrow);
  if (!way) return null;
  const { from, to } = way;
  const d = `M${px(from.x)} ${px(from.y)}L${px(to.x)} ${px(to.y)}`;
  const part = arrow.flying ? 1 : 0.4;
  const at = { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
  const state = arrow.dropped ? " dropped" : arrow.flying ? " flying" : "";
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what flies is in the list of messages, what was told in the story.
    <g
      class={`arrow ${arrow.kind}${state}`}
      data-id={arrow.id}
      onClick={(event) => onOpen({ kind: arrow.flying ? "message" : "arrow", id: arrow.id }, pressed(event))}
    >
      <title>{arrow.dropped ? `${arrow.label} (${arrow.dropped})` : arrow.label}</title>
      <path class="touch" d={d} />
      <path class="way" d={d} />
      {!arrow.dropped && !arrow.flying && (
        <path
          class="tip"
          d="M0 0-7-3.5V3.5z"
          transform={`translate(${px(to.x)} ${px(to.y)}) rotate(${px(heading(way))})`}
        />
      )}
      {arrow.dropped && (
        <path class="lost-mark" d="M-5-5 5 5M5-5-5 5" transform={`translate(${px(to.x)} ${px(to.y)})`} />
      )}
      {(glyph || arrow.flying) && (
        <g transform={`translate(${px(at.x)} ${px(at.y)}) scale(.8)`}>
          <Glyph message={arrow} heading={heading(way)} />
        </g>
      )}
    </g>
  );
}

const pointShapes: Record<Point["kind"], string> = {
  election: "M-7 0-3.5-6H3.5L7 0 3.5 6H-3.5z",
  fault: "M1-8-6 2H-1L-2 8 6-3H1z",
  answer: "M-5 0-1.5 4 5-4",
  refused: "M-4-4 4 4M4-4-4 4",
  unknown: "M-4-3a4 4 0 1 1 5 4l-1 2M0 6v1",
  other: "M-4 0 0-4 4 0 0 4z",
};

/** What happened at members, in words where they have room. */
function Points({
  points,
  sheet: s,
  onSeek,
}: {
  points: Point[];
  sheet: Sheet;
  onSeek: (t: number) => void;
}) {
  const room = Math.floor((s.pitch - 22) / 6);
  const lowest = new Map<number, number>();
  return (
    <g class="points">
      {points.map((point, i) => {
        const x = s.members.get(point.member);
        if (x === undefined) return null;
        const y = depth(s, point.time);
        const free = y - (lowest.get(point.member) ?? -Infinity) >= 13 && room >= 6;
        if (free) lowest.set(point.member, y);
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: the story leads to the same moments by keyboard.
          <g
            key={`${point.time} ${point.member} ${i}`}
            class={`point ${point.kind}`}
            transform={`translate(${px(x)} ${px(y)})`}
            onClick={() => onSeek(point.time)}
          >
            <title>{point.text}</title>
            <circle class="point-ground" r="9" />
            <path d={pointShapes[point.kind]} />
            {free && (
              <text x="12" y="4">
                {point.text.length > room ? `${point.text.slice(0, room - 1)}…` : point.text}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}
