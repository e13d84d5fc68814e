/** Where the lanes of the timeline stand, in pixels from its top. */
export interface Rows {
  /** From lane to lane. */
  memberPitch: number;
  clientPitch: number;
  clientsTop: number;
  axis: number;
  height: number;
}

const top = 6;
const axisHeight = 22;

/** The lanes of members above those of clients above the axis; dense, for a low window that is to show them all. */
export function rows(members: number, clients: number, dense: boolean): Rows {
  const memberPitch = dense ? 16 : 19;
  const clientPitch = dense ? 14 : 18;
  const clientsTop = top + members * memberPitch + (dense ? 4 : 8);
  const axis = clientsTop + clients * clientPitch;
  return { memberPitch, clientPitch, clientsTop, axis, height: axis + axisHeight };
}

/** The top of a member's lane; members are numbered from 1. */
export function memberRow(r: Rows, member: number): number {
  return top + (member - 1) * r.memberPitch;
}

/** The top of a client's lane; clients are numbered from 0. */
export function clientRow(r: Rows, client: number): number {
  return r.clientsTop + client * r.clientPitch;
}
