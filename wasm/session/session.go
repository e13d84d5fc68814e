package session

import (
	"errors"
	"fmt"
	"slices"
	"sort"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/raftsim/scenario"
)

// Bounds on what one command may cost and one session may hold.
const (
	// maxEvents bounds the events that one command simulates.
	maxEvents = 20_000
	// maxAdded bounds the actions of the page in one run.
	maxAdded = 1000
)

// Session is one run of the playground.
type Session struct {
	// base is the scenario that was opened, added what the page did since, in
	// order of time, and current the two together.
	base    *scenario.Scenario
	added   []action
	current *scenario.Scenario

	timeline *raftsim.Timeline
	look     Look
	// history and verdict are as of when they were last asked for.
	history *history
	judge   judge
	sent    sent
}

// action is something the page did, and the scenario with it and all before it.
type action struct {
	at    raftsim.Time
	after *scenario.Scenario
}

// sent is what the page has: it is not sent again.
type sent struct {
	lanes    int64
	scenario string
}

// New returns a session in which nothing is open.
func New() *Session { return &Session{} }

// Do carries out a command. Every command is answered with a frame; one that
// can't be done says so in Frame.Problem, and changes nothing.
func (s *Session) Do(c Command) Frame {
	err := s.do(c)
	var f Frame
	if s.timeline != nil {
		f = s.frame()
	}
	var problem *scenario.Error
	if errors.As(err, &problem) {
		f.Problem = &Problem{Line: problem.Line, Column: problem.Column, Text: problem.Text}
	} else if err != nil {
		f.Problem = &Problem{Text: err.Error()}
	}
	return f
}

func (s *Session) do(c Command) error {
	if c.Kind == Open {
		return s.open(c.Text)
	}
	if s.timeline == nil {
		return errors.New("nothing is open yet: open a scenario first")
	}
	switch c.Kind {
	case Advance:
		s.seek(s.timeline.World().Now() + raftsim.Time(max(0, c.Time)))
	case Seek:
		s.seek(raftsim.Time(max(0, c.Time)))
	case Step:
		s.timeline.Step(int64(max(-maxEvents, min(c.Events, maxEvents))))
	case Act:
		return s.act(c.Text)
	case LookAt:
		return s.lookAt(c.Look)
	default:
		return fmt.Errorf("unknown command %q", c.Kind)
	}
	return nil
}

// open starts a scenario.
func (s *Session) open(text string) error {
	parsed, err := scenario.Parse(text)
	if err != nil {
		return err
	}
	world, err := raftsim.New(parsed.Config())
	if err != nil {
		return err
	}
	*s = Session{base: parsed, current: parsed, timeline: raftsim.NewTimeline(world), sent: sent{lanes: -1}}
	s.seek(0)
	return nil
}

func (s *Session) lookAt(look *Look) error {
	if look == nil {
		return errors.New("look: at what? The command has no Look")
	}
	for _, id := range []int{look.Member, look.Inspect} {
		if id != 0 && !slices.Contains(s.timeline.World().MemberIDs(), raft.ID(id)) {
			return fmt.Errorf("there is no member %d", id)
		}
	}
	s.look = *look
	return nil
}

func (s *Session) seek(to raftsim.Time) { s.timeline.Seek(min(to, scenario.MaxRun), maxEvents) }

// act does something right after the playhead. What the page did later than
// that is forgotten; what the scenario says stays.
func (s *Session) act(text string) error {
	at := s.timeline.World().Now() + 1
	keep := sort.Search(len(s.added), func(i int) bool { return s.added[i].at > at })
	if keep == maxAdded {
		return fmt.Errorf("this run has %d actions already: open a scenario to start afresh", maxAdded)
	}
	before := s.base
	if keep > 0 {
		before = s.added[keep-1].after
	}
	next, err := before.WithAction(at, text)
	if err != nil {
		return err
	}
	clear(s.added[keep:])
	s.added = append(s.added[:keep], action{at, next})
	s.current, s.history, s.judge = next, nil, judge{}
	s.timeline.Reschedule(next.Config().Schedule)
	s.seek(at)
	return nil
}
