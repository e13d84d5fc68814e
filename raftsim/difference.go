package raftsim

import (
	"errors"
	"fmt"

	"github.com/castaway-kv/castaway/internal/mix"
)

// Difference is where two runs part.
type Difference struct {
	// Alike is the number of events that were compared before.
	Alike int64
	// Left and Right are the first events that differ.
	Left, Right Side
}

// Side is what happens in one of two runs where they part.
type Side struct {
	// Ended says that nothing more happens, and the rest is empty.
	Ended bool
	Event Event
	// Count is the number of events of the run up to this one.
	Count int64
}

// ErrBudget: the runs are alike as far as the budget went.
var ErrBudget = errors.New("raftsim: no difference yet, and the budget of events is spent")

// Compare finds the first events in which two branches differ, up to a moment. Only
// those that which holds of are compared; nil means all of them. False says that
// there is no difference. Beyond their common stem it simulates at most budget events of
// each; if that is not enough, the error is ErrBudget. The playhead does not move.
func (t *Timeline) Compare(left, right BranchID, which func(*Event) bool, until Time, budget int64) (Difference, bool, error) {
	a, err := t.find(left)
	if err != nil {
		return Difference{}, false, err
	}
	b, err := t.find(right)
	if err != nil {
		return Difference{}, false, err
	}
	x, y := a.restoredAt(0), b.restoredAt(0)
	if which == nil { // all events of the stem are alike: no need to run them
		shared := t.shared(a, b)
		x, y = a.worldAt(shared), b.worldAt(shared)
	}
	return FirstDifference(x, y, which, until, budget)
}

// FirstDifference runs two worlds on until they differ, up to a moment, and says how;
// false if they do not. Only events that which holds of are compared; nil means all of
// them. It runs at most budget events of each; if that is not enough, the error is ErrBudget.
func FirstDifference(left, right *World, which func(*Event) bool, until Time, budget int64) (Difference, bool, error) {
	x, y := newStream(left, which, until, budget), newStream(right, which, until, budget)
	var d Difference
	for {
		d.Left, d.Right = x.next(), y.next()
		switch {
		case x.left < 0 || y.left < 0:
			return Difference{}, false, ErrBudget
		case d.Left.Ended && d.Right.Ended:
			return Difference{}, false, nil
		case d.Left.Ended != d.Right.Ended || !d.Left.Event.same(&d.Right.Event):
			return d, true, nil
		}
		d.Alike++
	}
}

// same says whether two events are alike in everything, their time included.
func (e *Event) same(f *Event) bool {
	var x, y mix.Hash
	e.hash(&x)
	f.hash(&y)
	return x == y && e.Client == f.Client
}

// stream is the events of a world, one after the other.
type stream struct {
	w     *World
	which func(*Event) bool
	until Time
	// left is the budget, i the next event of the world's last step.
	left int64
	i    int
}

// newStream begins with the world's next step.
func newStream(w *World, which func(*Event) bool, until Time, budget int64) stream {
	return stream{w, which, until, budget, len(w.trace)}
}

// next runs the world up to the next event.
func (s *stream) next() Side {
	for {
		for ; s.i < len(s.w.trace); s.i++ {
			if e := &s.w.trace[s.i]; s.which == nil || s.which(e) {
				s.i++
				return Side{Event: *e, Count: s.w.count}
			}
		}
		if next, ok := s.w.Next(); !ok || next > s.until {
			return Side{Ended: true}
		}
		if s.left--; s.left < 0 {
			return Side{}
		}
		s.w.Step()
		s.i = 0
	}
}

// String tells both sides, in two lines without an end of line.
func (d Difference) String() string {
	return fmt.Sprintf("left:  %v\nright: %v", d.Left, d.Right)
}

// String is what happens, with its time.
func (s Side) String() string {
	if s.Ended {
		return "nothing more happens"
	}
	return fmt.Sprintf("%d.%09d s: %s", s.Event.Time/Second, s.Event.Time%Second, s.Event.Words())
}
