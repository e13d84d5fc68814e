package session

import (
	"errors"
	"fmt"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/raftsim/scenario"
)

// Bounds on what one command may cost and one session may hold.
const (
	// maxEvents bounds the events that one command simulates.
	maxEvents = 4000
	// maxAdded bounds the actions of the page in one branch.
	maxAdded = 1000
	// maxMarks bounds the marks that one command goes.
	maxMarks = 100
	// maxLandmarks bounds the events that the session remembers of one branch, and thereby its
	// memory: each client's operation makes two or three.
	maxLandmarks = 600_000
)

// Engine is the version of this engine, as links name it: that of castaway version.
var Engine = "(devel)"

// Session is one run of the playground, with all its branches.
type Session struct {
	timeline *raftsim.Timeline
	// paths are the branches of the timeline, as the page knows them.
	paths map[raftsim.BranchID]*path
	look  Look
	// beside compares the present branch with another, nil if none is compared.
	beside *comparing
	// replay compares the run of a link with the one that was shared, nil if that is done.
	replay *replaying
	hunt   *hunt
	// watching follows what the page looks at, nil if it looks at nothing that needs it.
	watching *watching
	sent     sent
	told     entryCache
	// answer is what the last command asked for, beside the frame.
	answer answer
	// onTheWay says that the last command did not come as far as it should: the page will
	// go on, and nobody looks long at what is seen on the way.
	onTheWay bool
}

// answer is what one command asked for.
type answer struct {
	notice, link, history string
	completions           []Completion
	hunts                 bool
}

// sent is what the page has: it is not sent again.
type sent struct {
	// lanes are those of the present branch, beside those of the one it is compared with.
	lanes, beside lanesSent
	scenario      string
}

// New returns a session in which nothing is open.
func New() *Session { return &Session{} }

// Do carries out a command. Every command is answered with a frame; one that
// can't be done says so in Frame.Problem, and changes nothing.
func (s *Session) Do(c Command) Frame {
	s.answer, s.onTheWay = answer{}, false
	err := s.do(c)
	var f Frame
	if s.timeline != nil {
		s.replayOn()
		f = s.frame()
	}
	f.Notice, f.Link, f.History, f.Completions = s.answer.notice, s.answer.link, s.answer.history, s.answer.completions
	if s.answer.hunts {
		f.Hunt = s.hunt.state()
	}
	f.Problem = problemOf(err)
	return f
}

// problemOf says why a command could not be done, nil if it could.
func problemOf(err error) *Problem {
	if err == nil {
		return nil
	}
	var problem *scenario.Error
	if errors.As(err, &problem) {
		return &Problem{Line: problem.Line, Column: problem.Column, Text: shorten(problem.Text, maxProblem)}
	}
	return &Problem{Text: shorten(err.Error(), maxProblem)}
}

// maxProblem bounds what is said of a problem, in characters.
const maxProblem = 400

func (s *Session) do(c Command) error {
	switch c.Kind {
	case Open:
		return s.open(c.Text)
	case OpenLink:
		return s.openLink(c.Text)
	case CheckText:
		_, err := scenario.Parse(c.Text)
		return err
	case Hunt:
		return s.huntOn(c)
	default:
		if s.timeline == nil {
			return errors.New("nothing is open yet: open a scenario first")
		}
		return s.doOpen(c)
	}
}

// doOpen does what needs an open scenario.
func (s *Session) doOpen(c Command) error {
	if s.isFull() && c.goesForward(s.timeline.World().Now()) {
		return fmt.Errorf("this run has become too large to go on, with %d events worth telling: open a smaller one, or act where it is still small", maxLandmarks)
	}
	switch c.Kind {
	case Advance:
		s.travel(s.timeline.World().Now() + raftsim.Time(max(0, c.Time)))
	case Seek:
		s.travel(raftsim.Time(max(0, c.Time)))
	case Step:
		s.timeline.Step(int64(max(-maxEvents, min(c.Events, maxEvents))))
	case Find:
		return s.find(c.Mark, c.Events)
	case LookAt:
		return s.lookAt(c.Look)
	case ShowViolation:
		return s.showViolation()
	default:
		return s.doMore(c)
	}
	return nil
}

