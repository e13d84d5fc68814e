package raft

import "fmt"

// ID names a member. 0 is nobody.
type ID uint64

// Term counts elections: logical time (§5.1).
type Term uint64

// Index is a place in the log; the first entry has index 1.
type Index uint64

// Life counts the starts of one member: each restart raises it.
type Life uint64

// Time is a reading of a member's monotonic clock, in nanoseconds.
type Time int64

// Duration is a span of such time, in nanoseconds.
type Duration int64

// Add returns the time d later.
func (t Time) Add(d Duration) Time { return t + Time(d) }

// Never is later than any time.
const Never = Time(1<<63 - 1)

// Position is where a log ends, or a place in it: an index and the term of the
// entry there. Two logs that have the same position agree up to it (§5.3).
type Position struct {
	Term  Term
	Index Index
}

func (p Position) String() string { return fmt.Sprintf("%d@%d", p.Index, p.Term) }

// RequestID names a proposal or a read: the member it was given to, that
// member's life, and a sequence number never used twice within it.
type RequestID struct {
	Member   ID
	Life     Life
	Sequence uint64
}

// EntryKind tells the kinds of entries apart.
type EntryKind uint8

// The kinds of entries.
const (
	// Normal entries carry a command for the state machine.
	Normal EntryKind = iota
	// NoOp entries start a leader's term (§8).
	NoOp
	// ConfigChange entries carry a Configuration, which counts as soon as the entry
	// stands in the log (thesis §4.1).
	ConfigChange
)

// Entry is one entry of the log. Entries are immutable.
type Entry struct {
	Term  Term
	Index Index
	Kind  EntryKind
	// Request is the proposal that the entry came from.
	Request RequestID
	// Data is the command; the core does not look at it.
	Data string
}

// Position of the entry.
func (e *Entry) Position() Position { return Position{e.Term, e.Index} }

// Role of a member (§5.1, Figure 4).
type Role uint8

// The roles. A pre-candidate asks whether it would win before it raises its
// term (thesis §9.6).
const (
	Follower Role = iota
	PreCandidate
	Candidate
	Leader
)

func (r Role) String() string {
	return [...]string{"follower", "pre-candidate", "candidate", "leader"}[r]
}
