package session

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/raftsim/scenario"
)

// edit replaces the text of the run. What is different only after the playhead makes a
// branch, or continues the present one where nothing more was seen; all else begins
// anew, and comes as far as one command does.
func (s *Session) edit(text string) error {
	next, err := scenario.Parse(text)
	if err != nil {
		return err
	}
	now, p := s.timeline.World().Now(), s.present()
	before, schedule := p.scenario.Config().Schedule, next.Config().Schedule
	if !sameCluster(p.scenario, next) || !sameUntil(before, schedule, now) {
		if err := s.begin(next); err != nil {
			return err
		}
		s.seek(now)
		return nil
	}
	if !sameUntil(before, schedule, scenario.MaxRun) { // else captions, expectations, comments, or the length
		if !s.atHead() {
			return s.fork(&path{scenario: next, judge: newJudge(next), label: "edited"})
		}
		s.timeline.Reschedule(schedule)
	}
	p.scenario = next
	p.judge.endsWith(next)
	p.ownAll()
	return nil
}

// ownAll forgets what could be taken back: it stands in the text now.
func (p *path) ownAll() { p.acts, p.undone, p.own, p.byAct = nil, nil, 0, false }

// sameCluster says whether two scenarios differ in nothing but what is scheduled and told.
func sameCluster(a, b *scenario.Scenario) bool {
	words := func(s *scenario.Scenario) string {
		c := s.Config()
		c.Schedule = nil
		return scenario.Write(&c, 0, s.Bug())
	}
	return words(a) == words(b)
}

// sameUntil says whether two schedules are the same up to a moment.
func sameUntil(a, b []raftsim.Scheduled, now raftsim.Time) bool {
	return slices.Equal(scheduleWords(a, now), scheduleWords(b, now))
}

func scheduleWords(list []raftsim.Scheduled, until raftsim.Time) []string {
	var words []string
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b raftsim.Scheduled) int { return cmp.Compare(a.At, b.At) })
	for _, x := range list {
		if x.At <= until {
			words = append(words, x.At.String()+" "+fmt.Sprint(x.Action))
		}
	}
	return words
}

// plant replaces one rule by that of a bug, or gives it back, and starts from the beginning.
func (s *Session) plant(name string) error {
	next := s.present().scenario.WithoutBug()
	if name != "" {
		var err error
		if next, err = next.WithBug(name); err != nil {
			return err
		}
	}
	return s.begin(next)
}
