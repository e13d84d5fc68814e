package watch

import (
	"maps"
	"slices"

	"github.com/castaway-kv/castaway/kv"
)

// Stream is a list of watchers that share one reader, as in a client's stream of
// watches. Make one with Hub.Open.
type Stream struct {
	hub      *Hub
	id       StreamID
	watchers map[ID]*watcher
	// nextID is the first id that may be given to a watcher that names none.
	nextID ID
	// index has the stream's watchers, but for those that are canceled.
	index index

	queue queue
	// behind are the watchers that are not in step: invariant 2, exactly those
	// whose behind is set.
	behind []*watcher
	// full says that the queue had no room for some event. Until all watchers are
	// in step again nothing is put there but what was read from history, so that
	// those that are behind get their turn.
	full bool
	// listed says that the hub's ready list has this stream: invariant 1, it does
	// if the stream has something to say.
	listed bool
}

// watcher is one watch.
type watcher struct {
	stream *Stream
	id     ID
	age    uint64
	span   kv.Span
	// start is the first revision asked for, 0 if none was.
	start kv.Revision
	// next is the first revision to hear of that is not in the queue or read yet,
	// if the watcher is behind; in step, it is at most one that was passed already
	// or one in the future that it starts at.
	next   kv.Revision
	behind bool
	// canceled watchers hear of nothing more. They are still known by their id
	// when a compaction canceled them, until the client cancels them too.
	canceled bool

	prevKV, fragment bool
	noPut, noDelete  bool
	// progress asks for notices; due says that the next tick gives one.
	progress, due bool
	// batch gathers the events of the revision, or of the part of history, that is
	// being told of.
	batch []kv.Event
}

// ID names the stream.
func (s *Stream) ID() StreamID { return s.id }

// Watchers is how many watchers the stream has.
func (s *Stream) Watchers() int { return len(s.watchers) }

// Buffered is how many bytes the stream holds for its reader. Notices and events
// stop at Config.Buffer; to bound the answers to requests too, take no more
// requests from a client while there is more than that.
func (s *Stream) Buffered() int { return s.queue.size }

// Create adds a watcher. The answer, to be read by Next, has Created set, before
// any event; and, if there can be no such watcher, Canceled, the id NoID and a
// Reason: kv.ErrCompacted for a negative start, ErrEmptyRange, ErrDuplicateID.
// A watcher whose start is compacted is created, and canceled when it is its turn.
func (s *Stream) Create(r CreateRequest) {
	if r.Key == "" {
		r.Key = "\x00"
	}
	if err := s.refuse(r); err != nil {
		s.answer(Response{ID: NoID, Created: true, Canceled: true, Reason: err.Error()})
		return
	}
	s.hub.makeIndexes()
	w := s.hub.newWatcher(s, r)
	s.watchers[w.id] = w
	s.index.add(w)
	s.hub.index.add(w)
	s.answer(Response{ID: w.id, Created: true})
	if w.start > 0 && w.start <= s.hub.revision {
		w.fallBehind(w.start)
	}
}

func (s *Stream) refuse(r CreateRequest) error {
	if r.Start < 0 {
		return kv.ErrCompacted
	}
	if r.End != "" && r.End != unbounded && r.Key >= r.End {
		return ErrEmptyRange
	}
	if r.ID != 0 && s.watchers[r.ID] != nil {
		return ErrDuplicateID
	}
	return nil
}

func (h *Hub) newWatcher(s *Stream, r CreateRequest) *watcher {
	if r.ID == 0 {
		r.ID = s.freeID()
	}
	h.watched++
	return &watcher{
		stream: s, id: r.ID, age: h.watched, span: r.Span,
		start: r.Start, next: max(r.Start, h.revision+1),
		prevKV: r.PrevKV, fragment: r.Fragment, noPut: r.NoPut, noDelete: r.NoDelete,
		progress: r.ProgressNotify, due: r.ProgressNotify,
	}
}

// freeID is the next id that was not given out before and is not in use.
func (s *Stream) freeID() ID {
	for s.watchers[s.nextID] != nil {
		s.nextID++
	}
	s.nextID++
	return s.nextID - 1
}

// Cancel removes a watcher. The answer has Canceled set; it comes after events
// that are in the queue already, and no event after it. For an id that the stream does not know there is
// no answer; for one that a compaction canceled there is.
func (s *Stream) Cancel(id ID) {
	w := s.watchers[id]
	if w == nil {
		return
	}
	s.drop(w)
	delete(s.watchers, id)
	s.answer(Response{ID: id, Canceled: true})
}

