package replica

import (
	"errors"
	"slices"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/lease"
	"github.com/castaway-kv/castaway/raft"
)

// read is a request that is served from the machine, without a log entry.
type read struct {
	sequence uint64
	ticket   uint64
	request  kv.Request
	// index that must be applied first; unset until the core has said it.
	index raft.Index
	ready bool
}

// isRead reports whether a request needs no log entry: it only reads, or moves a
// deadline that only the leader has.
func isRead(request kv.Request) bool {
	if _, ok := request.(kv.LeaseKeepAliveRequest); ok {
		return true
	}
	return kv.ReadOnly(request)
}

// read waits until the core says what is committed.
func (r *Replica) read(now raft.Time, in Request) {
	id := r.nextID()
	id.Life = r.config.Rules.ReadLife(id.Life)
	q := read{sequence: id.Sequence, ticket: in.Ticket, request: in.Request}
	if _, ok := in.Request.(kv.LeaseKeepAliveRequest); ok && !r.config.Rules.KeepAliveWaits() {
		q.ready = true
	}
	r.reads = append(r.reads, q)
	r.step(now, raft.Read{Request: id})
}

// readReady notes how far the machine must be for a read.
func (r *Replica) readReady(x raft.ReadReady) {
	for i := range r.reads {
		if r.reads[i].sequence == x.Request.Sequence {
			r.reads[i].index, r.reads[i].ready = x.Index, true
		}
	}
}

// takeRead removes a read.
func (r *Replica) takeRead(sequence uint64) (read, bool) {
	i := slices.IndexFunc(r.reads, func(q read) bool { return q.sequence == sequence })
	if i < 0 {
		return read{}, false
	}
	q := r.reads[i]
	r.reads = slices.Delete(r.reads, i, i+1)
	return q, true
}

// serveReads answers the reads that the machine has caught up with.
func (r *Replica) serveReads(now raft.Time) {
	if len(r.reads) == 0 {
		return
	}
	kept := r.reads[:0]
	for _, q := range r.reads {
		if q.ready && r.config.Rules.MayServe(q.index, r.applied.Index) {
			r.serve(now, q.ticket, q.request)
			continue
		}
		kept = append(kept, q)
	}
	clear(r.reads[len(kept):])
	r.reads = kept
}

// serve answers a read from the machine as it is.
func (r *Replica) serve(now raft.Time, ticket uint64, request kv.Request) {
	response, err := r.machine.Apply(lease.Time(now), request)
	if errors.Is(err, kv.ErrNotLeader) {
		err = &NotLeaderError{r.node.Leader()}
	}
	r.reply(Reply{Ticket: ticket, Response: response, Err: err})
}
