package session

import (
	"errors"
	"fmt"
	"slices"
	"sort"

	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/raftsim/scenario"
)

// path is a branch of the run, as the page knows it.
type path struct {
	// scenario is the run as text, with all that the page did.
	scenario *scenario.Scenario
	// label says what is done where it begins.
	label string
	// acts are what the page did up to here, in order of time, those of the branch that
	// it came from included; own is the number of the first that is of this one.
	acts []act
	own  int
	// byAct says that the first of its own acts began it.
	byAct bool
	// undone are what was taken back, the last one last.
	undone []act

	history *history
	judge   judge
}

// act is something that the page did, and the scenario before.
type act struct {
	at     raftsim.Time
	text   string
	before *scenario.Scenario
}

// present is the branch with the playhead.
func (s *Session) present() *path { return s.paths[s.timeline.Branch()] }

// act does something right after the playhead. What the page did later than that is no
// part of the branch that begins; what the scenario says stays.
func (s *Session) act(text string) error {
	if err := s.doAct(text); err != nil {
		return err
	}
	s.present().undone = nil
	return nil
}

func (s *Session) doAct(text string) error {
	p, at := s.present(), s.timeline.World().Now()+1
	keep := sort.Search(len(p.acts), func(i int) bool { return p.acts[i].at > at })
	if keep >= maxAdded {
		return fmt.Errorf("this run has %d actions already: open a scenario to start afresh", maxAdded)
	}
	before := p.scenario
	if keep < len(p.acts) {
		before = p.acts[keep].before
	}
	next, err := before.WithAction(at, text)
	if err != nil {
		return err
	}
	acts := append(slices.Clone(p.acts[:keep]), act{at, text, before})
	if s.atHead() {
		p.acts, p.scenario = acts, next
		p.judge.endsWith(next)
		s.timeline.Reschedule(next.Config().Schedule)
	} else if err := s.fork(&path{scenario: next, judge: newJudge(next), label: shorten(text, 40), acts: acts, own: keep, byAct: true}); err != nil {
		return err
	}
	s.seek(at)
	return nil
}

// atHead says that nothing was seen beyond the playhead.
func (s *Session) atHead() bool {
	w := s.timeline.World()
	return w.Now() == s.timeline.Head() && w.Count() == s.timeline.Events()
}

// fork begins a branch at the playhead.
func (s *Session) fork(p *path) error {
	id, err := s.timeline.Fork(p.scenario.Config().Schedule)
	if errors.Is(err, raftsim.ErrTooManyBranches) {
		return fmt.Errorf("there are %d branches already: drop one first", raftsim.MaxBranches)
	}
	if err == nil {
		s.paths[id] = p
	}
	return err
}

// undo takes back the last act of the branch. One that began it takes the branch with it.
func (s *Session) undo() error {
	p := s.present()
	if !p.canUndo() {
		return errors.New("there is nothing to take back in this branch")
	}
	last := p.acts[len(p.acts)-1]
	if len(p.acts)-1 == p.own && p.byAct {
		return s.undoFork(p, last)
	}
	s.timeline.Seek(last.at-1, maxEvents)
	s.timeline.Reschedule(last.before.Config().Schedule)
	p.acts, p.undone, p.scenario = p.acts[:len(p.acts)-1], append(p.undone, last), last.before
	p.forget()
	s.changed()
	return nil
}

// undoFork leaves a branch that the act began, and drops it.
func (s *Session) undoFork(p *path, last act) error {
	id := s.timeline.Branch()
	parent := s.branch(id).Parent
	s.timeline.Seek(last.at-1, maxEvents)
	if err := s.timeline.Switch(parent, maxEvents); err != nil {
		return err
	}
	s.present().undone = append(slices.Clone(p.undone), last)
	return s.drop(id)
}

// redo does again what undo took back.
func (s *Session) redo() error {
	p := s.present()
	if len(p.undone) == 0 {
		return errors.New("there is nothing to do again in this branch")
	}
	last, rest := p.undone[len(p.undone)-1], p.undone[:len(p.undone)-1]
	s.timeline.Seek(last.at-1, maxEvents)
	if err := s.doAct(last.text); err != nil {
		return err
	}
	p.undone = nil
	s.present().undone = rest
	return nil
}

func (p *path) canUndo() bool { return len(p.acts) > p.own }

// forget drops what was made of a future that is another one now.
func (p *path) forget() {
	p.judge.stop()
	p.history, p.judge = nil, newJudge(p.scenario)
}

// changed notes that a branch goes on otherwise than it was seen.
func (s *Session) changed() {
	if s.beside != nil {
		s.beside.known = false
	}
}

// switchTo moves the playhead to another branch.
func (s *Session) switchTo(id raftsim.BranchID) error {
	if s.paths[id] == nil {
		return fmt.Errorf("there is no branch %d", id)
	}
	if s.beside != nil && s.beside.id == id {
		s.beside = &comparing{id: s.timeline.Branch()} // the two change places
	}
	s.changed()
	return s.timeline.Switch(id, maxEvents)
}

// drop forgets a branch.
func (s *Session) drop(id raftsim.BranchID) error {
	switch {
	case s.paths[id] == nil:
		return fmt.Errorf("there is no branch %d", id)
	case id == s.timeline.Branch():
		return errors.New("the playhead is on that branch: switch to another one first")
	case id == 0:
		return errors.New("the first branch stays")
	}
	if err := s.timeline.Drop(id); err != nil {
		return err
	}
	s.paths[id].forget()
	delete(s.paths, id)
	if s.beside != nil && s.beside.id == id {
		s.beside = nil
	}
	return nil
}

// branch is one of the timeline's.
func (s *Session) branch(id raftsim.BranchID) raftsim.Branch {
	for _, b := range s.timeline.Branches() {
		if b.ID == id {
			return b
		}
	}
	panic(fmt.Sprintf("session: no branch %d", id))
}

func (s *Session) branches() []Branch {
	list := []Branch{}
	for _, b := range s.timeline.Branches() {
		list = append(list, Branch{
			ID: int(b.ID), Parent: int(b.Parent), At: int64(b.At), Head: int64(b.Head), Label: s.paths[b.ID].label,
		})
	}
	return list
}
