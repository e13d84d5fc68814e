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
const bareAxisHeight = 10;
const marksHeight = 18;

/** How far apart the lanes of members and clients stand. */
const pitches = {
  roomy: { memberPitch: 19, clientPitch: 18, gap: 8 },
  dense: { memberPitch: 16, clientPitch: 14, gap: 4 },
};

export interface RowsOptions {
  /** For a low window that is to show them all. */
  dense?: boolean;
  /** The axis stands without its times. */
  bare?: boolean;
  /** Whether there are marks to be named above the lanes. */
  marks?: boolean;
}

/** The lanes of members above those of clients above the axis. */
export function rows(members: readonly number[], clients: number, options: RowsOptions = {}): Rows {
  const { memberPitch, clientPitch, gap } = options.dense ? pitches.dense : pitches.roomy;
  const top = 6 + (options.marks ? marksHeight : 0);
  const clientsTop = top + members.length * memberPitch + gap;
  const axis = clientsTop + clients * clientPitch;
  const height = axis + (options.bare ? bareAxisHeight : axisHeight);
  return { members, top, memberPitch, clientPitch, clientsTop, axis, height };
}

/** The top of a member's lane. */
export function memberRow(r: Rows, member: number): number {
  return r.top + Math.max(0, r.members.indexOf(member)) * r.memberPitch;
}

/** The top of a client's lane; clients are numbered from 0. */
export function clientRow(r: Rows, client: number): number {
  return r.clientsTop + client * r.clientPitch;
}
