package raft

// Output is what a Step asks of the driver. It and its slices are valid until
// the next Step; the records, entries and messages in them are immutable and may
// be kept.
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
	// Chunks are pieces of a snapshot to be kept in a file, in order. When its
	// end has come, the input SnapshotReceived says whether it is whole.
	Chunks []Chunk
	// Installed is a snapshot that replaces the state machine's state, before
	// anything in Committed is applied; nil if there is none.
	Installed *Snapshot
	// Ignored says that the input was not heeded, and why.
	Ignored Ignored
	// Wake is when the next Step is due at the latest.
	Wake Time
	// Violation is the first invariant that does not hold after the step, nil
	// if all hold or none were checked.
	Violation *Violation
}

// reset empties the output, but keeps its own memory. It stores pointers only if
// it must: stores are slow while garbage is collected.
func (o *Output) reset() {
	o.Writes = o.Writes[:0]
	o.Sends = o.Sends[:0]
	o.Reads = o.Reads[:0]
	o.Refused = o.Refused[:0]
	o.Chunks = o.Chunks[:0]
	o.Ignored = Heeded
	if o.Committed != nil || o.Installed != nil || o.Violation != nil {
		o.Committed, o.Installed, o.Violation = nil, nil, nil
	}
}

// Write is one record for the log on disk.
type Write struct {
	// Number counts from 1 in each life of the member.
	Number uint64
	Record Record
}

// Record is what the disk must remember: Base, TermVote, *Append, Truncate or
// Loss.
type Record interface{ record() }

// Base starts a log on disk, and stands for all records before it.
type Base struct {
	TermVote
	// Lost as in Loss.
	Lost Position
	// Snapshot holds the state up to its last position. In a new log it is empty
	// but for the first configuration.
	Snapshot Snapshot
	// Entries are all that the log holds behind the snapshot.
	Entries []Entry
}

// Snapshot describes a file that holds the state machine's state.
type Snapshot struct {
	// Last is the position of the last entry in it.
	Last Position
	// Members is the configuration in force there.
	Members  Configuration
	Size     uint64
	Checksum uint64
}

// same reports whether two descriptions are of one file.
func (s *Snapshot) same(t *Snapshot) bool {
	return s.Last == t.Last && s.Size == t.Size && s.Checksum == t.Checksum
}

// Chunk is a piece of a snapshot.
type Chunk struct {
	Snapshot Snapshot
	Offset   uint64
	Data     string
}

// Loss notes that the disk has lost entries that this member had promised to
// keep: it is known to have had the log up to Last. The zero Last means that it
// has got them back.
type Loss struct {
	Last Position
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
func (*Append) record()  {}
func (Truncate) record() {}
func (Loss) record()     {}

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
	// Transferring: the leader is handing over (thesis §3.10).
	Transferring
	// TooMuchUncommitted: Config.MaxUncommittedBytes wait for a majority.
	TooMuchUncommitted
	// ChangePending: one change of the configuration at a time (thesis §4.1), and
	// none before the leader has committed an entry of its own term.
	ChangePending
	// BadChange: the target is no configuration, or equals the present one.
	BadChange
)

func (r RefusalReason) String() string {
	return [...]string{
		"no leader", "not leader", "leader changed", "leadership is being transferred",
		"too much is uncommitted", "a configuration change is pending", "not a valid change",
	}[r]
}

// Ignored says why an input was not heeded.
type Ignored uint8

// The reasons to ignore an input.
const (
	// Heeded: it was not ignored.
	Heeded Ignored = iota
	// Stale: it belongs to an earlier term, round or life.
	Stale
	// Stranger: it answers a question that was not asked of its sender.
	Stranger
	// Malformed: no honest sender says this.
	Malformed
	// Sticky: a candidate while this member hears a leader (thesis §4.2.3).
	Sticky
	// Doubled: it was taken before.
	Doubled
)

func (i Ignored) String() string {
	return [...]string{"heeded", "stale", "stranger", "malformed", "sticky", "doubled"}[i]
}
