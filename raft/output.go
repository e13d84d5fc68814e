package raft

// Output is what a Step asks of the driver. Its slices are valid until the
// next Step; the entries and messages in them are immutable and may be kept.
type Output struct {
	// Writes must reach the disk in this order.
	Writes []Write
	// Sends may leave, each once its After is durable.
	Sends []Send
	// Committed entries, to be applied in this order.
	Committed []Entry
	// Reads may be served once their index is applied.
	Reads []ReadReady
	// Refused proposals and reads: they did not and will not happen.
	Refused []Refusal
	// Wake is when the next Step is due at the latest.
	Wake Time
	// Violation is the first invariant that does not hold after the step, nil
	// if all hold or none were checked.
	Violation *Violation
}

// Write is one record for the log on disk.
type Write struct {
	// Number counts from 1 in each life of the member.
	Number uint64
	Record Record
}

// Record is what the disk must remember: Base, TermVote, Append or Truncate.
type Record interface{ record() }

// Base starts a log on disk, and stands for all records before it.
type Base struct {
	TermVote
	Members Configuration
}

// TermVote is Figure 2's currentTerm and votedFor, always written together.
type TermVote struct {
	Term Term
	// Vote is the candidate voted for in Term, 0 if none.
	Vote ID
}

// Append adds entries at the end of the log.
type Append struct {
	Entries []Entry
}

// Truncate removes all entries behind Last.
type Truncate struct {
	Last Position
}

func (Base) record()     {}
func (TermVote) record() {}
func (Append) record()   {}
func (Truncate) record() {}

// Send is one message on its way out.
type Send struct {
	To ID
	// After is the number of the write that must be durable first, 0 for none.
	After   uint64
	Message Message
}

// ReadReady releases a Read.
type ReadReady struct {
	Request RequestID
	// Index that must be applied before the read is served.
	Index Index
}

// Refusal is a definite no to a Propose or Read.
type Refusal struct {
	Request RequestID
	Reason  RefusalReason
	// Leader to ask instead, 0 if unknown.
	Leader ID
}

// RefusalReason says why.
type RefusalReason uint8

// The reasons of refusal.
const (
	// NoLeader: the member knows no leader to hand the request to.
	NoLeader RefusalReason = iota
	// NotLeader: the member follows and does not forward (§8).
	NotLeader
	// LeaderChanged: the read was under way when the leader changed.
	LeaderChanged
)

func (r RefusalReason) String() string {
	return [...]string{"no leader", "not leader", "leader changed"}[r]
}
