package raftsim

import (
	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/watch"
	"github.com/castaway-kv/castaway/linearize"
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
		Index: uint64(a.Position.Index), Revision: a.Revision, Op: op, Request: a.Request, Changed: a.Revision != before,
	})
}

// AppliedLog is all that the members have applied, whatever clients know of it.
func (w *World) AppliedLog() []linearize.Applied { return collect(&w.effects) }

// Record is what the run has left behind, for the checks beyond linearizability:
// linearize.CheckRecord makes them.
func (w *World) Record() *linearize.Record {
	r := &linearize.Record{History: w.History(), Applied: w.AppliedLog()}
	for i := range r.History {
		op := w.ops.At(i)
		r.Served = append(r.Served, linearize.Served{Member: uint64(op.Member), Life: op.Life})
	}
	r.Watches = w.watchRecords()
	return r
}

// watchRecords are the streams as their clients heard them.
func (w *World) watchRecords() []linearize.Watch {
	var list []linearize.Watch
	for _, s := range w.Streams() {
		list = append(list, linearize.Watch{
			Name: s.Name, Span: s.Create.Span, From: s.Create.Start, PrevKV: s.Create.PrevKV,
			NoPut: s.Create.NoPut, NoDelete: s.Create.NoDelete,
		})
	}
	for _, d := range w.Deliveries() {
		x := &list[d.Stream-1]
		if d.Response.Created && x.From == 0 {
			x.From = d.Response.Revision + 1
		}
		if b, ok := batch(&d.Response); ok {
			x.Batches = append(x.Batches, b)
		}
	}
	return list
}

// batch is a response that says something of the log.
func batch(r *watch.Response) (linearize.Batch, bool) {
	progress := !r.Created && !r.Canceled && len(r.Events) == 0
	return linearize.Batch{
		Revision: r.Revision, Events: r.Events, Progress: progress, Fragment: r.Fragment, Compacted: r.CompactRevision,
	}, progress || len(r.Events) > 0 || r.CompactRevision != 0
}
