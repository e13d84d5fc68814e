import type { Member } from "../engine/types";
import { badges } from "../pure/badges";
import { px, type Ring, spot, stripAbove } from "../pure/geometry";
import { besideOf } from "../pure/layout";
import { roleWord, sentence } from "../pure/member";
import { spotlight } from "../state/spotlight";
import { CrownShape } from "./icons";

export interface MemberProps {
  member: Member;
  ring: Ring;
  now: number;
  open: boolean;
  onOpen: () => void;
}

/** A member: its timer, its role as shape and word, its term, and what is wrong with it. */
export function MemberNode({ member, ring, now, open, onOpen }: MemberProps) {
  const at = spot(ring, member.id);
  return (
    // biome-ignore lint/a11y/useSemanticElements: SVG has no button element.
    <g
      class={classes(member)}
      id={`member-${member.id}`}
      data-member={member.id}
      role="button"
      tabindex={0}
      aria-haspopup="menu"
      aria-expanded={open}
      aria-label={sentence(member)}
      transform={`translate(${px(at.x)} ${px(at.y)})`}
      onClick={onOpen}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        onOpen();
      }}
    >
      <circle class="focus-ring" r={px(ring.radius + 7)} />
      {spotlight.value?.members.includes(member.id) && <circle class="spotlit" r={px(ring.radius + 6)} />}
      <Timer member={member} radius={ring.radius - 2} now={now} />
      <MemberShape of={member} radius={ring.radius - 7} />
      {member.role === "leader" && (
        <g transform={`translate(0 ${px(-ring.radius + 2)}) scale(${px(ring.radius / 42)})`}>
          <CrownShape />
        </g>
      )}
      <Words member={member} radius={ring.radius} />
      {member.paused && <PausedMark radius={ring.radius} />}
    </g>
  );
}

function classes(m: Member): string {
  const flags: [boolean, string][] = [
    [m.cutOff, "cut-off"],
    [m.paused, "paused"],
    [m.dead !== undefined, "dead-member"],
  ];
  return ["member", m.role, m.kind, ...flags.filter(([on]) => on).map(([, word]) => word)].join(" ");
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

interface ShapeProps {
  of: Pick<Member, "role" | "kind" | "dead">;
  radius: number;
}

/** The role as a shape: round, six-sided for candidates, square for those without a vote, broken when down, crossed out when dead. */
export function MemberShape({ of, radius }: ShapeProps) {
  const cross = px(radius * 0.7);
  return (
    <>
      <Body of={of} radius={radius} />
      {of.dead !== undefined && (
        <path
          class="dead-cross"
          d={`M-${cross}-${cross} ${cross} ${cross}M${cross}-${cross}-${cross} ${cross}`}
        />
      )}
    </>
  );
}

function Body({ of: { role, kind }, radius }: ShapeProps) {
  if (role === "candidate" || role === "pre-candidate") {
    const corners = Array.from({ length: 6 }, (_, i) => (i * Math.PI) / 3);
    const points = corners.map((a) => `${px(Math.cos(a) * radius)},${px(Math.sin(a) * radius)}`);
    return <polygon class="body" points={points.join(" ")} />;
  }
  if (kind !== "learner") return <circle class="body" r={px(radius)} />;
  const half = radius * 0.86;
  return (
    <rect
      class="body"
      x={px(-half)}
      y={px(-half)}
      width={px(2 * half)}
      height={px(2 * half)}
      rx={px(radius / 4)}
    />
  );
}

/** Smaller members have no room for their role in words: shape and colour tell it; the smallest only for their name. */
const roleFits = 34;
const termFits = 24;

/** Name, role and term. */
function Words({ member, radius }: { member: Member; radius: number }) {
  if (radius < roleFits) return <FewWords member={member} radius={radius} />;
  const roomy = radius >= 40;
  const [name, word, term] = roomy ? [-9, 6, 20] : [-9, 4, 16];
  return (
    <g class={roomy ? "words" : "words small"}>
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

function FewWords({ member, radius }: { member: Member; radius: number }) {
  const term = radius >= termFits;
  return (
    <g class="words few">
      <text class="name" y={term ? -1 : 4}>
        {member.name}{" "}
      </text>
      {term && (
        <text class="term" y="11">
          {`t ${member.term}`}
        </text>
      )}
      <title>{sentence(member)}</title>
    </g>
  );
}

/** Two bars, as on a button that pauses, at the member's lower right. */
function PausedMark({ radius }: { radius: number }) {
  const at = px(radius * 0.72);
  return (
    <g class="paused-mark" transform={`translate(${at} ${at})`}>
      <circle r="10" />
      <path d="M-4-5h3V5h-3zM1-5h3V5H1z" />
    </g>
  );
}

/** What is out of the ordinary with a member, in words, on the inner side of the ring. */
export function Badges({ member, ring }: { member: Member; ring: Ring }) {
  const at = spot(ring, member.id);
  const down = stripAbove(ring, member.id);
  // Not over the clients at the edges.
  const side = besideOf(ring.width) - 4;
  // Above a leader stands its crown.
  const first = ring.radius + (member.role === "leader" && !down ? 22 : 12);
  return (
    <g class="badges">
      {badges(member).map(({ text, tone }, i) => {
        const width = 12 + text.length * 6.7;
        const x = Math.max(side + width / 2, Math.min(at.x, ring.width - side - width / 2));
        const y = at.y + (down ? 1 : -1) * (first + i * 19);
        return (
          <g key={text} class={`badge ${tone}`} transform={`translate(${px(x)} ${px(y)})`}>
            <rect x={px(-width / 2)} y="-8" width={px(width)} height="17" rx="8" />
            <text y="4.5">{text}</text>
          </g>
        );
      })}
    </g>
  );
}
