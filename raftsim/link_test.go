package raftsim

import (
	"testing"

	"github.com/castaway-kv/castaway/raft"
)

// Latencies lie between the two ends, and are distributed as their shape says.
func TestShapes(t *testing.T) {
	const n, span = 20_000, 1_000_000
	for _, test := range []struct {
		shape Shape
		// at most how many of 100 lie in the first hundredth, the first half, the first 84
		// hundredths of the span; and at least.
		most, least [3]int
	}{
		{Uniform, [3]int{2, 52, 86}, [3]int{0, 48, 82}},
		{Normal, [3]int{1, 52, 99}, [3]int{0, 48, 97}},
		{HeavyTail, [3]int{52, 99, 100}, [3]int{48, 97, 99}},
	} {
		l := Latency{Shape: test.shape, Spread: Spread{5 * Millisecond, 5*Millisecond + span}}
		c := &chooser{seed: 3}
		var counts [3]int
		for i := range uint64(n) {
			x := l.draw(c, Key{Ordinal: i}) - l.Min
			if x < 0 || x > span {
				t.Fatalf("%v: %d is not in %v", test.shape, x, l)
			}
			for k, bound := range []Time{span / 100, span / 2, span * 84 / 100} {
				if x <= bound {
					counts[k]++
				}
			}
		}
		for k := range counts {
			if percent := counts[k] * 100 / n; percent > test.most[k] || percent < test.least[k] {
				t.Errorf("%v: %d of 100 lie in part %d, want %d to %d", test.shape, percent, k, test.least[k], test.most[k])
			}
		}
	}
	benign := &chooser{benign: true}
	if l := (Latency{Shape: HeavyTail, Spread: Spread{7, 900}}); l.draw(benign, Key{}) != 7 {
		t.Error("the benign choice is not the shortest time")
	}
	if got := Normal.value(1<<16-1, MaxSpan); got > MaxSpan || got < MaxSpan*99/100 {
		t.Errorf("the last draw of an hour is %d", got)
	}
}

// traffic runs a cluster of three and gives each message sent and delivered to see.
func traffic(t *testing.T, change func(*Config), until Time, see func(e *Event)) *World {
	t.Helper()
	c := Default(3)
	c.Clients = []Client{{Name: "a", Timeout: Second, Workload: &putter{key: "k"}}}
	change(&c)
	w := newWorld(t, c)
	for next, ok := w.Next(); ok && next <= until; next, ok = w.Next() {
		w.Step()
		for i := range w.Events() {
			see(&w.Events()[i])
		}
	}
	if w.Violation() != nil {
		t.Fatal(w.Violation())
	}
	return w
}

// Without reordering, messages arrive in the order in which they left, link by link.
func TestOrder(t *testing.T) {
	for _, test := range []struct {
		reorder   Chance
		overtakes bool
	}{{0, false}, {Always / 2, true}} {
		latest := map[[2]raft.ID]uint64{}
		overtaken := 0
		traffic(t, func(c *Config) {
			c.Network.Latency.Spread, c.Network.Reorder = Spread{Millisecond, 20 * Millisecond}, test.reorder
		}, 3*Second, func(e *Event) {
			link := [2]raft.ID{e.Member, e.Peer}
			if e.Kind != MessageDelivered {
				return
			}
			if e.N < latest[link] {
				overtaken++
			}
			latest[link] = max(latest[link], e.N)
		})
		if overtaken > 0 != test.overtakes {
			t.Errorf("reorder %d: %d messages were overtaken", test.reorder, overtaken)
		}
	}
}

// A doubled message arrives twice, and takes effect once.
func TestDuplicates(t *testing.T) {
	doubled := 0
	w := traffic(t, func(c *Config) { c.Network.Duplicate = Always / 2 }, 3*Second, func(e *Event) {
		if e.Kind == MessageSent && e.Cause == CauseDoubled {
			doubled++
		}
	})
	if doubled < 100 {
		t.Errorf("%d messages were doubled", doubled)
	}
	checkHistory(t, w)
}

