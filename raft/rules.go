package raft

import "cmp"

// Rules are the safety decisions of the protocol, each a sentence of the paper
// or the thesis. A run may replace one to show what it is there for.
type Rules struct {
	// UpToDate: §5.4.1, the log with the later last term, then the longer one.
	UpToDate func(candidate, own Position) bool
	// MayGrantVote: §5.2, one vote per term, first come, first served.
	MayGrantVote func(vote, candidate ID) bool
	// ForgetsVote: Figure 2, votedFor is the vote of the current term: it goes when a
	// later term is heard of, not when a candidate steps down within its term.
	ForgetsVote func(heard, current Term) bool
	// VoteIsApart: Figure 2, currentTerm and votedFor are one fact, and reach the disk
	// together: no vote is written apart from its term.
	VoteIsApart func() bool
	// MayAnswer: thesis §4.1 and §4.2.1, who is asked for its vote gives it, voter by
	// its own log or not: it may have been made one by an entry that it lacks.
	MayAnswer func(voter bool) bool
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

	// Corrects: §5.1, who sends in an earlier term is told the later one, or a leader
	// that nobody follows would never learn it.
	Corrects func() bool
	// CountsOwn: thesis §10.2.1, a leader counts its own copy of an entry only once
	// that is on its disk.
	CountsOwn func(durable, last Index) Index
	// FollowerAppends: Figure 2, Leaders, only who leads appends what clients ask for,
	// not who has been deposed and knows no leader yet.
	FollowerAppends func(leader ID) bool
	// RollsBack: §5.3, a later term alone removes nothing from a log.
	RollsBack func() bool

	// MustTruncate: Figure 2, AppendEntries 3, an entry conflicts with a new one
	// at its index when their terms differ; nothing else removes entries.
	MustTruncate func(existing, incoming Term) bool
	// ConflictTakesTail: Figure 2, AppendEntries 3, with an entry that conflicts goes
	// all that follows it.
	ConflictTakesTail func() bool
	// CutsBehind: Figure 2, AppendEntries, what a message of so many entries says
	// nothing about stays as it is.
	CutsBehind func(entries int) bool
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
	// InstallKeeps: Figure 13, InstallSnapshot 7, a snapshot that the log does not hold
	// takes the place of the whole log, of what goes beyond it too.
	InstallKeeps func(last, snapshot Index) bool
	// SnapshotMembers: thesis §5.1, a snapshot's configuration is the newest one at its
	// index, not the newest in the log.
	SnapshotMembers func(there, newest Configuration) Configuration
}

// UpToDate is the rule of the same name.
func UpToDate(candidate, own Position) bool {
	return cmp.Or(cmp.Compare(candidate.Term, own.Term), cmp.Compare(candidate.Index, own.Index)) >= 0
}

// MayGrantVote is the rule of the same name.
func MayGrantVote(vote, candidate ID) bool { return vote == 0 || vote == candidate }

// ForgetsVote is the rule of the same name.
func ForgetsVote(heard, current Term) bool { return heard > current }

// VoteIsApart is the rule of the same name.
func VoteIsApart() bool { return false }

// MayAnswer is the rule of the same name.
func MayAnswer(bool) bool { return true }

// VoteCounts is the rule of the same name.
func VoteCounts(reply, current Term, counted bool) bool { return reply == current && !counted }

// MayCampaign is the rule of the same name.
func MayCampaign(voter, lost bool) bool { return voter && !lost }

// IsQuorum is the rule of the same name.
func IsQuorum(votes, voters int) bool { return votes > voters/2 }

// Waits is the rule of the same name.
func Waits(contents, termVote uint64) uint64 { return max(contents, termVote) }

// Corrects is the rule of the same name.
func Corrects() bool { return true }

// CountsOwn is the rule of the same name.
func CountsOwn(durable, _ Index) Index { return durable }

// FollowerAppends is the rule of the same name.
func FollowerAppends(ID) bool { return false }

// RollsBack is the rule of the same name.
func RollsBack() bool { return false }

// MustTruncate is the rule of the same name.
func MustTruncate(existing, incoming Term) bool { return existing != incoming }

// ConflictTakesTail is the rule of the same name.
func ConflictTakesTail() bool { return true }

// CutsBehind is the rule of the same name.
func CutsBehind(int) bool { return false }

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

// InstallKeeps is the rule of the same name.
func InstallKeeps(Index, Index) bool { return false }

// SnapshotMembers is the rule of the same name.
func SnapshotMembers(there, _ Configuration) Configuration { return there }

// StandardRules are those of the paper and the thesis.
func StandardRules() Rules {
	return Rules{
		UpToDate: UpToDate, MayGrantVote: MayGrantVote, ForgetsVote: ForgetsVote, VoteIsApart: VoteIsApart,
		MayAnswer: MayAnswer, VoteCounts: VoteCounts, MayCampaign: MayCampaign, IsQuorum: IsQuorum, Waits: Waits,
		Corrects: Corrects, CountsOwn: CountsOwn, FollowerAppends: FollowerAppends, RollsBack: RollsBack,
		MustTruncate: MustTruncate, ConflictTakesTail: ConflictTakesTail, CutsBehind: CutsBehind,
		Acknowledges: Acknowledges, CommitBound: CommitBound, MayCommit: MayCommit,
		MayRead: MayRead, ReadConfirmed: ReadConfirmed, LeaseHolds: LeaseHolds, TransferEndsLease: TransferEndsLease,
		MayChange: MayChange, ConfigurationCounts: ConfigurationCounts, MustStepDown: MustStepDown,
		SnapshotIsRedundant: SnapshotIsRedundant, InstallKeeps: InstallKeeps, SnapshotMembers: SnapshotMembers,
	}
}

// complete reports whether no rule is missing.
func (r *Rules) complete() bool {
	return r.completeElections() && r.completeLog() &&
		r.MayRead != nil && r.ReadConfirmed != nil && r.LeaseHolds != nil && r.TransferEndsLease != nil &&
		r.MayChange != nil && r.ConfigurationCounts != nil && r.MustStepDown != nil &&
		r.SnapshotIsRedundant != nil && r.InstallKeeps != nil && r.SnapshotMembers != nil
}

func (r *Rules) completeElections() bool {
	return r.UpToDate != nil && r.MayGrantVote != nil && r.ForgetsVote != nil && r.VoteIsApart != nil &&
		r.MayAnswer != nil && r.VoteCounts != nil && r.MayCampaign != nil && r.IsQuorum != nil && r.Waits != nil
}

func (r *Rules) completeLog() bool {
	return r.Corrects != nil && r.CountsOwn != nil && r.FollowerAppends != nil && r.RollsBack != nil &&
		r.MustTruncate != nil && r.ConflictTakesTail != nil && r.CutsBehind != nil &&
		r.Acknowledges != nil && r.CommitBound != nil && r.MayCommit != nil
}
