package raft

import "cmp"

// Rules are the safety decisions of the protocol, each a sentence of the paper.
// A run may replace one to show what it is there for.
type Rules struct {
	// UpToDate: §5.4.1, the log with the later last term, then the longer one.
	UpToDate func(candidate, own Position) bool
	// MayGrantVote: §5.2, one vote per term, first come, first served.
	MayGrantVote func(vote, candidate ID) bool
	// MayCommit: §5.4.2, counting replicas commits entries of the leader's own
	// term only; earlier ones follow from Log Matching.
	MayCommit func(entry, current Term) bool
	// MustTruncate: Figure 2, AppendEntries 3, an entry conflicts with a new one
	// at its index when their terms differ; nothing else removes entries.
	MustTruncate func(existing, incoming Term) bool
	// CommitBound: Figure 2, AppendEntries 5, a follower commits no further than
	// the last entry that this very message verified.
	CommitBound func(leaderCommit, lastNew Index) Index
	// MayRead: §8, a leader knows what is committed only after it committed an
	// entry of its own term.
	MayRead func(committed, current Term) bool
	// IsQuorum: §5.2, more than half of all voters, reachable or not.
	IsQuorum func(votes, voters int) bool
}

// UpToDate is the rule of the same name.
func UpToDate(candidate, own Position) bool {
	return cmp.Or(cmp.Compare(candidate.Term, own.Term), cmp.Compare(candidate.Index, own.Index)) >= 0
}

// MayGrantVote is the rule of the same name.
func MayGrantVote(vote, candidate ID) bool { return vote == 0 || vote == candidate }

// MayCommit is the rule of the same name.
func MayCommit(entry, current Term) bool { return entry == current }

// MustTruncate is the rule of the same name.
func MustTruncate(existing, incoming Term) bool { return existing != incoming }

// CommitBound is the rule of the same name.
func CommitBound(leaderCommit, lastNew Index) Index { return min(leaderCommit, lastNew) }

// MayRead is the rule of the same name.
func MayRead(committed, current Term) bool { return committed == current }

// IsQuorum is the rule of the same name.
func IsQuorum(votes, voters int) bool { return votes > voters/2 }

// StandardRules are those of the paper.
func StandardRules() Rules {
	return Rules{UpToDate, MayGrantVote, MayCommit, MustTruncate, CommitBound, MayRead, IsQuorum}
}

// complete reports whether no rule is missing.
func (r *Rules) complete() bool {
	return r.UpToDate != nil && r.MayGrantVote != nil && r.MayCommit != nil && r.MustTruncate != nil &&
		r.CommitBound != nil && r.MayRead != nil && r.IsQuorum != nil
}
