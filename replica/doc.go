// Package replica is one member of a cluster: a Raft core, the state machine that
// it replicates, and the log that outlives a crash. It does no I/O: requests and
// messages go in, effects come out, and whoever drives it has the disk, the
// network and the clock. The simulator and the server drive the same code.
//
//	request ─► propose ─► raft ─► log records ─► disk
//	                       │  ◄──── Synced ◄──────┘
//	                       ├─► messages, once what they promise is durable
//	                       └─► committed entries ─► machine ─┬► reply
//	                                                         └► watch responses
//
// At most one Sync is under way; all that is written meanwhile shares the next
// one. That is group commit.
//
// What grows is bounded by snapshots: Save hands out a clone of the state machine
// for the driver to write to a file; once that is durable, the log begins anew with
// a Base record, and once that is durable too, Trim lets go of all before it.
package replica
