package session

import (
	"fmt"
	"iter"

	"github.com/castaway-kv/castaway/fuzz"
	"github.com/castaway-kv/castaway/raftsim/bugs"
)

// maxRuns bounds the runs that one command makes, tries to shrink one among them.
const maxRuns = 50

// hunt searches for a run that breaks something with a bug planted, and then for the
// smallest such run. It is the same search in every browser.
type hunt struct {
	bug      bugs.Bug
	campaign fuzz.Campaign
	// shrinking is of the run that was found, nil as long as there is none.
	shrinking *fuzz.Shrinking
	next      func() (struct{}, bool)
	stop      func()
	scenario  string
	done      bool
}

// huntOn hunts by some runs, and then shrinks by as many tries.
func (s *Session) huntOn(c Command) error {
	if s.hunt == nil || s.hunt.campaign.Bug != c.Text {
		h, err := newHunt(c.Text)
		if err != nil {
			return err
		}
		if s.hunt != nil {
			s.hunt.end()
		}
		s.hunt = h
	}
	s.answer.hunts = true
	runs := max(1, min(c.Events, maxRuns))
	for ; runs > 0 && s.hunt.shrinking == nil; runs-- {
		if err := s.hunt.search(); err != nil {
			return err
		}
	}
	s.hunt.shrink(runs)
	return nil
}

func newHunt(bug string) (*hunt, error) {
	b, ok := bugs.Find(bug)
	if !ok {
		return nil, fmt.Errorf("hunt: there is no bug %q", shorten(bug, 40))
	}
	profile, ok := fuzz.FindProfile("everything")
	if !ok {
		panic("session: the profile with everything is gone")
	}
	return &hunt{bug: b, campaign: fuzz.Campaign{Profile: &profile, Bug: bug, Shard: fuzz.Shard{N: 1}}}, nil
}

// search makes one run.
func (h *hunt) search() error {
	found, err := h.campaign.Step()
	if err != nil || found == nil || !found.IsOf(&h.bug) {
		return err
	}
	h.shrinking = fuzz.NewShrinking(&found.Case, found.Outcome)
	h.shrinking.Innocent = true
	h.next, h.stop = iter.Pull(func(yield func(struct{}) bool) {
		stopped := false
		h.shrinking.Stop = func() bool {
			stopped = stopped || !yield(struct{}{})
			return stopped
		}
		h.shrinking.Run()
	})
	return nil
}

// shrink makes some tries, and tells the smallest run when nothing gets smaller any more.
func (h *hunt) shrink(tries int) {
	if h.shrinking == nil || h.done {
		return
	}
	for ; tries > 0; tries-- {
		if _, more := h.next(); !more {
			h.scenario, h.done = h.shrinking.Best.Told(), true
			return
		}
	}
}

// end gives up.
func (h *hunt) end() {
	if h.stop != nil {
		h.stop()
	}
}

func (h *hunt) state() *HuntState {
	c := &h.campaign
	state := &HuntState{Bug: c.Bug, Runs: c.Runs, Simulated: int64(c.Simulated), Features: c.Coverage.Size(), Scenario: h.scenario, Done: h.done}
	if x := h.shrinking; x != nil {
		state.Property, state.Tries, state.Lines = x.Outcome.Property, x.Runs, x.Lines()
	}
	return state
}
