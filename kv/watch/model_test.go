package watch

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/castaway-kv/castaway/kv"
)

// client follows what a stream says and judges it by the fake's record alone.
type client struct {
	id       StreamID
	watchers map[ID]*expectation
}

// expectation is what one watcher may hear.
type expectation struct {
	request CreateRequest
	// from is the first revision not heard of yet.
	from kv.Revision
	// gone is set when a compaction canceled the watcher.
	gone bool
}

// world is a hub, its history and its clients.
type world struct {
	hub     *Hub
	fake    *fake
	clients []*client
}

const testBuffer = 1500

func newWorld(rules Rules) *world {
	w := &world{fake: newFake()}
	w.hub = New(Config{Buffer: testBuffer, Rules: rules}, w.fake)
	for range 2 {
		w.clients = append(w.clients, &client{w.hub.Open().ID(), map[ID]*expectation{}})
	}
	return w
}

func (w *world) clone() *world {
	c := &world{fake: w.fake.clone()}
	c.hub = w.hub.Clone(c.fake)
	for _, x := range w.clients {
		twin := &client{x.id, map[ID]*expectation{}}
		for id, e := range x.watchers {
			copied := *e
			twin.watchers[id] = &copied
		}
		c.clients = append(c.clients, twin)
	}
	return c
}

var (
	someKey  = rapid.SampledFrom([]string{"a", "b", "ba", "c", "\xff"})
	someEnd  = rapid.SampledFrom([]string{"", "", "\x00", "b", "c", "d", "\xff"})
	someKind = rapid.SampledFrom([]string{"x", "y", "-"})
	// -1 would be mistaken for NoID, by clients too.
	someID = rapid.SampledFrom([]ID{0, 0, 0, 1, 2, 3, -2})
)

func someChanges(t *rapid.T) (changes []change) {
	for range rapid.IntRange(1, 3).Draw(t, "changes") {
		changes = append(changes, change{someKey.Draw(t, "key"), someKind.Draw(t, "value")})
	}
	return changes
}

func (w *world) write(t *rapid.T) {
	if events := w.fake.apply(someChanges(t)...); len(events) > 0 {
		w.hub.Notify(events)
	}
}

func (w *world) step(t *rapid.T) {
	c := w.clients[rapid.IntRange(0, len(w.clients)-1).Draw(t, "client")]
	s := w.hub.Stream(c.id)
	switch rapid.IntRange(0, 12).Draw(t, "step") {
	case 0, 1:
		w.create(t, c)
	case 2:
		id := someID.Draw(t, "cancel")
		s.Cancel(id)
		for c.watchers[id] != nil {
			w.read(t, c)
		}
	case 3:
		s.RequestProgress()
	case 4:
		s.Tick()
	case 5:
		w.fake.compacted = kv.Revision(rapid.Int64Range(int64(w.fake.compacted), int64(w.fake.Revision())).Draw(t, "compact"))
	case 6, 7:
		for range rapid.IntRange(1, 3).Draw(t, "reads") {
			w.read(t, c)
		}
	case 8:
		w.restore(t)
	default:
		for range rapid.IntRange(1, 8).Draw(t, "writes") {
			w.write(t)
		}
	}
	w.checkInvariants(t)
}

func (w *world) create(t *rapid.T, c *client) {
	w.drain(t, c)
	r := CreateRequest{
		Span:  kv.Span{Key: someKey.Draw(t, "key"), End: someEnd.Draw(t, "end")},
		ID:    someID.Draw(t, "id"),
		Start: kv.Revision(rapid.Int64Range(-1, int64(w.fake.Revision())+3).Draw(t, "start")),
		NoPut: rapid.IntRange(0, 5).Draw(t, "noPut") == 0, NoDelete: rapid.IntRange(0, 5).Draw(t, "noDelete") == 0,
		PrevKV: rapid.Bool().Draw(t, "prevKV"), ProgressNotify: rapid.Bool().Draw(t, "progress"),
	}
	s := w.hub.Stream(c.id)
	s.Create(r)
	got, ok := s.Next()
	want := Response{ID: got.ID, Revision: w.fake.Revision(), Created: true}
	if reason := w.refusal(c, r); reason != nil {
		want.ID, want.Canceled, want.Reason = NoID, true, reason.Error()
	} else {
		c.watchers[got.ID] = &expectation{request: r, from: max(r.Start, w.fake.Revision()+1)}
		if r.Start > 0 && r.Start <= w.fake.Revision() {
			c.watchers[got.ID].from = r.Start
		}
	}
	if !ok || !reflect.DeepEqual(got, want) || r.ID != 0 && !want.Canceled && got.ID != r.ID {
		t.Fatalf("create %+v\ngot  %v\nwant %v", r, got, want)
	}
}

func (w *world) refusal(c *client, r CreateRequest) error {
	switch {
	case r.Start < 0:
		return kv.ErrCompacted
	case r.End != "" && r.End != "\x00" && r.Key >= r.End:
		return ErrEmptyRange
	case r.ID != 0 && c.watchers[r.ID] != nil:
		return ErrDuplicateID
	}
	return nil
}

// restore puts a store in place that is some revisions on, and may be compacted.
func (w *world) restore(t *rapid.T) {
	later := w.fake.clone()
	for range rapid.IntRange(0, 5).Draw(t, "missed") {
		later.apply(someChanges(t)...)
	}
	if rapid.Bool().Draw(t, "compacted") {
		later.compacted = kv.Revision(rapid.Int64Range(int64(later.compacted), int64(later.Revision())).Draw(t, "at"))
	}
	w.fake = later
	w.hub.Restore(later)
}

