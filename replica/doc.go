// Package replica is one member of a cluster: a Raft core, the store it
// replicates, and the log that outlives a crash. It does no I/O: requests and
// messages go in, effects come out, and whoever drives it has the disk, the
// network and the clock. The simulator and the server drive the same code.
//
//	request ─► propose ─► raft ─► log records ─► disk
//	                       │  ◄──── Synced ◄──────┘
//	                       ├─► messages, once what they promise is durable
//	                       └─► committed entries ─► store ─► reply
//
// At most one Sync is under way; all that is written meanwhile shares the next
// one. That is group commit.
package replica
