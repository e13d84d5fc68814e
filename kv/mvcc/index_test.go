package mvcc

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/castaway-kv/castaway/kv"
)

// checkIndex checks the invariants of the index, in the type's comment.
func checkIndex(t rapid.TB, x *index) {
	t.Helper()
	var last lowChunk
	first := true
	x.tree.Ascend(func(c lowChunk) bool {
		switch {
		case first != (c.low == ""):
			t.Fatalf("the low %q, is it the first: %v", c.low, first)
		case len(c.keys) == 0 || len(c.keys) > chunkSize || len(c.heads) != len(c.keys):
			t.Fatalf("a chunk of %d keys and %d heads", len(c.keys), len(c.heads))
		case !slices.IsSorted(c.keys) || len(slices.Compact(slices.Clone(c.keys))) != len(c.keys):
			t.Fatalf("keys out of order: %q", c.keys)
		case c.keys[0] < c.low || !first && last.keys[len(last.keys)-1] >= c.low:
			t.Fatalf("the low %q of %q after %q", c.low, c.keys, last.low)
		case c.live != liveOf(c.heads):
			t.Fatalf("live %b, want %b", c.live, liveOf(c.heads))
		case slices.ContainsFunc(c.keys[len(c.keys):cap(c.keys)], func(s string) bool { return s != "" }):
			t.Fatalf("keys held behind the end")
		}
		for i, v := range c.heads {
			if v.key != c.keys[i] {
				t.Fatalf("a version of %q at %q", v.key, c.keys[i])
			}
		}
		last, first = c, false
		return true
	})
}

func testKey(i int) string { return fmt.Sprintf("%05d", i) }

// testPut makes a version of a key, a deletion if it isn't live.
func (x *index) testPut(key string, live bool) {
	v := &version{key: key, mod: 2}
	if live {
		v.number = 1
	}
	x.put(x.find(key), v)
}

// ascending is an index of the even numbers below 2n, put in order: full chunks,
// the last of which has what is left.
func ascending(n int) *index {
	x := newIndex()
	for i := range n {
		x.testPut(testKey(2*i), true)
	}
	return &x
}

func indexKeys(x *index, span kv.Span) (keys []string) {
	for v := range x.scan(span) {
		keys = append(keys, v.key)
	}
	return keys
}

// A new key at each place of indexes of about one, two and three chunks, full or
// nearly so: each border, each half of each split, with and without a clone.
func TestInsertEverywhere(t *testing.T) {
	for _, n := range []int{0, 1, chunkSize - 1, chunkSize, chunkSize + 1, 2*chunkSize - 1, 2 * chunkSize, 2*chunkSize + 1, 3 * chunkSize} {
		original := ascending(n)
		want := indexKeys(original, kv.Prefix(""))
		for i := -1; i < 2*n; i += 2 {
			x := original.clone()
			key := testKey(i)
			x.testPut(key, true)
			checkIndex(t, &x)
			p, _ := slices.BinarySearch(want, key)
			if got := indexKeys(&x, kv.Prefix("")); !slices.Equal(got, slices.Insert(slices.Clone(want), p, key)) {
				t.Fatalf("%q into %d keys: %q", key, n, got)
			}
			if x.get(key) == nil || original.get(key) != nil {
				t.Fatalf("%q into %d keys of a clone: found %v, in the original %v", key, n, x.get(key), original.get(key))
			}
		}
		if got := indexKeys(original, kv.Prefix("")); !slices.Equal(got, want) {
			t.Fatalf("the original changed: %q", got)
		}
	}
}

// Each key of about one, two and three chunks is removed, and then all of them
// from the left, from the right and from the middle.
func TestRemoveEverywhere(t *testing.T) {
	for _, n := range []int{1, 2, chunkSize, chunkSize + 1, 2*chunkSize + chunkSize/2} {
		original := ascending(n)
		want := indexKeys(original, kv.Prefix(""))
		for i := range n {
			x := original.clone()
			x.remove(x.find(testKey(2 * i)))
			checkIndex(t, &x)
			if got := indexKeys(&x, kv.Prefix("")); !slices.Equal(got, slices.Delete(slices.Clone(want), i, i+1)) {
				t.Fatalf("%d of %d: %q", i, n, got)
			}
		}
		for name, next := range map[string]func(left int) int{
			"left":   func(int) int { return 0 },
			"right":  func(left int) int { return left - 1 },
			"middle": func(left int) int { return left / 2 },
			"wild":   func(left int) int { return 7919 * left % left },
		} {
			x, left := original.clone(), slices.Clone(want)
			for len(left) > 0 {
				i := next(len(left))
				x.remove(x.find(left[i]))
				left = slices.Delete(left, i, i+1)
				checkIndex(t, &x)
				if got := x.count(kv.Prefix("")); got != int64(len(left)) {
					t.Fatalf("from the %s: %d of %d left, want %d", name, got, n, len(left))
				}
			}
			if x.tree.Len() != 0 {
				t.Fatalf("from the %s: %d chunks left", name, x.tree.Len())
			}
			x.testPut("again", true)
			checkIndex(t, &x)
		}
	}
}

