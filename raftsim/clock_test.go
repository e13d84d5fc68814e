package raftsim

import (
	"testing"

	"github.com/castaway-kv/castaway/raft"
	"pgregory.net/rapid"
)

// A clock never goes back, and when says the first moment at which it shows a time.
func TestClock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := clock{reading: Time(rapid.Int64Range(0, 1e12).Draw(t, "offset"))}
		now, last := Time(0), raft.Time(0)
		for range rapid.IntRange(1, 20).Draw(t, "deeds") {
			now += Time(rapid.Int64Range(0, 1e12).Draw(t, "pause"))
			switch rapid.IntRange(0, 3).Draw(t, "deed") {
			case 0:
				c.setRate(now, rapid.Int64Range(-MaxDrift, MaxDrift).Draw(t, "rate"))
			case 1:
				c.jump(now, Time(rapid.Int64Range(-1e11, 1e11).Draw(t, "by")))
			case 2:
				due := raft.Time(rapid.Int64Range(0, 1e13).Draw(t, "due"))
				at := c.when(due, now)
				if at < now || c.ahead(at) < Time(due) || at > now && c.ahead(at-1) >= Time(due) {
					t.Fatalf("%+v shows %d at %d first, it says: %d there, %d before", c, due, at, c.ahead(at), c.ahead(at-1))
				}
			}
			if got := c.read(now); got < last {
				t.Fatalf("%d after %d", got, last)
			} else {
				last = got
			}
		}
		if c.when(raft.Never, now) != never {
			t.Fatal("never comes")
		}
	})
}

// firstLeader runs until somebody leads.
func firstLeader(t *testing.T, w *World) raft.ID {
	t.Helper()
	for w.Leader() == 0 && w.Now() < 10*Second {
		w.Step()
	}
	if w.Leader() == 0 {
		t.Fatal("nobody leads")
	}
	return w.Leader()
}

// A member whose clock goes twice as fast campaigns in half the time.
func TestFastClockCampaignsFirst(t *testing.T) {
	for seed := range uint64(20) {
		c := Default(3)
		c.Seed = seed
		c.Schedule = []Scheduled{{0, ClockRate{2, MaxDrift}}}
		if got := firstLeader(t, newWorld(t, c)); got != 2 {
			t.Errorf("seed %d: S%d leads", seed, got)
		}
	}
}

// A time-out by hand, and one by a jump of the clock, begin an election at once.
func TestTimeOutNow(t *testing.T) {
	for _, a := range []Action{TimeOut{3}, ClockJump{3, Second}} {
		c := Default(3)
		c.Options = raft.Paper()
		c.Schedule = []Scheduled{{Second, a}}
		w := newWorld(t, c)
		w.RunUntil(Second - 1)
		before := w.Member(3).Term
		w.RunUntil(Second + 1)
		if m := w.Member(3); m.Role == raft.Follower && m.Leader != 3 || m.Term == before {
			t.Errorf("%v: %v", a, m.State)
		}
	}
}

// What arrives at a paused member waits, its clock goes on, and nothing of it is lost.
func TestPause(t *testing.T) {
	c := Default(3)
	c.Clients = []Client{{Name: "a", Timeout: 5 * Second, Workload: &putter{key: "k"}}}
	w := newWorld(t, c)
	leader := firstLeader(t, w)
	w.RunUntil(Second)
	w.Reschedule([]Scheduled{{Second + 1, Pause{Target(leader)}}, {3 * Second, Resume{}}, {4 * Second, Settle{10 * Second}}})
	w.RunUntil(2 * Second)
	if m := w.Member(leader); !m.Paused || m.Role != raft.Leader || w.Leader() == leader || w.Leader() == 0 {
		t.Errorf("S%d: %v; S%d leads", leader, m.State, w.Leader())
	}
	clock := w.Member(leader).Clock
	w.RunUntil(3 * Second)
	if got := w.Member(leader).Clock - clock; got != Second {
		t.Errorf("its clock went on by %d ns in a second", got)
	}
	kinds := tellAll(w)
	if w.Violation() != nil || kinds[Settled] != 1 {
		t.Errorf("%v, %v", w.Violation(), kinds)
	}
	checkHistory(t, w)
}

// With lease reads on, clocks that go further wrong than they allow are beyond the
// model: they are not let happen, or what breaks is excused.
func TestDriftBeyondTheModel(t *testing.T) {
	for _, test := range []struct {
		lease, beyond bool
		want          EventKind
	}{{false, false, ActionDone}, {true, false, ActionSkipped}, {true, true, BeyondModel}} {
		c := Default(3)
		c.Options.LeaseRead, c.BeyondModel = test.lease, test.beyond
		c.Clocks.Drift = 1000
		c.Schedule = []Scheduled{{Second, ClockRate{1, -400_000}}}
		w := newWorld(t, c)
		w.RunUntil(Second)
		if e := w.Events()[0]; e.Kind != test.want {
			t.Errorf("%+v: event %d, want %d", test, e.Kind, test.want)
		}
	}
}
