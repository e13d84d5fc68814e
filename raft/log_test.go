package raft

import (
	"testing"

	"pgregory.net/rapid"
)

// slot is an entry of the model, and the number of the write that carried it.
type slot struct {
	entry  Entry
	number uint64
}

// TestLogAgainstModel compares the log with one that keeps for each entry the
// write that carried it.
func TestLogAgainstModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l log
		var model []slot
		var number, written uint64
		term := Term(1)
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			switch rapid.IntRange(0, 4).Draw(t, "op") {
			case 0, 1:
				number++
				term += Term(rapid.IntRange(0, 2).Draw(t, "later term"))
				var entries []Entry
				for range rapid.IntRange(1, 4).Draw(t, "entries") {
					e := Entry{Term: term, Index: Index(len(model) + 1)}
					entries = append(entries, e)
					model = append(model, slot{e, number})
				}
				l.append(entries)
				l.writing(number, l.last().Index)
			case 2:
				number++
				last := rapid.IntRange(int(l.base.Index), len(model)).Draw(t, "last")
				model = model[:last]
				l.truncate(Index(last))
			case 3:
				written += uint64(rapid.IntRange(0, int(number-written)).Draw(t, "more written"))
				l.written(written)
			case 4:
				l.compact(Index(rapid.IntRange(0, len(model)).Draw(t, "compacted")))
			}
			compareLogs(t, &l, model, written)
		}
	})
}

func compareLogs(t *rapid.T, l *log, model []slot, written uint64) {
	durable := 0
	for durable < len(model) && model[durable].number <= written {
		durable++
	}
	if int(l.durable) != durable || int(l.last().Index) != len(model) {
		t.Fatalf("durable %d of %d, want %d of %d", l.durable, l.last().Index, durable, len(model))
	}
	for i, s := range model {
		if Index(i+1) <= l.base.Index {
			continue
		}
		want := s.number
		if i < durable {
			want = 0
		}
		if got := l.writeOf(Index(i + 1)); got != want {
			t.Fatalf("entry %d waits for write %d, want %d", i+1, got, want)
		}
		if !l.holds(s.entry.Position()) || l.holds(Position{s.entry.Term + 1, s.entry.Index}) {
			t.Fatalf("entry %d is not %v", i+1, s.entry.Position())
		}
	}
}

// TestForwardsTakeOnce: no request is taken twice, whatever the order; and
// those that come in order, or at most 63 late, are all taken.
func TestForwardsTakeOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var f forwards
		taken := map[RequestID]bool{}
		newest := map[[2]uint64]uint64{}
		life := map[ID]Life{}
		for range rapid.IntRange(1, 100).Draw(t, "requests") {
			id := RequestID{
				Member:   ID(rapid.IntRange(1, 3).Draw(t, "member")),
				Life:     Life(rapid.IntRange(1, 3).Draw(t, "life")),
				Sequence: uint64(rapid.IntRange(1, 200).Draw(t, "sequence")),
			}
			key := [2]uint64{uint64(id.Member), uint64(id.Life)}
			want := !taken[id] && id.Life >= life[id.Member] && id.Sequence+64 > newest[key]
			if got := f.take(id); got != want {
				t.Fatalf("%v after up to %d: taken %v, want %v", id, newest[key], got, want)
			}
			taken[id] = taken[id] || want
			life[id.Member] = max(life[id.Member], id.Life)
			newest[key] = max(newest[key], id.Sequence)
		}
	})
}
