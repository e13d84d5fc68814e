package session

import (
	"fmt"

	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/raftsim/scenario/link"
)

// replaying compares the run of a link with what its marks say, a little with each
// command: in a world of its own, for the page may do otherwise.
type replaying struct {
	world *raftsim.World
	marks *link.Replay
	until raftsim.Time
}

// openLink starts the scenario of a link.
func (s *Session) openLink(text string) error {
	l, err := link.Parse(text)
	if err != nil {
		return err
	}
	if err := s.begin(l.Scenario); err != nil {
		return err
	}
	if len(l.Marks) == 0 {
		return nil
	}
	world, err := raftsim.New(l.Scenario.Config())
	if err != nil {
		return err
	}
	s.replay = &replaying{world, link.NewReplay(l), l.Marks[len(l.Marks)-1].At}
	return nil
}

// replayOn compares on, and says once how it went.
func (s *Session) replayOn() {
	r := s.replay
	if r == nil {
		return
	}
	most := maxEvents / 4
	if r.world.Count() == 0 {
		most = 3 * maxEvents // who opens a link waits for nothing else
	}
	for range most {
		next, more := r.world.Next()
		if !more || next > r.until || r.marks.Differs {
			s.replay = nil
			r.world.RunUntil(r.until)
			r.marks.Look(r.world)
			s.answer.notice = r.marks.Words("castaway " + Engine)
			return
		}
		r.world.Step()
		r.marks.Look(r.world)
	}
}

// share makes a link to the run. Its marks are those that were seen.
func (s *Session) share() error {
	p := s.present()
	l := &link.Link{Scenario: p.scenario, Engine: Engine}
	if len(Engine) > link.MaxEngine {
		l.Engine = ""
	}
	head := s.timeline.Head()
	for _, at := range link.Moments(p.scenario) {
		if at <= head {
			l.Marks = append(l.Marks, link.Mark{At: at, Hash: uint32(s.timeline.HashAt(at))})
		}
	}
	text := l.String()
	if len(text) > link.MaxText {
		return fmt.Errorf("a link of %d characters is longer than %d: hand out the scenario's text instead", len(text), link.MaxText)
	}
	s.answer.link = text
	return nil
}
