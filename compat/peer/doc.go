// Package peer makes etcd's Raft core, go.etcd.io/raft, the core of our replicas: so our
// world, its faults, clients and judges are the same for both cores. Options.Restore goes
// into raftsim.Config.Core, Options.Core into fuzz.Campaign.Core.
//
//	raft.Input ─► RawNode ─► Ready ─► MsgStorageAppend ─► writes ─► disk ─► Written
//	                           │                          answers to self ◄────┤
//	                           │                          answers to others ───┴─► network
//	                           ├────► other messages, once earlier writes are durable ──►
//	                           └────► MsgStorageApply ─► committed entries ─► state machine
//
// Members speak our words (message.go), so that the world can tell what they say; ticks come
// every 10 ms of the member's clock, and election time-outs from the world (clock.go). Term,
// vote and commit index are written as one record, entries behind the term and before the commit index
// (disk.go), so that any prefix of a log is a state that was.
//
// # What etcd's core does not promise
//
// Left out of the runs (fit.go):
//
//   - Disks that lose what they have reported durable, by lies, flipped bits, or wiped: "all
//     writes performed in service of a MsgStorageAppend must be durable before response
//     messages are delivered" (raft.Config.AsyncStorageWrites). Our core knows a loss that is
//     proved, and stands it.
//   - Lease reads: "if the clock drift is unbounded, leader might keep the lease longer than it
//     should" (raft.Config.ReadOnlyOption). Our core counts with a bound. testdata/lease.scenario
//
// Added around it, as whoever embeds it has to; without them the campaigns have found what
// breaks (Options):
//
//   - All that is sent waits for the hard state of the same Ready and for the entries of earlier
//     ones (raft's doc.go, step 2). With asynchronous writes the documentation lets go at once what
//     does not answer; but then a vote may be asked for with entries that a crash takes
//     back. testdata/eager.scenario (Etcd's servers don't write asynchronously.)
//   - A leader that is the only voter answers reads only after it has committed an entry of its
//     own term, as etcd's core demands it of others (etcd-io/raft#105). testdata/alone.scenario
//   - A change of the members begins only when all in the configuration in force go by it, for
//     it counts when it is applied, not when it is in the log (etcd-io/etcd#11284). Else nobody
//     may be able to lead any more. testdata/hasty.scenario
//   - A leader is not removed: it hands over first. Who is removed can't be elected any more in
//     etcd's core, though the others may need it (thesis §4.2.2, Figure 4.6;
//     etcd-io/etcd#10563). testdata/resigns.scenario
//
// Different from our core, and from etcd's servers:
//
//   - Followers don't hand proposals on (DisableProposalForwarding): in etcd's words they
//     have neither term nor name, so that a network that doubles or delays lets them happen twice,
//     or after it was said that they won't. Reads are handed on.
//   - A snapshot goes as one message, and one that is older than its receiver's membership names
//     it as a learner: etcd's servers would make one anew for each receiver.
//   - Rejections always have a hint (Options.FastBacktrack), and the rules of package raft are
//     not asked.
package peer
