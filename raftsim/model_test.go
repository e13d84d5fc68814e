package raftsim

import (
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/raft"
)

// liar is a cluster in which S1 loses what one fsync was to make durable, and nothing
// on its disk shows it. A client puts all the time.
func liar(members int) Config {
	c := Default(members)
	c.Snapshots.Every = 0
	c.Disk.Sync = Spread{Millisecond, Millisecond}
	c.Clients = []Client{{Name: "a", Timeout: Second, Think: Spread{40 * Millisecond, 40 * Millisecond}, Workload: &putter{key: "k"}, Entry: 1}}
	return c
}

// lose makes S1 forget what it wrote last, at a moment when at says so.
func lose(t *testing.T, c Config, at func(w *World) bool) *World {
	t.Helper()
	w := newWorld(t, c)
	w.RunUntil(Second)
	for !at(w) {
		if w.Now() > 5*Second {
			t.Fatal("the moment does not come")
		}
		w.Step()
	}
	// The last sync before the power goes is a lie.
	w.Reschedule([]Scheduled{
		{w.Now() + 160*Millisecond, LoseSync{1}},
		{w.Now() + 200*Millisecond, Crash{Member: 1}},
		{w.Now() + 400*Millisecond, Restart{1}},
		{w.Now() + 2*Second, Settle{20 * Second}},
	})
	return w
}

// tellAll runs a world to its end and counts the events of each kind.
func tellAll(w *World) map[EventKind]int {
	kinds := map[EventKind]int{}
	for next, ok := w.Next(); ok && next <= 30*Second; next, ok = w.Next() {
		w.Step()
		for i := range w.Events() {
			kinds[w.Events()[i].Kind]++
		}
	}
	return kinds
}

// search tries seeds until a run tells an event of a kind.
func search(t *testing.T, c Config, kind EventKind) (*World, map[EventKind]int) {
	t.Helper()
	for c.Seed = range uint64(200) {
		w := lose(t, c, func(w *World) bool { return w.Leader() != 0 })
		if kinds := tellAll(w); kinds[kind] > 0 {
			return w, kinds
		}
	}
	t.Fatalf("of 200 runs none tells event %d", kind)
	return nil, nil
}

// What the others hold as well may be forgotten: the cluster stands it.
func TestForgettingIsStood(t *testing.T) {
	w, kinds := search(t, liar(5), Forgotten)
	if w.Violation() != nil || kinds[Settled] != 1 || kinds[FaultSkipped] > 0 {
		t.Errorf("%v, %v", w.Violation(), kinds)
	}
	checkHistory(t, w)
}

// A member alone must not forget: its disk gets back what it had lost.
func TestForgettingIsSkipped(t *testing.T) {
	w, kinds := search(t, liar(1), FaultSkipped)
	if w.Violation() != nil || kinds[Settled] != 1 || kinds[Forgotten] > 0 {
		t.Errorf("%v, %v", w.Violation(), kinds)
	}
	checkHistory(t, w)
}

// Unless the run asks for it: then what breaks is excused by that fault, by name.
func TestBeyondModel(t *testing.T) {
	c := liar(1)
	c.BeyondModel = true
	w, _ := search(t, c, BeyondModel)
	v := w.Violation()
	if v == nil || !strings.Contains(v.Excuse, "S1: it forgot what it had promised") || !strings.Contains(v.Error(), "excused") {
		t.Errorf("%v", v)
	}
}

// Three members of which one is cut off can't stand that another one forgets.
func TestForgettingIsSkippedByCount(t *testing.T) {
	c := liar(3)
	for c.Seed = range uint64(200) {
		w := lose(t, c, func(w *World) bool { return w.Leader() != 0 })
		schedule := append([]Scheduled{{w.Now() + 1, Cut{A: []Target{3}}}}, w.config.Schedule...)
		w.Reschedule(schedule)
		kinds := tellAll(w)
		if w.Violation() != nil || kinds[Forgotten] > 0 {
			t.Fatalf("seed %d: %v, forgotten %d times", c.Seed, w.Violation(), kinds[Forgotten])
		}
		if kinds[FaultSkipped] > 0 {
			return
		}
	}
	t.Error("no run had to be skipped")
}

// damaged is a cluster whose S2 finds its disk damaged when it starts again.
func damaged(c Config, damage Action) Config {
	const at = 2 * Second
	c.Schedule = []Scheduled{
		{at, damage}, {at + 1, Crash{Member: 2}}, {at + Second, Restart{2}}, {at + 2*Second, Settle{20 * Second}},
	}
	return c
}

