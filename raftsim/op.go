package raftsim

import (
	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/replica"
)

// Op is one operation of a client, as the client saw it and as the world knows it.
type Op struct {
	linearize.Operation
	// Name of the client, and the member it asked, or asked last; Life is that of the
	// member when it answered, 0 if it did not.
	Name   string
	Member raft.ID
	Life   uint64
	// Called and Returned are when it began and ended; Ended says that it has.
	Called, Returned Time
	Ended            bool
	// Retries is how often the request was sent again.
	Retries int
	// Cause of an unknown outcome.
	Cause Cause
	// Effect is what became of it in the log.
	Effect Effect
}

// Effect is what became of an operation, whatever its client knows.
type Effect struct {
	// Applied says that it reached the log and the stores, at Index.
	Applied bool
	Index   raft.Index
	// Response that it had there, nil after an error.
	Response kv.Response
	// At and Count are the time and the number of the event in which the first member
	// applied it, Revision that of the store after it.
	At       Time
	Count    int64
	Revision kv.Revision
	// Again is where it took effect once more, by a retry; 0 if it did not.
	Again raft.Index
}

// Op returns operation i of the history.
func (w *World) Op(i int) Op { return w.ops.At(i) }

// Ops is the number of operations in the history.
func (w *World) Ops() int { return w.ops.Len() }

// attempt names one sending of an operation's request: the operation's number in
// the lower half, how often it was sent before in the upper one. The ticket that
// goes with it is one more, for 0 is none.
type attempt uint64

func newAttempt(op, retries int) attempt { return attempt(uint64(retries)<<32 | uint64(op)) }

func (a attempt) op() int        { return int(uint32(a)) }
func (a attempt) retries() int   { return int(a >> 32) }
func (a attempt) ticket() uint64 { return uint64(a) + 1 }

// noteEffect notes what became of the operation whose ticket an applied entry has.
func (w *World) noteEffect(a *replica.Applied) {
	if a.Ticket == 0 || a.Ticket >= operatorTicket {
		return
	}
	number := attempt(a.Ticket - 1).op()
	op := w.ops.At(number)
	switch {
	case op.Effect.Response == nil:
		op.Effect = Effect{
			Applied: true, Index: a.Position.Index, Response: a.Response, At: w.now, Count: w.count, Revision: a.Revision,
		}
	case a.Err == nil:
		op.Effect.Again = a.Position.Index
	}
	w.ops.Set(number, op)
}
