package mvcc

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/kv"
)

func compact(r kv.Revision) kv.Request { return kv.CompactRequest{Revision: r} }

// compacted runs requests and a compaction, and returns the store.
func compacted(t testing.TB, at kv.Revision, requests ...kv.Request) *Store {
	t.Helper()
	s := New()
	for _, r := range append(requests, compact(at)) {
		mustApply(t, s, r)
	}
	return s
}

// A count of what is left: one version of each key that is there, whatever its
// history was, and nothing of those that are not.
func TestCompactionFrees(t *testing.T) {
	const keys, rounds = 1000, 20
	s := New()
	for round := range rounds {
		for i := range keys {
			mustApply(t, s, put(testKey(i), fmt.Sprint(round)))
		}
	}
	mustApply(t, s, del(testKey(keys/2), "\x00"))
	if got, want := len(reachable(s)), keys*rounds+keys/2; got != want {
		t.Fatalf("%d versions before, want %d", got, want)
	}
	clone := s.Clone()
	mustApply(t, s, compact(s.Revision()))
	// The deletions at the compacted revision itself stay, for watchers.
	if got := len(reachable(s)); got != keys {
		t.Errorf("%d versions after the compaction, want %d", got, keys)
	}
	mustApply(t, s, put("another", "v"))
	mustApply(t, s, compact(s.Revision()))
	if got := len(reachable(s)); got != keys/2+1 {
		t.Errorf("%d versions after the next, want %d", got, keys/2+1)
	}
	if got := len(indexKeys(&s.index, kv.Prefix(""))); got != keys/2+1 || s.log.len() != 1 {
		t.Errorf("%d keys in the index and %d changes in the log", got, s.log.len())
	}
	if got, want := s.Size(), sizeOf(s); got != want {
		t.Errorf("size %d, want %d", got, want)
	}
	if got, want := len(reachable(clone)), keys*rounds+keys/2; got != want || clone.Size() != sizeOf(clone) {
		t.Errorf("the clone has %d versions and size %d, want %d and %d", got, clone.Size(), want, sizeOf(clone))
	}
	checkStore(t, s)
	checkStore(t, clone)
}

// What is free, the collector takes: the memory itself, not our count of it.
func TestCompactionGivesMemoryBack(t *testing.T) {
	const size = 1 << 14
	s := New()
	before := heapInUse()
	for i := range 1000 {
		mustApply(t, s, put("counter", strings.Repeat("v", size)+fmt.Sprint(i)))
	}
	if full := heapInUse() - before; full < 900*size {
		t.Fatalf("%d bytes before the compaction", full)
	}
	mustApply(t, s, compact(s.Revision()))
	if left := int64(heapInUse()) - int64(before); left > 100*size {
		t.Errorf("%d bytes are left", left)
	}
	runtime.KeepAlive(s)
}

func TestCompactionErrors(t *testing.T) {
	s := New()
	mustApply(t, s, put("k", "v"))
	for _, step := range []struct {
		at   kv.Revision
		want error
	}{
		{-2, kv.ErrCompacted},
		{-1, kv.ErrCompacted},
		{3, kv.ErrFutureRevision},
		{0, nil}, // a store never compacted is compacted at -1
		{0, kv.ErrCompacted},
		{2, nil}, // the current revision
		{1, kv.ErrCompacted},
		{2, kv.ErrCompacted},
		{3, kv.ErrFutureRevision},
	} {
		before := s.Compacted()
		response, err := s.Apply(compact(step.at))
		if !errors.Is(err, step.want) || step.want != nil && (response != nil || s.Compacted() != before) {
			t.Errorf("at %d: %v, %v, compacted at %d; want %v", step.at, response, err, s.Compacted(), step.want)
		}
		if step.want == nil && (response != kv.CompactResponse{Header: kv.Header{Revision: 2}} || s.Compacted() != step.at) {
			t.Errorf("at %d: %v, compacted at %d", step.at, response, s.Compacted())
		}
	}
}

// Reads at the compacted revision and after it go on, those before it end; within
// a transaction negative revisions count as before it.
func TestReadsAfterCompaction(t *testing.T) {
	s := compacted(t, 4, put("k", "a"), put("k", "b"), del("k", ""), put("k", "c"))
	for _, tc := range []struct {
		at            kv.Revision
		want          string
		outside, inTx error
	}{
		{-9, "k=c", nil, kv.ErrCompacted},
		{-1, "k=c", nil, kv.ErrCompacted},
		{0, "k=c", nil, nil},
		{1, "", kv.ErrCompacted, kv.ErrCompacted},
		{3, "", kv.ErrCompacted, kv.ErrCompacted},
		{4, "(none)", nil, nil},
		{5, "k=c", nil, nil},
		{6, "", kv.ErrFutureRevision, kv.ErrFutureRevision},
	} {
		got, err := s.Range(at(get("k"), tc.at))
		if !errors.Is(err, tc.outside) || err == nil && got.String() != tc.want {
			t.Errorf("at %d: %v (%v), want %s (%v)", tc.at, got, err, tc.want, tc.outside)
		}
		if _, err := s.Apply(then(at(get("k"), tc.at))); !errors.Is(err, tc.inTx) {
			t.Errorf("at %d in a transaction: %v, want %v", tc.at, err, tc.inTx)
		}
	}
}

