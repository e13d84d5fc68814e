import type { Member } from "../engine/types";
import { badges } from "./badges";

/** The role in a word short enough for the disc; who can have no other says what it is instead. */
export function roleWord(
  m: Pick<Member, "role" | "cutOff"> & Partial<Pick<Member, "kind" | "dead">>,
): string {
  if (m.dead !== undefined) return "dead";
  switch (m.role) {
    case "leader":
      return m.cutOff ? "leader?" : "leader";
    case "pre-candidate":
      return "pre-vote";
    case "down":
      return "crashed";
    case "candidate":
      return "candidate";
    case "follower":
      return m.kind === "learner" ? "learner" : "follower";
  }
}

/** All that is drawn of a member, as a sentence. */
export function sentence(m: Member): string {
  const rest = badges(m).map((b) => `, ${b.text}`);
  if (m.role === "down") return [visible(m), `, its disk holds ${m.durable} entries`, ...rest].join("");
  const off = m.cutOff ? ", cut off from the majority" : "";
  return [visible(m), off, `, log up to ${m.last}, committed up to ${m.commit}`, ...rest].join("");
}

/** The words on the disc, which its name for screen readers begins with. */
function visible(m: Member): string {
  return `${m.name} ${roleWord(m)} term ${m.term}`;
}

/** So many members have room on the ring: as many as a cluster may have. */
const mostStanding = 9;

/**
 * The members who stand on the ring: not those that were removed and run no
 * more, and of those that still run the newest for whom there is room.
 */
export function standing(members: Member[]): Member[] {
  const room = mostStanding - members.filter((m) => m.kind !== "outsider").length;
  const running = members.filter((m) => m.kind === "outsider" && m.role !== "down");
  const shown = new Set(running.slice(Math.max(0, running.length - Math.max(0, room))));
  return members.filter((m) => m.kind !== "outsider" || shown.has(m));
}
