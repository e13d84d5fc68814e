package raftsim

import (
	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/lease"
	"github.com/castaway-kv/castaway/raft"
)

// Leases of a member, nil if it is down. The caller must not change them.
func (w *World) Leases(id raft.ID) *lease.Lessor {
	if r := w.host(id).replica; r != nil {
		return r.Machine().Leases()
	}
	return nil
}

// LeaseRemaining is what a lease has left by the clock that decides, in nanoseconds: the
// leader's. It is −1 if nobody counts, and 0 for a lease that has run out.
func (w *World) LeaseRemaining(id kv.LeaseID) int64 {
	leader := w.Leader()
	if leader == 0 {
		return -1
	}
	h := w.host(leader)
	deadline, ok := h.replica.Machine().Leases().Deadline(id)
	if !ok {
		return -1
	}
	return max(0, int64(deadline)-max(int64(h.clock.latest), int64(h.clock.ahead(w.now))))
}

// WatcherView is a client that watches.
type WatcherView struct {
	Name   string
	Member raft.ID
	Span   kv.Span
	// Next is the first revision that it has not heard of completely, 0 if nobody has said
	// which that is; Heard counts the events that it got.
	Next  kv.Revision
	Heard int64
}

// Watchers are the clients that have something to watch, in their order.
func (w *World) Watchers() []WatcherView {
	var list []WatcherView
	for i := range w.clients {
		x := &w.clients[i].watcher
		if x.watch == nil {
			continue
		}
		list = append(list, WatcherView{w.config.Clients[i].Name, w.clients[i].endpoint, x.watch.Span, x.next, x.events})
	}
	return list
}
