import type { Key, Look, Member, Store } from "../engine/types";
import { Panel } from "./panel";

export interface StoreProps {
  store: Store;
  members: Member[];
  /** Whose store was asked for, and at which revision. */
  look: Look;
  onLook: (change: Partial<Look>) => void;
}

/** The store of one member: its keys with the revisions that transactions compare. */
export function StoreView({ store, members, look, onLook }: StoreProps) {
  const owner = members.find((m) => m.id === store.member);
  const choice = (
    <label class="pick">
      Store of{" "}
      <select value={look.member} onChange={(event) => onLook({ member: Number(event.currentTarget.value) })}>
        <option value={0}>the leader{look.member === 0 && owner ? ` (${owner.name})` : ""}</option>
        {members.map((m) => (
          <option key={m.id} value={m.id}>
            {m.name}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <Panel class="store" label="Store" bar={choice} aside={`revision ${store.revision}`}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <section class="scroll" tabIndex={0} aria-label="Keys">
        <table>
          <thead>
            <tr>
              <th scope="col">key</th>
              <th scope="col">value</th>
              <th scope="col">create</th>
              <th scope="col">mod</th>
              <th scope="col">version</th>
            </tr>
          </thead>
          <tbody>
            {store.keys.map((key) => (
              <Row key={key.key} item={key} />
            ))}
          </tbody>
        </table>
        {store.keys.length === 0 && <p class="empty">No keys yet.</p>}
        {store.count > store.keys.length && (
          <p class="empty">… and {store.count - store.keys.length} more keys</p>
        )}
      </section>
    </Panel>
  );
}

function Row({ item }: { item: Key }) {
  return (
    <tr>
      <td title={item.key}>{item.key}</td>
      <td title={item.value}>{item.value}</td>
      <td>{item.createRevision}</td>
      <td>{item.modRevision}</td>
      <td>{item.version}</td>
    </tr>
  );
}
