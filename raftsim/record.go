package raftsim

import (
	"bytes"
	"sort"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/watch"
	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/replica"
)

// noteApplied remembers what was applied. Commands of the user's state machine and
// alarms are nothing that the judge knows.
func (w *World) noteApplied(a *replica.Applied) {
	before := kv.Revision(1)
	if n := w.effects.Len(); n > 0 {
		before = w.effects.At(n - 1).Revision
	}
	switch a.Request.(type) {
	case nil, kv.CommandRequest, kv.AlarmRequest:
		return
	}
	op := -1
	if a.Ticket != 0 && a.Ticket < operatorTicket {
		op = attempt(a.Ticket - 1).op()
	}
	w.effects.Append(linearize.Applied{
		Index: uint64(a.Position.Index), Revision: a.Revision, Op: op, Request: w.sameRequest(op, a.Request), Changed: a.Revision != before,
	})
	w.effectStamps.Append(w.stamps)
	if r, ok := a.Request.(kv.LeaseRevokeRequest); ok && a.Ticket == 0 && a.Err == nil {
		w.leaseEnds.Append(leaseEnd{r.ID, a.Position.Index, w.now, w.stamps})
	}
}

// leaseEnd is the end of a lease in the log that no client asked for.
type leaseEnd struct {
	lease kv.LeaseID
	index raft.Index
	// at is when the first member applied it, stamp how many stamps there were.
	at    Time
	stamp int64
}

// sameRequest is a request, and the very one of an operation if that is the same: the log's
// copy need not be kept then.
func (w *World) sameRequest(op int, r kv.Request) kv.Request {
	if op < 0 || op >= w.ops.Len() {
		return r
	}
	asked := w.ops.At(op).Request
	b := kv.AppendRequest(make([]byte, 0, 128), asked)
	n := len(b)
	if b = kv.AppendRequest(b, r); !bytes.Equal(b[:n], b[n:]) {
		return r
	}
	return asked
}

// AppliedLog is all that the members have applied, whatever clients know of it.
func (w *World) AppliedLog() []linearize.Applied { return collect(&w.effects) }

// HasApplied says whether anything had been applied when a stamp was given.
func (w *World) HasApplied(stamp int64) bool {
	return w.effectStamps.Len() > 0 && w.effectStamps.At(0) < stamp
}

// Record is what the run has left behind, for the checks beyond linearizability:
// linearize.CheckRecord makes them.
func (w *World) Record() *linearize.Record { return w.RecordUntil(w.stamps + 1) }

// RecordUntil is the record as it stood when a stamp was given, whatever came later.
func (w *World) RecordUntil(stamp int64) *linearize.Record {
	r := &linearize.Record{History: w.HistoryUntil(stamp), Applied: w.AppliedLog()}
	n := sort.Search(w.effectStamps.Len(), func(i int) bool { return w.effectStamps.At(i) >= stamp })
	r.Applied, r.Served = r.Applied[:n], make([]linearize.Served, 0, len(r.History))
	for i := range r.History {
		op := w.ops.At(i)
		r.Served = append(r.Served, linearize.Served{Member: uint64(op.Member), Life: op.Life})
	}
	for i := range w.streams.Len() {
		s := w.streams.At(i)
		if s.Opened <= stamp {
			r.Watches = append(r.Watches, watchRecord(&s))
		}
	}
	for i := range w.deliveries.Len() {
		d := w.deliveries.At(i)
		if d.Stamp > stamp {
			break
		}
		hear(&r.Watches[d.Stream-1], &d)
	}
	return r
}

// watchRecord is one stream of which nothing was heard yet.
func watchRecord(s *WatchStream) linearize.Watch {
	return linearize.Watch{
		Name: s.Name, Span: s.Create.Span, From: s.Create.Start, PrevKV: s.Create.PrevKV,
		NoPut: s.Create.NoPut, NoDelete: s.Create.NoDelete,
	}
}

// hear adds what a client has heard on a stream.
func hear(x *linearize.Watch, d *Delivery) {
	if d.Response.Created && x.From == 0 {
		x.From = d.Response.Revision + 1
	}
	if b, ok := batch(&d.Response); ok {
		x.Batches = append(x.Batches, b)
	}
}

// batch is a response that says something of the log.
func batch(r *watch.Response) (linearize.Batch, bool) {
	progress := !r.Created && !r.Canceled && len(r.Events) == 0
	return linearize.Batch{
		Revision: r.Revision, Events: r.Events, Progress: progress, Fragment: r.Fragment, Compacted: r.CompactRevision,
	}, progress || len(r.Events) > 0 || r.CompactRevision != 0
}
