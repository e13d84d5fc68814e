import type { Key, Store } from "../engine/types";

/** The keys of a store, with the revisions that transactions compare. */
export function StoreTable({ store }: { store: Store }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
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
