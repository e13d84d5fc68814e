import { useMemo, useRef, useState } from "preact/hooks";
import type { Frame } from "../engine/types";
import { type Client, clientSpots, clientsOf } from "../pure/clients";
import { cutLinks, groups } from "../pure/cuts";
import { type Ring, ring, spot } from "../pure/geometry";
import { standing } from "../pure/member";
import type { Player } from "../state/player";
import { Clients } from "./clients";
import { Boundaries, CutLinkLine, CutList } from "./cuts";
import { type Drag, useDrag } from "./drag";
import { Flight } from "./flight";
import { type Open, useHandles } from "./handles";
import { Legend } from "./legend";
import { DragLine, Links } from "./links";
import { Badges, MemberNode } from "./member";
import { MembershipLine } from "./membership";
import type { Target } from "./menus";
import { Messages } from "./messages";
import { useSize } from "./size";
import { Strip } from "./strip";

export interface StageProps {
  frame: Frame;
  player: Player;
  onConsole: (member: number) => void;
}

/** The members on their ring, what travels between them, and the handles on all of it. */
export function Stage({ frame, player, onConsole }: StageProps) {
  const field = useRef<HTMLDivElement>(null);
  const picture = useRef<SVGSVGElement>(null);
  const size = useSize(field, { width: 640, height: 470 });
  const [listed, setListed] = useState(false);
  const members = standing(frame.members);
  const ids = members.map((m) => m.id);
  const layout = useMemo(() => ring(ids, size.width, size.height), [ids.join(), size.width, size.height]);
  const clients = clientsOf(frame);
  const { target, open, menu } = useHandles({ frame, player, field, size, clients, onConsole });
  const { drag, start } = useDrag(picture, layout, (between, at) => open({ kind: "link", between }, at));
  return (
    <div class="stage">
      <div class="field" ref={field} onPointerDown={start}>
        <Picture
          frame={frame}
          ring={layout}
          clients={clients}
          target={target}
          onOpen={open}
          drag={drag}
          svg={picture}
        />
        <CutList frame={frame} act={(text) => void player.act(text)} />
        {menu}
      </div>
      <div class="stage-foot">
        <MembershipLine frame={frame} onOpen={open} />
        <button type="button" class="small" aria-expanded={listed} onClick={() => setListed(!listed)}>
          {frame.messages.length} in flight
        </button>
      </div>
      {listed && <Flight frame={frame} onOpen={open} />}
      <Legend members={frame.members} messages={frame.messages} />
    </div>
  );
}

export interface PictureProps {
  frame: Frame;
  ring: Ring;
  clients: Client[];
  target?: Target | null;
  onOpen?: Open;
  drag?: Drag | null;
  svg?: { current: SVGSVGElement | null };
}

/** The picture of a frame: a pure function of it, so that scrubbing back shows what was seen before. */
export function Picture({
  frame,
  ring: r,
  clients,
  target = null,
  onOpen = () => {},
  drag,
  svg,
}: PictureProps) {
  const members = frame.members.filter((m) => r.ids.includes(m.id));
  const links = cutLinks(frame.cuts).filter((l) => r.ids.includes(l.a) && r.ids.includes(l.b));
  const split = groups(r.ids, links);
  const spots = clientSpots(r, clients, members);
  return (
    // biome-ignore lint/a11y/useSemanticElements: an SVG picture can't be a fieldset.
    <svg
      ref={svg ?? null}
      class="picture"
      width={r.width}
      height={r.height}
      viewBox={`0 0 ${r.width} ${r.height}`}
      role="group"
      aria-label={`${members.length} members`}
    >
      <Links frame={frame} ring={r} onOpen={onOpen} />
      {links.map((link) => (
        <CutLinkLine key={`${link.a}-${link.b}`} ring={r} link={link} snip={split === null} />
      ))}
      {split && <Boundaries ring={r} split={split} />}
      <Clients clients={clients} spots={spots} ring={r} now={frame.time} onOpen={onOpen} />
      {members.map((member) => (
        <Badges key={member.id} member={member} ring={r} />
      ))}
      <Messages messages={frame.messages} ring={r} now={frame.time} spots={spots} onOpen={onOpen} />
      {members.map((member) => (
        <Strip key={member.id} member={member} ring={r} />
      ))}
      {members.map((member) => (
        <MemberNode
          key={member.id}
          member={member}
          ring={r}
          now={frame.time}
          open={target?.kind === "member" && target.id === member.id}
          onOpen={() => onOpen({ kind: "member", id: member.id }, spot(r, member.id))}
        />
      ))}
      {drag && <DragLine ring={r} drag={drag} />}
    </svg>
  );
}
