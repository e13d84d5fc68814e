package watch

import (
	"fmt"

	"github.com/castaway-kv/castaway/kv"
)

// batchRevisions is how many revisions with events are read from history at a
// time, as in etcd.
const batchRevisions = 1000

// catchUp reads on in history for all watchers of the stream that are behind, up
// to a batch, and puts what it finds in the queue. Those that have nothing left to
// read are in step again.
func (s *Stream) catchUp() {
	s.cancelCompacted()
	if len(s.behind) == 0 {
		s.full = false
		return
	}
	from := s.behind[0].next
	for _, w := range s.behind {
		from = min(from, w.next)
	}
	s.hub.makeIndexes()
	b := batch{stream: s, reached: s.hub.revision}
	b.read(from)
	for _, w := range b.watchers {
		s.push(w, Response{ID: w.id, Revision: s.hub.revision, Events: w.batch})
		w.batch = nil
	}
	s.advance(b.reached)
}

// cancelCompacted cancels the watchers whose next events are compacted.
func (s *Stream) cancelCompacted() {
	compacted := s.hub.history.Compacted()
	var lost []*watcher
	for _, w := range s.behind {
		if s.hub.config.Rules.IsCompacted(w.next, compacted) {
			lost = append(lost, w)
		}
	}
	for _, w := range lost {
		s.drop(w)
		s.push(nil, Response{ID: w.id, Canceled: true, CompactRevision: compacted})
	}
}

// advance notes that all events up to a revision are in the queue.
func (s *Stream) advance(reached kv.Revision) {
	still := s.behind[:0]
	for _, w := range s.behind {
		w.next = max(w.next, reached+1)
		w.behind = reached < s.hub.revision
		if w.behind {
			still = append(still, w)
		}
	}
	clear(s.behind[len(still):])
	s.behind = still
	if len(still) == 0 {
		s.full = false
	}
}

// batch is a part of history being read.
type batch struct {
	stream *Stream
	// watchers that it concerns, each with its events in watcher.batch.
	watchers []*watcher
	// revisions with events that were found, and the last of these.
	revisions int
	last      kv.Revision
	// size of the events found, for each watcher that hears of them.
	size int
	// reached is the revision up to which history was read.
	reached kv.Revision
}

// read goes through history until the batch is as large as it may be.
func (b *batch) read(from kv.Revision) {
	store := b.stream.hub.history
	history, err := store.Events(max(from, store.Compacted()))
	if err != nil {
		panic(fmt.Sprintf("watch: the events from revision %d on: %v", from, err))
	}
	last := from - 1
	for revision, events := range history {
		for _, e := range events {
			if b.enough() && b.stream.hub.config.Rules.MayCut(last, revision) {
				b.reached = last
				return
			}
			b.stream.index.find(e.KV.Key, func(w *watcher) { b.add(w, e) })
			last = revision
		}
	}
}

func (b *batch) enough() bool {
	return b.revisions >= batchRevisions || b.size >= b.stream.hub.config.Buffer
}

func (b *batch) add(w *watcher, e kv.Event) {
	if !w.behind || !w.hears(&e) {
		return
	}
	if len(w.batch) == 0 {
		b.watchers = append(b.watchers, w)
	}
	w.gather(e)
	b.size += eventSize(&e)
	if b.last != e.KV.ModRevision {
		b.last = e.KV.ModRevision
		b.revisions++
	}
}
