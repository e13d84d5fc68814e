import type { Cut, Frame, Member, Message } from "../engine/types";
import { rateWords } from "./badges";

/** Where a choice leads instead of doing something to the cluster. */
export type Place = { console: number } | { inspect: number } | { seek: number };

/** One line of a menu: something to do in the words of a scenario, a place to go to, or more choices. */
export interface Choice {
  label: string;
  act?: string;
  go?: Place;
  more?: Choice[];
  /** A value to be written, with its unit, and what is done with it; the engine says if it makes no sense. */
  field?: { label: string; example: string; act: (value: string) => string };
  /** Stands apart from what is before it. */
  apart?: boolean;
}

/** The scenario language's bound on members at a time. */
const mostMembers = 9;

/** A choice whose value is free. */
function free(label: string, field: NonNullable<Choice["field"]>): Choice {
  return { label, field, more: [] };
}

function names(members: Member[]): string {
  return members.map((m) => m.name).join(" ");
}

/** What can be done to a member. */
export function memberChoices(frame: Frame, member: Member): Choice[] {
  const { name, id } = member;
  const others = frame.members.filter((m) => m.id !== id && m.kind !== "outsider");
  return [
    ...(member.role === "down"
      ? [{ label: "Restart", act: `restart ${name}` }]
      : [{ label: "Crash", act: `crash ${name}` }]),
    ...(others.length > 0 ? [{ label: "Cut off from all", act: `cut ${name} | ${names(others)}` }] : []),
    ...(touches(frame, id) ? [{ label: "Heal its links", act: `heal ${name} | ${names(others)}` }] : []),
    ...(member.role === "down" ? [] : runningChoices(member)),
    ...(others.length > 0
      ? [{ label: "Links", more: linksChoices(frame, member, others), apart: true }]
      : []),
    { label: "Clock", more: clockChoices(member), apart: others.length === 0 },
    { label: "Disk", more: diskChoices(member) },
    { label: "Membership", more: membershipChoices(frame, member) },
    { label: "Send commands here", go: { console: id }, apart: true },
    { label: "Inspect", go: { inspect: id } },
  ];
}

function runningChoices({ name, paused, role }: Member): Choice[] {
  return [
    paused ? { label: "Resume", act: `resume ${name}` } : { label: "Pause", act: `pause ${name}` },
    { label: "Kill the process", act: `kill ${name}` },
    { label: "Time out now", act: `timeout ${name}` },
    ...(role === "leader" ? [] : [{ label: "Transfer leadership to it", act: `transfer ${name}` }]),
  ];
}

function linksChoices(frame: Frame, member: Member, others: Member[]): Choice[] {
  return [
    ...others.map((other) => ({
      label: `Link to ${other.name}${isCut(frame.cuts, member.id, other.id) ? ", cut" : ""}`,
      more: linkChoices(frame, member, other),
    })),
    ...(others.length > 1
      ? [{ label: `Only ${member.name} reaches all`, act: `bridge ${member.name}`, apart: true }]
      : []),
  ];
}

function clockChoices({ name, clockRate }: Member): Choice[] {
  const jump = (label: string, by: string) => ({ label, act: `clock ${name} jump ${by}` });
  const rate = (millionths: number) => ({
    label: `Run at ${rateWords(millionths)}`,
    act: `clock ${name} rate ${millionths > 0 ? "+" : ""}${millionths}ppm`,
  });
  return [
    jump("Jump 200 ms ahead", "+200ms"),
    jump("Jump 2 s ahead", "+2s"),
    jump("Jump 200 ms back", "-200ms"),
    jump("Jump 2 s back", "-2s"),
    free("Jump by …", { label: "Jump by", example: "+350ms", act: (v) => `clock ${name} jump ${v}` }),
    { ...rate(500_000), apart: true },
    rate(100_000),
    rate(-100_000),
    rate(-500_000),
    free("Gain or lose …", {
      label: "Gain or lose",
      example: "-200ppm",
      act: (v) => `clock ${name} rate ${v}`,
    }),
    ...(clockRate === 0 ? [] : [{ label: "Run at the right rate", act: `clock ${name} rate +0ppm` }]),
  ];
}

function diskChoices({ name }: Member): Choice[] {
  const disk = (label: string, words: string, apart = false) => ({
    label,
    act: `disk ${name} ${words}`,
    apart,
  });
  return [
    disk("Fill it up", "full 0B"),
    disk("Leave 4 KiB of room", "full 4KiB"),
    free("Leave room for …", {
      label: "Leave room for",
      example: "64KiB",
      act: (v) => `disk ${name} full ${v}`,
    }),
    disk("Make room again", "full unlimited"),
    disk("Slow: × 20", "slow 20", true),
    disk("Slow: × 200", "slow 200"),
    free("Slow by …", {
      label: "So many times as slow",
      example: "50",
      act: (v) => `disk ${name} slow ${v}`,
    }),
    disk("As fast as before", "slow 1"),
    disk("The next fsync fails", "fail-sync", true),
    disk("The next fsync lies", "lose-sync"),
    disk("Flip a bit of the log", "flip log"),
    disk("A sector of the log can't be read", "unreadable log"),
    disk("A sector of the snapshot can't be read", "unreadable snapshot"),
    disk("Mend", "mend", true),
    disk("Wipe", "wipe"),
  ];
}

