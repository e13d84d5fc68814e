package raftsim

import (
	"fmt"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raft"
)

// ClientView is a client to look at.
type ClientView struct {
	Name string
	// Member that it asks, or will ask next.
	Member raft.ID
	// Op is the operation under way, −1 if there is none; Waiting are the requests by
	// hand that come next.
	Op, Waiting int
	// Last is the operation that ended last, −1 if none has.
	Last int
	// PausedUntil is when a paused client goes on, 0 if it is awake.
	PausedUntil Time
	// Claim is the lock that it believes to hold.
	Claim Claim
	// Stream is the number of the watch stream that it reads, 0 if it reads none; Next
	// is the first revision that it has not heard of completely.
	Stream uint64
	Next   kv.Revision
	// About says what its workload is about, "" for a client without one, or one that
	// is done.
	About string
}

// Client returns a view of the client with that number.
func (w *World) Client(i int) ClientView {
	c := &w.clients[i]
	v := ClientView{
		Name: w.config.Clients[i].Name, Member: c.endpoint, Op: c.op, Waiting: len(c.waiting),
		Last: c.done - 1, PausedUntil: c.sleep.until, Claim: w.claimOf(c), Stream: c.watcher.stream, Next: c.watcher.next,
	}
	if c.op >= 0 {
		v.Member = w.ops.At(c.op).Member
	}
	if c.workload != nil {
		v.About = fmt.Sprint(c.workload)
	}
	return v
}