// Damage that a later record proves is survived: the member knows that it has lost
// something, and gets it back.
func TestProvenLoss(t *testing.T) {
	w := newWorld(t, damaged(liar(3), FlipBit{2, TheLog, 2000}))
	lost, leads := raft.Position{}, false
	for next, ok := w.Next(); ok && next <= 20*Second; next, ok = w.Next() {
		w.Step()
		for _, e := range w.Events() {
			if e.Kind == LossFound {
				lost = raft.Position{Term: e.Term, Index: e.Index}
			}
			leads = leads || e.Kind == RoleChanged && e.Member == 2 && e.Role == raft.Leader && w.host(2).replica.Node().State().Lost != raft.Position{}
		}
	}
	if w.Violation() != nil || lost.Index == 0 || leads || w.Member(2).Lost != (raft.Position{}) || w.Member(2).Last != w.Member(1).Last {
		t.Errorf("%v; lost %v; S2 %v", w.Violation(), lost, w.Member(2).State)
	}
	checkHistory(t, w)
}

// A snapshot that can't be read is lost with the log behind it, and both come back.
func TestDamagedSnapshot(t *testing.T) {
	c := liar(3)
	c.Snapshots = Snapshots{Every: 10, Keep: 2, Chunk: 500}
	w := newWorld(t, damaged(c, FlipBit{2, TheSnapshot, 5}))
	kinds := tellAll(w)
	if w.Violation() != nil || kinds[LossFound] != 1 || kinds[SnapshotInstalled] != 1 || kinds[Settled] != 1 {
		t.Errorf("%v, %v", w.Violation(), kinds)
	}
	checkHistory(t, w)
}

// A leader does not serve a damaged snapshot: it makes a new one.
func TestDamagedSnapshotIsNotServed(t *testing.T) {
	c := liar(3)
	c.Snapshots = Snapshots{Every: 10, Keep: 0, Chunk: 500}
	c.Schedule = []Scheduled{
		{500 * Millisecond, Crash{Member: 2}},
		{2 * Second, FlipBit{1, TheSnapshot, 5}},
		{2 * Second, FlipBit{3, TheSnapshot, 5}},
		{2*Second + 1, Restart{2}},
		{3 * Second, Settle{20 * Second}},
	}
	w := newWorld(t, c)
	kinds := tellAll(w)
	if w.Violation() != nil || kinds[SnapshotDamaged] == 0 || kinds[SnapshotInstalled] == 0 || kinds[Settled] != 1 {
		t.Errorf("%v, %v", w.Violation(), kinds)
	}
	checkHistory(t, w)
}

// An empty disk is no reason to begin anew: that identity is dead, and replaced.
func TestWipedMember(t *testing.T) {
	w := newWorld(t, damaged(liar(3), Wipe{2}))
	kinds := tellAll(w)
	if w.Violation() != nil || kinds[MemberRefused] == 0 || kinds[Settled] != 1 || !w.Member(2).Dead || !w.Member(2).Removed || !w.Member(4).Up {
		t.Errorf("%v, %v", w.Violation(), kinds)
	}
	checkHistory(t, w)
}

// Disks that fail stop their members, which come back when the disks do.
func TestFailingDisks(t *testing.T) {
	for _, a := range []Action{FailSync{2}, FillDisk{2, 500}} {
		c := liar(3)
		c.Schedule = []Scheduled{{2 * Second, a}, {4 * Second, Settle{20 * Second}}}
		w := newWorld(t, c)
		kinds := tellAll(w)
		if w.Violation() != nil || kinds[DiskFailed] != 1 || kinds[Settled] != 1 {
			t.Errorf("%v: %v, %v", a, w.Violation(), kinds)
		}
	}
}

// A sector that can't be read keeps a member from starting, with its place in the error.
func TestReadErrorRefuses(t *testing.T) {
	w := newWorld(t, damaged(liar(3), ReadError{2, TheLog, 600}))
	var refusal error
	for next, ok := w.Next(); ok && next <= 20*Second; next, ok = w.Next() {
		w.Step()
		for _, e := range w.Events() {
			if e.Kind == MemberRefused {
				refusal = e.Err
			}
		}
	}
	if w.Violation() != nil || refusal == nil || !strings.Contains(refusal.Error(), "can't be read") || !w.Member(2).Up {
		t.Errorf("%v, %v", w.Violation(), refusal)
	}
}
