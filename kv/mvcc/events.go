package mvcc

import (
	"iter"

	"github.com/castaway-kv/castaway/kv"
)

// Events goes through all changes since a revision, that one included: the
// revisions in ascending order, each with all its events in the order in which
// they happened. A deletion's KV has only Key and ModRevision; Prev is set where
// the key was there before the revision and that state is still kept. The error is
// kv.ErrCompacted for a revision below the compacted one; at it, what the
// compaction left of that revision is told. A revision in the future has no
// events. The store must not be changed meanwhile; a clone may.
func (s *Store) Events(since kv.Revision) (iter.Seq2[kv.Revision, []kv.Event], error) {
	if since < s.compacted {
		return nil, kv.ErrCompacted
	}
	return func(yield func(kv.Revision, []kv.Event) bool) {
		var events []kv.Event
		for v := range s.changes(since) {
			if last := len(events) - 1; last >= 0 && events[last].KV.ModRevision != v.mod {
				if !yield(events[last].KV.ModRevision, events) {
					return
				}
				events = nil
			}
			events = append(events, v.event())
		}
		if len(events) > 0 {
			yield(events[0].KV.ModRevision, events)
		}
	}, nil
}

// changes goes through the changes at or after a revision.
func (s *Store) changes(since kv.Revision) iter.Seq[*version] {
	return func(yield func(*version) bool) {
		for i := s.log.search(since); i < s.log.len(); {
			run := s.log.run(i)
			for _, v := range run {
				if !yield(v) {
					return
				}
			}
			i += len(run)
		}
	}
}

func (v *version) event() kv.Event {
	e := kv.Event{Kind: kv.EventPut, KV: v.keyValue()}
	if !v.live() {
		e.Kind = kv.EventDelete
	}
	if before := v.before(); before != nil {
		pair := before.keyValue()
		e.Prev = &pair
	}
	return e
}
