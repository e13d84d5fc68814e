package linearize

import (
	"errors"
	"runtime"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// byCall puts a history in the order of calls.
func byCall(h History) History {
	sorted := slices.Clone(h)
	slices.SortStableFunc(sorted, func(a, b Operation) int { return int(a.Call - b.Call) })
	return sorted
}

// stream judges a history with a small window, so that it is cut often.
func stream(h History, threshold int) (Verdict, error) {
	s := NewStream(Options{})
	s.threshold = threshold
	for _, op := range h {
		more, err := s.Add(op)
		if err != nil {
			return Verdict{}, err
		}
		if !more {
			break
		}
	}
	return s.Finish(), nil
}

// A stream's verdict is that of the whole; it may be undecided, but not on right
// histories in which everything was answered.
func TestStreamIsTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		choose := rapidChooser(t)
		f := fault(choose(int(faults)))
		h := byCall(generate(choose, recipe{
			operations: 1 + choose(40), clients: 1 + choose(4), keys: 1 + choose(3), unknown: 10 * choose(3), fault: f, pasts: choose(2) == 0,
		}))
		whole := Check(h, Options{})
		v, err := stream(h, 1+choose(8))
		if err != nil {
			t.Fatal(err)
		}
		if v.Result != whole.Result && v.Result != Undecided || v.Operations == whole.Operations && v.Refused != whole.Refused {
			t.Fatalf("streamed %v\nwhole %v\n%s", v, whole, historyWords(h))
		}
		if v.Result == Undecided && lostWrites(h) == 0 {
			t.Fatalf("undecided without need: %v\n%s", v, historyWords(h))
		}
	})
}

func TestStreamRefuses(t *testing.T) {
	for _, test := range []struct {
		name    string
		history History
		want    error
	}{
		{"not by call", History{answered(1, 5, 6, get("x"), nothing(1)), answered(2, 4, 6, get("x"), nothing(1))}, ErrNotByCall},
		{"two at a time", History{answered(1, 5, 8, get("x"), nothing(1)), answered(1, 6, 9, get("x"), nothing(1))}, nil},
		{"invalid", History{{}}, nil},
	} {
		if _, err := stream(test.history, 10); err == nil || test.want != nil && !errors.Is(err, test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// The memory of a stream doesn't grow with the history.
func TestStreamMemory(t *testing.T) {
	h, _ := busy(1, 150_000, 16, 100, 0)
	s := NewStream(Options{})
	s.store.keepPast = false
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for _, op := range h {
		if more, err := s.Add(op); !more || err != nil {
			t.Fatal(err, s.verdict)
		}
	}
	if len(s.pending) > 2*streamThreshold {
		t.Errorf("%d operations are pending", len(s.pending))
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 30<<20 {
		t.Errorf("the stream holds %d bytes after %d operations", grown, len(h))
	}
	if v := s.Finish(); v.Result != Linearizable {
		t.Error(v)
	}
	runtime.KeepAlive(h)
}

func FuzzStream(f *testing.F) {
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) {
		choose := rapidChooser(t)
		h := byCall(generate(choose, recipe{operations: 1 + choose(40), clients: 1 + choose(4), keys: 1 + choose(3), unknown: 10, fault: fault(choose(int(faults)))}))
		if v, err := stream(h, 1+choose(8)); err != nil || v.Result == Linearizable && Check(h, Options{}).Result == Violation {
			t.Fatalf("%v, %v\n%s", v, err, historyWords(h))
		}
	}))
}
