import type { Frame } from "../engine/types";
import { shows } from "../state/address";
import { look, lookAt } from "../state/look";
import type { Player } from "../state/player";
import { type StoreTab, storeTab } from "../state/view";
import { TabPanel } from "./panel";
import { StoreTable } from "./store";

export interface StorePanelProps {
  frame: Frame;
  player: Player;
}

export const storeTabs = [
  { id: "store", title: "Store" },
  { id: "leases", title: "Leases" },
  { id: "watchers", title: "Watchers" },
] as const satisfies readonly { id: StoreTab; title: string }[];

/** The store of one member: keys, leases, watchers. */
export function StorePanel({ frame }: StorePanelProps) {
  const tab = storeTab.value;
  return (
    <TabPanel
      class="store"
      label="Store"
      tabs={storeTabs.filter(({ id }) => shows(id))}
      signal={storeTab}
      aside={<Owner frame={frame} />}
    >
      {tab === "store" && <StoreTable store={frame.store} />}
      {tab === "leases" && <p class="empty">No leases.</p>}
      {tab === "watchers" && <p class="empty">Nobody watches.</p>}
    </TabPanel>
  );
}

/** Whose store is shown, and its revision. */
function Owner({ frame }: { frame: Frame }) {
  const { member } = look.value;
  const owner = frame.members.find((m) => m.id === frame.store.member);
  return (
    <>
      <label class="pick">
        <span class="unseen">Store of</span>
        <select value={member} onChange={(event) => lookAt({ member: Number(event.currentTarget.value) })}>
          <option value={0}>the leader{member === 0 && owner ? ` (${owner.name})` : ""}</option>
          {frame.members.map((m) => (
            <option key={m.id} value={m.id}>
              {m.name}
            </option>
          ))}
        </select>
      </label>
      <span class="revision">revision {frame.store.revision}</span>
    </>
  );
}
