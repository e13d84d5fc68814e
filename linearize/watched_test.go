package linearize

import (
	"slices"
	"testing"

	"github.com/castaway-kv/castaway/kv"
)

// What watchers saw fills gaps that nothing else tells of: forty writes without
// an answer, of which a watch says in which order they happened.
func TestWatchedEventsFillGaps(t *testing.T) {
	var h History
	var watched []kv.Event
	for i := range 40 {
		key := string(rune('a' + i%26))
		h = append(h, unknown(1, int64(i), put(key, string(rune('A'+i)))))
	}
	s := newStore()
	s.journaling = true
	for _, op := range slices.Backward(h) {
		s.journal = s.journal[:0]
		if err := s.apply(op.Request); err != nil {
			t.Fatal(err)
		}
		watched = append(watched, s.lastEvents()...)
	}
	h = append(h, answered(2, 50, 51, del("a", ""), deleted(42, 1)))
	v := Check(h, Options{Watched: watched, Steps: 200})
	if v.Result != Linearizable || v.Order[0] != 39 || v.Order[39] != 0 {
		t.Error(v, v.Order)
	}
	// An event of something that nobody asked for fits no order.
	watched[3].KV.Value = "?"
	if v := Check(h, Options{Watched: watched}); v.Result != Violation {
		t.Error(v)
	}
}

// With the events of all revisions the verdict is the same as without, on right
// histories and on wrong ones.
func TestWatchedEventsChangeNoVerdict(t *testing.T) {
	for f := noFault; f < faults; f++ {
		for seed := range uint64(300) {
			choose := seeded(seed<<8 | uint64(f))
			h := generate(choose, recipe{operations: 1 + choose(12), clients: 1 + choose(4), keys: 1 + choose(3), unknown: 15 * choose(3), fault: f})
			v := Check(h, Options{})
			if v.Result != Linearizable {
				continue
			}
			s := newStore()
			s.journaling = true
			var watched []kv.Event
			for _, i := range v.Order {
				s.journal = s.journal[:0]
				if s.apply(h[i].Request) == nil {
					watched = append(watched, s.lastEvents()...)
				}
			}
			if w := Check(h, Options{Watched: watched}); w.Result != Linearizable {
				t.Fatalf("%v, seed %d: %v\n%s", f, seed, w, historyWords(h))
			}
		}
	}
}