// A narrow link takes longer for more.
func TestBandwidth(t *testing.T) {
	count := func(bandwidth int64) (ops int) {
		return traffic(t, func(c *Config) { c.Network.Bandwidth = bandwidth }, 3*Second, func(*Event) {}).Ops()
	}
	if wide, narrow := count(10_000_000), count(20_000); narrow*2 > wide {
		t.Errorf("%d operations over narrow links, %d over wide ones", narrow, wide)
	}
}

// One direction of a link may differ from the other, and become as it was again.
func TestSetLink(t *testing.T) {
	slow := Link{Latency: Latency{Spread: Spread{300 * Millisecond, 300 * Millisecond}}, Reorder: Always}
	sent := map[uint64]Time{}
	var longest, after [2]Time
	traffic(t, func(c *Config) {
		c.Schedule = []Scheduled{
			{Second, SetLink{A: []Target{1}, B: []Target{2}, OneWay: true, Link: &slow}},
			{2 * Second, SetLink{A: []Target{1}, B: []Target{2}, OneWay: true}},
		}
	}, 4*Second, func(e *Event) {
		way := 0
		if e.Member == 2 && e.Peer == 1 {
			way = 1
		} else if e.Member != 1 || e.Peer != 2 {
			return
		}
		switch {
		case e.Kind == MessageSent:
			sent[e.N] = e.Time
		case e.Kind == MessageDelivered && sent[e.N] < 2*Second:
			longest[way] = max(longest[way], e.Time-sent[e.N])
		case e.Kind == MessageDelivered:
			after[way] = max(after[way], e.Time-sent[e.N])
		}
	})
	if longest[0] != 300*Millisecond || longest[1] > 5*Millisecond || after[0] > 5*Millisecond {
		t.Errorf("the slowest took %d ns, the other way %d; afterwards %d", longest[0], longest[1], after[0])
	}
}

// What cuts leave open.
func TestCutShapes(t *testing.T) {
	open := func(w *World) (n int) {
		for a := raft.ID(1); a <= 5; a++ {
			for b := raft.ID(1); b <= 5; b++ {
				if a != b && !w.IsCut(a, b) {
					n++
				}
			}
		}
		return n
	}
	for _, test := range []struct {
		action Action
		want   int
		pairs  [][2]raft.ID
	}{
		{Cut{A: []Target{1}, B: []Target{2, 3}, OneWay: true}, 18, [][2]raft.ID{{2, 1}, {3, 1}, {1, 4}}},
		{Bridge{3}, 12, [][2]raft.ID{{1, 2}, {4, 5}, {3, 1}, {5, 3}}},
		{Ring{}, 10, [][2]raft.ID{{1, 2}, {2, 3}, {3, 4}, {4, 5}, {5, 1}}},
	} {
		c := Default(5)
		c.Schedule = []Scheduled{{Second, test.action}, {2 * Second, Heal{}}}
		w := newWorld(t, c)
		w.RunUntil(Second)
		if n := open(w); n != test.want {
			t.Errorf("%v leaves %d directions open, want %d", test.action, n, test.want)
		}
		for _, p := range test.pairs {
			if w.IsCut(p[0], p[1]) {
				t.Errorf("%v cuts S%d from S%d", test.action, p[0], p[1])
			}
		}
		if w.RunUntil(2 * Second); open(w) != 20 {
			t.Errorf("%v is not healed", test.action)
		}
	}
}

// A flapping cut comes and goes until it is healed.
func TestFlap(t *testing.T) {
	c := Default(3)
	c.Schedule = []Scheduled{{Second, Flap{A: []Target{1}, Period: 100 * Millisecond}}, {2 * Second, Heal{}}}
	w := newWorld(t, c)
	for at, want := Second, true; at < 2*Second; at, want = at+100*Millisecond, !want {
		if w.RunUntil(at + 50*Millisecond); w.IsCut(1, 2) != want {
			t.Fatalf("at %d: cut %v, want %v", w.Now(), w.IsCut(1, 2), want)
		}
	}
	for at := 2 * Second; at < 3*Second; at += 50 * Millisecond {
		if w.RunUntil(at); w.IsCut(1, 2) {
			t.Fatalf("at %d: cut after it was healed", at)
		}
	}
}

