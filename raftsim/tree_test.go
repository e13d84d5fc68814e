package raftsim

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// forest is a timeline, and beside it each branch as a run of its own.
type forest struct {
	*Timeline
	config Config
	end    Time
	runs   map[BranchID]*straight
}

// run is the branch with the playhead, run from the beginning without a look back.
func (f *forest) run(t interface{ Fatal(...any) }) *straight {
	id := f.Branch()
	if f.runs[id] == nil {
		c := f.config
		c.Schedule = f.branch.edition.schedule
		s := runStraight(t, c, f.end)
		f.runs[id] = &s
	}
	return f.runs[id]
}

// move does anything with the timeline.
func (f *forest) move(t *rapid.T, roll dice, actions []Scheduled) {
	const much = 1 << 40
	switch roll("move", 7) {
	case 0, 1:
		f.Seek(Time(roll("to", int(f.end/Millisecond)))*Millisecond, much)
	case 2:
		if f.Step(int64(roll("n", 400) - 200)); f.World().Now() > f.end {
			f.Seek(f.end, much)
		}
	case 3, 4:
		n := f.alive
		if _, err := f.Act(actions[roll("action", len(actions))].Action); (err != nil) != (n == MaxBranches) {
			t.Fatalf("a fork beside %d branches: %v", n, err)
		}
	case 5:
		list := f.Branches()
		to, now := list[roll("branch", len(list))].ID, f.World().Now()
		if err := f.Switch(to, much); err != nil || f.Branch() != to || f.World().Now() != now {
			t.Fatalf("from %d to branch %d: %v, at %d on branch %d", now, to, err, f.World().Now(), f.Branch())
		}
	case 6:
		list := f.Branches()
		id := list[roll("branch", len(list))].ID
		if err := f.Drop(id); (err != nil) != (id == 0 || id == f.Branch()) {
			t.Fatalf("drop %d on %d: %v", id, f.Branch(), err)
		}
	}
}

// Whatever one does with the branches, each is like a run of its own schedule.
func TestBranches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		roll := rapidDice(t)
		c := roughConfig(roll)
		f := &forest{Timeline: NewTimeline(newWorld(t, c)), config: c, end: 600 * Millisecond, runs: map[BranchID]*straight{}}
		f.branch.spacing = 1 + rapid.Int64Range(0, 60).Draw(t, "spacing")
		for range rapid.IntRange(1, 12).Draw(t, "moves") {
			f.move(t, roll, c.Schedule)
			s, w := f.run(t), f.World()
			if w.Count() >= int64(len(s.hashes)) || w.Hash() != s.hashes[w.Count()] {
				t.Fatalf("branch %d differs from its own run at event %d", f.Branch(), w.Count())
			}
		}
		f.checkCompare(t, roll)
	})
}

// checkCompare compares two branches, and two runs of their schedules step by step.
func (f *forest) checkCompare(t *rapid.T, roll dice) {
	list := f.Branches()
	left, right := list[roll("left", len(list))], list[roll("right", len(list))]
	if left.ID != 0 && !slices.ContainsFunc(list, func(b Branch) bool { return b.ID == left.Parent }) {
		t.Fatalf("the parent of branch %d is gone", left.ID)
	}
	before := f.World().Hash()
	d, differ, err := f.Compare(left.ID, right.ID, nil, f.end, 1<<40)
	if err != nil || f.World().Hash() != before {
		t.Fatalf("compare: %v", err)
	}
	a, b := f.config, f.config
	a.Schedule, b.Schedule = left.Schedule, right.Schedule
	x, y := runStraight(t, a, f.end), runStraight(t, b, f.end)
	at := 0
	for at < min(len(x.hashes), len(y.hashes)) && x.hashes[at] == y.hashes[at] {
		at++
	}
	switch same := at == len(x.hashes) && at == len(y.hashes); {
	case same == differ:
		t.Fatalf("compare says different: %v; the runs are alike: %v", differ, same)
	case differ && d.first() != int64(at) && !d.Left.Ended && !d.Right.Ended: // a step may leave no trace
		t.Fatalf("the first difference is at event %d, not\n%v", at, d)
	}
}

// first is the lower of the two counts.
func (d Difference) first() int64 { return min(d.Left.Count, d.Right.Count) }

