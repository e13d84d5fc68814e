package raft

import "cmp"

// Rules are the safety decisions of the protocol, each a sentence of the paper
// or the thesis. A run may replace one to show what it is there for.
type Rules struct {
	// UpToDate: §5.4.1, the log with the later last term, then the longer one.
	UpToDate func(candidate, own Position) bool
	// MayGrantVote: §5.2, one vote per term, first come, first served.
	MayGrantVote func(vote, candidate ID) bool
	// VoteCounts: §5.2, a reply counts in the term it was given in, and each
	// voter's once.
	VoteCounts func(reply, current Term, counted bool) bool
	// MayCampaign: thesis §4.2.1 and §4.2.2, who has no vote, and no removal that
	// may be undone, starts no election; nor does who has lost entries.
	MayCampaign func(voter, lost bool) bool
	// IsQuorum: §5.2, more than half of all voters, reachable or not.
	IsQuorum func(votes, voters int) bool
	// Waits: Figure 2, persistent state is on disk before anybody hears of it:
	// the write that a message waits for, given the one that holds what it says
	// and the one that holds term and vote.
	Waits func(contents, termVote uint64) uint64

	// MustTruncate: Figure 2, AppendEntries 3, an entry conflicts with a new one
	// at its index when their terms differ; nothing else removes entries.
	MustTruncate func(existing, incoming Term) bool
	// Acknowledges: §5.3, a follower answers for what this very message
	// verified, not for the end of its log.
	Acknowledges func(verified, last Index) Index
	// CommitBound: Figure 2, AppendEntries 5, a follower commits no further than
	// the last entry that this very message verified.
	CommitBound func(leaderCommit, lastNew Index) Index
	// MayCommit: §5.4.2, counting replicas commits entries of the leader's own
	// term only; earlier ones follow from Log Matching.
	MayCommit func(entry, current Term) bool

	// MayRead: §8, a leader knows what is committed only after it committed an
	// entry of its own term.
	MayRead func(committed, current Term) bool
	// ReadConfirmed: thesis §6.4, a read waits for a majority to answer a round
	// that began after it.
	ReadConfirmed func(round, confirmed uint64) bool
	// LeaseHolds: thesis §6.4.1, nobody else can be elected within an election
	// time-out after a majority was asked, less what clocks may differ.
	LeaseHolds func(asked, now Time, timeout Duration, drift int64) bool
	// TransferEndsLease: thesis §6.4.1, a member told to campaign does so within
	// the lease.
	TransferEndsLease func() bool

	// MayChange: thesis §4.1, one change at a time; and none before the leader
	// has committed an entry of its own term (raft-dev, July 2015).
	MayChange func(newestCommitted bool, committed, current Term) bool
	// ConfigurationCounts: thesis §4.1, a configuration is in force as soon as
	// its entry, at index, stands in the log.
	ConfigurationCounts func(index, commit Index) bool
	// MustStepDown: thesis §4.2.2, a leader that is no voter any more goes once
	// that is committed.
	MustStepDown func(voter bool) bool

	// SnapshotIsRedundant: Figure 13, InstallSnapshot 6, a log that holds the
	// snapshot's last entry keeps what follows it.
	SnapshotIsRedundant func(holds bool) bool
}

// UpToDate is the rule of the same name.
func UpToDate(candidate, own Position) bool {
	return cmp.Or(cmp.Compare(candidate.Term, own.Term), cmp.Compare(candidate.Index, own.Index)) >= 0
}

// MayGrantVote is the rule of the same name.
func MayGrantVote(vote, candidate ID) bool { return vote == 0 || vote == candidate }

// VoteCounts is the rule of the same name.
func VoteCounts(reply, current Term, counted bool) bool { return reply == current && !counted }

// MayCampaign is the rule of the same name.
func MayCampaign(voter, lost bool) bool { return voter && !lost }

// IsQuorum is the rule of the same name.
func IsQuorum(votes, voters int) bool { return votes > voters/2 }

// Waits is the rule of the same name.
func Waits(contents, termVote uint64) uint64 { return max(contents, termVote) }

// MustTruncate is the rule of the same name.
func MustTruncate(existing, incoming Term) bool { return existing != incoming }

// Acknowledges is the rule of the same name.
func Acknowledges(verified, _ Index) Index { return verified }

// CommitBound is the rule of the same name.
func CommitBound(leaderCommit, lastNew Index) Index { return min(leaderCommit, lastNew) }

// MayCommit is the rule of the same name.
func MayCommit(entry, current Term) bool { return entry == current }

// MayRead is the rule of the same name.
func MayRead(committed, current Term) bool { return committed == current }

// ReadConfirmed is the rule of the same name.
func ReadConfirmed(round, confirmed uint64) bool { return round <= confirmed }

// LeaseHolds is the rule of the same name.
func LeaseHolds(asked, now Time, timeout Duration, drift int64) bool {
	return now < asked.Add(timeout-(timeout/million+1)*Duration(drift))
}

// TransferEndsLease is the rule of the same name.
func TransferEndsLease() bool { return true }

// MayChange is the rule of the same name.
func MayChange(newestCommitted bool, committed, current Term) bool {
	return newestCommitted && committed == current
}

// ConfigurationCounts is the rule of the same name.
func ConfigurationCounts(Index, Index) bool { return true }

// MustStepDown is the rule of the same name.
func MustStepDown(voter bool) bool { return !voter }

// SnapshotIsRedundant is the rule of the same name.
func SnapshotIsRedundant(holds bool) bool { return holds }

// StandardRules are those of the paper and the thesis.
func StandardRules() Rules {
	return Rules{
		UpToDate: UpToDate, MayGrantVote: MayGrantVote, VoteCounts: VoteCounts, MayCampaign: MayCampaign,
		IsQuorum: IsQuorum, Waits: Waits,
		MustTruncate: MustTruncate, Acknowledges: Acknowledges, CommitBound: CommitBound, MayCommit: MayCommit,
		MayRead: MayRead, ReadConfirmed: ReadConfirmed, LeaseHolds: LeaseHolds, TransferEndsLease: TransferEndsLease,
		MayChange: MayChange, ConfigurationCounts: ConfigurationCounts, MustStepDown: MustStepDown,
		SnapshotIsRedundant: SnapshotIsRedundant,
	}
}

// complete reports whether no rule is missing.
func (r *Rules) complete() bool {
	return r.UpToDate != nil && r.MayGrantVote != nil && r.VoteCounts != nil && r.MayCampaign != nil &&
		r.IsQuorum != nil && r.Waits != nil &&
		r.MustTruncate != nil && r.Acknowledges != nil && r.CommitBound != nil && r.MayCommit != nil &&
		r.MayRead != nil && r.ReadConfirmed != nil && r.LeaseHolds != nil && r.TransferEndsLease != nil &&
		r.MayChange != nil && r.ConfigurationCounts != nil && r.MustStepDown != nil && r.SnapshotIsRedundant != nil
}
