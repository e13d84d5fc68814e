/** Where the lanes of the timeline stand, in pixels from its top. */
export interface Rows {
  /** The members that have a lane, in order. */
  members: readonly number[];
  /** Where the first lane begins; above it stand the marks, if there are any. */
  top: number;
  /** From lane to lane. */
  memberPitch: number;
  clientPitch: number;
  clientsTop: number;
  axis: number;
  height: number;
}

const axisHeight = 22;
const marksHeight = 18;

export interface RowsOptions {
  /** For a low window that is to show them all. */
  dense?: boolean;
  /** Whether there are marks to be named above the lanes. */
  marks?: boolean;
}

/** The lanes of members above those of clients above the axis. */
export function rows(members: readonly number[], clients: number, options: RowsOptions = {}): Rows {
  const dense = options.dense ?? false;
  const memberPitch = dense ? 16 : 19;
  const clientPitch = dense ? 14 : 18;
  const top = 6 + (options.marks ? marksHeight : 0);
  const clientsTop = top + members.length * memberPitch + (dense ? 4 : 8);
  const axis = clientsTop + clients * clientPitch;
  return { members, top, memberPitch, clientPitch, clientsTop, axis, height: axis + axisHeight };
}

/** The top of a member's lane. */
export function memberRow(r: Rows, member: number): number {
  return r.top + Math.max(0, r.members.indexOf(member)) * r.memberPitch;
}

/** The top of a client's lane; clients are numbered from 0. */
export function clientRow(r: Rows, client: number): number {
  return r.clientsTop + client * r.clientPitch;
}
