import type { Frame, Member, Op, Watcher } from "../engine/types";
import { type Point, type Ring, spot } from "./geometry";

/** A client as the stage shows it. */
export interface Client {
  name: string;
  /** Whom it asks, or asked last; 0 for nobody yet. */
  member: number;
  /** The request that waits for an answer, or the last one that had one. */
  op: Op | undefined;
  /** What it watches. */
  watches: Watcher[];
}

/** More clients than these would only be in each other's way. */
export const mostClients = 12;

/** The clients at the playhead, in their order; what will be known only later plays no part. */
export function clientsOf(frame: Frame): Client[] {
  const last = new Map<string, Op>();
  for (const op of frame.lanes?.ops ?? []) {
    const known = last.get(op.client);
    if (op.call <= frame.time && (!known || op.call >= known.call)) last.set(op.client, op);
  }
  return (frame.lanes?.clients ?? []).slice(0, mostClients).map((name) => {
    const op = last.get(name);
    const watches = frame.store.watchers.filter((w) => w.client === name);
    return { name, member: memberOf(frame, name, op, watches), op, watches };
  });
}

function memberOf(frame: Frame, name: string, op: Op | undefined, watches: Watcher[]): number {
  const flying = frame.messages.find((m) => m.client === name);
  return flying ? flying.from || flying.to : (op?.member ?? watches[0]?.member ?? 0);
}

/** Whether an operation waits for its answer at a time. */
export function isPending(op: Op | undefined, time: number): boolean {
  return op !== undefined && (op.return === 0 || op.return > time);
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
export function clientSpots(r: Ring, clients: Client[], members: Member[]): Map<string, ClientSpot> {
  const spots = new Map<string, ClientSpot>();
  const known = new Set(members.map((m) => m.id));
  const home = (c: Client) => (known.has(c.member) ? spot(r, c.member) : r.center);
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
