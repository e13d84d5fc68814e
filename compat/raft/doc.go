// Package raft lets etcd's Raft core, go.etcd.io/raft, judge ours. One driver
// (Cluster) runs members of either kind (Core) in one thread, with time in ticks,
// disks that take no time, and a network that does what a seed says.
//
//	TestScripts     the same scripts on both, and on mixtures: after each scene all
//	                members have the same role, term, commit and log in all clusters
//	TestFaults      clusters of one kind and of both, through drops, doubles, delays,
//	                cuts, crashes and compactions: Figure 3 of the paper holds after
//	                every step, reads see all that was committed before them, and
//	                when the faults stop, everything asked for is done
//	TestMembership  the same for clusters of one kind whose members come and go
//	Benchmark…      both in turn, in processor time
//
// # Mixed clusters
//
// Members of different kinds understand one another by a translation, at the side
// of etcd's member. These words mean the same: RequestVote and MsgVote,
// RequestPreVote and MsgPreVote, their answers, TimeoutNow and MsgTimeoutNow,
// ReadIndex and MsgReadIndex with their answers. These need help:
//
//   - AppendEntries becomes MsgApp and MsgHeartbeat. Etcd's members hand nothing
//     back with the answer to MsgApp, but the Context of MsgHeartbeat, which holds
//     Round and Sent. The answer to it becomes a rejection that has been overtaken:
//     it says that the leader was heard, and nothing of the log.
//   - MsgHeartbeat becomes an AppendEntries of nothing behind the entry at its
//     Commit, which the receiver is known to have.
//   - A rejection says where to look next: etcd's the last entry that may agree,
//     ours the conflicting term and where it begins. From etcd's to ours that is
//     the same place; from ours to etcd's it is right before that term, which may
//     be too far back, but not too near.
//   - A forwarded proposal has a term and a name in ours, by which it is taken at
//     most once, and neither in etcd's. On its way to our leader it gets both from
//     etcd's member; on its way to etcd's leader it loses both, so it may be taken
//     in a later term, and twice if the network doubles it. That is etcd's way.
//   - InstallSnapshot becomes MsgSnap and MsgHeartbeat, and MsgSnap an InstallSnapshot,
//     both in one piece. The answer to either is one to the entries up to there.
//
// These don't map:
//
//   - Changes of membership: ours are in force when they stand in the log, etcd's
//     when they are applied. A mixed cluster keeps its members.
//   - InstallSnapshot in pieces: a mixed cluster has snapshots that are small.
//   - Entry.Request: an entry that has passed through etcd's log comes back without
//     it. What is compared is term, index and data.
//   - Echo.Life and Echo.Lost: etcd's members never lose a part of their log here.
//   - Lease reads are off: etcd's members don't know when a message was sent.
//   - MsgTransferLeader, by which etcd's follower hands the wish to its leader: only
//     leaders are asked to hand over.
package raft
