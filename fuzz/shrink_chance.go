package fuzz

import (
	"slices"

	"github.com/castaway-kv/castaway/raftsim"
)

const (
	// mostPins is how many choices are better named one by one than left to a seed.
	mostPins = 4
	// mostChoices is from how many choices those that matter are looked for.
	mostChoices = 20_000
)

// benign makes chance do no harm, but for a few choices if it must.
func (s *Shrinking) benign() {
	if s.Best.Config.Benign || s.property == "Liveness" && !s.Innocent {
		return // where all time-outs are the same, nobody may ever be elected
	}
	if s.attempt(func(c *Case) { c.Config.Benign = true }) {
		return
	}
	kept := *s
	all := s.Best.choices()
	if len(all) > mostChoices || !s.attempt(func(c *Case) { c.Config.Benign, c.Config.Choices = true, all }) {
		return
	}
	s.fewerPins()
	if len(s.Best.Config.Choices) <= 3*mostPins {
		s.repeat()
	}
	if len(s.Best.Config.Choices) > mostPins || s.Lines() > kept.Lines()+2 {
		s.Best, s.Outcome = kept.Best, kept.Outcome
	}
}

// fewerPins leaves single choices to chance that does no harm.
func (s *Shrinking) fewerPins() {
	minimise(s.Best.Config.Choices, func(list []raftsim.Choice) bool {
		return s.attempt(func(c *Case) { c.Config.Choices = slices.Clone(list) })
	})
}

// plainPins makes the values of single choices round.
func (s *Shrinking) plainPins() {
	for i := range s.Best.Config.Choices {
		value := s.Best.Config.Choices[i].Value
		for unit := leading(value); unit > 1; unit /= 10 {
			down := value / unit * unit
			if down == value || s.attempt(func(c *Case) { c.Config.Choices[i].Value = down }) ||
				s.attempt(func(c *Case) { c.Config.Choices[i].Value = down + unit }) {
				break
			}
		}
	}
}

// leading is the value of a number's first digit.
func leading(n uint64) uint64 {
	unit := uint64(1)
	for n >= 10*unit {
		unit *= 10
	}
	return unit
}

// choices are all that the case makes and that are not benign.
func (c *Case) choices() []raftsim.Choice {
	x := c.clone()
	seen := map[raftsim.Key]bool{}
	var list []raftsim.Choice
	x.Config.Chosen = func(choice raftsim.Choice) {
		if !seen[choice.Key] {
			seen[choice.Key] = true
			list = append(list, choice)
		}
	}
	_, _ = Run(&x, nil) // it has run before
	return list
}
