package bugs

import (
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// memberships are mistakes about who belongs to the cluster.
func memberships() []Bug {
	return []Bug{
		{
			Name: "snapshot-phantom-config", Source: "openraft#1808", Rule: "Raft.SnapshotMembers", Breaks: "LeaderCompleteness",
			Sentence: "A snapshot holds the newest configuration of the log, which may never be committed.",
			apply: func(c *raftsim.Config) {
				c.Rules.Raft.SnapshotMembers = func(_, newest raft.Configuration) raft.Configuration { return newest }
			},
		},
		{
			Name: "single-change-2015", Source: "raft-dev, July 2015; openraft#2051", Rule: "Raft.MayChange", Breaks: "LeaderCompleteness",
			Sentence: "A leader changes the members before it has committed anything in its own term.",
			apply: func(c *raftsim.Config) {
				c.Rules.Raft.MayChange = func(newestCommitted bool, _, _ raft.Term) bool { return newestCommitted }
			},
		},
		{
			Name: "config-on-apply", Source: "etcd#11284", Rule: "Raft.ConfigurationCounts", Breaks: "LeaderCompleteness",
			Sentence: "A configuration counts only where it is known to be committed: the others go by the old one.",
			apply: func(c *raftsim.Config) {
				c.Rules.Raft.ConfigurationCounts = func(index, commit raft.Index) bool { return index <= commit }
			},
		},
		{
			Name: "learner-refuses-vote", Source: "etcd#10998, raft-rs#57", Rule: "Raft.MayAnswer", Breaks: "Liveness",
			Sentence: "A member that was made a voter, and has not heard of it, refuses its vote.",
			apply: func(c *raftsim.Config) {
				c.Rules.Raft.MayAnswer = func(voter bool) bool { return voter }
			},
		},
		{
			Name: "removed-leader-stays", Source: "raft-rs#584", Rule: "Raft.MustStepDown", Breaks: "Liveness",
			Sentence: "A leader goes on leading after its own removal is committed.",
			apply: func(c *raftsim.Config) {
				c.Rules.Raft.MustStepDown = func(bool) bool { return false }
			},
		},
		{
			Name: "wiped-disk-same-id", Source: "cockroach#756", Rule: "Replica.MayStart", Breaks: "LeaderCompleteness",
			Sentence: "A member whose disk was wiped comes back under its old name, and votes as if it had promised nothing.",
			apply: func(c *raftsim.Config) {
				c.Rules.Replica.MayStart = func(_, _ bool) bool { return true }
			},
		},
	}
}