function membershipChoices(frame: Frame, member: Member): Choice[] {
  const { name, kind } = member;
  return [
    ...(kind === "learner" ? [{ label: `Promote ${name} to a voter`, act: `members promote ${name}` }] : []),
    ...(kind === "outsider" ? [] : [{ label: `Remove ${name}`, act: `members remove ${name}` }]),
    ...(kind === "voter"
      ? [
          {
            label: `Replace ${name} by ${nextName(frame)}`,
            act: `members add ${nextName(frame)} remove ${name}`,
          },
        ]
      : []),
    ...addChoices(frame),
  ];
}

function addChoices(frame: Frame): Choice[] {
  if (frame.members.filter((m) => m.kind !== "outsider").length >= mostMembers) return [];
  const next = nextName(frame);
  return [
    { label: `Add ${next} as a voter`, act: `members add ${next}` },
    { label: `Add ${next} as a learner`, act: `members add-learner ${next}` },
  ];
}

/** Names are never used again. */
function nextName(frame: Frame): string {
  return `S${Math.max(0, ...frame.members.map((m) => m.id)) + 1}`;
}

/** What can be done to the whole cluster. */
export function clusterChoices(frame: Frame): Choice[] {
  const down = frame.members.some((m) => m.role === "down");
  return [
    ...addChoices(frame),
    ...(frame.cuts.length > 0 ? [{ label: "Heal all cuts", act: "heal", apart: true }] : []),
    ...(down ? [{ label: "Restart all that are down", act: "restart" }] : []),
    ...(frame.members.some((m) => m.paused) ? [{ label: "Resume all that are paused", act: "resume" }] : []),
    { label: "Each reaches only its neighbours", act: "ring", apart: true },
    { label: "All links as the network again", act: "link normal" },
    { label: "Let all faults end, come to rest", act: "settle 5s", apart: true },
  ];
}

/** What can be done to a link. */
export function linkChoices(frame: Frame, a: Member, b: Member): Choice[] {
  const there = cutFrom(frame.cuts, a.id, b.id);
  const back = cutFrom(frame.cuts, b.id, a.id);
  const pair = `${a.name} | ${b.name}`;
  return [
    ...(there && back ? [] : [{ label: `Cut link ${a.name} – ${b.name}`, act: `cut ${pair}` }]),
    ...(there ? [] : [{ label: `Cut only ${a.name} → ${b.name}`, act: `cut ${a.name} > ${b.name}` }]),
    ...(back ? [] : [{ label: `Cut only ${b.name} → ${a.name}`, act: `cut ${b.name} > ${a.name}` }]),
    ...(there || back ? [{ label: `Heal link ${a.name} – ${b.name}`, act: `heal ${pair}` }] : []),
    { label: "Slow: 100 to 200 ms", act: `link ${pair} latency 100ms..200ms`, apart: true },
    free("Latency …", { label: "Latency", example: "20ms..50ms", act: (v) => `link ${pair} latency ${v}` }),
    { label: "Loses every other message", act: `link ${pair} drop 50%` },
    { label: "Comes and goes every 500 ms", act: `flap 500ms ${pair}` },
    { label: "As the rest of the network", act: `link ${pair} normal` },
  ];
}

/** What can be done to a message; to one without a name, which no action can call, nothing. */
export function messageChoices(message: Message): Choice[] {
  const { name, sent } = message;
  const origin = { label: "Back to when it was sent", go: { seek: sent }, apart: true };
  if (!name) return [origin];
  const later = (words: string, by: string) => ({
    label: `By ${words}`,
    act: `delay ${name} by ${by}`,
  });
  const longer = free("By …", { label: "Delay by", example: "25ms", act: (v) => `delay ${name} by ${v}` });
  return [
    { label: "Drop", act: `drop ${name}` },
    { label: "Duplicate", act: `double ${name} by 5ms` },
    { label: "Deliver now", act: `deliver ${name}` },
    { label: "Delay", more: [later("10 ms", "10ms"), later("100 ms", "100ms"), later("1 s", "1s"), longer] },
    origin,
  ];
}

/** What can be done to a client. */
export function clientChoices(name: string, member: number): Choice[] {
  if (name === "you") return [{ label: "Send a command", go: { console: member } }];
  const pause = (seconds: number) => ({
    label: `Stand still for ${seconds} s`,
    act: `pause client ${name} ${seconds}s`,
  });
  return [pause(1), pause(5)];
}

function touches(frame: Frame, id: number): boolean {
  return frame.cuts.some((c) => c.from === id || c.to === id);
}

function cutFrom(cuts: Cut[], from: number, to: number): boolean {
  return cuts.some((c) => c.from === from && c.to === to);
}

function isCut(cuts: Cut[], a: number, b: number): boolean {
  return cutFrom(cuts, a, b) || cutFrom(cuts, b, a);
}
