package mvcc

import (
	"slices"
	"testing"

	"github.com/castaway-kv/castaway/kv"
)

func logOf(mods ...kv.Revision) (l changelog) {
	for _, mod := range mods {
		l.append(&version{mod: mod})
	}
	return l
}

// mods is what a log holds from change i on.
func mods(l *changelog, i int) (all []kv.Revision) {
	for i < l.len() {
		run := l.run(i)
		for _, v := range run {
			all = append(all, v.mod)
		}
		i += len(run)
	}
	return all
}

func revisions(from, to kv.Revision) (all []kv.Revision) {
	for r := from; r <= to; r++ {
		all = append(all, r)
	}
	return all
}

// A log is cloned at each length of some segments; then both grow by more than a
// segment, each its own way, one before the other.
func TestChangelogClones(t *testing.T) {
	for n := range kv.Revision(3*segmentSize + 2) {
		for _, first := range []int{0, 1} {
			a := logOf(revisions(1, n)...)
			b := a.clone()
			logs := [...]*changelog{&a, &b}
			for _, k := range [...]int{first, 1 - first} {
				for i := range kv.Revision(segmentSize + 1) {
					logs[k].append(&version{mod: 1000*kv.Revision(k+1) + i})
				}
			}
			for k, l := range logs {
				begin := 1000 * kv.Revision(k+1)
				if got, want := mods(l, 0), append(revisions(1, n), revisions(begin, begin+segmentSize)...); !slices.Equal(got, want) {
					t.Fatalf("cloned at %d, log %d: %d, want %d", n, k, got, want)
				}
			}
		}
	}
}

// Three changes of each even revision, looked for from each revision; and each
// change reached from each place without walking the whole chain of segments.
func TestChangelogSearch(t *testing.T) {
	const n = 70 * segmentSize / 3
	var all []kv.Revision
	for i := range kv.Revision(n) {
		all = append(all, 2*i, 2*i, 2*i)
	}
	l := logOf(all...)
	for r := kv.Revision(-1); r <= 2*n+1; r++ {
		if got, want := l.search(r), 3*int((max(r, 0)+1)/2); got != min(want, len(all)) {
			t.Fatalf("revision %d: change %d, want %d", r, got, want)
		}
	}
	for i := 0; i < len(all); i += 41 {
		if got := mods(&l, i); !slices.Equal(got, all[i:]) {
			t.Fatalf("from change %d: %d", i, got)
		}
	}
	for s := l.newest; s.number > 0; s = s.older {
		if s.older.number != s.number-1 || s.jump.number >= s.number || s.changes[0] != l.run(s.number * segmentSize)[0] {
			t.Fatalf("segment %d links to %d and %d", s.number, s.older.number, s.jump.number)
		}
	}
	steps := 0
	for s := l.newest; s.number > 0; s = s.jump {
		steps++
	}
	if steps > 12 {
		t.Errorf("%d jumps over %d segments", steps, l.newest.number)
	}
}
