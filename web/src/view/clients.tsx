import type { Client, ClientSpot } from "../pure/clients";
import { clientPath, px, type Ring } from "../pure/geometry";
import type { Open } from "./handles";

export interface ClientsProps {
  clients: Client[];
  spots: Map<string, ClientSpot>;
  ring: Ring;
  onOpen: Open;
}

/** The clients at the edges, each beside the member it asks, with what it waits for. */
export function Clients({ clients, spots, ring, onOpen }: ClientsProps) {
  return (
    <g class="clients">
      {clients.map((client) => {
        const place = spots.get(client.name);
        return place ? (
          <ClientNode key={client.name} client={client} place={place} ring={ring} onOpen={onOpen} />
        ) : null;
      })}
    </g>
  );
}

interface NodeProps {
  client: Client;
  place: ClientSpot;
  ring: Ring;
  onOpen: Open;
}

function ClientNode({ client, place, ring, onOpen }: NodeProps) {
  const { name, request, watches, member, paused } = client;
  const { at, side, width } = place;
  const pending = request !== "";
  const open = () => onOpen({ kind: "client", name }, at);
  const way = (to: number) => {
    const path = clientPath(ring, to, place);
    return `M${px(path.from.x)} ${px(path.from.y)}L${px(path.to.x)} ${px(path.to.y)}`;
  };
  return (
    <>
      {watches.map((w) => (
        <path key={w.span} class="watch-way" d={way(w.member)} />
      ))}
      {pending && ring.ids.includes(member) && <path class="client-way" d={way(member)} />}
      {/* biome-ignore lint/a11y/useSemanticElements: SVG has no button element. */}
      <g
        class={`client${pending ? " pending" : ""}${paused ? " paused" : ""}`}
        role="button"
        tabindex={0}
        aria-haspopup="menu"
        aria-label={sentence(client)}
        transform={`translate(${px(at.x)} ${px(at.y)})`}
        onClick={open}
        onKeyDown={(event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          open();
        }}
      >
        <rect class="client-body" x={px(-width / 2)} y="-12" width={width} height="24" rx="4" />
        <text y="4">{clip(name, 5)}</text>
      </g>
      {(pending || paused) && (
        <text
          class={side === 1 ? "request at-right" : "request at-left"}
          x={px(at.x + (side * width) / 2)}
          y={px(at.y + 24)}
        >
          {clip(paused ? "paused" : request, ring.width < 600 ? 6 : 10)}
        </text>
      )}
    </>
  );
}

function clip(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

function sentence({ name, request, watches, paused }: Client): string {
  const waits = request === "" ? "" : `, waits for an answer to ${request}`;
  const watching = watches.map((w) => `, watches ${w.span}`).join("");
  return `${name}: client${paused ? ", paused" : ""}${waits}${watching}`;
}
