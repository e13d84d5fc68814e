package replica

import (
	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/watch"
	"github.com/castaway-kv/castaway/raft"
)

// Input is one thing that happens to a member.
type Input interface{ input() }

// Wake says that time has passed; it is due when Effects.Wake is reached.
type Wake struct{}

// Receive is a message from another member.
type Receive struct {
	From    raft.ID
	Message raft.Message
}

// Request is an operation of a client. Its ticket comes back in the Reply and,
// if it goes through the log, in Applied on every member.
type Request struct {
	Ticket  uint64
	Request kv.Request
}

// Synced says that the Sync that was asked for is done: all that was written
// before it is durable.
type Synced struct{}

// Watch opens a client's stream with one watcher. Stream numbers are the
// driver's, each used once in a life of the member.
type Watch struct {
	Stream uint64
	Create watch.CreateRequest
}

// Pull allows a stream N more responses; at first none is allowed. So a slow
// reader makes its watcher lag, not the member's memory grow.
type Pull struct {
	Stream uint64
	N      int
}

// Progress asks for a notice that all events up to the present were said; there is
// none while the watcher lags.
type Progress struct{ Stream uint64 }

// Unwatch closes a stream.
type Unwatch struct{ Stream uint64 }

func (Wake) input()     {}
func (Receive) input()  {}
func (Request) input()  {}
func (Synced) input()   {}
func (Watch) input()    {}
func (Pull) input()     {}
func (Progress) input() {}
func (Unwatch) input()  {}

// Effects are what a Step asks of the driver, valid until the next Step.
type Effects struct {
	// Write is to be appended to the log file; it may be kept.
	Write []byte
	// Sync asks for everything written so far, Write included, to be made
	// durable; Synced must follow. No other Sync is asked for until then.
	Sync bool
	// Sends may leave now.
	Sends []Envelope
	// Appended is the first index of the log that this step wrote, 0 if none.
	Appended raft.Index
	// Replies to requests given to this member.
	Replies []Reply
	// Applied are the log entries that reached the store, in order.
	Applied []Applied
	// Watched are responses for watching clients, in order.
	Watched []Watched
	// Wake is when the next Step is due at the latest.
	Wake raft.Time
	// Violation is a broken invariant of the core, nil if there is none.
	Violation *raft.Violation
}

// Envelope is a message and where it goes.
type Envelope struct {
	To      raft.ID
	Message raft.Message
}

// Reply answers a Request: a Response or an error. An error is definite: the
// request did not happen. A request may also stay without any reply.
type Reply struct {
	Ticket   uint64
	Response kv.Response
	Err      error
	// Index of the log entry, 0 if the request was served without one.
	Index raft.Index
}

// Applied is one log entry that was applied.
type Applied struct {
	Position raft.Position
	// Request is nil for an entry without a command; Ticket is 0 then.
	Ticket   uint64
	Request  kv.Request
	Response kv.Response
	Err      error
	// Revision of the store after it.
	Revision kv.Revision
}

// Watched is a response on a client's stream.
type Watched struct {
	Stream   uint64
	Response watch.Response
}
