package fuzz

import (
	"slices"

	"github.com/castaway-kv/castaway/raftsim"
)

// simpleActions puts simpler actions in the place of those that do much, and one in the
// place of two.
func (s *Shrinking) simpleActions() {
	for i := 0; i < len(s.Best.Config.Schedule); i++ {
		for _, simpler := range s.simplifications(s.Best.Config.Schedule[i].Action) {
			if s.attempt(func(c *Case) { c.Config.Schedule[i].Action = simpler }) {
				break
			}
		}
		if i+1 == len(s.Best.Config.Schedule) {
			break
		}
		for _, both := range merged(s.Best.Config.Schedule[i].Action, s.Best.Config.Schedule[i+1].Action) {
			if s.try(func(c *Case) {
				c.Config.Schedule[i].Action = both
				c.Config.Schedule = slices.Delete(c.Config.Schedule, i+1, i+2)
			}) {
				break
			}
		}
	}
}

// settleSoon gives the cluster less time to come to rest: where it never does, all that
// time is simulated in every run.
func (s *Shrinking) settleSoon() {
	for i := range s.Best.Config.Schedule {
		if a, ok := s.Best.Config.Schedule[i].Action.(raftsim.Settle); ok {
			for _, sooner := range s.simplifications(a) {
				if s.attempt(func(c *Case) { c.Config.Schedule[i].Action = sooner }) {
					break
				}
			}
		}
	}
	s.shorten()
}

// simplifications of an action, the simplest first.
func (s *Shrinking) simplifications(a raftsim.Action) (list []raftsim.Action) {
	switch a := a.(type) {
	case raftsim.Settle:
		for _, within := range []raftsim.Time{5, 10, 20} {
			if s.Innocent && within*raftsim.Second < a.Within { // the right rules must be quick enough for it too
				list = append(list, raftsim.Settle{Within: within * raftsim.Second})
			}
		}
		return list
	case raftsim.Crash:
		if a.Torn {
			return []raftsim.Action{raftsim.Crash{Member: a.Member}}
		}
	case raftsim.Bridge:
		return []raftsim.Action{raftsim.Cut{A: []raftsim.Target{a.Member}}}
	case raftsim.Flap:
		return []raftsim.Action{raftsim.Cut{A: a.A}, raftsim.Cut{A: a.A, B: a.B}, raftsim.Cut{A: a.A, B: a.B, OneWay: a.OneWay}}
	case raftsim.Cut:
		return simplerCuts(a)
	case raftsim.Heal:
		if a.A != nil {
			return []raftsim.Action{raftsim.Heal{}}
		}
	case raftsim.SetLink:
		return simplerLinks(a)
	case raftsim.EditMessage:
		return simplerEdits(a)
	}
	return simplerFigures(a)
}

func simplerCuts(a raftsim.Cut) []raftsim.Action {
	switch {
	case a.OneWay:
		return []raftsim.Action{raftsim.Cut{A: a.A}, raftsim.Cut{A: a.A, B: a.B}}
	case a.B != nil:
		return []raftsim.Action{raftsim.Cut{A: a.A}, raftsim.Cut{A: a.B}}
	}
	return nil
}

func simplerLinks(a raftsim.SetLink) []raftsim.Action {
	if a.Link == nil || len(a.A) == 0 {
		return nil
	}
	list := []raftsim.Action{raftsim.Cut{A: a.A}, raftsim.Cut{A: a.A, B: a.B}, raftsim.Cut{A: a.A, B: a.B, OneWay: a.OneWay}}
	if a.Link.Drop > 0 {
		sure := *a.Link
		sure.Drop = 0
		list = append(list, raftsim.SetLink{A: a.A, B: a.B, OneWay: a.OneWay, Link: &sure})
		round := *a.Link
		if round.Drop = roundChance(round.Drop); round.Drop != a.Link.Drop {
			list = append(list, raftsim.SetLink{A: a.A, B: a.B, OneWay: a.OneWay, Link: &round})
		}
	}
	return list
}

