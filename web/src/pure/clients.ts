import type { ClientState, Frame, Watcher } from "../engine/types";
import { type Point, type Ring, spot } from "./geometry";

/** A client as the stage shows it. */
export interface Client extends ClientState {
  /** What it watches. */
  watches: Watcher[];
}

/** The clients at the playhead, in their order. */
export function clientsOf(frame: Frame): Client[] {
  return frame.clients.map((client) => {
    const watches = frame.store.watchers.filter((w) => w.client === client.name);
    return { ...client, member: client.member || (watches[0]?.member ?? 0), watches };
  });
}

/** A client's place: at the left or right edge of the stage. */
export interface ClientSpot {
  at: Point;
  side: 1 | -1;
  width: number;
}

/** From client to client at one edge. */
const pitch = 40;
const tightPitch = 26;
const edge = 6;

/** How wide a client's node is. */
export function nodeWidth(name: string): number {
  return 16 + 7 * Math.min(name.length, 5);
}

/** Where each client stands: at the edge beside its member, none on another. */
export function clientSpots(r: Ring, clients: Client[]): Map<string, ClientSpot> {
  const spots = new Map<string, ClientSpot>();
  const home = (c: Client) => spot(r, c.member);
  const sideOf = (c: Client): 1 | -1 => (home(c).x < r.center.x - 1 ? -1 : 1);
  for (const side of [1, -1] as const) {
    const here = clients
      .map((client) => ({ client, y: home(client).y }))
      .filter(({ client }) => sideOf(client) === side)
      .sort((a, b) => a.y - b.y);
    const ys = spread(
      here.map((h) => h.y),
      r.height,
    );
    here.forEach(({ client }, i) => {
      const width = nodeWidth(client.name);
      const x = side === 1 ? r.width - edge - width / 2 : edge + width / 2;
      spots.set(client.name, { at: { x, y: ys[i] ?? 0 }, side, width });
    });
  }
  return spots;
}

/** Heights near those wished, in their order, that keep apart. */
function spread(wished: number[], height: number): number[] {
  const gap = wished.length * pitch > height - 60 ? tightPitch : pitch;
  const found: number[] = [];
  for (let i = 0; i < wished.length; ) {
    const same = wished.filter((y) => y === wished[i]).length;
    const middle = (wished[i] ?? 0) - ((same - 1) * gap) / 2;
    for (let k = 0; k < same; k++, i++) {
      found.push(Math.max(middle + k * gap, (found.at(-1) ?? -Infinity) + gap, 56));
    }
  }
  const over = (found.at(-1) ?? 0) - (height - 24);
  return over > 0 ? found.map((y) => y - over) : found;
}