// drop makes a watcher hear of nothing more.
func (s *Stream) drop(w *watcher) {
	if w.canceled {
		return
	}
	s.hub.makeIndexes()
	w.canceled = true
	s.index.remove(w)
	s.hub.index.remove(w)
	if w.behind {
		w.behind = false
		s.behind = slices.DeleteFunc(s.behind, func(x *watcher) bool { return x == w })
	}
}

// RequestProgress asks for a notice that everything up to the current revision
// was said. It is given only if every watcher, and there must be one, is in step
// and has started; otherwise there is no answer, not later either.
func (s *Stream) RequestProgress() {
	if len(s.watchers) == 0 || s.queue.size > s.hub.config.Buffer {
		return
	}
	//castaway:unordered all of them must be, in any order
	for _, w := range s.watchers {
		if !w.mayReport() {
			return
		}
	}
	s.answer(Response{ID: NoID})
}

// Tick gives a progress notice to each watcher that asked for them, has had no
// events since the last tick, is in step and has started. etcd does it every ten
// minutes, a little later at random.
func (s *Stream) Tick() {
	for _, id := range slices.Sorted(maps.Keys(s.watchers)) {
		w := s.watchers[id]
		if w.due && w.mayReport() && s.queue.size <= s.hub.config.Buffer {
			s.answer(Response{ID: id})
		}
		w.due = w.progress
	}
}

func (w *watcher) mayReport() bool {
	return w.stream.hub.config.Rules.MayReport(!w.behind && !w.canceled, w.start, w.stream.hub.revision)
}

// Close removes the stream with all its watchers; there is nothing to read any
// more.
func (s *Stream) Close() {
	for _, id := range slices.Sorted(maps.Keys(s.watchers)) {
		s.drop(s.watchers[id])
	}
	delete(s.hub.streams, s.id)
	s.watchers, s.queue = nil, queue{}
}

// answer puts a response that is not made of events in the queue.
func (s *Stream) answer(r Response) {
	r.Revision = s.hub.revision
	s.push(nil, r)
}

// offer puts the events of the newest revision in the queue or, if there is no
// room, leaves them to be read from history.
func (s *Stream) offer(w *watcher, events []kv.Event) {
	size := sizeOf(events)
	if s.full || s.queue.size > 0 && s.queue.size+size > s.hub.config.Buffer {
		s.full = true
		w.fallBehind(s.hub.revision)
		return
	}
	s.push(w, Response{ID: w.id, Revision: s.hub.revision, Events: events})
}

func (s *Stream) push(w *watcher, r Response) {
	s.queue.push(delivery{watcher: w, response: r, size: sizeOf(r.Events)})
	s.list()
}

// list notes that the stream has something to say.
func (s *Stream) list() {
	if !s.listed {
		s.listed = true
		s.hub.ready = append(s.hub.ready, s)
	}
}

// pending says whether the stream has something to say, or to find out.
func (s *Stream) pending() bool { return s.queue.len() > 0 || len(s.behind) > 0 }

// fallBehind leaves a watcher that was in step to read from history.
func (w *watcher) fallBehind(next kv.Revision) {
	w.behind, w.next = true, next
	w.stream.behind = append(w.stream.behind, w)
	w.stream.list()
}

// hears says whether the watcher hears of an event of one of its keys.
func (w *watcher) hears(e *kv.Event) bool {
	if w.noPut && e.Kind == kv.EventPut || w.noDelete && e.Kind == kv.EventDelete {
		return false
	}
	return e.KV.ModRevision >= w.next
}

// gather adds an event to the batch. A key that was made anew has no previous
// pair, not even when the same revision had deleted one before: as in etcd.
func (w *watcher) gather(e kv.Event) {
	if !w.prevKV || e.Kind == kv.EventPut && e.KV.CreateRevision == e.KV.ModRevision {
		e.Prev = nil
	}
	w.batch = append(w.batch, e)
}

func (s *Stream) clone(h *Hub, copies map[*watcher]*watcher) *Stream {
	c := &Stream{
		hub: h, id: s.id, nextID: s.nextID, full: s.full, listed: s.listed,
		watchers: make(map[ID]*watcher, len(s.watchers)), index: newIndex(),
	}
	//castaway:unordered it fills maps
	for id, w := range s.watchers {
		c.watchers[id] = w.copyTo(c, copies)
	}
	for _, w := range s.behind {
		c.behind = append(c.behind, copies[w])
	}
	c.queue = s.queue.clone(c, copies)
	return c
}

// copyTo is the watcher's copy in a clone of its stream.
func (w *watcher) copyTo(s *Stream, copies map[*watcher]*watcher) *watcher {
	if copies[w] == nil {
		twin := *w
		twin.stream = s
		copies[w] = &twin
	}
	return copies[w]
}
