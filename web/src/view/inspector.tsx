import type { Frame } from "../engine/types";
import { shows } from "../state/address";
import { type InspectorTab, inspect, inspectorTab, look } from "../state/look";
import { DiskView } from "./disk";
import { Logs, LogsKey } from "./logs";
import { TabPanel } from "./panel";
import { RaftState } from "./raftstate";

export const inspectorTabs: readonly { id: InspectorTab; title: string }[] = [
  { id: "logs", title: "Logs" },
  { id: "state", title: "Raft state" },
  { id: "disk", title: "Disk" },
];

/** A look inside: the logs of all, the variables and the disk of one. */
export function Inspector({ frame }: { frame: Frame }) {
  const tab = inspectorTab.value;
  const { members, inspection } = frame;
  return (
    <TabPanel
      class="inspector"
      label="Inspector"
      tabs={inspectorTabs.filter(({ id }) => shows(id))}
      signal={inspectorTab}
      aside={tab === "logs" ? <LogsKey /> : <Which frame={frame} />}
    >
      {tab === "logs" && <Logs members={members} />}
      {tab === "state" && inspection && <RaftState inspection={inspection} members={members} />}
      {tab === "disk" && inspection && <DiskView files={inspection.files} />}
    </TabPanel>
  );
}

/** Whose variables and disk are shown. */
function Which({ frame }: { frame: Frame }) {
  const { inspect: asked } = look.value;
  const name = frame.members.find((m) => m.id === frame.inspection?.member)?.name;
  return (
    <label class="pick">
      of{" "}
      <select
        aria-label="Inspected member"
        value={asked}
        onChange={(event) => inspect(Number(event.currentTarget.value))}
      >
        <option value={0}>the leader{asked === 0 && name ? ` (${name})` : ""}</option>
        {frame.members.map((m) => (
          <option key={m.id} value={m.id}>
            {m.name}
          </option>
        ))}
      </select>
    </label>
  );
}
