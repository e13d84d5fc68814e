package replica

import (
	"io"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/machine"
	"github.com/castaway-kv/castaway/kv/watch"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/replica/wal"
)

// Input is one thing that happens to a member.
type Input interface{ input() }

// Wake says that time has passed; it is due when Effects.Wake is reached.
type Wake struct{}

// Campaign lets the member's election time-out run out now.
type Campaign struct{}

// Receive is a message from another member. An InstallSnapshot comes with its
// Data.
type Receive struct {
	From    raft.ID
	Message raft.Message
}

// Request is an operation of a client. Its ticket, which is not 0, comes back in
// the Reply and, if it goes through the log, in Applied on every member.
type Request struct {
	Ticket  uint64
	Request kv.Request
}

// Reconfigure asks the leader for a change of the members. Its Reply has no
// Response.
type Reconfigure struct {
	Ticket uint64
	Change Change
}

// Transfer asks the leader to hand over to a member, to the one that is furthest if
// To is 0. It gives up after an election time-out, and there is no reply.
type Transfer struct{ To raft.ID }

// Synced says that the Sync that was asked for is done: all that was written
// before it is durable.
type Synced struct{}

// Saved says what became of a Save: the file is durable, with its size and
// checksum as Save.To returned them. A member whose disk fails gets no input any
// more; it starts again from what the disk holds.
type Saved struct {
	Index          raft.Index
	Size, Checksum uint64
}

// Unreadable says that the file of a snapshot is damaged or gone when a piece of it is
// wanted: another one must be made.
type Unreadable struct{}

// Received says that all chunks of a snapshot are in a durable file. The file is
// read, checked, and taken for the state if it is whole.
type Received struct {
	Snapshot raft.Snapshot
	File     io.Reader
}

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

func (Wake) input()        {}
func (Campaign) input()    {}
func (Receive) input()     {}
func (Request) input()     {}
func (Reconfigure) input() {}
func (Transfer) input()    {}
func (Synced) input()      {}
func (Saved) input()       {}
func (Received) input()    {}
func (Unreadable) input()  {}
func (Watch) input()       {}
func (Pull) input()        {}
func (Progress) input()    {}
func (Unwatch) input()     {}

// Effects are what a Step asks of the driver, valid until the next Step.
type Effects struct {
	// Write is to be appended to the log, in this order; the bytes may be kept. A
	// Base begins a new segment.
	Write []wal.Encoded
	// Sync asks for everything written so far, Write included, to be made
	// durable; Synced must follow. No other Sync is asked for until then.
	Sync bool
	// Trim, if not 0, says that records with smaller numbers are not needed any
	// more, nor are snapshots that are older than the newest and not in
	// Core.Snapshots.
	Trim uint64
	// Save asks for a snapshot file; Saved must follow. Nil if there is none to
	// make, and no other is asked for until then.
	Save *Save
	// Chunks are pieces of another member's snapshot to be kept in a file, in
	// order. After the last one Received must follow.
	Chunks []raft.Chunk
	// Installed is another member's snapshot that has replaced the state, nil if
	// none has.
	Installed *raft.Snapshot
	// Sends may leave now. An InstallSnapshot is without its Data: the driver adds it
	// from the file (WithData). At offset 0 it checks the whole file (IsWhole) first; if
	// it can't serve the piece, it drops the message, and Unreadable must follow.
	Sends []Envelope
	// Appended is the first index of the log that this step wrote, 0 if none.
	Appended raft.Index
	// Replies to requests given to this member.
	Replies []Reply
	// Applied are the log entries that reached the state machine, in order.
	Applied []Applied
	// Watched are responses for watching clients, in order.
	Watched []Watched
	// Ignored says that a message was not heeded, and why.
	Ignored raft.Ignored
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

// Save is a snapshot to be made: the state after applying Last.
type Save struct {
	Last raft.Position
	// machine is a clone, so that serving goes on meanwhile.
	machine *machine.Machine
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
	// Members is the configuration that the entry brought, nil if it brought none.
	Members *raft.Configuration
	// Request is nil for an entry without a command; Ticket is 0 then, and for
	// commands of members themselves.
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
