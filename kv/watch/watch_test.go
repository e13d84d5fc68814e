package watch

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/castaway-kv/castaway/kv"
)

func newHub(buffer int) (*Hub, *fake) {
	f := newFake()
	return New(Config{Buffer: buffer, Rules: StandardRules()}, f), f
}

// told reads all that a stream has to say.
func told(s *Stream) (responses []Response) {
	for r, ok := s.Next(); ok; r, ok = s.Next() {
		responses = append(responses, r)
	}
	return responses
}

// The index finds what a look at every watcher finds, whatever came and went.
func TestIndexAgainstScan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, all := newIndex(), []*watcher{}
		for range rapid.IntRange(20, 80).Draw(t, "steps") {
			if len(all) > 0 && rapid.IntRange(0, 2).Draw(t, "remove") == 0 {
				i := rapid.IntRange(0, len(all)-1).Draw(t, "which")
				x.remove(all[i])
				all = slices.Delete(all, i, i+1)
				continue
			}
			span := kv.Span{Key: someKey.Draw(t, "key"), End: someEnd.Draw(t, "end")}
			if rapid.Bool().Draw(t, "prefix") {
				span = kv.Prefix(someKey.Draw(t, "prefix"))
			}
			if span.End != "" && span.End != "\x00" && span.End <= span.Key {
				continue
			}
			all = append(all, &watcher{span: span})
			x.add(all[len(all)-1])
		}
		x.ranges.root.check(t)
		for _, key := range []string{"\x00", "a", "aa", "b", "ba", "bb", "c", "\xff", "\xff\xff"} {
			found := map[*watcher]int{}
			x.find(key, func(w *watcher) { found[w]++ })
			for _, w := range all {
				if (found[w] == 1) != w.span.Contains(key) {
					t.Fatalf("%q: found %v %d times", key, w.span, found[w])
				}
				delete(found, w)
			}
			if len(found) > 0 {
				t.Fatalf("%q: found %d that were removed", key, len(found))
			}
		}
	})
}

// check checks that the tree is a search tree, a heap, and right about ends.
func (n *interval) check(t *rapid.T) {
	if n == nil {
		return
	}
	furthest := n.span.End
	for i, child := range [...]*interval{n.left, n.right} {
		if child == nil {
			continue
		}
		child.check(t)
		if before(child.span, n.span) != (i == 0) || child.priority > n.priority {
			t.Fatalf("%v is in the wrong place below %v", child.span, n.span)
		}
		if beyond(child.furthest, furthest) {
			furthest = child.furthest
		}
	}
	if len(n.watchers) == 0 || n.furthest != furthest {
		t.Fatalf("%v: furthest end %q, want %q", n.span, n.furthest, furthest)
	}
}

// A tree of many spans in order stays shallow.
func TestIntervalsAreShallow(t *testing.T) {
	var tree intervals
	for i := range 10_000 {
		tree.add(&watcher{span: kv.Prefix(string([]byte{byte(i >> 8), byte(i), 'x'}))})
	}
	if d := tree.root.depth(); d > 60 {
		t.Errorf("10,000 spans are %d deep", d)
	}
}

func (n *interval) depth() int {
	if n == nil {
		return 0
	}
	return 1 + max(n.left.depth(), n.right.depth())
}

