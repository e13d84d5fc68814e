import type { Lease, Member, Watcher } from "../engine/types";
import { px } from "../pure/geometry";
import { duration } from "../pure/time";

/** The leases, and how long each lives yet if nobody keeps it alive. */
export function Leases({ leases }: { leases: Lease[] }) {
  if (leases.length === 0) return <p class="empty">No leases.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section class="scroll" tabIndex={0} aria-label="Leases">
      <table class="plain leases">
        <thead>
          <tr>
            <th scope="col">lease</th>
            <th scope="col">remaining</th>
            <th scope="col">keys</th>
          </tr>
        </thead>
        <tbody>
          {leases.map((lease) => (
            <tr key={lease.id}>
              <td>{lease.id}</td>
              <td>
                <Remaining lease={lease} />
              </td>
              <td title={lease.keys.join(" ")}>{lease.keys.join(" ") || "none"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Remaining({ lease }: { lease: Lease }) {
  if (lease.remaining < 0) return <>nobody counts (of {duration(lease.ttl)})</>;
  const part = lease.ttl > 0 ? Math.min(1, lease.remaining / lease.ttl) : 0;
  return (
    <span class="remaining">
      <svg width="48" height="8" viewBox="0 0 48 8" aria-hidden="true">
        <rect class="rest-ground" x=".5" y=".5" width="47" height="7" />
        <rect class="rest" width={px(48 * part)} height="8" />
      </svg>
      {duration(lease.remaining)} of {duration(lease.ttl)}
    </span>
  );
}

/** The watches of clients, and whether they have heard all that there is. */
export function Watchers({ watchers, members }: { watchers: Watcher[]; members: Member[] }) {
  if (watchers.length === 0) return <p class="empty">Nobody watches.</p>;
  const name = (id: number) => members.find((m) => m.id === id)?.name ?? "nobody";
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section class="scroll" tabIndex={0} aria-label="Watchers">
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">client</th>
            <th scope="col">at</th>
            <th scope="col">watches</th>
            <th scope="col">waits for</th>
            <th scope="col">heard</th>
          </tr>
        </thead>
        <tbody>
          {watchers.map((w) => (
            <tr key={`${w.client} ${w.member} ${w.span}`}>
              <td>{w.client}</td>
              <td>{name(w.member)}</td>
              <td title={w.span}>{w.span}</td>
              <td>
                {w.next}
                {w.lags && <span class="just">lags</span>}
              </td>
              <td>{w.heard}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
