package session

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/raftsim/scenario"
)

// found is how a search for a mark ended.
type found uint8

const (
	// foundNone: there is no such mark any more.
	foundNone found = iota
	// foundIt: the playhead is there.
	foundIt
	// foundNotYet: the budget of unseen events was spent before.
	foundNotYet
)

// find moves the playhead by n marks of a kind. Where the budget of unseen events ends it
// stays, and may be told to go on; where there is none any more, it says so.
func (s *Session) find(kind MarkKind, n int) error {
	n = max(-maxMarks, min(n, maxMarks))
	step, ok := s.stepTo(kind)
	if !ok {
		return fmt.Errorf("find: what? There is no mark %q", shorten(string(kind), 40))
	}
	word := map[bool]string{true: "further", false: "earlier"}[n > 0]
	start := s.timeline.Events()
	for range max(n, -n) {
		switch step(n > 0, max(0, maxEvents-(s.timeline.Events()-start))) {
		case foundNotYet:
			return nil
		case foundNone:
			return fmt.Errorf("there is no %s %s", word, kind)
		case foundIt:
		}
	}
	return nil
}

// stepTo is how to go to the next or last mark of a kind.
func (s *Session) stepTo(kind MarkKind) (func(on bool, budget int64) found, bool) {
	if kind == MarkCaption {
		return s.stepToCaption, true
	}
	mark, ok := map[MarkKind]raftsim.Mark{
		MarkElection: raftsim.MarkElection, MarkCommit: raftsim.MarkCommit, MarkAnswer: raftsim.MarkAnswer, MarkFault: raftsim.MarkFault,
	}[kind]
	return func(on bool, budget int64) found {
		switch {
		case on && s.timeline.Next(mark, scenario.MaxRun, budget), !on && s.timeline.Previous(mark):
			return foundIt
		case on && s.goesOn():
			return foundNotYet
		}
		return foundNone
	}, ok
}

// goesOn says that something more happens in the run.
func (s *Session) goesOn() bool {
	next, ok := s.timeline.World().Next()
	return ok && next <= scenario.MaxRun
}

func (s *Session) stepToCaption(on bool, budget int64) found {
	now := s.timeline.World().Now()
	marks := marksOf(s.present().scenario)
	if !on {
		slices.Reverse(marks)
	}
	for _, m := range marks {
		at := raftsim.Time(m.Time)
		if on && at <= now || !on && at >= now {
			continue
		}
		if s.timeline.Seek(at, budget); s.timeline.World().Now() == at {
			return foundIt
		}
		return foundNotYet
	}
	return foundNone
}

// marksOf are the captions and marks of a scenario, in order of time.
func marksOf(sc *scenario.Scenario) []Mark {
	list := []Mark{}
	for _, m := range sc.Marks() {
		list = append(list, Mark{int64(m.At), clip(m.Name)})
	}
	for _, c := range sc.Captions() {
		list = append(list, Mark{int64(c.At), clip(c.Text)})
	}
	slices.SortStableFunc(list, func(a, b Mark) int { return cmp.Compare(a.Time, b.Time) })
	return list
}

// caption is what the scenario says at a moment: the last that it said.
func caption(sc *scenario.Scenario, now raftsim.Time) string {
	text := ""
	for _, c := range sc.Captions() {
		if c.At <= now {
			text = c.Text
		}
	}
	return shorten(text, maxCaption)
}

// maxCaption bounds a caption, in characters.
const maxCaption = 600
