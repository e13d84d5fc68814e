import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Frame, Member } from "../engine/types";
import type { Point } from "../pure/geometry";
import { roleWord } from "./member";
import type { Size } from "./size";

interface MenuProps {
  label: string;
  head?: ComponentChildren;
  at: Point;
  bounds: Size;
  onClose: () => void;
  children: ComponentChildren;
}

/** A small menu beside what was pressed; arrows move within, Escape and a press elsewhere close it. */
function Menu({ label, head, at, bounds, onClose, children }: MenuProps) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    place(element, at, bounds);
    items(element)[0]?.focus();
    const outside = (event: PointerEvent) => {
      if (!element.contains(event.target as Node)) onClose();
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, []);
  return (
    <div class="menu" ref={box}>
      {head}
      <div
        role="menu"
        tabIndex={-1}
        aria-label={label}
        onKeyDown={(event) => {
          if (box.current && moved(event, box.current, onClose)) event.preventDefault();
        }}
      >
        {children}
      </div>
    </div>
  );
}

/** Right below the spot, or as near as the stage allows. */
function place(element: HTMLElement, at: Point, bounds: Size): void {
  const x = Math.min(at.x + 12, bounds.width - element.offsetWidth - 4);
  const y = Math.min(at.y + 12, bounds.height - element.offsetHeight - 4);
  element.style.left = `${Math.max(4, x)}px`;
  element.style.top = `${Math.max(4, y)}px`;
}

function items(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>("[role=menuitem]")];
}

function moved(event: KeyboardEvent, menu: HTMLElement, onClose: () => void): boolean {
  const all = items(menu);
  const current = all.indexOf(document.activeElement as HTMLElement);
  const to = (i: number) => all[(i + all.length) % all.length]?.focus();
  switch (event.key) {
    case "ArrowDown":
      to(current + 1);
      return true;
    case "ArrowUp":
      to(current - 1);
      return true;
    case "Home":
      to(0);
      return true;
    case "End":
      to(-1);
      return true;
    case "Escape":
    case "Tab":
      onClose();
      return true;
    default:
      return false;
  }
}

function Item({ onPick, children }: { onPick: () => void; children: ComponentChildren }) {
  return (
    <button type="button" role="menuitem" tabIndex={-1} onClick={onPick}>
      {children}
    </button>
  );
}

export interface MemberMenuProps {
  frame: Frame;
  id: number;
  at: Point;
  bounds: Size;
  act: (text: string) => void;
  onConsole: (member: number) => void;
  onClose: () => void;
}

/** What can be done to a member. */
export function MemberMenu({ frame, id, at, bounds, act, onConsole, onClose }: MemberMenuProps) {
  const member = frame.members.find((m) => m.id === id);
  if (!member) return null;
  const others = frame.members.filter((m) => m.id !== id);
  const alone = `${member.name} | ${others.map((m) => m.name).join(" ")}`;
  const pick = (text: string) => () => {
    act(text);
    onClose();
  };
  return (
    <Menu label={member.name} head={<Summary member={member} />} at={at} bounds={bounds} onClose={onClose}>
      {member.role === "down" ? (
        <Item onPick={pick(`restart ${member.name}`)}>Restart</Item>
      ) : (
        <Item onPick={pick(`crash ${member.name}`)}>Crash</Item>
      )}
      {others.length > 0 && <Item onPick={pick(`cut ${alone}`)}>Cut off from all</Item>}
      {touches(frame, id) && <Item onPick={pick(`heal ${alone}`)}>Heal its links</Item>}
      <Item
        onPick={() => {
          onClose();
          onConsole(id);
        }}
      >
        Send commands here
      </Item>
      {others.length > 1 && <hr />}
      {others.length > 1 &&
        others.map((other) => (
          <Item key={other.id} onPick={pick(linkAction(frame, member, other))}>
            {isCut(frame, id, other.id) ? "Heal" : "Cut"} link to {other.name}
          </Item>
        ))}
    </Menu>
  );
}

function Summary({ member }: { member: Member }) {
  return (
    <div class="menu-head">
      <b>{member.name}</b> {roleWord(member)}, term {member.term}
      <br />
      log {member.last} · durable {member.durable} · committed {member.commit}
      {member.unsyncedBytes > 0 && (
        <>
          <br />
          {member.unsyncedBytes} of {member.diskBytes} bytes not yet on disk
        </>
      )}
    </div>
  );
}

function touches(frame: Frame, id: number): boolean {
  return frame.cuts.some((c) => c.from === id || c.to === id);
}

function isCut(frame: Frame, a: number, b: number): boolean {
  return frame.cuts.some((c) => (c.from === a && c.to === b) || (c.from === b && c.to === a));
}

function linkAction(frame: Frame, a: Member, b: Member): string {
  return `${isCut(frame, a.id, b.id) ? "heal" : "cut"} ${a.name} | ${b.name}`;
}

export interface LinkMenuProps {
  frame: Frame;
  link: [number, number];
  at: Point;
  bounds: Size;
  act: (text: string) => void;
  onClose: () => void;
}

/** What can be done to a link. */
export function LinkMenu({ frame, link, at, bounds, act, onClose }: LinkMenuProps) {
  const [a, b] = link.map((id) => frame.members.find((m) => m.id === id));
  if (!a || !b) return null;
  return (
    <Menu label={`Link ${a.name} to ${b.name}`} at={at} bounds={bounds} onClose={onClose}>
      <Item
        onPick={() => {
          act(linkAction(frame, a, b));
          onClose();
        }}
      >
        {isCut(frame, a.id, b.id) ? "Heal" : "Cut"} link {a.name} – {b.name}
      </Item>
    </Menu>
  );
}
