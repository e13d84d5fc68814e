package bugs

import (
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// elections are mistakes about who may lead.
func elections() []Bug {
	return []Bug{
		{
			Name: "vote-not-persisted", Source: "nodedb#161", Rule: "Raft.Waits", Breaks: "ElectionSafety",
			Sentence: "A member answers a candidate before its vote is on disk, and votes for another after a crash.",
			apply: func(c *raftsim.Config) {
				c.Rules.Raft.Waits = func(contents, _ uint64) uint64 { return contents }
			},
		},
		{
			Name: "vote-cleared-in-term", Source: "redpanda#19, camunda#5356", Rule: "Raft.ForgetsVote", Breaks: "ElectionSafety",
			Sentence: "A member that begins to follow a leader of its own term forgets its vote, and votes again.",
			apply: func(c *raftsim.Config) {
				c.Rules.Raft.ForgetsVote = func(heard, current raft.Term) bool { return heard >= current }
			},
		},
		{
			Name: "vote-two-writes", Source: "hashicorp/raft#661", Rule: "Raft.VoteIsApart", Breaks: "ElectionSafety",
			Sentence: "Vote and term are written one after the other; a crash in between leaves a vote of another term.",
			Note: "There the pair that was left let a candidate through without a look at its log (LeaderCompleteness); " +
				"here logs are always compared, and what the pair loses is the vote.",
			apply: func(c *raftsim.Config) { c.Rules.Raft.VoteIsApart = always },
		},
		{
			Name: "duplicate-vote-counted", Source: "xraft#27", Rule: "Raft.VoteCounts", Breaks: "ElectionSafety",
			Sentence: "A candidate counts replies, not voters: one that the network doubles counts twice.",
			apply: func(c *raftsim.Config) {
				c.Rules.Raft.VoteCounts = func(reply, current raft.Term, _ bool) bool { return reply == current }
			},
		},
		{
			Name: "stale-vote-counted", Source: "little-raft#44", Rule: "Raft.VoteCounts", Breaks: "ElectionSafety",
			Sentence: "A candidate counts a vote that was given to it in an earlier term.",
			apply: func(c *raftsim.Config) {
				c.Rules.Raft.VoteCounts = func(_, _ raft.Term, counted bool) bool { return !counted }
			},
		},
		{
			Name: "uptodate-by-length", Source: "openraft a48a3282", Rule: "Raft.UpToDate", Breaks: "LeaderCompleteness",
			Sentence: "The longer log wins an election, whatever the term of its last entry.",
			apply: func(c *raftsim.Config) {
				c.Rules.Raft.UpToDate = func(candidate, own raft.Position) bool { return candidate.Index >= own.Index }
			},
		},
		{
			Name: "prevote-deadlock", Source: "etcd#8243, etcd#8501", Rule: "Raft.Corrects", Breaks: "Liveness",
			Sentence: "A leader of an earlier term is not told the later one of a member whose log is too short to win: " +
				"neither ever accepts the other.",
			apply: func(c *raftsim.Config) { c.Rules.Raft.Corrects = never },
		},
		{
			Name: "partial-partition", Source: "Cloudflare, November 2020", Rule: "Options.PreVote", Breaks: "Stability",
			Sentence: "Without pre-vote and stickiness, a member that the leader can't reach deposes it again and again by way of a third.",
			Note:     "An option, not a rule: those of the paper, where etcd's are right.",
			apply:    func(c *raftsim.Config) { c.Options = raft.Paper() },
		},
	}
}

func always() bool { return true }

func never() bool { return false }
