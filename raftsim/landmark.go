package raftsim

import (
	"sort"

	"github.com/castaway-kv/castaway/internal/cow"
	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raft"
)

// Landmark is an event that a picture of the whole run shows.
type Landmark struct {
	Event
	// Count is the number of events up to this one, itself included.
	Count int64
}

// landmarks are those of a branch, in order. Nearly all are operations of workloads: these
// are kept in a sixth of what an Event takes.
type landmarks struct {
	list cow.Vector[landmark]
	// calls are the landmarks that began the operations.
	calls cow.Vector[int32]
}

// landmark is one of them. what is the request or the answer of an operation, an error or
// nil; of all else, the *Event.
type landmark struct {
	time   Time
	count  int64
	what   any
	op     int32
	client uint16
	kind   EventKind
	member uint8
	cause  Cause
}

func (l *landmarks) clone() landmarks { return landmarks{l.list.Clone(), l.calls.Clone()} }

// len is how many there are.
func (l *landmarks) len() int { return l.list.Len() }

// until counts those up to an event.
func (l *landmarks) until(count int64) int {
	return sort.Search(l.list.Len(), func(i int) bool { return l.list.At(i).count > count })
}

// truncate keeps the first n.
func (l *landmarks) truncate(n int) {
	l.list.Truncate(n)
	l.calls.Truncate(sort.Search(l.calls.Len(), func(i int) bool { return int(l.calls.At(i)) >= n }))
}

// add notes an event of a world.
func (l *landmarks) add(w *World, e *Event) {
	x := landmark{time: e.Time, count: w.count, kind: e.Kind, member: uint8(e.Member), op: int32(e.Op), cause: e.Cause}
	if e.Kind == OpInvoked {
		l.calls.Append(int32(l.list.Len()))
	}
	if what, ok := ofWorkload(e); ok {
		x.what, x.client = what, uint16(w.ops.At(e.Op).Client)
	} else {
		whole := *e
		x.what = &whole
	}
	l.list.Append(x)
}

// ofWorkload is what has to be kept of an event of a workload's operation; false if that is
// not all.
func ofWorkload(e *Event) (what any, ok bool) {
	switch {
	case e.Hand:
		return nil, false
	case e.Kind == OpInvoked:
		return e.Request, e.Cause == NoCause && e.Err == nil
	case e.Kind == OpAnswered:
		return e.Response, e.Err == nil
	case e.Kind == OpRefused:
		return e.Err, e.Response == nil
	case e.Kind == OpUnknown:
		return nil, true
	}
	return nil, false
}

// at is landmark i. Of what clients were told, it does not say when it was sent.
func (l *landmarks) at(c *Config, i int) Landmark {
	x := l.list.At(i)
	if whole, ok := x.what.(*Event); ok {
		return Landmark{*whole, x.count}
	}
	e := Event{Time: x.time, Kind: x.kind, Member: raft.ID(x.member), Client: c.Clients[x.client].Name, Op: int(x.op), Cause: x.cause}
	called := l.list.At(int(l.calls.At(e.Op))).what
	if whole, ok := called.(*Event); ok {
		e.Request = whole.Request
	} else {
		e.Request, _ = called.(kv.Request)
	}
	switch e.Kind {
	case OpAnswered:
		e.Response, _ = x.what.(kv.Response)
	case OpRefused:
		e.Err, _ = x.what.(error)
	default:
		// It is told nothing.
	}
	return Landmark{e, x.count}
}