// drain reads all that a client's stream has to say.
func (w *world) drain(t *rapid.T, c *client) {
	for w.read(t, c) {
	}
}

// read takes one response and judges it.
func (w *world) read(t *rapid.T, c *client) bool {
	r, ok := w.hub.Stream(c.id).Next()
	if !ok {
		for id, x := range c.watchers {
			if missed := w.matching(x, x.from, w.fake.Revision()); !x.gone && len(missed) > 0 {
				t.Fatalf("watcher %d is at rest and has not heard of %v", id, missed)
			}
		}
		return false
	}
	x := c.watchers[r.ID]
	switch {
	case r.CompactRevision != 0:
		if x.gone || !r.Canceled || r.Revision != 0 || r.CompactRevision > w.fake.compacted || x.from >= r.CompactRevision {
			t.Fatalf("%v to a watcher at %d, compacted at %d", r, x.from, w.fake.compacted)
		}
		x.gone = true
	case r.Canceled:
		delete(c.watchers, r.ID)
	case len(r.Events) > 0:
		w.events(t, x, r)
	default:
		w.progress(t, c, r)
	}
	return true
}

// events checks that a response continues what the watcher heard, without a gap,
// revision by revision.
func (w *world) events(t *rapid.T, x *expectation, r Response) {
	last := r.Events[len(r.Events)-1].KV.ModRevision
	want := w.matching(x, x.from, last)
	r.Events = slices.Clone(r.Events) // a clone may share them
	for i := range r.Events {
		w.previous(t, x, r.Events[i])
		r.Events[i].Prev = nil
	}
	if x.gone || r.Revision < last || !reflect.DeepEqual(r.Events, want) {
		t.Fatalf("watcher %+v from %d\ngot  %v\nwant %v", x.request, x.from, r, want)
	}
	x.from = last + 1
}

// progress checks that nothing up to the revision is still to be said.
func (w *world) progress(t *rapid.T, c *client, r Response) {
	for id, x := range c.watchers {
		if r.ID != NoID && id != r.ID {
			continue
		}
		if missed := w.matching(x, x.from, r.Revision); x.gone || len(missed) > 0 || x.request.Start > r.Revision {
			t.Fatalf("%v overtakes %v of watcher %d", r, missed, id)
		}
		x.from = max(x.from, r.Revision+1)
	}
	if r.ID != NoID && !c.watchers[r.ID].request.ProgressNotify {
		t.Fatalf("%v to a watcher that did not ask", r)
	}
}

// matching lists the events from one revision to another that concern a watcher.
func (w *world) matching(x *expectation, from, to kv.Revision) (events []kv.Event) {
	for _, e := range w.fake.events {
		kinds := map[kv.EventKind]bool{kv.EventPut: !x.request.NoPut, kv.EventDelete: !x.request.NoDelete}
		if r := e.KV.ModRevision; from <= r && r <= to && x.request.Contains(e.KV.Key) && kinds[e.Kind] {
			events = append(events, e)
		}
	}
	return events
}

// previous checks an event's previous pair.
func (w *world) previous(t *rapid.T, x *expectation, e kv.Event) {
	before, ok := w.fake.states[e.KV.ModRevision-2][e.KV.Key]
	created := e.Kind == kv.EventPut && e.KV.CreateRevision == e.KV.ModRevision
	switch {
	case !x.request.PrevKV || created || !ok:
		if e.Prev != nil {
			t.Fatalf("%v has a previous pair", e)
		}
	case e.Prev == nil:
		if e.KV.ModRevision > w.fake.compacted {
			t.Fatalf("%v has no previous pair", e)
		}
	case *e.Prev != before:
		t.Fatalf("%v had %v before", e, before)
	}
}

// checkInvariants checks the numbered invariants and the bound on memory.
func (w *world) checkInvariants(t *rapid.T) {
	for _, c := range w.clients {
		s := w.hub.Stream(c.id)
		if s.pending() && !slices.Contains(w.hub.ready, s) || s.listed != slices.Contains(w.hub.ready, s) {
			t.Fatalf("invariant 1: stream %d has something to say: %v, listed: %v", c.id, s.pending(), s.listed)
		}
		behind := 0
		for _, x := range s.watchers {
			if x.behind {
				behind++
			}
			if x.behind != slices.Contains(s.behind, x) {
				t.Fatalf("invariant 2: watcher %d behind: %v, in the list: %v", x.id, x.behind, !x.behind)
			}
		}
		if behind != len(s.behind) {
			t.Fatalf("invariant 2: %d behind, %d in the list", behind, len(s.behind))
		}
		size := 0
		for _, d := range s.queue.items[s.queue.head:] {
			size += d.size
		}
		const answers, revision = 40 * overhead, 5 * 4 * (overhead + 2)
		if size != s.queue.size || size > testBuffer+answers+5*revision {
			t.Fatalf("%d bytes buffered (%d by the count)", size, s.queue.size)
		}
	}
}

func run(t *rapid.T, rules Rules) {
	worlds := []*world{newWorld(rules)}
	for range rapid.IntRange(20, 60).Draw(t, "steps") {
		w := worlds[rapid.IntRange(0, len(worlds)-1).Draw(t, "world")]
		if len(worlds) < 3 && rapid.IntRange(0, 9).Draw(t, "clone") == 0 {
			worlds = append(worlds, w.clone())
		}
		w.step(t)
	}
	for _, w := range worlds {
		for _, c := range w.clients {
			w.drain(t, c)
		}
		for s := range w.hub.Ready() {
			t.Fatalf("stream %d is read to the end, but ready", s.ID())
		}
	}
}

// Whatever happens, every watcher hears of exactly what concerns it.
func TestHubAgainstRecord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { run(t, StandardRules()) })
}
