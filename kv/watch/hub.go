package watch

import (
	"cmp"
	"fmt"
	"iter"
	"slices"

	"github.com/castaway-kv/castaway/kv"
)

// History is the store, as watchers read it.
type History interface {
	// Revision is the newest one.
	Revision() kv.Revision
	// Compacted is the oldest revision that is kept; before the first compaction
	// it is less than any that a watcher can start at.
	Compacted() kv.Revision
	// Events goes through the revisions from one on, each with all its events in
	// their order, and with the previous pairs that are still kept. The error is
	// kv.ErrCompacted for one before Compacted.
	Events(from kv.Revision) (iter.Seq2[kv.Revision, []kv.Event], error)
}

// Config of a hub.
type Config struct {
	// Buffer bounds, in bytes of events and what holds them, what a stream keeps
	// for its reader; only a single revision may be larger. It also bounds what is
	// read from history at a time.
	Buffer int
	Rules  Rules
}

// DefaultBuffer is a good Config.Buffer for production.
const DefaultBuffer = 1 << 20

// StreamID names a stream within its hub, and the same one in clones of the hub.
type StreamID uint64

// Hub has all streams of a store. Make one with New.
type Hub struct {
	config  Config
	history History
	// revision is the last that the hub was told of.
	revision kv.Revision
	// index has the watchers of all streams, but for those that are canceled.
	index index
	// unindexed says that this index and those of the streams are still to be
	// made: a clone that is only kept does without.
	unindexed bool

	streams map[StreamID]*Stream
	opened  StreamID
	// watched counts the watchers ever created, to order them by age.
	watched uint64
	// ready has, among others, the streams with something to read: invariant 1,
	// exactly those that are listed.
	ready []*Stream
	// notified are the watchers that the revision being told of concerns.
	notified []*watcher
}

// New is a hub without streams, for a store at its newest revision.
func New(config Config, history History) *Hub {
	return &Hub{
		config: config, history: history, revision: history.Revision(),
		index: newIndex(), streams: map[StreamID]*Stream{},
	}
}

// Open makes a stream, as for one client.
func (h *Hub) Open() *Stream {
	h.opened++
	s := &Stream{hub: h, id: h.opened, watchers: map[ID]*watcher{}, index: newIndex()}
	h.streams[s.id] = s
	return s
}

// Stream is the open stream with that id, nil if there is none.
func (h *Hub) Stream(id StreamID) *Stream { return h.streams[id] }

// Notify tells all watchers of one revision: its events, in their order and with
// their previous pairs. It must be called for each revision, right after the store
// has made it.
func (h *Hub) Notify(events []kv.Event) {
	revision := events[0].KV.ModRevision
	if revision != h.revision+1 {
		panic(fmt.Sprintf("watch: told of revision %d after %d", revision, h.revision))
	}
	h.revision = revision
	h.makeIndexes()
	for _, e := range events {
		h.index.find(e.KV.Key, func(w *watcher) {
			if w.behind || !w.hears(&e) {
				return
			}
			if len(w.batch) == 0 {
				h.notified = append(h.notified, w)
			}
			w.gather(e)
		})
	}
	for _, w := range h.notified {
		w.stream.offer(w, w.batch)
		w.batch = nil
	}
	clear(h.notified)
	h.notified = h.notified[:0]
}

// Restore makes the hub read another store: the one that a snapshot of a later
// time has put in the place of its own. Watchers go on from where they were.
func (h *Hub) Restore(history History) {
	h.history = history
	for _, w := range h.byAge() {
		if w.canceled || w.behind {
			continue
		}
		w.fallBehind(max(w.next, h.revision+1))
	}
	h.revision = history.Revision()
}

// Ready goes through the streams that have something to read. A stream stays
// among them until Next has nothing more to say. Streams may be read and closed
// meanwhile.
func (h *Hub) Ready() iter.Seq[*Stream] {
	return func(yield func(*Stream) bool) {
		h.ready = slices.DeleteFunc(h.ready, func(s *Stream) bool {
			s.listed = s.pending()
			return !s.listed
		})
		for _, s := range slices.Clone(h.ready) {
			if s.pending() && !yield(s) {
				return
			}
		}
	}
}

// Clone is a hub in the same state that lives on its own and reads another
// history, a clone of the store. It costs in proportion to the watchers and what
// their streams have to say; events are shared.
func (h *Hub) Clone(history History) *Hub {
	c := New(h.config, history)
	c.revision, c.opened, c.watched, c.unindexed = h.revision, h.opened, h.watched, true
	copies := map[*watcher]*watcher{}
	//castaway:unordered it fills a map
	for id, s := range h.streams {
		c.streams[id] = s.clone(c, copies)
	}
	for _, s := range h.ready {
		if twin := c.streams[s.id]; twin != nil {
			c.ready = append(c.ready, twin)
		}
	}
	return c
}

// makeIndexes makes the indexes of a clone that comes to life.
func (h *Hub) makeIndexes() {
	if !h.unindexed {
		return
	}
	h.unindexed = false
	for _, w := range h.byAge() {
		if !w.canceled {
			h.index.add(w)
			w.stream.index.add(w)
		}
	}
}

// byAge lists all watchers, the oldest first.
func (h *Hub) byAge() (all []*watcher) {
	//castaway:unordered they are sorted afterwards
	for _, s := range h.streams {
		//castaway:unordered they are sorted afterwards
		for _, w := range s.watchers {
			all = append(all, w)
		}
	}
	slices.SortFunc(all, func(a, b *watcher) int { return cmp.Compare(a.age, b.age) })
	return all
}