// All spans over three chunks, with ends on keys and between them, against a count
// by hand; every third key is deleted.
func TestCountOfEverySpan(t *testing.T) {
	const n = 2*chunkSize + 40
	x := ascending(n)
	live := make([]bool, n)
	for i := range live {
		live[i] = i%3 != 0
		x.testPut(testKey(2*i), live[i])
	}
	checkIndex(t, x)
	for i := -1; i <= 2*n; i++ {
		want, unbounded := int64(0), int64(0)
		for k := max(0, (i+1)/2); k < n; k++ {
			if live[k] {
				unbounded++
			}
		}
		for j := i; j <= 2*n; j++ {
			span := kv.Span{Key: testKey(i), End: testKey(j)}
			if got := x.count(span); got != want {
				t.Fatalf("%v: %d, want %d", span, got, want)
			}
			if got := x.count(kv.Span{Key: testKey(j), End: testKey(i)}); got != 0 {
				t.Fatalf("%v inverted: %d", span, got)
			}
			if j >= 0 && j < 2*n && j%2 == 0 && live[j/2] {
				want++
			}
		}
		if got := x.count(kv.Span{Key: testKey(i), End: "\x00"}); got != unbounded {
			t.Fatalf("from %d: %d, want %d", i, got, unbounded)
		}
	}
}

// Any order of puts, deletions, removals and clones, against a map.
func TestIndexAgainstMap(t *testing.T) {
	type pair struct {
		x    *index
		want map[string]bool
	}
	rapid.Check(t, func(t *rapid.T) {
		start := newIndex()
		pairs := []pair{{&start, map[string]bool{}}}
		for range rapid.IntRange(1, 12).Draw(t, "rounds") {
			p := pairs[rapid.IntRange(0, len(pairs)-1).Draw(t, "index")]
			if rapid.Bool().Draw(t, "clone") {
				x, want := p.x.clone(), map[string]bool{}
				for k, v := range p.want {
					want[k] = v
				}
				p = pair{&x, want}
				pairs = append(pairs, p)
			}
			from, step := rapid.IntRange(0, 1000).Draw(t, "from"), rapid.SampledFrom([]int{1, -1, 7, 389}).Draw(t, "step")
			kind := rapid.IntRange(0, 4).Draw(t, "kind")
			for i := range rapid.IntRange(1, 400).Draw(t, "keys") {
				key := testKey(((from+i*step)%1000 + 1000) % 1000)
				switch at := p.x.find(key); {
				case kind < 4:
					p.x.testPut(key, kind > 0)
					p.want[key] = kind > 0
				case at.found:
					p.x.remove(at)
					delete(p.want, key)
				}
			}
		}
		for _, p := range pairs {
			checkIndex(t, p.x)
			span := kv.Span{Key: testKey(rapid.IntRange(0, 1000).Draw(t, "key")), End: testKey(rapid.IntRange(0, 1000).Draw(t, "end"))}
			count, keys := int64(0), 0
			for key, live := range p.want {
				if got := p.x.get(key); got.live() != live {
					t.Fatalf("%q: %v, want %v", key, got, live)
				}
				if span.Contains(key) {
					keys++
					if live {
						count++
					}
				}
			}
			if got := p.x.count(span); got != count {
				t.Fatalf("count of %v: %d, want %d", span, got, count)
			}
			if got := indexKeys(p.x, span); len(got) != keys || !slices.IsSorted(got) {
				t.Fatalf("%v: %q, want %d keys", span, got, keys)
			}
		}
	})
}

// Keys in ascending order fill their chunks, keys in any other order fill them at
// least by half; removing most of them leaves no crumbs.
func TestChunksAreWellFilled(t *testing.T) {
	const n = 100 * chunkSize
	for name, tc := range map[string]struct{ step, most int }{"ascending": {1, 100}, "scattered": {7919, 170}, "descending": {-1, 200}} {
		x := newIndex()
		for i := range n {
			x.testPut(fmt.Sprintf("%06d", (i*tc.step%n+n)%n), true)
		}
		if got := x.tree.Len(); got > tc.most {
			t.Errorf("%s: %d chunks, expected at most %d", name, got, tc.most)
		}
		for i := range n {
			if i%50 != 0 {
				x.remove(x.find(fmt.Sprintf("%06d", i)))
			}
		}
		checkIndex(t, &x)
		if got := x.tree.Len(); got > 2*n/50/(chunkSize/4) {
			t.Errorf("%s: %d chunks for %d keys", name, got, n/50)
		}
	}
}

// Keys that come down into the gap behind a full chunk must not get a chunk each.
func TestDescendingIntoAGap(t *testing.T) {
	x := ascending(2 * chunkSize)
	for i := range 10 * chunkSize {
		x.testPut(fmt.Sprintf("%s/%05d", testKey(2*chunkSize-2), 99999-i), true)
	}
	checkIndex(t, x)
	if got := x.tree.Len(); got > 24 {
		t.Errorf("%d chunks for %d keys", got, 12*chunkSize)
	}
}

func TestBitmap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var m bitmap
		var want []bool
		for range rapid.IntRange(0, chunkSize).Draw(t, "n") {
			i, on := rapid.IntRange(0, len(want)).Draw(t, "i"), rapid.Bool().Draw(t, "on")
			m.insert(i, on)
			want = slices.Insert(want, i, on)
		}
		i := rapid.IntRange(0, len(want)).Draw(t, "from")
		j := rapid.IntRange(i, len(want)).Draw(t, "to")
		in, all := 0, 0
		for k, on := range want {
			if on {
				all++
				if k >= i && k < j {
					in++
				}
			}
		}
		if m.count(i, j) != in || m.all() != all {
			t.Fatalf("%d from %d to %d, want %d; %d in all, want %d", m.count(i, j), i, j, in, m.all(), all)
		}
	})
}
