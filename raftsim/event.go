package raftsim

import (
	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/watch"
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
	// Sent is when what arrives, or is dropped, was sent. It is only told.
	Sent Time
	// Request and Response of a client's operation or an applied entry.
	Request  kv.Request
	Response kv.Response
	Err      error
	// Hand says that the schedule or a person asked for the operation, and not a
	// workload; Ranged is Invoke.Ranged, and Unmet are the comparisons that did not hold.
	// All this is only told.
	Hand, Ranged bool
	Unmet        []Unmet
	// Claim of a client to a lock.
	Claim *Claim
	// Watch that a client asked for, and what it was Told.
	Watch *watch.CreateRequest
	Told  *watch.Response
	// Action that was done or skipped.
	Action Action
	// Members is the configuration that is committed now.
	Members *raft.Configuration
}

// EventKind tells events apart.
type EventKind uint8

// The kinds of events.
const (
	// MemberStarted: life N of Member began in Term, with a log up to Index.
	MemberStarted EventKind = iota
	// MemberRefused: Member can't start from its disk; Err says why.
	MemberRefused
	// LossFound: Member knows that it has lost a part of its log, which went up to
	// Index of Term; Err says why its snapshot can't be read, if that is so.
	LossFound
	// Forgotten: Member has lost, without knowing it, what it had promised up to Index
	// and Term; the others stand it.
	Forgotten
	// FaultSkipped: Member would have forgotten what the cluster relies on: its disk
	// got it back.
	FaultSkipped
	// BeyondModel: what breaks from here on is excused by a fault of Member.
	BeyondModel
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
	// DiskSynced: what Member wrote before the sync began is durable; N is 1 for a
	// snapshot, 0 for the log.
	DiskSynced
	// DiskFailed: a write or sync of Member failed with Err, and it stopped.
	DiskFailed
	// SnapshotSaved: Member has a snapshot of N bytes of the state after Index.
	SnapshotSaved
	// SnapshotDamaged: Member can't read its snapshot when another one needs it, and
	// makes a new one.
	SnapshotDamaged
	// SnapshotInstalled: Member has taken over another one's, of the state after Index.
	SnapshotInstalled
	// LinkFlapped: a flapping cut, as in Action, has come (N is 1) or gone.
	LinkFlapped
	// MembersChanged: Members is committed at Index.
	MembersChanged
	// EntryApplied: Member applied Index.
	EntryApplied
	// OpInvoked: Client sent operation Op to Member.
	OpInvoked
	// OpArrived: it reached Member.
	OpArrived
	// OpRetried: Client sent operation Op again, to Member; Cause or Err says why.
	OpRetried
	// OpAnswered: Client got a Response.
	OpAnswered
	// OpRefused: Client got a definite error: it did not happen.
	OpRefused
	// OpUnknown: Client gave up, or lost its connection: it may have happened.
	OpUnknown
	// WatchOpened: Client asked Member for Watch, on stream N.
	WatchOpened
	// WatchDelivered: Client was Told something on stream N of Member.
	WatchDelivered
	// WatchBroken: Client reads stream N of Member no more; Cause says why.
	WatchBroken
	// LockClaimed: Client believes from now on that it holds the lock of Claim.
	LockClaimed
	// LockGivenUp: Client does not believe it any more.
	LockGivenUp
	// ClientResumed: Client goes on after a pause.
	ClientResumed
	// ActionDone: the schedule or a person did Action.
	ActionDone
	// ActionSkipped: Action made no sense; Cause says why.
	ActionSkipped
	// Settled: after the faults, the cluster has come to rest under Member.
	Settled
	// QuorumLost: the cluster does not come to rest, and need not: those voters who have
	// kept what they promised can't elect a leader.
	QuorumLost
	// PropertyBroken: a check of the cluster failed; Err is the *Violation.
	PropertyBroken
)

// eventKinds counts the kinds of events.
const eventKinds = int(PropertyBroken) + 1

// EventKinds are all kinds of events.
func EventKinds() []EventKind {
	list := make([]EventKind, eventKinds)
	for k := range list {
		list[k] = EventKind(k)
	}
	return list
}

// String is the kind's name in traces and scenarios; it never changes.
func (k EventKind) String() string {
	return [...]string{
		MemberStarted:     "member-started",
		MemberRefused:     "member-refused",
		LossFound:         "loss-found",
		Forgotten:         "forgotten",
		FaultSkipped:      "fault-skipped",
		BeyondModel:       "beyond-model",
		MemberCrashed:     "member-crashed",
		TimerFired:        "timer-fired",
		RoleChanged:       "role-changed",
		MessageSent:       "message-sent",
		MessageDelivered:  "message-delivered",
		MessageDropped:    "message-dropped",
		DiskWritten:       "disk-written",
		DiskSynced:        "disk-synced",
		DiskFailed:        "disk-failed",
		SnapshotSaved:     "snapshot-saved",
		SnapshotDamaged:   "snapshot-damaged",
		SnapshotInstalled: "snapshot-installed",
		LinkFlapped:       "link-flapped",
		MembersChanged:    "members-changed",
		EntryApplied:      "entry-applied",
		OpInvoked:         "op-invoked",
		OpArrived:         "op-arrived",
		OpRetried:         "op-retried",
		OpAnswered:        "op-answered",
		OpRefused:         "op-refused",
		OpUnknown:         "op-unknown",
		WatchOpened:       "watch-opened",
		WatchDelivered:    "watch-delivered",
		WatchBroken:       "watch-broken",
		LockClaimed:       "lock-claimed",
		LockGivenUp:       "lock-given-up",
		ClientResumed:     "client-resumed",
		ActionDone:        "action-done",
		ActionSkipped:     "action-skipped",
		Settled:           "settled",
		QuorumLost:        "quorum-lost",
		PropertyBroken:    "property-broken",
	}[k]
}

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
	// CauseDoubled: the network sent it twice.
	CauseDoubled
	// CauseHand: an action dropped it.
	CauseHand
	// CauseNotInFlight: no such message is under way.
	CauseNotInFlight
	// CauseAbsent: there is no such member yet.
	CauseAbsent
	// CauseExists: there is such a member already.
	CauseExists
	// CauseTooMany: there would be too many members.
	CauseTooMany
	// CauseRefused: the members can't change so; the event's Err says why.
	CauseRefused
	// CausePaused: the member is paused.
	CausePaused
	// CauseDead: the member's identity is dead.
	CauseDead
	// CauseEmpty: there is nothing on the disk to be damaged.
	CauseEmpty
	// CauseModel: the cluster can't stand it, by the fault model.
	CauseModel
	// CauseNoClient: there is no such client.
	CauseNoClient
	// CauseCompacted: the next revision to hear of is compacted.
	CauseCompacted
	// CauseCanceled: the member has canceled the watch.
	CauseCanceled
	// CauseReplaced: the client watches something else.
	CauseReplaced
)
