package fuzz

import (
	"strings"
)

// Shrinking makes the smallest case that it finds of one that breaks something. It is
// deterministic, unless Stop ends it by the clock.
type Shrinking struct {
	// Best is the smallest case so far, Outcome what becomes of it.
	Best    Case
	Outcome Outcome
	// Runs is how many were made, Events how many events they had in all.
	Runs   int
	Events int64
	// Innocent demands that nothing breaks in the case without its bug.
	Innocent bool
	// Stop, if set, is asked before every run whether it is enough.
	Stop func() bool
	// Progress, if set, is told whenever there is a smaller case.
	Progress func(*Shrinking)

	property string
	excused  bool
	// tried are the digests of cases that don't do.
	tried map[string]bool
	// luck is how many other seeds a change may try.
	luck int
}

// MostEvents is how many events a shrinking may simulate: less than a minute of them on
// half of a slow core.
const MostEvents = 12_000_000

// NewShrinking begins with a case that breaks something: the property that the outcome
// names.
func NewShrinking(c *Case, o Outcome) *Shrinking {
	return &Shrinking{Best: c.clone(), Outcome: o, property: o.Property, excused: o.Excuse != "", tried: map[string]bool{}}
}

// Lines is the size of the smallest case, without the first line.
func (s *Shrinking) Lines() int { return s.Best.lines() }

func (c *Case) lines() int { return strings.Count(c.Text(), "\n") - 1 }

// Run shrinks until nothing gets smaller any more, or Stop says so: first with the seed
// as it is, then with any that does, in the end with chance that does no harm but for a
// few draws.
func (s *Shrinking) Run() {
	s.settleSoon()
	s.repeat()
	for s.luck = 4; s.luck <= 16 && s.Lines() > tidy; s.luck *= 4 {
		s.repeat()
	}
	s.luck = 0
	s.benign()
	s.operations()
	s.repeat()
	s.plainPins()
	s.nameLeaders()
	s.shortNames()
}

// tidy is how many lines are so few that other seeds are not worth the time.
const tidy = 6

// repeat makes all passes, again and again while they make it smaller.
func (s *Shrinking) repeat() {
	passes := []func(){
		s.shorten, s.fewerActions, s.fewerClients, s.fewerMembers, s.fewerPairs, s.fewerWords, s.plainSettings, s.fewerPins, s.simpleClients,
		s.simpleActions, s.earlier, s.roundTimes, s.shorten,
	}
	const most = 5
	for range most {
		before := s.Best.Text()
		for _, pass := range passes {
			pass()
		}
		if s.Best.Text() == before {
			return
		}
	}
}

// try takes a changed case for the best one if it breaks the same property: as it is,
// or with another seed.
func (s *Shrinking) try(change func(*Case)) bool {
	if s.attempt(change) {
		return true
	}
	if s.Best.Config.Benign {
		return false
	}
	for seed := range uint64(s.luck) {
		if s.attempt(func(c *Case) {
			change(c)
			c.Config.Seed = seed + 1
		}) {
			return true
		}
	}
	return false
}

// attempt is try with one seed.
func (s *Shrinking) attempt(change func(*Case)) bool {
	if s.isOver() {
		return false
	}
	c := s.Best.clone()
	change(&c)
	digest := c.Digest()
	if s.tried[digest] {
		return false
	}
	s.tried[digest] = true
	s.Runs++
	o, err := Run(&c, nil)
	s.Events += o.Events
	if err != nil || c.Bug == "" && !c.isFair() || o.Property != s.property || (o.Excuse != "") != s.excused || s.Innocent && !s.isInnocent(&c) {
		return false
	}
	if _, err := Parse(c.Text()); err != nil {
		return false // what can't be said is no result
	}
	s.Best, s.Outcome = c, o
	if s.Progress != nil {
		s.Progress(s)
	}
	return true
}

func (s *Shrinking) isOver() bool {
	return s.Events >= MostEvents || s.Stop != nil && s.Stop()
}

func (s *Shrinking) isInnocent(c *Case) bool {
	right := c.clone()
	right.Bug = ""
	o, err := Run(&right, nil)
	s.Events += o.Events
	return err == nil && o.Property == ""
}

// IsInnocent says that nothing breaks with the right rules.
func IsInnocent(c *Case) bool {
	return new(Shrinking).isInnocent(c)
}
