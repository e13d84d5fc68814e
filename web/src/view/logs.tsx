import type { Entry, Member } from "../engine/types";
import { termClass } from "../pure/term";

/** How many indexes fit beside each other. */
const columns = 7;

/** All logs aligned by index, so that where they differ is seen. */
export function Logs({ members }: { members: Member[] }) {
  const indexes = shownIndexes(members);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section class="scroll logs" tabIndex={0} aria-label="Logs by index">
      <table>
        <thead>
          <tr>
            <td />
            {indexes.map((index, column) => (
              <th key={column} scope="col">
                {index}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {members.map((member) => (
            <tr key={member.id}>
              <th scope="row">
                {member.name} <span class={`role-mark ${member.role}`}>{roleMark(member)}</span>
              </th>
              {indexes.map((index, column) => (
                <Cell key={column} member={member} index={index} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The newest indexes of any member, and room for what comes while the logs are short. */
export function shownIndexes(members: Member[]): number[] {
  const all = members.flatMap((m) => m.log.map((e) => e.index));
  const start = all.length === 0 ? 1 : Math.max(Math.min(...all), Math.max(...all) - columns + 1);
  return Array.from({ length: columns }, (_, i) => start + i);
}

/** A letter for the role: leader, candidate, down. */
function roleMark(member: Member): string {
  switch (member.role) {
    case "leader":
      return member.cutOff ? "L?" : "L";
    case "candidate":
    case "pre-candidate":
      return "C";
    case "down":
      return "×";
    case "follower":
      return "";
  }
}

function Cell({ member, index }: { member: Member; index: number }) {
  const entry: Entry | undefined = member.log.find((e) => e.index === index);
  if (!entry) return <td>{index <= member.snapshotIndex && <InSnapshot />}</td>;
  const committed = entry.index <= member.commit;
  const durable = entry.index <= member.durable;
  const state = `${committed ? ", committed" : ""}${durable ? ", durable" : ""}`;
  return (
    <td>
      <span
        class={`cell ${termClass(entry.term)}${committed ? " committed" : ""}${durable ? " on-disk" : ""}`}
        title={`index ${entry.index}, term ${entry.term}${state}: ${entry.detail}`}
      >
        <sup>{entry.term}</sup>
        <Label text={entry.label} />
      </span>
    </td>
  );
}

function InSnapshot() {
  return (
    <span class="cell in-snapshot" title="in the snapshot">
      snap
    </span>
  );
}

/** The label; where it is too long its value stays, for that is what tells entries apart. */
function Label({ text }: { text: string }) {
  const at = text.lastIndexOf("=");
  return (
    <>
      <span class="what">{at < 0 ? text : text.slice(0, at)}</span>
      {at >= 0 && <span>{text.slice(at)}</span>}
    </>
  );
}

/** What the marks of an entry mean. */
export function LogsKey() {
  return (
    <span class="key-words">
      <span class="key-mark term-mark">
        <sup>t</sup>
      </span>{" "}
      term <span class="key-mark framed" /> committed <span class="key-mark lined" /> durable
    </span>
  );
}
