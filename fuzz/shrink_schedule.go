package fuzz

import (
	"cmp"
	"slices"

	"github.com/castaway-kv/castaway/raftsim"
)

// shorten ends the run where the property breaks, or as early as it still does.
func (s *Shrinking) shorten() {
	at := (s.Outcome.At/ms + 1) * ms
	if at < s.Best.Length {
		s.attempt(func(c *Case) { c.end(at) })
	}
	for step := s.Best.Length / 2; step >= 50*ms; step /= 2 {
		for s.Best.Length > step {
			if !s.attempt(func(c *Case) { c.end((c.Length - step) / ms * ms) }) {
				break
			}
		}
	}
	s.roundEnd()
}

// roundEnd makes the run end at a round moment, if that changes nothing: a little later.
func (s *Shrinking) roundEnd() {
	for _, unit := range []raftsim.Time{raftsim.Second, 100 * ms, 10 * ms, ms} {
		at := (s.Best.Length + unit - 1) / unit * unit
		if at == s.Best.Length || at-s.Best.Length < unit/2 && s.attempt(func(c *Case) { c.Length = at }) {
			return
		}
	}
}

// end makes the run end at a moment.
func (c *Case) end(at raftsim.Time) {
	c.Length = at
	c.Config.Schedule = slices.DeleteFunc(c.Config.Schedule, func(x raftsim.Scheduled) bool { return x.At > at })
}

// byTime orders actions.
func byTime(a, b raftsim.Scheduled) int { return cmp.Compare(a.At, b.At) }

// fewerActions leaves out what is not needed, in ever smaller pieces.
func (s *Shrinking) fewerActions() {
	minimise(s.Best.Config.Schedule, func(list []raftsim.Scheduled) bool {
		return s.try(func(c *Case) { c.Config.Schedule = slices.Clone(list) })
	})
}

// mostPaired is how long a schedule may be for its pairs to be tried.
const mostPaired = 30

// fewerPairs leaves out two actions that only go together, such as a cut and its end.
func (s *Shrinking) fewerPairs() {
	luck := s.luck
	defer func() { s.luck = luck }()
	s.luck = 0
	for i := 0; i < len(s.Best.Config.Schedule); i++ {
		for k := i + 1; k < len(s.Best.Config.Schedule) && len(s.Best.Config.Schedule) <= mostPaired; {
			if !s.try(func(c *Case) {
				c.Config.Schedule = slices.Delete(c.Config.Schedule, k, k+1)
				c.Config.Schedule = slices.Delete(c.Config.Schedule, i, i+1)
			}) {
				k++
			}
		}
	}
}

// earlier takes out the time in which nothing is done: before each action, and all that
// comes after it.
func (s *Shrinking) earlier() {
	for i := range s.Best.Config.Schedule {
		for _, part := range []raftsim.Time{1, 2, 4} {
			before := raftsim.Time(0)
			if i > 0 {
				before = s.Best.Config.Schedule[i-1].At
			}
			by := (s.Best.Config.Schedule[i].At - before) / part
			if by >= 10*ms && s.try(func(c *Case) { c.pull(i, by) }) {
				break
			}
		}
	}
}

// pull makes an action and all that comes after it come earlier.
func (c *Case) pull(i int, by raftsim.Time) {
	for k := i; k < len(c.Config.Schedule); k++ {
		c.Config.Schedule[k].At -= by
	}
	c.Length -= by
}

// units of times, the roundest first.
var units = []raftsim.Time{
	raftsim.Second, 500 * ms, 100 * ms, 50 * ms, 10 * ms, 5 * ms, ms,
	100 * raftsim.Microsecond, 10 * raftsim.Microsecond, raftsim.Microsecond,
}

// roundTimes moves actions to rounder moments, the order kept: alone, or with all that
// comes after.
func (s *Shrinking) roundTimes() {
	for i := range s.Best.Config.Schedule {
		for _, unit := range units {
			at := s.Best.Config.Schedule[i].At
			if at%unit == 0 || s.moveTo(i, at/unit*unit) || s.moveTo(i, (at/unit+1)*unit) {
				break
			}
		}
	}
}

// moveTo has an action happen at another moment.
func (s *Shrinking) moveTo(i int, at raftsim.Time) bool {
	list := s.Best.Config.Schedule
	ordered := (i == 0 || list[i-1].At <= at) && (i == len(list)-1 || at <= list[i+1].At) && at <= s.Best.Length
	if ordered && s.attempt(func(c *Case) { c.Config.Schedule[i].At = at }) {
		return true
	}
	by := list[i].At - at
	return (i == 0 || list[i-1].At <= at) && s.attempt(func(c *Case) { c.pull(i, by) })
}
