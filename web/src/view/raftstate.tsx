import type { Field, Inspection, Member, Peer } from "../engine/types";

/** The variables of Figure 2 of the paper, and those beyond it; what the last event changed is marked. */
export function RaftState({ inspection: i, members }: { inspection: Inspection; members: Member[] }) {
  const name = (id: number) => members.find((m) => m.id === id)?.name ?? String(id);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section class="scroll raft-state" tabIndex={0} aria-label="Variables">
      <Variables title="Persistent state" fields={i.persistent} />
      <Variables title="Volatile state" fields={i.volatile} />
      <Peers peers={i.peers} name={name} />
      <Variables title="Beyond Figure 2" fields={i.beyond} />
    </section>
  );
}

function Variables({ title, fields }: { title: string; fields: Field[] }) {
  if (fields.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <dl class="variables">
        {fields.map((f) => (
          <div key={f.name} class={f.changed ? "changed" : ""}>
            <dt>{f.name}</dt>
            <dd>{f.value}</dd>
            {f.changed && (
              <dd class="mark">
                <Changed />
              </dd>
            )}
          </div>
        ))}
      </dl>
    </>
  );
}

function Changed() {
  return <span class="just">changed</span>;
}

/** What a leader, or a candidate, knows of the others. */
function Peers({ peers, name }: { peers: Peer[]; name: (id: number) => string }) {
  if (peers.length === 0) return null;
  const votes = peers.some((p) => p.vote);
  return (
    <>
      <h3>{votes ? "Votes it got" : "Volatile state on the leader"}</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">member</th>
            {votes ? (
              <th scope="col">vote</th>
            ) : (
              <>
                <th scope="col">nextIndex</th>
                <th scope="col">matchIndex</th>
              </>
            )}
            <td />
          </tr>
        </thead>
        <tbody>
          {peers.map((p) => (
            <tr key={p.id} class={p.changed ? "changed" : ""}>
              <th scope="row">{name(p.id)}</th>
              {votes ? (
                <td>{p.vote || "no answer yet"}</td>
              ) : (
                <>
                  <td>{p.next}</td>
                  <td>{p.match}</td>
                </>
              )}
              <td>{p.changed && <Changed />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
