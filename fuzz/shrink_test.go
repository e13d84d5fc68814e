package fuzz

import (
	"os"
	"slices"
	"testing"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/raftsim/bugs"
)

// meddling is a run in which somebody meddles with messages while they are under way,
// at the nanosecond: a schedule as long as it gets, about messages by their names.
func meddling(t *testing.T, bug string, seed uint64) (Case, Outcome) {
	t.Helper()
	config := raftsim.Default(3 + 2*int(seed%2))
	config.Seed = seed
	config.Clients = []raftsim.Client{
		{Name: "c0", Timeout: 300 * ms, Think: raftsim.Spread{Min: ms, Max: 20 * ms}, Workload: &raftsim.Register{Keys: 1, Prefix: "k", Writes: raftsim.Always / 2}},
		{Name: "c1", Timeout: 300 * ms, Think: raftsim.Spread{Min: ms, Max: 20 * ms}, Workload: &raftsim.CASCounter{Key: "n"}},
	}
	c := Case{Config: config, Length: 4 * raftsim.Second, Bug: bug}
	planted := c.planted()
	w, err := raftsim.New(planted.Config)
	if err != nil {
		t.Fatal(err)
	}
	roll := Seeded(seed)
	for next, ok := w.Next(); ok && next <= c.Length && w.Violation() == nil; next, ok = w.Next() {
		w.Step()
		for _, a := range meddle(w, roll) {
			_ = w.Do(a) // what makes no sense is skipped
		}
	}
	c.Config.Schedule = w.Config().Schedule
	o, err := Run(&c, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c, o
}

// meddle is what is done to messages that were just sent, and at times to a member.
func meddle(w *raftsim.World, roll Dice) (list []raftsim.Action) {
	if roll("member", 600) == 0 {
		list = append(list, []raftsim.Action{
			raftsim.Crash{Member: raftsim.TheLeader},
			raftsim.Restart{},
			raftsim.TimeOut{Member: raftsim.Target(1 + roll("who", 3))},
			raftsim.Cut{A: []raftsim.Target{raftsim.TheLeader}},
			raftsim.Heal{},
			raftsim.Restart{},
			raftsim.Heal{},
		}[roll("what", 7)])
	}
	for _, e := range w.Events() {
		if e.Kind != raftsim.MessageSent || roll("meddle", 12) > 0 {
			continue
		}
		for _, f := range w.InFlight() {
			if f.Message == e.Message {
				list = append(list, raftsim.EditMessage{Edit: raftsim.Edit(roll("edit", 3)), Message: f.Name, By: roll.millis("by", 1, 300) + raftsim.Time(roll("ns", 1_000_000))})
			}
		}
	}
	return list
}

// Long schedules that name messages, to the nanosecond, shrink to a few lines; the
// times that are left are round.
func TestShrinkMeddling(t *testing.T) {
	for _, x := range []struct {
		bug  string
		seed uint64
	}{{"truncate-without-conflict", 0}, {"heartbeat-truncates", 0}, {"deposed-appends", 0}} {
		b, _ := bugs.Find(x.bug)
		for seed := x.seed; ; seed++ {
			c, o := meddling(t, x.bug, seed)
			if o.Property == b.Breaks && IsInnocent(&c) && len(c.Config.Schedule) >= 60 {
				if text := checkShrunk(t, &c, o, 12); text != checkShrunk(t, &c, o, 12) {
					t.Error("the second time it is another one")
				}
				break
			}
			if seed == 100 {
				t.Fatalf("%s: nothing to shrink", x.bug)
			}
		}
	}
}

// A story that is known to be hard, hidden among a hundred actions that don't matter.
func TestShrinkHidden(t *testing.T) {
	for bug, lines := range map[string]int{"commit-old-term": 25, "conflict-tail-kept": 15} {
		text, err := os.ReadFile("../examples/bugs/" + bug + ".scenario")
		if err != nil {
			t.Fatal(err)
		}
		c, err := Parse(string(text))
		if err != nil {
			t.Fatal(err)
		}
		o, err := Run(&c, nil)
		if err != nil {
			t.Fatal(err)
		}
		hidden, roll := c, Seeded(1)
		for len(hidden.Config.Schedule) < len(c.Config.Schedule)+100 {
			x := hidden.clone()
			x.hide(roll)
			if after, err := Run(&x, nil); err == nil && after.Property == o.Property && IsInnocent(&x) {
				hidden = x
			}
		}
		checkShrunk(t, &hidden, o, lines)
	}
}

// hide adds an action that meddles with a message.
func (c *Case) hide(roll Dice) {
	kinds := raftsim.MessageKinds()
	from := 1 + roll("from", c.Config.Members)
	a := raftsim.EditMessage{
		Edit: raftsim.Edit(roll("edit", 4)), By: raftsim.Time(roll("by", 300_000_000)),
		Message: raftsim.MessageName{
			From: raft.ID(from), To: raft.ID(1 + (from+roll("to", c.Config.Members-1))%c.Config.Members),
			Kind: kinds[roll("kind", len(kinds))], Term: raft.Term(1 + roll("term", 3)), Ordinal: uint64(1 + roll("ordinal", 20)),
		},
	}
	at := raftsim.Time(roll("at", int(c.Length)))
	c.Config.Schedule = append(c.Config.Schedule, raftsim.Scheduled{At: at, Action: a})
	slices.SortStableFunc(c.Config.Schedule, byTime)
}

// checkShrunk shrinks a case, checks what is left, and returns it.
func checkShrunk(t *testing.T, c *Case, o Outcome, lines int) string {
	t.Helper()
	s := NewShrinking(c, o)
	s.Innocent = true
	s.Run()
	text := s.Best.Told()
	again, err := Parse(text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	after, err := Run(&again, nil)
	if s.Lines() > lines || err != nil || after != s.Outcome || after.Property != o.Property || !IsInnocent(&s.Best) {
		t.Errorf("%d actions became %d lines, which break %q (%v), of\n%s", len(c.Config.Schedule), s.Lines(), after.Property, err, text)
	}
	for _, x := range s.Best.Config.Schedule {
		if x.At%raftsim.Microsecond != 0 {
			t.Errorf("%v is not round", x.At)
		}
	}
	t.Logf("%d actions, %d lines after %d runs, %d events\n%s", len(c.Config.Schedule), s.Lines(), s.Runs, s.Events, text)
	return text
}

// However soon it is stopped, the best so far breaks the same.
func TestShrinkStops(t *testing.T) {
	c, o := meddling(t, "truncate-without-conflict", 0)
	for seed := uint64(1); o.Property == ""; seed++ {
		c, o = meddling(t, "truncate-without-conflict", seed)
	}
	last := 1 << 20
	for _, most := range []int{0, 1, 10, 50, 200} {
		s := NewShrinking(&c, o)
		s.Stop = func() bool { return s.Runs >= most }
		s.Run()
		if after, err := Run(&s.Best, nil); err != nil || after.Property != o.Property || after != s.Outcome || s.Runs > most || s.Lines() > last {
			t.Errorf("after %d of %d runs: %d lines, %+v, %v", s.Runs, most, s.Lines(), after, err)
		}
		last = s.Lines()
	}
}