// To step to a mark is to step event by event until there is one.
func TestMarks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		roll := rapidDice(t)
		c := roughConfig(roll)
		end := Second
		marks := straightMarks(newWorld(t, c), end)
		tl := NewTimeline(newWorld(t, c))
		tl.branch.spacing = 1 + rapid.Int64Range(0, 200).Draw(t, "spacing")
		for range rapid.IntRange(1, 20).Draw(t, "moves") {
			m, now := Mark(roll("mark", int(markKinds))), tl.World().Count()
			list := marks[m]
			i, found := slices.BinarySearch(list, now)
			switch roll("move", 4) {
			case 0:
				tl.Seek(Time(roll("to", int(end/Millisecond)))*Millisecond, 1<<40)
			case 1:
				if found {
					i++
				}
				if ok := tl.Next(m, end, 1<<40); ok != (i < len(list)) || ok && tl.World().Count() != list[i] {
					t.Fatalf("next %v after %d: %v, %d; they are %v", m, now, ok, tl.World().Count(), list)
				} else if !ok && tl.World().Now() != end {
					t.Fatalf("no %v after %d, and it stands at %d", m, now, tl.World().Now())
				}
			case 2:
				// What lies ahead of the head must have been seen for Previous.
				if ok := tl.Previous(m); ok != (i > 0) || ok && tl.World().Count() != list[i-1] {
					t.Fatalf("the %v before %d: %v, %d; they are %v", m, now, ok, tl.World().Count(), list)
				}
			case 3:
				answered := func(w *World) bool {
					return slices.ContainsFunc(w.Events(), func(e Event) bool { m, ok := markOf(&e); return ok && m == MarkAnswer })
				}
				list := marks[MarkAnswer]
				i, _ := slices.BinarySearch(list, now)
				if ok := tl.FindBack(answered, 1<<40); ok != (i > 0) || ok && tl.World().Count() != list[i-1] {
					t.Fatalf("the answer before %d: %v, %d; they are %v", now, ok, tl.World().Count(), list)
				}
			}
		}
	})
}

// straightMarks are the counts of events with each mark.
func straightMarks(w *World, end Time) (marks [markKinds][]int64) {
	for next, ok := w.Next(); ok && next <= end; next, ok = w.Next() {
		committed := w.checks.committed()
		w.Step()
		var has [markKinds]bool
		for i := range w.Events() {
			if m, ok := markOf(&w.Events()[i]); ok {
				has[m] = true
			}
		}
		has[MarkCommit] = w.checks.committed() > committed
		for m := range has {
			if has[m] {
				marks[m] = append(marks[m], w.Count())
			}
		}
	}
	return marks
}

// A budget ends a search that has not found anything.
func TestFindBudget(t *testing.T) {
	tl := NewTimeline(newWorld(t, Default(3)))
	if tl.Next(MarkElection, Second, 3) || tl.World().Count() != 3 {
		t.Errorf("it is at event %d", tl.World().Count())
	}
	if !tl.Next(MarkElection, Second, 1000) || tl.World().Leader() == 0 {
		t.Error("no election")
	}
}

// A schedule that contradicts the past is refused, and so is one that can't be.
func TestForkRefuses(t *testing.T) {
	c := Default(3)
	c.Schedule = []Scheduled{{Second, Crash{Member: 1}}, {3 * Second, Restart{}}}
	tl := NewTimeline(newWorld(t, c))
	tl.Seek(2*Second, 1<<40)
	for want, schedule := range map[string][]Scheduled{
		"S4 does not exist":              {c.Schedule[0], {4 * Second, Crash{Member: 4}}},
		"1 actions were done":            nil,
		"where crash S1 was done at 1s":  {{Second, Crash{Member: 2}}},
		"restart at 2s lies in the past": {c.Schedule[0], {2 * Second, Restart{}}},
	} {
		if _, err := tl.Fork(schedule); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %q", err, want)
		}
	}
	if len(tl.Branches()) != 1 {
		t.Error("it has forked")
	}
	for range MaxBranches - 1 {
		if _, err := tl.Act(Crash{Member: 2}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := tl.Act(Crash{Member: 2}); !errors.Is(err, ErrTooManyBranches) {
		t.Error(err)
	}
}

// All events have words.
func TestEveryEventHasWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t, roughConfig(rapidDice(t)))
		for next, ok := w.Next(); ok && next <= Second; next, ok = w.Next() {
			w.Step()
			for i := range w.Events() {
				if w.Events()[i].Words() == "" {
					t.Fatalf("%+v has no words", w.Events()[i])
				}
			}
		}
	})
}
