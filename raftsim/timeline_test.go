package raftsim

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// straight is a run from its beginning to its end, without a look back.
type straight struct {
	// hashes and times by count.
	hashes    []uint64
	times     []Time
	landmarks []string
}

func runStraight(t interface{ Fatal(...any) }, c Config, until Time) straight {
	w := newWorld(t, c)
	s := straight{hashes: []uint64{w.Hash()}, times: []Time{0}}
	for next, ok := w.Next(); ok && next <= until; next, ok = w.Next() {
		w.Step()
		s.hashes, s.times = append(s.hashes, w.Hash()), append(s.times, w.Now())
		for _, e := range w.Events() {
			if e.isLandmark() {
				s.landmarks = append(s.landmarks, mark(&Landmark{e, w.Count()}))
			}
		}
	}
	return s
}

func mark(m *Landmark) string { return fmt.Sprint(m.Count, m.Time, m.Kind, m.Member, m.Term, m.Op) }

// at is the number of events up to a moment.
func (s *straight) at(t Time) int64 {
	n, _ := slices.BinarySearch(s.times, t+1)
	return int64(n - 1)
}

// However one comes to a moment, it is the same.
func TestTimeline(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := roughConfig(rapidDice(t))
		end := Second + Time(rapid.Int64Range(0, int64(Second)).Draw(t, "end"))
		s := runStraight(t, c, end)
		tl := NewTimeline(newWorld(t, c))
		tl.branch.spacing = 1 + rapid.Int64Range(0, 60).Draw(t, "spacing")
		for range rapid.IntRange(1, 12).Draw(t, "moves") {
			move(t, tl, &s, end)
			w := tl.World()
			if want := s.hashes[w.Count()]; w.Hash() != want {
				t.Fatalf("event %d has hash %x, want %x", w.Count(), w.Hash(), want)
			}
		}
		tl.Seek(end, 1<<40)
		var marks []string
		for i := range tl.Landmarks() {
			m := tl.Landmark(i)
			marks = append(marks, mark(&m))
		}
		if !slices.Equal(marks, s.landmarks) {
			t.Errorf("landmarks\n%v, want\n%v", marks, s.landmarks)
		}
		if n := len(tl.branch.checkpoints); n > maxCheckpoints {
			t.Errorf("%d checkpoints", n)
		}
	})
}

// move goes somewhere and checks that it is there.
func move(t *rapid.T, tl *Timeline, s *straight, end Time) {
	before, head := tl.World().Count(), tl.Head()
	switch rapid.IntRange(0, 2).Draw(t, "move") {
	case 0:
		to := Time(rapid.Int64Range(0, int64(end)).Draw(t, "to"))
		tl.Seek(to, 1<<40)
		if w := tl.World(); w.Count() != s.at(to) || w.Now() != to {
			t.Fatalf("Seek(%d) is at %d after %d events, want %d", to, w.Now(), w.Count(), s.at(to))
		}
	case 1:
		to := Time(rapid.Int64Range(0, int64(end)).Draw(t, "to"))
		budget := rapid.Int64Range(0, 50).Draw(t, "budget")
		last := tl.branch.count + budget
		tl.Seek(to, budget)
		if got := tl.World().Count(); got != min(s.at(to), last) {
			t.Fatalf("Seek(%d, %d) is at event %d, want %d or at most %d", to, budget, got, s.at(to), last)
		}
	default:
		n := rapid.Int64Range(-300, 300).Draw(t, "n")
		n = min(n, int64(len(s.hashes))-1-before)
		tl.Step(n)
		if got := tl.World().Count(); got != max(0, before+n) {
			t.Fatalf("Step(%d) from event %d is at %d", n, before, got)
		}
	}
	if tl.Head() < head {
		t.Fatalf("the head went back from %d to %d", head, tl.Head())
	}
}

// To act in the past is as if the action had stood in the schedule.
func TestTimelineReschedule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		roll := rapidDice(t)
		c := roughConfig(roll)
		actions := c.Schedule
		c.Schedule = nil
		tl := NewTimeline(newWorld(t, c))
		tl.branch.spacing = 1 + rapid.Int64Range(0, 60).Draw(t, "spacing")
		var schedule []Scheduled
		for range rapid.IntRange(1, 6).Draw(t, "acts") {
			tl.Seek(Time(roll("ahead", 1500))*Millisecond, 1<<40)
			tl.Seek(Time(roll("to", 1500))*Millisecond, 1<<40)
			at := tl.World().Now() + 1
			schedule = slices.DeleteFunc(schedule, func(s Scheduled) bool { return s.At > at })
			schedule = append(schedule, Scheduled{at, actions[roll("action", len(actions))].Action})
			tl.Reschedule(schedule)
			if tl.Head() != at-1 {
				t.Fatalf("the head is %d after acting at %d", tl.Head(), at)
			}
		}
		const end = 2 * Second
		tl.Seek(end, 1<<40)
		c.Schedule = schedule
		s := runStraight(t, c, end)
		if w := tl.World(); w.Hash() != s.hashes[len(s.hashes)-1] || w.Count() != int64(len(s.hashes)-1) {
			t.Errorf("%d events, hash %x; from the start %d events, hash %x", w.Count(), w.Hash(), len(s.hashes)-1, s.hashes[len(s.hashes)-1])
		}
	})
}

// Going far over what was seen takes a checkpoint, not a run from where one stands.
func TestSeekTakesCheckpoint(t *testing.T) {
	tl := NewTimeline(newWorld(t, Default(3)))
	tl.Seek(20*Second, 1<<40)
	for _, to := range []Time{0, 19 * Second, Second, 20 * Second} {
		from := tl.World()
		tl.Seek(to, 1)
		if tl.World() == from || tl.World().Now() != to {
			t.Errorf("to %d it went event by event", to)
		}
	}
}
