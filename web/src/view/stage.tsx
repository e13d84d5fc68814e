import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Frame } from "../engine/types";
import { type Client, clientSpots, clientsOf } from "../pure/clients";
import { cutLinks, groups } from "../pure/cuts";
import { type Ring, spot } from "../pure/geometry";
import { ring } from "../pure/layout";
import { standing } from "../pure/member";
import { sheet, windows } from "../pure/spacetime";
import { lookAt, past } from "../state/look";
import type { Player } from "../state/player";
import { Clients } from "./clients";
import { Boundaries, CutLinkLine, CutList } from "./cuts";
import { type Drag, useDrag } from "./drag";
import { Flight } from "./flight";
import { type Open, useHandles } from "./handles";
import { Legend } from "./legend";
import { DragLine, LinkStates, Links } from "./links";
import { Badges, MemberNode } from "./member";
import { MembershipLine } from "./membership";
import type { Target } from "./menus";
import { Messages } from "./messages";
import { type Size, useSize } from "./size";
import { SpaceTimePicture } from "./spacetime";
import { Strip } from "./strip";

export interface StageProps {
  frame: Frame;
  player: Player;
  /** The members on their ring as they are now, or their lanes in space and time. */
  view: "ring" | "space-time";
  onConsole: (member: number) => void;
}

/** The cluster in a picture, what travels in it, and the handles on all of it. */
export function Stage({ frame, player, view, onConsole }: StageProps) {
  const field = useRef<HTMLDivElement>(null);
  const size = useSize(field, { width: 640, height: 470 });
  const [listed, setListed] = useState(false);
  const [signs, setSigns] = useState(false);
  const clients = clientsOf(frame);
  const { target, open, menu } = useHandles({ frame, player, field, clients, onConsole });
  const many = standing(frame.members).length > 5;
  return (
    <div class="stage">
      <div class={many ? "field many" : "field"} ref={field}>
        {view === "ring" ? (
          <RingView frame={frame} size={size} clients={clients} target={target} onOpen={open} />
        ) : (
          <LanesView frame={frame} size={size} player={player} clients={clients} onOpen={open} />
        )}
        <CutList frame={frame} act={(text) => void player.act(text)} />
      </div>
      {menu}
      <div class="stage-foot">
        <MembershipLine frame={frame} onOpen={open} />
        {view === "space-time" && <Zoom />}
        <button type="button" class="small" aria-expanded={listed} onClick={() => setListed(!listed)}>
          {frame.messages.length} in flight
        </button>
        <button type="button" class="small" aria-expanded={signs} onClick={() => setSigns(!signs)}>
          All signs
        </button>
      </div>
      {listed && <Flight frame={frame} onOpen={open} />}
      <Legend members={frame.members} messages={frame.messages} all={signs} />
    </div>
  );
}

interface ViewProps {
  frame: Frame;
  size: Size;
  clients: Client[];
  onOpen: Open;
}

function RingView({ frame, size, clients, target, onOpen }: ViewProps & { target: Target | null }) {
  const picture = useRef<SVGSVGElement>(null);
  const ids = standing(frame.members).map((m) => m.id);
  const layout = useMemo(() => ring(ids, size.width, size.height), [ids.join(), size.width, size.height]);
  const { drag, start } = useDrag(picture, layout, (between, at) => onOpen({ kind: "link", between }, at));
  return (
    <Picture
      frame={frame}
      ring={layout}
      clients={clients}
      target={target}
      onOpen={onOpen}
      drag={drag}
      onPress={start}
      svg={picture}
    />
  );
}

/** So many clients have lanes of their own. */
const mostLanes = 5;

function LanesView({ frame, size, clients, player, onOpen }: ViewProps & { player: Player }) {
  const span = past.value;
  useEffect(() => {
    lookAt({ window: span });
    return () => lookAt({ window: 0 });
  }, [span]);
  const names = clients.slice(0, mostLanes).map((c) => c.name);
  return (
    <SpaceTimePicture
      frame={frame}
      sheet={sheet(frame, names, span, size.width, size.height)}
      onOpen={onOpen}
      onSeek={(time) => void player.seek(time)}
    />
  );
}

/** How much of the past the space-time view shows. */
function Zoom() {
  const at = windows.findIndex((w) => w.value === past.value);
  const go = (to: number) => {
    past.value = windows[to]?.value ?? past.value;
  };
  return (
    <span class="zoom">
      <button
        type="button"
        class="small"
        aria-label="Show less"
        disabled={at <= 0}
        onClick={() => go(at - 1)}
      >
        −
      </button>
      <select
        aria-label="How much of the past"
        value={at}
        onChange={(event) => go(Number(event.currentTarget.value))}
      >
        {windows.map((w, i) => (
          <option key={w.value} value={i}>
            {w.label}
          </option>
        ))}
      </select>
      <button
        type="button"
        class="small"
        aria-label="Show more"
        disabled={at >= windows.length - 1}
        onClick={() => go(at + 1)}
      >
        +
      </button>
    </span>
  );
}

export interface PictureProps {
  frame: Frame;
  ring: Ring;
  clients: Client[];
  target?: Target | null;
  onOpen?: Open;
  drag?: Drag | null;
  onPress?: (event: PointerEvent) => void;
  svg?: { current: SVGSVGElement | null };
}

const nowhere: Open = () => {};

/** The picture of a frame: a pure function of it, so that scrubbing back shows what was seen before. */
export function Picture(props: PictureProps) {
  const { frame, ring: r, clients, target = null, onOpen = nowhere, drag, onPress, svg } = props;
  const members = frame.members.filter((m) => r.ids.includes(m.id));
  const links = cutLinks(frame.cuts).filter((l) => r.ids.includes(l.a) && r.ids.includes(l.b));
  const split = groups(r.ids, links);
  const spots = clientSpots(r, clients);
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
      onPointerDown={onPress}
    >
      <Links ring={r} onOpen={onOpen} />
      {links.map((link) => (
        <CutLinkLine key={`${link.a}-${link.b}`} ring={r} link={link} snip={split === null} />
      ))}
      {split && <Boundaries ring={r} split={split} />}
      <Clients clients={clients} spots={spots} ring={r} onOpen={onOpen} />
      <LinkStates links={frame.links ?? []} ring={r} />
      {members.map((member) => (
        <Badges key={member.id} member={member} ring={r} />
      ))}
      {members.map((member) => (
        <Strip
          key={member.id}
          id={member.id}
          log={member.log}
          commit={member.commit}
          durable={member.durable}
          snapshotIndex={member.snapshotIndex}
          ring={r}
        />
      ))}
      <Messages messages={frame.messages} ring={r} now={frame.time} spots={spots} onOpen={onOpen} />
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
