package raftsim

import (
	"github.com/castaway-kv/castaway/internal/mix"
	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raft"
)

// Event is one thing that happened: the trace is a list of these. Which fields
// count depends on the kind; the rest are zero.
type Event struct {
	Time Time
	Kind EventKind
	// Member it happened at, or that sent; Peer is the receiver.
	Member, Peer raft.ID
	Term         raft.Term
	Index        raft.Index
	// Client is the name of a client, Op the index of its operation in the history.
	Client string
	Op     int
	// N is a number: a message's id, bytes, a life.
	N uint64
	// Cause says why a message was dropped or an action skipped.
	Cause Cause
	// Role that a member took, and that it had Before.
	Role, Before raft.Role
	// Message sent, delivered or dropped.
	Message raft.Message
	// Request and Response of a client's operation or an applied entry.
	Request  kv.Request
	Response kv.Response
	Err      error
	// Action that was done or skipped.
	Action Action
}

// EventKind tells events apart.
type EventKind uint8

// The kinds of events.
const (
	// MemberStarted: life N of Member began; of its log N2 bytes were good.
	MemberStarted EventKind = iota
	// MemberRefused: Member can't start from its disk; Err says why.
	MemberRefused
	// MemberCrashed: Member lost power.
	MemberCrashed
	// TimerFired: a timer of Member fell due.
	TimerFired
	// RoleChanged: Member took Role in Term.
	RoleChanged
	// MessageSent, MessageDelivered, MessageDropped: Message number N from Member to Peer.
	MessageSent
	MessageDelivered
	MessageDropped
	// DiskWritten: Member appended N bytes to its log.
	DiskWritten
	// DiskSynced: what Member wrote before the sync began is durable.
	DiskSynced
	// EntryApplied: Member applied Index.
	EntryApplied
	// OpInvoked: Client sent operation Op to Member.
	OpInvoked
	// OpArrived: it reached Member.
	OpArrived
	// OpAnswered: Client got a Response.
	OpAnswered
	// OpRefused: Client got a definite error: it did not happen.
	OpRefused
	// OpUnknown: Client gave up, or lost its connection: it may have happened.
	OpUnknown
	// ActionDone: the schedule or a person did Action.
	ActionDone
	// ActionSkipped: Action made no sense; Cause says why.
	ActionSkipped
	// PropertyBroken: a check of the cluster failed; Err is the *Violation.
	PropertyBroken
)

// Cause is why something did not happen.
type Cause uint8

// The causes.
const (
	NoCause Cause = iota
	// CauseCut: a cut stands between the members.
	CauseCut
	// CauseLoss: the network lost it.
	CauseLoss
	// CauseDown: the member is down.
	CauseDown
	// CauseUp: the member is up already.
	CauseUp
	// CauseNoLeader: no member leads.
	CauseNoLeader
	// CauseTimeout: nobody answered in time.
	CauseTimeout
	// CauseConnection: the connection broke when the member crashed.
	CauseConnection
	// CauseBusy: too many requests of the client wait already.
	CauseBusy
)

// MessageKind numbers the kinds of messages between members.
type MessageKind uint8

// The kinds of messages.
const (
	KindRequestVote MessageKind = iota
	KindRequestVoteReply
	KindRequestPreVote
	KindRequestPreVoteReply
	KindAppendEntries
	KindAppendEntriesReply
	KindForwardProposal
	KindReadIndex
	KindReadIndexReply
	messageKinds
)

// KindOf returns the kind of a message.
func KindOf(m raft.Message) MessageKind {
	switch m.(type) {
	case *raft.RequestVote:
		return KindRequestVote
	case *raft.RequestVoteReply:
		return KindRequestVoteReply
	case *raft.RequestPreVote:
		return KindRequestPreVote
	case *raft.RequestPreVoteReply:
		return KindRequestPreVoteReply
	case *raft.AppendEntries:
		return KindAppendEntries
	case *raft.AppendEntriesReply:
		return KindAppendEntriesReply
	case *raft.ForwardProposal:
		return KindForwardProposal
	case *raft.ReadIndex:
		return KindReadIndex
	case *raft.ReadIndexReply:
		return KindReadIndexReply
	}
	panic("raftsim: unknown message")
}

// hash adds the event to a run's hash.
func (e *Event) hash(h *mix.Hash) {
	h.Word(uint64(e.Time))
	h.Word(uint64(e.Kind) | uint64(e.Cause)<<8 | uint64(e.Role)<<16 | uint64(e.Member)<<24 | uint64(e.Peer)<<32 | uint64(e.Op)<<40)
	h.Word(uint64(e.Term))
	h.Word(uint64(e.Index) ^ e.N<<32)
	if e.Message != nil {
		hashMessage(h, e.Message)
	}
	if e.Request != nil {
		h.String(string(kv.AppendRequest(nil, e.Request)))
	}
	if e.Response != nil {
		h.Word(uint64(e.Response.At()))
	}
	if e.Err != nil {
		h.String(e.Err.Error())
	}
}

func hashMessage(h *mix.Hash, m raft.Message) {
	h.Word(uint64(m.MessageTerm()))
	switch m := m.(type) {
	case *raft.RequestVote:
		hashPosition(h, m.Last)
	case *raft.RequestPreVote:
		hashPosition(h, m.Last)
	case *raft.RequestVoteReply:
		h.Word(bit(m.Granted))
	case *raft.RequestPreVoteReply:
		h.Word(bit(m.Granted))
	case *raft.AppendEntries:
		hashPosition(h, m.Prev)
		h.Word(uint64(m.Commit))
		h.Word(m.Round)
		for i := range m.Entries {
			m.Entries[i].Hash(h)
		}
	case *raft.AppendEntriesReply:
		h.Word(uint64(m.Prev)<<1 | bit(m.Success))
		h.Word(uint64(m.Match))
		hashPosition(h, m.Conflict)
		h.Word(m.Round)
	case *raft.ForwardProposal:
		h.Word(m.Request.Sequence)
		h.String(m.Data)
	case *raft.ReadIndex:
		h.Word(m.Request.Sequence)
	case *raft.ReadIndexReply:
		h.Word(m.Request.Sequence)
		h.Word(uint64(m.Index))
	}
}

func hashPosition(h *mix.Hash, p raft.Position) {
	h.Word(uint64(p.Term))
	h.Word(uint64(p.Index))
}

func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}
