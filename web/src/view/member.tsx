import type { Entry, Member, Role } from "../engine/types";
import { type Point, px, type Ring, spot, stripOffset } from "../pure/geometry";
import { termClass } from "../pure/term";
import { CrownShape } from "./icons";

/** How many entries of its log a member shows on the stage. */
const stripLength = 6;

/** The role in a word short enough for the disc. */
export function roleWord(member: Pick<Member, "role" | "cutOff">): string {
  switch (member.role) {
    case "leader":
      return member.cutOff ? "leader?" : "leader";
    case "pre-candidate":
      return "pre-vote";
    case "down":
      return "crashed";
    case "candidate":
    case "follower":
      return member.role;
  }
}

/** All that is drawn of a member, as a sentence. */
export function describe(m: Member): string {
  if (m.role === "down") return `${visible(m)}, its disk holds ${m.durable} entries`;
  const off = m.cutOff ? ", cut off from the majority" : "";
  return `${visible(m)}${off}, log up to ${m.last}, committed up to ${m.commit}`;
}

/** The words on the disc, which its name for screen readers begins with. */
function visible(m: Member): string {
  return `${m.name} ${roleWord(m)} term ${m.term}`;
}

export interface MemberProps {
  member: Member;
  ring: Ring;
  now: number;
  open: boolean;
  onOpen: () => void;
}

export function MemberNode({ member, ring, now, open, onOpen }: MemberProps) {
  const at = spot(ring, member.id);
  return (
    // biome-ignore lint/a11y/useSemanticElements: SVG has no button element.
    <g
      class={`member ${member.role}${member.cutOff ? " cut-off" : ""}`}
      id={`member-${member.id}`}
      role="button"
      tabindex={0}
      aria-haspopup="menu"
      aria-expanded={open}
      aria-label={describe(member)}
      transform={`translate(${px(at.x)} ${px(at.y)})`}
      onClick={onOpen}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        onOpen();
      }}
    >
      <circle class="focus-ring" r={px(ring.radius + 7)} />
      <Timer member={member} radius={ring.radius - 2} now={now} />
      <Body role={member.role} radius={ring.radius - 8} />
      {member.role === "leader" && (
        <g transform={`translate(0 ${px(-ring.radius + 2)}) scale(${px(ring.radius / 42)})`}>
          <CrownShape />
        </g>
      )}
      <Words member={member} radius={ring.radius} />
    </g>
  );
}

/** The ring that runs out: what is left of the election or heartbeat time-out. */
function Timer({ member, radius, now }: { member: Member; radius: number; now: number }) {
  const whole = member.timerUntil - member.timerFrom;
  const left = whole <= 0 ? 0 : Math.min(1, Math.max(0, (member.timerUntil - now) / whole));
  const around = 2 * Math.PI * radius;
  return (
    <>
      <circle class="timer-track" r={px(radius)} />
      {left > 0 && (
        <circle
          class="timer"
          r={px(radius)}
          stroke-dasharray={`${px(around * left)} ${px(around)}`}
          transform="rotate(-90)"
        />
      )}
    </>
  );
}

/** The role as a shape: round followers and leaders, six-sided candidates, broken when down. */
function Body({ role, radius }: { role: Role; radius: number }) {
  if (role !== "candidate" && role !== "pre-candidate") return <circle class="body" r={px(radius)} />;
  const corners = Array.from({ length: 6 }, (_, i) => (i * Math.PI) / 3);
  const points = corners.map((a) => `${px(Math.cos(a) * radius)},${px(Math.sin(a) * radius)}`);
  return <polygon class="body" points={points.join(" ")} />;
}

function Words({ member, radius }: { member: Member; radius: number }) {
  const size = radius < 33 ? "tiny" : radius < 38 ? "small" : "full";
  const [name, word, term] = { tiny: [-7, 3, 13], small: [-8, 4, 15], full: [-9, 6, 20] }[size];
  return (
    <g class={`words ${size}`}>
      <text class="name" y={name}>
        {member.name}{" "}
      </text>
      <text class="role" y={word}>
        {roleWord(member)}{" "}
      </text>
      <text class="term" y={term}>
        {`term ${member.term}`}
      </text>
    </g>
  );
}

/** The end of a member's log beside it, one square per entry with its term's hue and number. */
export function Strip({ member, ring }: { member: Member; ring: Ring }) {
  const at = shift(spot(ring, member.id), stripOffset(ring, member.id));
  const entries = member.log.slice(-stripLength);
  const digits = String(Math.max(1, ...entries.map((e) => e.term))).length;
  const width = 10 + 5 * digits;
  const left = at.x - (entries.length * (width + 2)) / 2;
  return (
    <g class="strip">
      {entries.map((entry, i) => (
        <Square
          key={entry.index}
          entry={entry}
          member={member}
          x={left + i * (width + 2)}
          y={at.y}
          width={width}
        />
      ))}
    </g>
  );
}

function shift(a: Point, by: Point): Point {
  return { x: a.x + by.x, y: a.y + by.y };
}

interface SquareProps {
  entry: Entry;
  member: Member;
  x: number;
  y: number;
  width: number;
}

function Square({ entry, member, x, y, width }: SquareProps) {
  const committed = entry.index <= member.commit;
  return (
    <g transform={`translate(${px(x)} ${px(y)})`}>
      <rect
        class={`entry ${termClass(entry.term)}${committed ? " committed" : ""}`}
        width={width}
        height="15"
        rx="3"
      >
        <title>{`${entry.index}: ${entry.detail}`}</title>
      </rect>
      <text x={px(width / 2)} y="11">
        {entry.term}
      </text>
      {entry.index <= member.durable && <path class="durable" d={`M1 17.5h${width - 2}`} />}
    </g>
  );
}
