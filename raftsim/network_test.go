package raftsim

import (
	"testing"

	"github.com/castaway-kv/castaway/raft"
	"pgregory.net/rapid"
)

func drawMessage(t *rapid.T) raft.Message {
	term := raft.Term(rapid.IntRange(1, 4).Draw(t, "term"))
	return rapid.SampledFrom([]raft.Message{
		&raft.RequestPreVoteReply{Term: term}, &raft.AppendEntries{Term: term}, &raft.RequestVote{Term: term},
	}).Draw(t, "message")
}

// The name of a choice is given once, and depends on nothing but what went over
// the same link before: what happens elsewhere changes nothing here.
func TestKeys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		alone, busy := newNetwork(3), newNetwork(3)
		seen := map[Key]bool{}
		for range rapid.IntRange(1, 30).Draw(t, "messages") {
			if rapid.Bool().Draw(t, "elsewhere") {
				busy.link(2, 1).key(2, 1, drawMessage(t))
				busy.link(1, 3).key(1, 3, drawMessage(t))
			}
			m := drawMessage(t)
			key := alone.link(1, 2).key(1, 2, m)
			if other := busy.link(1, 2).key(1, 2, m); other != key {
				t.Fatalf("%+v beside other links, %+v alone", other, key)
			}
			if seen[key] {
				t.Fatalf("%+v is given twice", key)
			}
			seen[key] = true
		}
	})
}

// A message that is lost takes nothing with it: the kinds and terms after it
// are drawn as before.
func TestLossDisturbsNothingElse(t *testing.T) {
	alone, edited := newNetwork(2), newNetwork(2)
	vote := &raft.RequestVote{Term: 1}
	heartbeat, later := &raft.AppendEntries{Term: 1}, &raft.RequestVote{Term: 2}
	alone.link(1, 2).key(1, 2, vote)
	for _, m := range []raft.Message{heartbeat, later} {
		if a, b := alone.link(1, 2).key(1, 2, m), edited.link(1, 2).key(1, 2, m); a != b {
			t.Errorf("%+v with a vote before it, %+v without", a, b)
		}
	}
}

func TestSpreadAndChance(t *testing.T) {
	c := &chooser{seed: 7}
	s := Spread{5, 9}
	var seen [5]bool
	happened := 0
	const n = 10_000
	for i := range uint64(n) {
		k := Key{Ordinal: i}
		x := c.spread(k, s)
		if x < s.Min || x > s.Max {
			t.Fatalf("%d is not in %v", x, s)
		}
		seen[x-s.Min] = true
		if c.happens(k, Always/5) {
			happened++
		}
		if c.happens(k, 0) || !c.happens(k, Always) {
			t.Fatal("what never happens did, or what always does did not")
		}
	}
	if seen != [5]bool{true, true, true, true, true} {
		t.Errorf("of %v only some are drawn: %v", s, seen)
	}
	if happened < n/5-n/50 || happened > n/5+n/50 {
		t.Errorf("a chance of a fifth came true %d times of %d", happened, n)
	}
}

// A cut holds in both directions, for what is under way too, until it heals.
func TestCut(t *testing.T) {
	c := Default(5)
	c.Schedule = []Scheduled{
		{Second, Cut{A: []Target{1, 2}, B: []Target{3}}},
		{2 * Second, Heal{A: []Target{1}, B: []Target{3}}},
		{3 * Second, Heal{}},
		{4 * Second, Cut{A: []Target{4}}},
		{5 * Second, Heal{A: []Target{4}}},
	}
	w := newWorld(t, c)
	for _, step := range []struct {
		until Time
		cuts  [][2]raft.ID
	}{
		{Second, [][2]raft.ID{{1, 3}, {2, 3}}},
		{2 * Second, [][2]raft.ID{{2, 3}}},
		{3 * Second, nil},
		{4 * Second, [][2]raft.ID{{4, 1}, {4, 2}, {4, 3}, {4, 5}}},
		{5 * Second, nil},
	} {
		w.RunUntil(step.until)
		count := 0
		for a := raft.ID(1); a <= 5; a++ {
			for b := raft.ID(1); b <= 5; b++ {
				if a != b && w.IsCut(a, b) {
					count++
				}
			}
		}
		for _, p := range step.cuts {
			if !w.IsCut(p[0], p[1]) || !w.IsCut(p[1], p[0]) {
				t.Errorf("at %d: no cut between %d and %d", step.until, p[0], p[1])
			}
		}
		if count != 2*len(step.cuts) {
			t.Errorf("at %d: %d links are cut, want %d", step.until, count, 2*len(step.cuts))
		}
	}
}

// Nothing crosses a cut, whether it was sent before or during it.
func TestNothingCrossesCut(t *testing.T) {
	c := Default(3)
	c.Schedule = []Scheduled{{Second, Cut{A: []Target{1}}}}
	w := newWorld(t, c)
	lost := 0
	for next, ok := w.Next(); ok && next < 3*Second; next, ok = w.Next() {
		w.Step()
		for _, e := range w.Events() {
			if w.Now() >= Second && e.Kind == MessageDelivered && (e.Member == 1) != (e.Peer == 1) {
				t.Fatalf("a message from %d to %d crosses the cut", e.Member, e.Peer)
			}
			if e.Kind == MessageDropped && e.Cause == CauseCut {
				lost++
			}
		}
	}
	if lost == 0 {
		t.Error("nothing was lost")
	}
}
