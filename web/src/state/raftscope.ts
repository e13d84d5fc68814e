import type { Frame, Member } from "../engine/types";
import { millisecond } from "../pure/time";
import type { Keys } from "./keys";
import type { Player } from "./player";
import { chosen, scenarios } from "./scenarios";

/**
 * What RaftScope's users press, with its letters: C, R, T, A, L. What it calls
 * B, resume all, is U here, for B blanks the screen as slide remotes expect.
 */
export const raftscope: Keys = {
  title: "Cluster, as in RaftScope",
  keys: [
    key("C", "a client's request to the leader", request),
    key("R", "restart the leader", restartLeader),
    key("A", "align the election timers: all run out at once", align),
    key("T", "spread the election timers: one runs out alone", spread),
    key("U", "resume and restart all members", resumeAll),
    key("L", "set up log replication", (player) => setUp(player, "log-replication")),
    key("7", "Figure 7 of the paper", (player) => setUp(player, "figure-7")),
    key("8", "Figure 8 of the paper", (player) => setUp(player, "figure-8")),
  ],
};

function key(letter: string, does: string, run: (player: Player) => Promise<void>): Keys["keys"][number] {
  return { key: letter, on: [letter.toLowerCase()], does, run: ({ player }) => void run(player) };
}

/** Puts the next number under a key of its own. */
async function request(player: Player): Promise<void> {
  const frame = player.frame.value;
  if (!frame) return;
  await player.act(`client you@leader put request ${frame.console.length + 1}`);
}

async function restartLeader(player: Player): Promise<void> {
  const leader = player.frame.value && newestLeader(player.frame.value);
  if (!leader) return;
  if (await player.act(`crash ${leader.name}`)) return;
  await player.act(`restart ${leader.name}`);
}

/** All election timers run out when the first one would. */
async function align(player: Player): Promise<void> {
  const members = waiting(player.frame.value);
  const first = Math.min(...members.map((m) => m.timerUntil));
  await setTimers(player, members, () => first);
}

/** From timer to timer, when they are spread: an election is over long before. */
const apart = 100 * millisecond;

/** The election timers run out one after the other, the first when it would. */
async function spread(player: Player): Promise<void> {
  const members = waiting(player.frame.value);
  const first = Math.min(...members.map((m) => m.timerUntil));
  await setTimers(player, members, (i) => first + i * apart);
}

/** Clocks jump, so that timers run out at the moments given; meanwhile time stands still. */
async function setTimers(player: Player, members: Member[], wanted: (i: number) => number): Promise<void> {
  const playing = player.playing.value;
  player.pause();
  for (const [i, member] of members.entries()) {
    // A clock that is ahead by so much calls the timer so much earlier.
    const jump = Math.round((member.timerUntil - wanted(i)) * (1 + member.clockRate / 1e6));
    if (jump !== 0) await player.act(`clock ${member.name} jump ${jump > 0 ? "+" : ""}${jump}ns`);
  }
  if (playing) player.play();
}

async function resumeAll(player: Player): Promise<void> {
  const members = player.frame.value?.members ?? [];
  if (members.some((m) => m.paused)) await player.act("resume");
  if (members.some((m) => m.role === "down")) await player.act("restart");
}

/** Opens a scenario and waits at its first mark. */
async function setUp(player: Player, name: string): Promise<void> {
  const scenario = scenarios.find((s) => s.name === name);
  if (!scenario) return;
  player.pause();
  if (await player.open(scenario.text)) return;
  chosen.value = name;
  await player.find("caption", 1);
}

/** Of those who take themselves for the leader, the one in the highest term. */
function newestLeader(frame: Frame) {
  return frame.members.filter((m) => m.role === "leader").sort((a, b) => b.term - a.term)[0];
}

/** Members whose election timer runs, in their order. */
function waiting(frame: Frame | null): Member[] {
  return (frame?.members ?? []).filter((m) => m.role !== "leader" && m.role !== "down" && m.timerUntil > 0);
}
