import type { Frame, Membership } from "../engine/types";
import { standing } from "../pure/member";
import type { Open } from "./handles";

/** Who belongs to the cluster by the newest configuration, and the menu of the cluster. */
export function MembershipLine({ frame, onOpen }: { frame: Frame; onOpen: Open }) {
  const shown = standing(frame.members);
  const gone = frame.members.filter((m) => !shown.includes(m));
  const name = (id: number) => frame.members.find((m) => m.id === id)?.name ?? `S${id}`;
  return (
    <div class="membership">
      <p>
        {membershipWords(frame.membership, name)}
        {!frame.membership.committed && <span class="uncommitted">not committed</span>}
      </p>
      {gone.length > 0 && (
        <span class="gone">
          gone:
          {gone.map((m) => (
            <button
              key={m.id}
              type="button"
              class="small"
              aria-haspopup="menu"
              onClick={(event) => onOpen({ kind: "member", id: m.id }, event.currentTarget)}
            >
              {m.name}
            </button>
          ))}
        </span>
      )}
      <button
        type="button"
        class="small"
        aria-haspopup="menu"
        onClick={(event) => onOpen({ kind: "cluster" }, event.currentTarget)}
      >
        Change cluster
      </button>
    </div>
  );
}

/** A configuration in words: "S1 S2 S3 vote, 2 are a majority; learner S4". */
export function membershipWords(m: Membership, name: (id: number) => string): string {
  const list = (ids: number[]) => ids.map(name).join(" ");
  const majority = (ids: number[]) => Math.floor(ids.length / 2) + 1;
  const votes = m.joint
    ? `joint: ${majority(m.outgoing)} of ${list(m.outgoing)} and ${majority(m.voters)} of ${list(m.voters)}`
    : `${list(m.voters)} ${m.voters.length === 1 ? "votes" : "vote"}, majority ${majority(m.voters)}`;
  const learners = m.learners.length > 0 ? `; learning: ${list(m.learners)}` : "";
  return votes + learners;
}