// isFull says that the playhead is at the end of a run that may not grow any more.
func (s *Session) isFull() bool { return s.timeline.Landmarks() >= maxLandmarks && s.atHead() }

// goesForward says that a command moves the playhead on.
func (c *Command) goesForward(now raftsim.Time) bool {
	switch c.Kind {
	case Advance:
		return c.Time > 0
	case Seek:
		return c.Time > int64(now)
	case Step, Find:
		return c.Events > 0
	case Act:
		return true
	default:
		return false
	}
}

// doMore does what changes the run, or asks for something beside it.
func (s *Session) doMore(c Command) error {
	switch c.Kind {
	case Act:
		return s.act(c.Text)
	case Undo:
		return s.undo()
	case Redo:
		return s.redo()
	case Edit:
		return s.edit(c.Text)
	case Plant:
		return s.plant(c.Text)
	case Switch:
		return s.switchTo(raftsim.BranchID(c.Branch))
	case Drop:
		return s.drop(raftsim.BranchID(c.Branch))
	case Compare:
		return s.compare(raftsim.BranchID(c.Branch))
	case Share:
		return s.share()
	case Export:
		return s.export()
	case Complete:
		s.answer.completions = s.complete(c.Text)
		return nil
	default:
		return fmt.Errorf("unknown command %q", shorten(string(c.Kind), 40))
	}
}

// open starts a scenario.
func (s *Session) open(text string) error {
	parsed, err := scenario.Parse(text)
	if err != nil {
		return err
	}
	return s.begin(parsed)
}

// begin starts a run afresh. What the page looks at stays.
func (s *Session) begin(parsed *scenario.Scenario) error {
	world, err := raftsim.New(parsed.Config())
	if err != nil {
		return err
	}
	for _, p := range s.paths {
		p.forget()
	}
	*s = Session{
		timeline: raftsim.NewTimeline(world), paths: map[raftsim.BranchID]*path{0: {scenario: parsed, judge: newJudge(parsed), label: "main"}},
		look: s.look, hunt: s.hunt,
	}
	s.seek(0)
	return nil
}

func (s *Session) lookAt(look *Look) error {
	if look == nil {
		return errors.New("look: at what? The command has no Look")
	}
	for _, id := range []int{look.Member, look.Inspect} {
		if id < 0 || id > raftsim.MaxIDs {
			return fmt.Errorf("there is no member %d", id)
		}
	}
	if look.Revision < 0 || look.Window < 0 {
		return errors.New("look: a revision and a window are not less than 0")
	}
	s.look = *look
	return nil
}

// looksAt is a member that the page looks at, 0 if there is none of that number.
func looksAt(w *raftsim.World, id int) raft.ID {
	for _, member := range w.MemberIDs() {
		if member == raft.ID(id) {
			return member
		}
	}
	return 0
}

// travel is seek that stops just before the moment, as it does on the way, until the verdict on
// it is known: nobody waits long for a judge.
func (s *Session) travel(to raftsim.Time) {
	to = min(to, scenario.MaxRun)
	if now := s.timeline.World().Now(); to > 0 && to != now {
		if s.seek(to - 1); s.onTheWay {
			return
		}
		w := s.timeline.World()
		if w.Now() == to-1 && !s.present().judge.isReady(w) {
			s.onTheWay = true
			return
		}
	}
	s.seek(to)
}

func (s *Session) seek(to raftsim.Time) {
	to = min(to, scenario.MaxRun)
	s.timeline.Seek(to, maxEvents)
	s.onTheWay = s.timeline.World().Now() < to && s.goesOn()
}
