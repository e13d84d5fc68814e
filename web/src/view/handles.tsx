import type { RefObject } from "preact";
import { useCallback, useState } from "preact/hooks";
import type { Frame } from "../engine/types";
import type { Choice } from "../pure/choices";
import type { Client } from "../pure/clients";
import type { Point } from "../pure/geometry";
import { inspect } from "../state/look";
import type { Player } from "../state/player";
import { type Target, TargetMenu } from "./menus";

/** Opens the menu of a target at a point of the field, or at the element that stands for it. */
export type Open = (target: Target, at: Point | Element) => void;

interface Opened {
  target: Target;
  at: Point;
  /** What had the focus before, and gets it back. */
  from: Element | null;
}

export interface HandlesProps {
  frame: Frame;
  player: Player;
  field: RefObject<HTMLElement | null>;
  clients: Client[];
  onConsole: (member: number) => void;
}

/** The menus of a picture's members, links, messages and clients: one at a time. */
export function useHandles({ frame, player, field, clients, onConsole }: HandlesProps) {
  const [opened, setOpened] = useState<Opened | null>(null);
  const open = useCallback<Open>(
    (target, where) => {
      // A message would have arrived before anybody has read what is in it.
      if (target.kind === "message") player.pause();
      const at = where instanceof Element ? within(where, field.current) : where;
      setOpened({ target, at, from: document.activeElement });
    },
    [player, field],
  );
  const close = () => {
    setOpened(null);
    const from = opened?.from;
    if (from instanceof HTMLElement || from instanceof SVGElement) from.focus();
  };
  const pick = ({ act, go }: Choice) => {
    close();
    if (act !== undefined) void player.act(act);
    if (!go) return;
    if ("console" in go) onConsole(go.console);
    if ("inspect" in go) inspect(go.inspect);
    if ("seek" in go) void player.seek(go.seek);
  };
  const menu = opened && (
    <TargetMenu
      key={JSON.stringify(opened.target)}
      frame={frame}
      target={opened.target}
      clients={clients}
      at={opened.at}
      onPick={pick}
      onClose={close}
    />
  );
  return { target: opened?.target ?? null, open, menu };
}

/** The middle of an element, in pixels of the field around it. */
function within(element: Element, field: HTMLElement | null): Point {
  const [box, around] = [element.getBoundingClientRect(), field?.getBoundingClientRect()];
  return {
    x: box.x + box.width / 2 - (around?.x ?? 0),
    y: box.y + box.height / 2 - (around?.y ?? 0),
  };
}