// Any message under way can be dropped, doubled, delayed and delivered at once.
func TestEditMessage(t *testing.T) {
	c := Default(3)
	c.Network.Latency.Spread = Spread{10 * Millisecond, 10 * Millisecond}
	w := newWorld(t, c)
	var f Flight
	for f.Message == nil {
		w.Step()
		for _, x := range w.InFlight() {
			if x.Name.Kind == KindAppendEntries && x.Sent == w.Now() {
				f = x
			}
		}
	}
	for _, test := range []struct {
		edit EditMessage
		want []Time
	}{
		{EditMessage{DropIt, f.Name, 0}, nil},
		{EditMessage{DoubleIt, f.Name, 3 * Millisecond}, []Time{f.Arrives, f.Arrives + 3*Millisecond}},
		{EditMessage{DelayIt, f.Name, 7 * Millisecond}, []Time{f.Arrives + 7*Millisecond}},
		{EditMessage{DeliverIt, f.Name, 0}, []Time{f.Sent + Millisecond}},
	} {
		x := w.Clone()
		x.Reschedule([]Scheduled{{f.Sent + Millisecond, test.edit}})
		var got []Time
		skipped := false
		for next, ok := x.Next(); ok && next < f.Sent+30*Millisecond; next, ok = x.Next() {
			x.Step()
			for _, e := range x.Events() {
				if e.Kind == MessageDelivered && e.Peer == f.To && e.Message == f.Message {
					got = append(got, e.Time)
				}
				skipped = skipped || e.Kind == ActionSkipped
			}
		}
		if len(got) != len(test.want) || skipped {
			t.Errorf("%v: it arrives at %v, want %v", test.edit, got, test.want)
			continue
		}
		for i := range got {
			if got[i] != test.want[i] {
				t.Errorf("%v: it arrives at %v, want %v", test.edit, got, test.want)
			}
		}
	}
	w.Reschedule([]Scheduled{{f.Sent + Second, EditMessage{DropIt, f.Name, 0}}})
	for w.RunUntil(f.Sent + Second - 1); w.Now() < f.Sent+Second; {
		w.Step()
	}
	if e := w.Events()[0]; e.Kind != ActionSkipped || e.Cause != CauseNotInFlight {
		t.Errorf("a message that is gone: %+v", e)
	}
}

// A choice that is pinned disturbs nothing but what it is about, and without chance
// everything is benign.
func TestPinnedChoices(t *testing.T) {
	c := Default(3)
	c.Network.Drop = Always / 10
	var dropped Key
	record := func(c Config) (names []MessageName) {
		w := newWorld(t, c)
		for w.Now() < 2*Second {
			w.Step()
			for _, f := range w.InFlight() {
				if f.Message != nil && f.Sent == w.Now() {
					names = append(names, f.Name)
				}
			}
		}
		return names
	}
	first := record(c)
	n := first[20]
	dropped = Key{Draw: DrawDrop, Kind: n.Kind, From: uint16(n.From), To: uint16(n.To), Term: uint64(n.Term), Ordinal: n.Ordinal}
	c.Choices = []Choice{{dropped, uint64(Always) - 1}}
	for i, name := range record(c) {
		if i < 20 && name != first[i] || name == n {
			t.Fatalf("message %d is %v, was %v", i, name, first[i])
		}
		if i == 20 {
			break
		}
	}
	c.Choices, c.Benign = nil, true
	d := c
	d.Seed = 9
	if hashAfter(t, c) != hashAfter(t, d) {
		t.Error("a benign run depends on its seed")
	}
}
