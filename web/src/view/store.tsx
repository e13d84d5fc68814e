import type { Key, Look, Member, Store } from "../engine/types";
import { shows } from "../state/address";
import { type StoreTab, storeTab } from "../state/view";
import { Leases, Watchers } from "./leases";
import { Panel, Tabs } from "./panel";

export interface StoreProps {
  store: Store;
  members: Member[];
  /** Whose store was asked for, and at which revision. */
  look: Look;
  onLook: (change: Partial<Look>) => void;
}

/** The store of one member: its keys with the revisions that transactions compare, its leases, its watchers. */
export function StoreView({ store, members, look, onLook }: StoreProps) {
  const tab = storeTab.value;
  const tabs: { id: StoreTab; title: string }[] = [
    { id: "store", title: "Store" },
    { id: "leases", title: `Leases ${store.leases.length || ""}` },
    { id: "watchers", title: `Watchers ${store.watchers.length || ""}` },
  ];
  return (
    <Panel
      class="store"
      label="Store"
      bar={
        <Tabs
          label="Store"
          tabs={tabs.filter(({ id }) => shows(id))}
          value={tab}
          onChange={(id) => {
            storeTab.value = id;
          }}
        />
      }
      aside={<Owner store={store} members={members} look={look} onLook={onLook} />}
    >
      <div class="inside" id={`view-${tab}`} role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {tab === "store" && (
          <>
            <Revision store={store} look={look} onLook={onLook} />
            <Keys store={store} />
          </>
        )}
        {tab === "leases" && <Leases leases={store.leases} />}
        {tab === "watchers" && <Watchers watchers={store.watchers} members={members} />}
      </div>
    </Panel>
  );
}

function Owner({ store, members, look, onLook }: StoreProps) {
  const owner = members.find((m) => m.id === store.member);
  return (
    <label class="pick">
      of{" "}
      <select
        aria-label="Store of"
        value={look.member}
        onChange={(event) => onLook({ member: Number(event.currentTarget.value) })}
      >
        <option value={0}>the leader{look.member === 0 && owner ? ` (${owner.name})` : ""}</option>
        {members.map((m) => (
          <option key={m.id} value={m.id}>
            {m.name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The revision that is shown: any since the last compaction. */
function Revision({ store, look, onLook }: Omit<StoreProps, "members">) {
  const oldest = Math.min(store.revision, store.compacted + 1);
  const past = look.revision !== 0 && store.at < store.revision;
  const choose = (to: number) => onLook({ revision: to >= store.revision ? 0 : Math.max(oldest, to) });
  return (
    <div class={past ? "revision in-past" : "revision"}>
      <span>
        revision <b>{store.at}</b> of {store.revision}
      </span>
      <input
        type="range"
        aria-label="Revision"
        min={oldest}
        max={store.revision}
        value={store.at}
        disabled={oldest === store.revision}
        onInput={(event) => choose(Number(event.currentTarget.value))}
      />
      <button type="button" class="small" disabled={!past} onClick={() => onLook({ revision: 0 })}>
        Newest
      </button>
    </div>
  );
}

function Keys({ store }: { store: Store }) {
  const leased = store.keys.some((k) => k.lease);
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
            {leased && <th scope="col">lease</th>}
          </tr>
        </thead>
        <tbody>
          {store.keys.map((key) => (
            <Row key={key.key} item={key} newest={key.modRevision === store.at} leased={leased} />
          ))}
        </tbody>
      </table>
      {store.keys.length === 0 && <p class="empty">No keys{store.revision <= 1 ? " yet" : ""}.</p>}
      {store.count > store.keys.length && (
        <p class="empty">… and {store.count - store.keys.length} more keys</p>
      )}
    </section>
  );
}

/** A key; the one that the shown revision changed stands out. */
function Row({ item, newest, leased }: { item: Key; newest: boolean; leased: boolean }) {
  return (
    <tr class={newest ? "changed" : ""}>
      <td title={item.key}>{item.key}</td>
      <td title={item.value}>{item.value}</td>
      <td>{item.createRevision}</td>
      <td>{item.modRevision}</td>
      <td>{item.version}</td>
      {leased && <td>{item.lease}</td>}
    </tr>
  );
}
