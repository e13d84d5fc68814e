import type { Frame } from "../engine/types";
import { shows } from "../state/address";
import { type InspectorTab, inspectorTab, look, lookAt } from "../state/look";
import type { Player } from "../state/player";
import { DiskView } from "./disk";
import { Inspector } from "./inspector";
import { LogsKey, LogsTable } from "./logs";
import { TabPanel } from "./panel";

export interface InsideProps {
  frame: Frame;
  player: Player;
}

export const insideTabs = [
  { id: "logs", title: "Logs" },
  { id: "state", title: "Raft state" },
  { id: "disk", title: "Disk" },
] as const satisfies readonly { id: InspectorTab; title: string }[];

/** What members hold: all logs, or the variables or the disk of one. */
export function Inside({ frame, player }: InsideProps) {
  const tab = inspectorTab.value;
  return (
    <TabPanel
      class={`inside ${tab}`}
      label="Members"
      tabs={insideTabs.filter(({ id }) => shows(id))}
      signal={inspectorTab}
      aside={tab === "logs" ? <LogsKey /> : <Inspected frame={frame} />}
    >
      {tab === "logs" && <LogsTable members={frame.members} />}
      {tab === "state" && <Inspector frame={frame} player={player} />}
      {tab === "disk" && <DiskView frame={frame} player={player} />}
    </TabPanel>
  );
}

/** Whose variables and disk are shown. */
function Inspected({ frame }: { frame: Frame }) {
  return (
    <label class="pick">
      of{" "}
      <select
        aria-label="Member to inspect"
        value={look.value.inspect}
        onChange={(event) => lookAt({ inspect: Number(event.currentTarget.value) })}
      >
        <option value={0}>the leader</option>
        {frame.members.map((m) => (
          <option key={m.id} value={m.id}>
            {m.name}
          </option>
        ))}
      </select>
    </label>
  );
}
