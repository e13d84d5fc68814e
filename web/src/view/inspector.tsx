import { useEffect } from "preact/hooks";
import type { Frame } from "../engine/types";
import { shows } from "../state/address";
import { type InspectorTab, inspect, inspectorTab, openInspector } from "../state/look";
import { DiskView } from "./disk";
import { Logs, LogsKey } from "./logs";
import { Panel, Tabs } from "./panel";
import { RaftState } from "./raftstate";

export const inspectorTabs: readonly { id: InspectorTab; title: string }[] = [
  { id: "logs", title: "Logs" },
  { id: "state", title: "Raft state" },
  { id: "disk", title: "Disk" },
];

/** A look inside: the logs of all, the variables and the disk of one. */
export function Inspector({ frame }: { frame: Frame }) {
  const tab = inspectorTab.value;
  const leader = frame.members.find((m) => m.role === "leader") ?? frame.members[0];
  const gone =
    frame.inspection !== undefined && !frame.members.some((m) => m.id === frame.inspection?.member);
  useEffect(() => {
    // Another scenario may have fewer members.
    if (gone) inspect(leader?.id ?? 0);
  }, [gone]);
  return (
    <Panel
      class="inspector"
      label="Inspector"
      bar={
        <Tabs
          label="Inspector"
          tabs={inspectorTabs.filter(({ id }) => shows(id))}
          value={tab}
          onChange={(id) => openInspector(id, leader?.id ?? 0)}
        />
      }
      aside={tab === "logs" ? <LogsKey /> : <Which frame={frame} />}
    >
      <div class="inside" id={`view-${tab}`} role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {tab === "logs" && <Logs members={frame.members} />}
        {tab === "state" && frame.inspection && (
          <RaftState inspection={frame.inspection} members={frame.members} />
        )}
        {tab === "disk" && frame.inspection && <DiskView files={frame.inspection.files} />}
      </div>
    </Panel>
  );
}

/** Whose variables and disk are shown. */
function Which({ frame }: { frame: Frame }) {
  return (
    <label class="pick">
      of{" "}
      <select
        aria-label="Inspected member"
        value={frame.inspection?.member ?? 0}
        onChange={(event) => inspect(Number(event.currentTarget.value))}
      >
        {frame.members.map((m) => (
          <option key={m.id} value={m.id}>
            {m.name}
          </option>
        ))}
      </select>
    </label>
  );
}
