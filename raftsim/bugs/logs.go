package bugs

import (
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// logs are mistakes about what stands in a log and what is committed.
func logs() []Bug {
	return []Bug{
		{
			Name: "commit-old-term", Source: "the paper's Figure 8, logcabin#44", Rule: "Raft.MayCommit", Breaks: "LeaderCompleteness",
			Sentence: "An entry of an earlier term counts as committed once it is on a majority.",
			apply: func(c *raftsim.Config) {
				c.Rules.Raft.MayCommit = func(_, _ raft.Term) bool { return true }
			},
		},
		{
			Name: "heartbeat-truncates", Source: "willemt/raft#37", Rule: "Raft.CutsBehind", Breaks: "CommittedIsDurable",
			Sentence: "A late heartbeat deletes all entries behind the one that it is about.",
			apply: func(c *raftsim.Config) {
				c.Rules.Raft.CutsBehind = func(entries int) bool { return entries == 0 }
			},
		},
		{
			Name: "truncate-without-conflict", Source: "openraft 9540c904", Rule: "Raft.MustTruncate", Breaks: "CommittedIsDurable",
			Sentence: "Every append cuts the log behind it: a late copy of an old one deletes what came after.",
			apply: func(c *raftsim.Config) {
				c.Rules.Raft.MustTruncate = func(_, _ raft.Term) bool { return true }
			},
		},
		{
			Name: "conflict-tail-kept", Source: "mofa#1151", Rule: "Raft.ConflictTakesTail", Breaks: "LogMatching",
			Sentence: "An entry that conflicts is replaced, and what follows it stays.",
			apply:    func(c *raftsim.Config) { c.Rules.Raft.ConflictTakesTail = never },
		},
		{
			Name: "commit-past-verified", Source: "copycat#265, scylladb#9965", Rule: "Raft.CommitBound", Breaks: "StateMachineSafety",
			Sentence: "A follower commits as far as its leader, over entries that the leader has not compared.",
			apply: func(c *raftsim.Config) {
				c.Rules.Raft.CommitBound = func(leader, _ raft.Index) raft.Index { return leader }
			},
		},
		{
			Name: "quorum-miscounted", Source: "openraft#1802", Rule: "Raft.IsQuorum", Breaks: "CommittedIsDurable",
			Sentence: "Half of the voters count as a majority.",
			apply: func(c *raftsim.Config) {
				c.Rules.Raft.IsQuorum = func(votes, voters int) bool { return votes >= voters/2 }
			},
		},
		{
			Name: "ack-own-tail", Source: "CCF#6016", Rule: "Raft.Acknowledges", Breaks: "CommittedIsDurable",
			Sentence: "A follower acknowledges the end of its own log, with entries that the leader never sent.",
			apply: func(c *raftsim.Config) {
				c.Rules.Raft.Acknowledges = func(_, last raft.Index) raft.Index { return last }
			},
		},
		{
			Name: "rollback-on-follow", Source: "CCF#5674", Rule: "Raft.RollsBack", Breaks: "CommittedIsDurable",
			Sentence: "A member that hears of a later term drops what it has not committed, though it has acknowledged it.",
			apply:    func(c *raftsim.Config) { c.Rules.Raft.RollsBack = always },
		},
		{
			Name: "deposed-appends", Source: "camunda#5360", Rule: "Raft.FollowerAppends", Breaks: "LogMatching",
			Sentence: "A leader that has been deposed, and knows no other yet, appends a client's request under the new term.",
			Note:     "Every follower that knows no leader does, not only one that has led.",
			apply: func(c *raftsim.Config) {
				c.Rules.Raft.FollowerAppends = func(leader raft.ID) bool { return leader == 0 }
			},
		},
		{
			Name: "snapshot-truncates-newer", Source: "camunda#6092", Rule: "Raft.SnapshotIsRedundant", Breaks: "CommittedIsDurable",
			Sentence: "A late snapshot cuts off a log that has gone on beyond it.",
			apply: func(c *raftsim.Config) {
				c.Rules.Raft.SnapshotIsRedundant = func(bool) bool { return false }
			},
		},
		{
			Name: "snapshot-keeps-conflict", Source: "hashicorp/raft#704", Rule: "Raft.InstallKeeps", Breaks: "Liveness",
			Sentence: "A log that goes beyond a snapshot, but differs from it, stays when it is installed: what follows never fits.",
			apply: func(c *raftsim.Config) {
				c.Rules.Raft.InstallKeeps = func(last, snapshot raft.Index) bool { return last >= snapshot }
			},
		},
	}
}
