package raft

// Message is what members send one another. A message is immutable once sent:
// sender, network and receivers share it.
type Message interface {
	message()
	// MessageTerm is the sender's term; for a pre-vote the term it would raise.
	MessageTerm() Term
}

// RequestVote asks for a vote (Figure 2, RequestVote RPC).
type RequestVote struct {
	Term Term
	// Last is where the candidate's log ends.
	Last Position
	// Transfer says that the leader itself asked for this election: who hears
	// the leader still takes part (thesis §3.10).
	Transfer bool
}

// RequestVoteReply answers RequestVote.
type RequestVoteReply struct {
	Term    Term
	Granted bool
}

// RequestPreVote asks whether a vote would be granted in a term that the
// sender has not raised yet (thesis §9.6).
type RequestPreVote struct {
	// Term the sender would campaign in: one above its own.
	Term Term
	Last Position
}

// RequestPreVoteReply answers RequestPreVote.
type RequestPreVoteReply struct {
	// Term is the one asked for if granted, else the receiver's own.
	Term    Term
	Granted bool
}

// AppendEntries replicates entries; empty, it is a heartbeat (Figure 2,
// AppendEntries RPC).
type AppendEntries struct {
	Term Term
	// Prev is the position right before the first of Entries.
	Prev    Position
	Entries []Entry
	// Commit is the leader's commit index.
	Commit Index
	// Round numbers the leader's requests to confirm that it still leads
	// (thesis §6.4).
	Round uint64
	// Sent is when it left, by the leader's clock: leases count from there.
	Sent Time
}

// AppendEntriesReply answers AppendEntries.
type AppendEntriesReply struct {
	Term    Term
	Success bool
	// Prev is the index of the request's Prev, by which a late rejection is told.
	Prev Index
	// Match on success: the log is known to agree with the leader's up to here.
	Match Index
	// Conflict on failure: the term that stands at Prev and the first index of
	// it, or the index behind the end of a log that is too short, with term 0
	// (§5.3).
	Conflict Position
	Echo
}

// Echo is what every answer to a leader carries.
type Echo struct {
	// Round and Sent are the request's.
	Round uint64
	Sent  Time
	// Life of the member that answers, and whether it has lost a part of its log
	// and not yet got it back.
	Life Life
	Lost bool
}

// InstallSnapshot carries a piece of a snapshot (Figure 13).
type InstallSnapshot struct {
	Term     Term
	Snapshot Snapshot
	// Offset of the piece, and its length. The core leaves Data empty: the driver
	// of the sender fills it in.
	Offset, Length uint64
	Data           string
	// Round and Sent as in AppendEntries.
	Round uint64
	Sent  Time
}

// InstallSnapshotReply answers InstallSnapshot.
type InstallSnapshotReply struct {
	Term Term
	// Checksum of the snapshot that it is about.
	Checksum uint64
	// Offset of the piece wanted next.
	Offset uint64
	// Match says that the snapshot is in force, and the log agrees up to here; 0
	// as long as it is not.
	Match Index
	Echo
}

// TimeoutNow asks a member to start an election at once (thesis §3.10).
type TimeoutNow struct {
	Term Term
}

// ForwardProposal hands a client's command to the leader. It is taken once, by
// that leader in that term, and never handed on.
type ForwardProposal struct {
	Term    Term
	Leader  ID
	Request RequestID
	Data    string
}

// ReadIndex asks the leader for an index that a linearizable read has to wait
// for (thesis §6.4).
type ReadIndex struct {
	Term    Term
	Request RequestID
}

// ReadIndexReply answers ReadIndex.
type ReadIndexReply struct {
	Term    Term
	Request RequestID
	Index   Index
}

func (*RequestVote) message()          {}
func (*RequestVoteReply) message()     {}
func (*RequestPreVote) message()       {}
func (*RequestPreVoteReply) message()  {}
func (*AppendEntries) message()        {}
func (*AppendEntriesReply) message()   {}
func (*InstallSnapshot) message()      {}
func (*InstallSnapshotReply) message() {}
func (*TimeoutNow) message()           {}
func (*ForwardProposal) message()      {}
func (*ReadIndex) message()            {}
func (*ReadIndexReply) message()       {}

// MessageTerm implements Message.
func (m *RequestVote) MessageTerm() Term { return m.Term }

// MessageTerm implements Message.
func (m *RequestVoteReply) MessageTerm() Term { return m.Term }

// MessageTerm implements Message.
func (m *RequestPreVote) MessageTerm() Term { return m.Term }

// MessageTerm implements Message.
func (m *RequestPreVoteReply) MessageTerm() Term { return m.Term }

// MessageTerm implements Message.
func (m *AppendEntries) MessageTerm() Term { return m.Term }

// MessageTerm implements Message.
func (m *AppendEntriesReply) MessageTerm() Term { return m.Term }

// MessageTerm implements Message.
func (m *InstallSnapshot) MessageTerm() Term { return m.Term }

// MessageTerm implements Message.
func (m *InstallSnapshotReply) MessageTerm() Term { return m.Term }

// MessageTerm implements Message.
func (m *TimeoutNow) MessageTerm() Term { return m.Term }

// MessageTerm implements Message.
func (m *ForwardProposal) MessageTerm() Term { return m.Term }

// MessageTerm implements Message.
func (m *ReadIndex) MessageTerm() Term { return m.Term }

// MessageTerm implements Message.
func (m *ReadIndexReply) MessageTerm() Term { return m.Term }