// eventWords is all events since a revision, a line for each revision.
func eventWords(t testing.TB, s *Store, since kv.Revision) (lines []string) {
	t.Helper()
	events, err := s.Events(since)
	if err != nil {
		return []string{err.Error()}
	}
	for revision, all := range events {
		line := fmt.Sprint(revision)
		for _, e := range all {
			word := " put " + e.KV.String()
			if e.Kind == kv.EventDelete {
				word = " del " + e.KV.Key
			}
			if e.Prev != nil {
				word += " was " + e.Prev.Value
			}
			line += word
		}
		lines = append(lines, line)
	}
	return lines
}

func TestEvents(t *testing.T) {
	requests := []kv.Request{
		put("k", "a"),
		then(put("l", "x"), put("k", "b")),
		// A transaction that puts and then clears: two events of one key, and what
		// was before them is the state before the revision.
		then(kv.TxnRequest{Success: []kv.Request{put("k", "c")}}, kv.TxnRequest{Success: []kv.Request{del("k", "l")}}),
		put("k", "d"),
	}
	all := []string{"2 put k=a", "3 put l=x put k=b was a", "4 put k=c was b del k was b", "5 put k=d"}
	s := New()
	for _, r := range requests {
		mustApply(t, s, r)
	}
	for since := kv.Revision(-1); since <= 7; since++ {
		if got, want := eventWords(t, s, since), all[min(max(since, 2)-2, 4):]; !slices.Equal(got, want) {
			t.Errorf("since %d: %q, want %q", since, got, want)
		}
	}
	s = compacted(t, 4, requests...)
	for since, want := range map[kv.Revision][]string{
		3: {kv.ErrCompacted.Error()},
		4: {"4 del k", "5 put k=d"},
		5: {"5 put k=d"},
		6: nil,
	} {
		if got := eventWords(t, s, since); !slices.Equal(got, want) {
			t.Errorf("compacted, since %d: %q, want %q", since, got, want)
		}
	}
	mustApply(t, s, compact(5))
	if got := eventWords(t, s, 5); !slices.Equal(got, []string{"5 put k=d"}) {
		t.Errorf("at the next compacted revision: %q", got)
	}
}

// Events from anywhere in a long log, with each of its segments begun, full and
// gone.
func TestEventsSinceEveryRevision(t *testing.T) {
	const n = 20*segmentSize + 3
	s := New()
	for i := range n {
		mustApply(t, s, put(testKey(i%7), fmt.Sprint(i)))
	}
	for since := kv.Revision(1); since <= s.Revision()+1; since++ {
		want := max(since, 2)
		events, _ := s.Events(since)
		for revision := range events {
			if revision != want {
				t.Fatalf("since %d: %d, want %d", since, revision, want)
			}
			if want++; want > since+3 {
				break
			}
		}
		if want <= min(since+3, s.Revision()) {
			t.Fatalf("since %d: no more after %d", since, want-1)
		}
	}
	for s.Revision()-s.Compacted() > segmentSize {
		mustApply(t, s, compact(max(2, s.Compacted()+97)))
		if got := eventWords(t, s, s.Compacted()); len(got) != int(s.Revision()-s.Compacted())+1 {
			t.Fatalf("compacted at %d: %d revisions", s.Compacted(), len(got))
		}
	}
	checkStore(t, s)
}

// A delete by the store's own hand, as at the end of a lease.
func TestDelete(t *testing.T) {
	s := New()
	mustApply(t, s, then(put("a", "1"), put("b", "2"), put("c", "3")))
	if n := s.Delete([]string{"none", ""}); n != 0 || s.Revision() != 2 {
		t.Errorf("%d deleted at revision %d", n, s.Revision())
	}
	if n := s.Delete([]string{"a", "c", "none", "a"}); n != 2 || contents(s) != "3 b=2" {
		t.Errorf("%d deleted: %s", n, contents(s))
	}
	if got := eventWords(t, s, 3); !slices.Equal(got, []string{"3 del a was 1 del c was 3"}) {
		t.Errorf("%q", got)
	}
}
