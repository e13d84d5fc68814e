import { useMemo, useRef, useState } from "preact/hooks";
import type { Frame } from "../engine/types";
import { type CutLink, cutLabel, cutLinks, groups } from "../pure/cuts";
import { px, type Ring, ring, spot } from "../pure/geometry";
import type { Player } from "../state/player";
import { Boundaries, CutLinkLine } from "./cuts";
import { Scissors } from "./icons";
import { Legend } from "./legend";
import { MemberNode, Strip } from "./member";
import { LinkMenu, MemberMenu } from "./menus";
import { Messages } from "./messages";
import { useSize } from "./size";

/** What a menu is open for: a member, or a link between two. */
export type Target = { member: number } | { link: [number, number] } | null;

export interface StageProps {
  frame: Frame;
  player: Player;
  onConsole: (member: number) => void;
}

/** The members on their ring, what travels between them, and the handles on both. */
export function Stage({ frame, player, onConsole }: StageProps) {
  const field = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(field, { width: 640, height: 470 });
  const [target, setTarget] = useState<Target>(null);
  const layout = useMemo(
    () => ring(frame.members.length, width, height),
    [frame.members.length, width, height],
  );
  const close = () => {
    const id = target && "member" in target ? `member-${target.member}` : "";
    setTarget(null);
    if (id !== "") document.getElementById(id)?.focus();
  };
  return (
    <div class="stage">
      <div class="field" ref={field}>
        <Picture
          frame={frame}
          ring={layout}
          width={width}
          height={height}
          target={target}
          onTarget={setTarget}
        />
        <CutList frame={frame} player={player} />
        {target && "member" in target && (
          <MemberMenu
            key={target.member}
            frame={frame}
            id={target.member}
            at={spot(layout, target.member)}
            bounds={{ width, height }}
            act={(text) => void player.act(text)}
            onConsole={onConsole}
            onClose={close}
          />
        )}
        {target && "link" in target && (
          <LinkMenu
            key={target.link.join("-")}
            frame={frame}
            link={target.link}
            at={middle(layout, target.link)}
            bounds={{ width, height }}
            act={(text) => void player.act(text)}
            onClose={close}
          />
        )}
      </div>
      <Legend members={frame.members} messages={frame.messages} />
    </div>
  );
}

function middle(r: Ring, [a, b]: [number, number]) {
  const [p, q] = [spot(r, a), spot(r, b)];
  return { x: (p.x + q.x) / 2, y: (p.y + q.y) / 2 };
}

export interface PictureProps {
  frame: Frame;
  ring: Ring;
  width: number;
  height: number;
  target: Target;
  onTarget: (target: Target) => void;
}

/** The picture of a frame: a pure function of it, so that scrubbing back shows what was seen before. */
export function Picture({ frame, ring: r, width, height, target, onTarget }: PictureProps) {
  const links = cutLinks(frame.cuts);
  const split = groups(
    frame.members.map((m) => m.id),
    links,
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: an SVG picture can't be a fieldset.
    <svg
      class="picture"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="group"
      aria-label={`${frame.members.length} members`}
    >
      <Links frame={frame} ring={r} onTarget={onTarget} />
      {links.map((link) => (
        <CutLinkLine key={`${link.a}-${link.b}`} ring={r} link={link} snip={split === null} />
      ))}
      {split && <Boundaries ring={r} split={split} />}
      <Messages messages={frame.messages} ring={r} now={frame.time} clients={frame.lanes?.clients ?? []} />
      {frame.members.map((member) => (
        <Strip key={member.id} member={member} ring={r} />
      ))}
      {frame.members.map((member) => (
        <MemberNode
          key={member.id}
          member={member}
          ring={r}
          now={frame.time}
          open={target !== null && "member" in target && target.member === member.id}
          onOpen={() => onTarget({ member: member.id })}
        />
      ))}
    </svg>
  );
}

/** The links, with a wide invisible handle for the pointer; by keyboard they are reached from the members' menus. */
function Links({ frame, ring: r, onTarget }: Pick<PictureProps, "frame" | "ring" | "onTarget">) {
  const ids = frame.members.map((m) => m.id);
  const pairs = ids.flatMap((a) => ids.filter((b) => b > a).map((b): [number, number] => [a, b]));
  return (
    <g class="links">
      {pairs.map(([a, b]) => {
        const [p, q] = [spot(r, a), spot(r, b)];
        const d = `M${px(p.x)} ${px(p.y)}L${px(q.x)} ${px(q.y)}`;
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: the same is offered by keyboard in the members' menus.
          <g
            key={`${a}-${b}`}
            class="link"
            data-link={`${a}-${b}`}
            onClick={() => onTarget({ link: [a, b] })}
          >
            <path class="link-line" d={d} />
            <path class="link-handle" d={d} />
          </g>
        );
      })}
    </g>
  );
}

/** The cuts in words, with the button that heals them. */
function CutList({ frame, player }: { frame: Frame; player: Player }) {
  const links: CutLink[] = cutLinks(frame.cuts);
  if (links.length === 0) return null;
  const names = new Map(frame.members.map((m) => [m.id, m.name]));
  const split = groups([...names.keys()], links);
  const label = cutLabel(split, links, (id) => names.get(id) ?? String(id));
  return (
    <div class="cut-list">
      <Scissors />
      <span>cut: {label}</span>
      <button type="button" onClick={() => void player.act("heal")}>
        Heal
      </button>
    </div>
  );
}