// simplerEdits: a message that is lost is simpler than one that comes later.
func simplerEdits(a raftsim.EditMessage) (list []raftsim.Action) {
	if a.Edit != raftsim.DropIt {
		list = append(list, raftsim.EditMessage{Edit: raftsim.DropIt, Message: a.Message})
	}
	if a.Edit == raftsim.DoubleIt && a.By != 0 {
		list = append(list, raftsim.EditMessage{Edit: raftsim.DoubleIt, Message: a.Message})
	}
	for _, by := range rounder(a.By) {
		list = append(list, raftsim.EditMessage{Edit: a.Edit, Message: a.Message, By: by})
	}
	return list
}

// rounder are rounder spans of time, the roundest first.
func rounder(t raftsim.Time) (list []raftsim.Time) {
	for _, unit := range units {
		if t%unit == 0 {
			return list
		}
		if down := t / unit * unit; down > 0 {
			list = append(list, down)
		}
		if t > unit/2 {
			list = append(list, (t/unit+1)*unit)
		}
	}
	return list
}

// simplerFigures makes the numbers of an action round.
func simplerFigures(a raftsim.Action) (list []raftsim.Action) {
	switch a := a.(type) {
	case raftsim.SlowDisk:
		for _, f := range []int64{100, 10} {
			if a.Factor > 10 && a.Factor != f {
				list = append(list, raftsim.SlowDisk{Member: a.Member, Factor: f})
			}
		}
	case raftsim.FillDisk:
		if a.Bytes > 0 {
			list = append(list, raftsim.FillDisk{Member: a.Member})
		}
	case raftsim.FlipBit:
		if a.FromEnd > 0 {
			list = append(list, raftsim.FlipBit{Member: a.Member, Part: a.Part, FromEnd: -1})
		}
	case raftsim.ReadError:
		if a.FromEnd > 0 {
			list = append(list, raftsim.ReadError{Member: a.Member, Part: a.Part, FromEnd: -1})
		}
	case raftsim.ClockJump:
		for _, by := range rounder(max(a.By, -a.By)) {
			if a.By < 0 {
				by = -by
			}
			list = append(list, raftsim.ClockJump{Member: a.Member, By: by})
		}
	case raftsim.PauseClient:
		for _, t := range rounder(a.For) {
			list = append(list, raftsim.PauseClient{Client: a.Client, For: t})
		}
	}
	return list
}

// merged are single actions that may do what two do one after the other.
func merged(a, b raftsim.Action) []raftsim.Action {
	switch a := a.(type) {
	case raftsim.Cut:
		if b, ok := b.(raftsim.Cut); ok {
			return mergedCuts(a, b)
		}
	case raftsim.Kill:
		if _, wiped := b.(raftsim.Wipe); wiped {
			return []raftsim.Action{b}
		}
	}
	return nil
}

func mergedCuts(a, b raftsim.Cut) []raftsim.Action {
	list := []raftsim.Action{raftsim.Cut{A: union(a.A, b.A)}}
	if a.B != nil && b.B != nil {
		list = append(list, raftsim.Cut{A: union(a.A, b.A), B: union(a.B, b.B)}, raftsim.Cut{A: union(a.A, b.B), B: union(a.B, b.A)})
	}
	return list
}

// union is all members of two lists, in order.
func union(a, b []raftsim.Target) []raftsim.Target {
	list := slices.Concat(a, b)
	slices.Sort(list)
	return slices.Compact(list)
}

// nameLeaders says `leader` where an action is about whoever leads when it comes, and
// nothing else changes.
func (s *Shrinking) nameLeaders() {
	for i := range s.Best.Config.Schedule {
		a := s.Best.Config.Schedule[i].Action
		switch a.(type) {
		case raftsim.EditMessage, raftsim.Restart: // one has numbers only, and no leader is down
			continue
		}
		for t := raftsim.Target(1); int(t) <= s.Best.Config.Members; t++ {
			named := raftsim.Retarget(a, func(x raftsim.Target) raftsim.Target {
				if x == t {
					return raftsim.TheLeader
				}
				return x
			})
			s.attemptSame(func(c *Case) { c.Config.Schedule[i].Action = named })
		}
	}
}

// attemptSame is attempt for changes that must not change what happens.
func (s *Shrinking) attemptSame(change func(*Case)) {
	kept, before := s.Best, s.Outcome
	if !s.attempt(change) {
		return
	}
	after := s.Outcome
	if after.Hash = before.Hash; after != before {
		s.Best, s.Outcome = kept, before
	}
}
