package bugs

import (
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// reads are mistakes that show clients the past.
func reads() []Bug {
	return []Bug{
		{
			Name: "local-leader-read", Source: "aphyr.com/posts/316", Rule: "Raft.ReadConfirmed", Breaks: "Linearizability",
			Sentence: "A leader answers reads without asking whether it still leads.",
			apply: func(c *raftsim.Config) {
				c.Rules.Raft.ReadConfirmed = func(_, _ uint64) bool { return true }
			},
		},
		{
			Name: "readindex-too-early", Source: "etcd#7331", Rule: "Raft.MayRead", Breaks: "Linearizability",
			Sentence: "A fresh leader answers reads before it has committed anything in its own term, by a commit index of the past.",
			apply: func(c *raftsim.Config) {
				c.Rules.Raft.MayRead = func(_, _ raft.Term) bool { return true }
			},
		},
		{
			Name: "readindex-id-reuse", Source: "etcd#20418, etcd#21399", Rule: "Replica.ReadLife", Breaks: "Linearizability",
			Sentence: "The names of reads repeat after a restart: a late answer to an old one releases a new one.",
			apply: func(c *raftsim.Config) {
				c.Rules.Replica.ReadLife = func(raft.Life) raft.Life { return 1 }
			},
		},
		{
			Name: "lease-read-transfer", Source: "openraft#1749", Rule: "Raft.TransferEndsLease", Breaks: "Linearizability",
			Sentence: "A leader that hands over trusts its lease, while the other leads already.",
			apply: func(c *raftsim.Config) {
				c.Options.PreVote, c.Options.CheckQuorum, c.Options.Stickiness, c.Options.LeaseRead = true, true, true, true
				c.Rules.Raft.TransferEndsLease = never
			},
		},
		{
			Name: "lease-read-drift", Source: "tikv#964", Rule: "Raft.LeaseHolds", Breaks: "Linearizability",
			Sentence: "A lease takes no account of how much clocks may differ: a slow one trusts it for too long.",
			apply: func(c *raftsim.Config) {
				c.Options.PreVote, c.Options.CheckQuorum, c.Options.Stickiness, c.Options.LeaseRead = true, true, true, true
				c.Rules.Raft.LeaseHolds = func(asked, now raft.Time, timeout raft.Duration, _ int64) bool {
					return now < asked.Add(timeout)
				}
			},
		},
	}
}
