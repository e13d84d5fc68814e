package bugs

import (
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// disks are mistakes about what a disk has kept.
func disks() []Bug {
	return []Bug{
		{
			Name: "ack-before-fsync", Source: "etcd#14370", Rule: "Raft.CountsOwn", Breaks: "CommittedIsDurable",
			Sentence: "A leader counts its own copy of an entry before that is on its disk, and answers the client.",
			apply: func(c *raftsim.Config) {
				c.Rules.Raft.CountsOwn = func(_, last raft.Index) raft.Index { return last }
			},
		},
		{
			Name: "log-before-term", Source: "openraft io_ordering.md", Rule: "Replica.TermFirst", Breaks: "Liveness",
			Sentence: "An entry reaches the disk before the term that it belongs to, and a crash comes in between.",
			Note: "There an old leader could overwrite the entry (LeaderCompleteness). Here recovery finds an entry of a later term " +
				"than the member's own and refuses to start: what breaks is that the member never comes back.",
			apply: func(c *raftsim.Config) { c.Rules.Replica.TermFirst = never },
		},
		{
			Name: "lying-fsync", Source: "Redpanda on fsync, etcd#14143", Rule: "BeyondModel", Breaks: "LeaderCompleteness", BeyondModel: true,
			Sentence: "A disk says that it has synced and has not; power fails, and the member leads without what was committed.",
			Note: "A fault, not a rule. No single disk can notice, so that inside the fault model the world lets it happen only " +
				"where the others stand it.",
			apply: func(c *raftsim.Config) { c.BeyondModel = true },
		},
		{
			Name: "fsync-retry", Source: "cockroach#37102, fsyncgate", Rule: "Host.TrustsDisk", Breaks: "LeaderCompleteness",
			Sentence: "A failed fsync is tried again, succeeds, and is believed, though the kernel has dropped the pages.",
			Note: "The scenario shows it where a member leads without what was lost; an entry that is committed on too few disks " +
				"(CommittedIsDurable) comes of it too.",
			apply: func(c *raftsim.Config) {
				c.Rules.Host.TrustsDisk = func(error) bool { return true }
			},
		},
		{
			Name: "torn-tail-rejected", Source: "etcd#5230, etcd#6515", Rule: "Wal.MayCutTail", Breaks: "Liveness",
			Sentence: "A member whose last record was torn by a crash refuses to start, though nobody was promised anything about it.",
			apply:    func(c *raftsim.Config) { c.Rules.Wal.MayCutTail = never },
		},
		{
			Name: "torn-middle-accepted", Source: "Alagappan et al., FAST '18", Rule: "Wal.ProvesLoss", Breaks: "LeaderCompleteness",
			Sentence: "Damage in the middle of the log is taken for a torn tail, and cut off with all that was acknowledged behind it.",
			Note: "What is committed on too few disks (CommittedIsDurable) shows here when a member leads without it: durability is looked at " +
				"once, when an entry is committed, and the damage comes later.",
			apply: func(c *raftsim.Config) {
				c.Rules.Wal.ProvesLoss = func(_, _ uint64) bool { return false }
			},
		},
		{
			Name: "applied-index-first", Source: "etcd#13766", Rule: "Replica.HasState", Breaks: "StateMachineSafety",
			Sentence: "The applied index is saved apart from the data, and believed where the data is missing.",
			Note: "Here the applied index stands in the log's Base record and the data in a snapshot file. The driver writes the file " +
				"first, so that it takes damage to the file to show what a wrong order would.",
			apply: func(c *raftsim.Config) {
				c.Rules.Replica.HasState = func(error) bool { return true }
			},
		},
	}
}