// A large response is split where that is allowed: all but the last part say so,
// and together they are the whole.
func TestFragments(t *testing.T) {
	const events, size = 10, 500_000
	h, f := newHub(DefaultBuffer)
	s := h.Open()
	s.Create(CreateRequest{Span: kv.Prefix("k"), Fragment: true})
	s.Create(CreateRequest{Span: kv.Prefix("k")})
	told(s)
	var changes []change
	for i := range events {
		changes = append(changes, change{"k" + string(rune('a'+i)), strings.Repeat("v", size)})
	}
	h.Notify(f.apply(changes...))
	var parts, whole []Response
	for _, r := range told(s) {
		if r.ID == 0 {
			parts = append(parts, r)
		} else {
			whole = append(whole, r)
		}
	}
	if len(whole) != 1 || whole[0].Fragment || len(whole[0].Events) != events {
		t.Fatalf("without fragments: %d responses", len(whole))
	}
	var keys []string
	for i, part := range parts {
		if last := i == len(parts)-1; part.Fragment == last || sizeOf(part.Events) > FragmentBytes {
			t.Errorf("part %d of %d: %d bytes, fragment %v", i, len(parts), sizeOf(part.Events), part.Fragment)
		}
		for _, e := range part.Events {
			keys = append(keys, e.KV.Key)
		}
	}
	if len(parts) < 3 || len(keys) != events || !slices.IsSorted(keys) {
		t.Errorf("%d parts with %q", len(parts), keys)
	}
	if s.Buffered() != 0 {
		t.Errorf("%d bytes are still buffered", s.Buffered())
	}
}

// One event larger than everything is told nevertheless, whole.
func TestOneLargeEvent(t *testing.T) {
	h, f := newHub(1000)
	s := h.Open()
	s.Create(CreateRequest{Span: kv.Span{Key: "k"}, Fragment: true})
	told(s)
	for range 3 {
		h.Notify(f.apply(change{"k", strings.Repeat("v", 2*FragmentBytes)}))
	}
	if s.Buffered() > 3*FragmentBytes {
		t.Errorf("%d bytes are buffered", s.Buffered())
	}
	got := told(s)
	if len(got) != 3 || got[2].Fragment || got[2].Events[0].KV.ModRevision != 4 {
		t.Errorf("%d responses", len(got))
	}
}

// What a slow reader costs does not grow with what it misses.
func TestSlowReaderIsBounded(t *testing.T) {
	h, f := newHub(10_000)
	s := h.Open()
	for range 100 {
		s.Create(CreateRequest{Span: kv.Prefix("k")})
	}
	told(s)
	for range 200 {
		h.Notify(f.apply(change{"k", strings.Repeat("v", 100)}))
	}
	if s.Buffered() > 10_000 {
		t.Errorf("%d bytes are buffered", s.Buffered())
	}
	events, most := 0, 0
	for r, ok := s.Next(); ok; r, ok = s.Next() {
		events += len(r.Events)
		most = max(most, s.Buffered())
	}
	if events != 100*200 {
		t.Errorf("%d events", events)
	}
	if oneRevision := 100 * (3*overhead + 101); most > 10_000+oneRevision {
		t.Errorf("while it catches up, %d bytes are buffered", most)
	}
}

func TestReadyAndClose(t *testing.T) {
	h, f := newHub(1000)
	a, b := h.Open(), h.Open()
	for _, s := range []*Stream{a, b} {
		s.Create(CreateRequest{Span: kv.Span{Key: "k"}})
	}
	ready := func() (ids []StreamID) {
		for s := range h.Ready() {
			ids = append(ids, s.ID())
		}
		return ids
	}
	if got := ready(); !slices.Equal(got, []StreamID{1, 2}) {
		t.Errorf("ready: %v", got)
	}
	told(a)
	if got := ready(); !slices.Equal(got, []StreamID{2}) {
		t.Errorf("after one was read: %v", got)
	}
	b.Close()
	if h.Stream(2) != nil || len(ready()) != 0 {
		t.Errorf("a closed stream is there: %v", ready())
	}
	h.Notify(f.apply(change{"k", "v"}))
	for s := range h.Ready() {
		if s != a || s.Watchers() != 1 || len(told(s)) != 1 {
			t.Errorf("stream %d", s.ID())
		}
	}
	if len(h.index.keys["k"]) != 1 {
		t.Error("the closed stream's watcher is still looked for")
	}
}

// To be told of revisions out of order is a bug of the caller.
func TestNotifyOutOfOrderPanics(t *testing.T) {
	h, f := newHub(1000)
	f.apply(change{"k", "v"})
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	h.Notify(f.apply(change{"k", "v"}))
}
