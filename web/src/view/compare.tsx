import { useEffect } from "preact/hooks";
import type { Comparison, Frame, Member, Store } from "../engine/types";
import { title } from "../pure/branches";
import { roleWord } from "../pure/member";
import { clock } from "../pure/time";
import type { Player } from "../state/player";
import { Timeline } from "./timeline";
import { VerdictMark } from "./verdict";

export interface ComparedProps {
  frame: Frame;
  comparison: Comparison;
  player: Player;
  onSeek: (time: number) => void;
}

/** Two branches on one time axis: where they first differ, and what is so now in each. */
export function Compared({ frame, comparison, player, onSeek }: ComparedProps) {
  const here = named(frame, frame.branch);
  const there = named(frame, comparison.branch);
  // The other is seen at least up to the playhead, for it is shown there.
  const head = Math.max(frame.time, frame.branches.find((b) => b.id === comparison.branch)?.head ?? 0);
  const reach = Math.max(frame.head, head);
  useFirstDifference(frame, comparison, player);
  const shared = { members: frame.members.map((m) => m.id), time: frame.time, reach, onSeek };
  return (
    <section class="compared" aria-label={`${here} beside ${there}`}>
      <Difference comparison={comparison} here={here} there={there} onSeek={onSeek} />
      <div class="compared-body">
        <div class="lanes-scroll">
          <h3>{here}</h3>
          {frame.lanes && (
            <Timeline {...shared} bare lanes={frame.lanes} head={frame.head} difference={comparison.at} />
          )}
          <h3>
            {there}
            <button type="button" onClick={() => void player.switchTo(comparison.branch)}>
              go there
            </button>
          </h3>
          {comparison.lanes && (
            <Timeline {...shared} beside lanes={comparison.lanes} head={head} difference={comparison.at} />
          )}
        </div>
        <SideBySide frame={frame} comparison={comparison} here={here} there={there} />
      </div>
    </section>
  );
}

/** As long as nothing differs it is looked for again, once the run has gone on and stands still. */
function useFirstDifference(frame: Frame, comparison: Comparison, player: Player): void {
  const playing = player.playing.value;
  const same = comparison.at < 0;
  useEffect(() => {
    if (same && !playing) void player.compare(comparison.branch);
  }, [same, playing, frame.head]);
}

function named(frame: Frame, id: number): string {
  const branch = frame.branches.find((b) => b.id === id);
  return branch ? title(branch) : "the other";
}

interface DifferenceProps {
  comparison: Comparison;
  here: string;
  there: string;
  onSeek: (time: number) => void;
}

/** Where the branches part, in words. */
function Difference({ comparison, here, there, onSeek }: DifferenceProps) {
  if (comparison.at < 0) return <p class="difference-words">As far as they were seen, nothing differs.</p>;
  return (
    <p class="difference-words">
      <button type="button" onClick={() => onSeek(comparison.at)}>
        they differ from {clock(comparison.at)} on
      </button>{" "}
      <b>{here}:</b> {comparison.left || "nothing happens"} · <b>{there}:</b>{" "}
      {comparison.right || "nothing happens"}
    </p>
  );
}

/** Members and stores of both, as they are at the playhead. */
function SideBySide({
  frame,
  comparison,
  here,
  there,
}: Omit<ComparedProps, "player" | "onSeek"> & { here: string; there: string }) {
  const ids = [...new Set([...frame.members, ...comparison.members].map((m) => m.id))].sort((a, b) => a - b);
  const keys = [...new Set([...frame.store.keys, ...comparison.store.keys].map((k) => k.key))].sort();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section class="side-by-side" tabIndex={0} aria-label="Both branches at this moment">
      <table>
        <thead>
          <tr>
            <th scope="col">{clock(frame.time)}</th>
            <th scope="col" title={here}>
              {here}
            </th>
            <th scope="col" title={there}>
              {there}
            </th>
          </tr>
        </thead>
        <tbody>
          {ids.map((id) => (
            <Row
              key={id}
              name={`S${id}`}
              left={inShort(frame.members.find((m) => m.id === id))}
              right={inShort(comparison.members.find((m) => m.id === id))}
            />
          ))}
          {keys.slice(0, 20).map((key) => (
            <Row
              key={`key ${key}`}
              name={key}
              left={shown(frame.store, key)}
              right={shown(comparison.store, key)}
            />
          ))}
          <Row
            name="revision"
            left={String(frame.store.revision)}
            right={String(comparison.store.revision)}
          />
          <tr>
            <th scope="row">verdict</th>
            <td>
              <VerdictMark verdict={frame.verdict} />
            </td>
            <td>
              <VerdictMark verdict={comparison.verdict} />
            </td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}

/** One line of the comparison; what differs is marked by a sign, not by colour alone. */
function Row({ name, left, right }: { name: string; left: string; right: string }) {
  const differs = left !== right;
  return (
    <tr class={differs ? "differs" : undefined}>
      <th scope="row">
        {differs && <span title="differs">≠ </span>}
        {name}
      </th>
      <td>{left}</td>
      <td>{right}</td>
    </tr>
  );
}

function inShort(member: Member | undefined): string {
  if (!member) return "–";
  return `${roleWord(member)}, term ${member.term}, log ${member.last}`;
}

function shown(store: Store, key: string): string {
  return store.keys.find((k) => k.key === key)?.value ?? "–";
}
