import type { Frame } from "../engine/types";
import { tree } from "../pure/branches";
import type { Player } from "../state/player";
import { Cross, Fork } from "./icons";

/**
 * The ways that the run has gone, as tabs in the order of the tree, and what
 * can be done with the others: put one beside the present one, or drop it.
 */
export function Branches({ frame, player }: { frame: Frame; player: Player }) {
  if (frame.branches.length < 2) return null;
  const twigs = tree(frame.branches);
  const index = twigs.findIndex((t) => t.branch.id === frame.branch);
  const choose = (id: number) => void player.switchTo(id);
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = step === undefined ? undefined : twigs[(index + step + twigs.length) % twigs.length];
    if (!next) return;
    event.preventDefault();
    choose(next.branch.id);
    document.getElementById(`branch-${next.branch.id}`)?.focus();
  };
  return (
    <div class="branches">
      <span class="unseen" id="branches-label">
        Branches of the run
      </span>
      <div class="tabs" role="tablist" aria-labelledby="branches-label" tabIndex={-1} onKeyDown={move}>
        {twigs.map(({ branch, depth, title }) => (
          <button
            key={branch.id}
            type="button"
            role="tab"
            id={`branch-${branch.id}`}
            aria-selected={branch.id === frame.branch}
            tabIndex={branch.id === frame.branch ? 0 : -1}
            title={title}
            onClick={() => choose(branch.id)}
          >
            {depth > 0 && <Fork depth={depth} />}
            <span class="branch-title">{title}</span>
          </button>
        ))}
      </div>
      <CompareWith frame={frame} player={player} />
      <button
        type="button"
        title="Drop this branch and go to the one it came from"
        disabled={frame.branches.find((b) => b.id === frame.branch)?.parent === -1}
        onClick={() => void dropPresent(frame, player)}
      >
        <Cross /> drop this branch
      </button>
    </div>
  );
}

/** Chooses which other branch stands beside the present one. */
function CompareWith({ frame, player }: { frame: Frame; player: Player }) {
  const others = tree(frame.branches).filter((t) => t.branch.id !== frame.branch);
  return (
    <label class="pick">
      compare with
      <select
        value={frame.comparison?.branch ?? -1}
        onChange={(event) => void player.compare(Number(event.currentTarget.value))}
      >
        <option value={-1}>none</option>
        {others.map(({ branch, title }) => (
          <option key={branch.id} value={branch.id}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A branch that is shown can't be dropped: the one it came from is shown first. */
async function dropPresent(frame: Frame, player: Player): Promise<void> {
  const present = frame.branches.find((b) => b.id === frame.branch);
  const to = frame.branches.find((b) => b.id === present?.parent) ?? frame.branches[0];
  if (!present || !to || to === present) return;
  if (await player.switchTo(to.id)) return;
  await player.drop(present.id);
}
