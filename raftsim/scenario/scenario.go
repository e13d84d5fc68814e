package scenario

import (
	"iter"
	"slices"
	"strings"

	"github.com/castaway-kv/castaway/raftsim"
)

// What a scenario has when it doesn't say.
const (
	defaultMembers = 3
	defaultSeed    = 1
)

// Scenario is a parsed text. It never changes: its edits are new ones.
type Scenario struct {
	lines  []line
	config raftsim.Config
	rules  string
	bug    string
	length raftsim.Time
	// steps bound the judge, 0 means as ever.
	steps  int
	lesson lesson
	goals  []Goal

	expects []expectation
	// counts are the events that expectations count.
	counts []pattern
	// said are the words of the expectations so far, pinned the choices.
	said   map[string]bool
	pinned map[raftsim.Key]bool
	// joining are the members that the schedule adds, last is the time of its last
	// line.
	joining []raftsim.Target
	last    raftsim.Time
	// anyClient takes every name for that of a client.
	anyClient bool
}

// String is the text, byte for byte.
func (s *Scenario) String() string {
	var text strings.Builder
	for _, l := range s.lines {
		text.WriteString(l.text)
	}
	return text.String()
}

// Format is the text in canonical form: one blank between words, times and
// commands spelled in one way. Comments, blank lines and the order of lines stay.
func (s *Scenario) Format() string {
	var text strings.Builder
	for i, l := range s.lines {
		words := ""
		switch {
		case i == 0:
			words = version
		case l.statement != nil:
			words = l.statement.words()
		}
		if words != "" && l.comment != "" {
			words += " "
		}
		text.WriteString(words + strings.TrimRight(l.comment, " \t") + "\n")
	}
	return text.String()
}

// Lines are the statements in canonical form, each with its comment without the sign;
// either may be empty.
func (s *Scenario) Lines() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for i, l := range s.lines {
			words := ""
			if i == 0 {
				words = version
			} else if l.statement != nil {
				words = l.statement.words()
			}
			if !yield(words, strings.TrimSpace(strings.TrimLeft(l.comment, "#"))) {
				return
			}
		}
	}
}

// Config is a world's configuration that does what the scenario says. It shares
// nothing with the scenario.
func (s *Scenario) Config() raftsim.Config {
	c := s.config
	c.Clients = slices.Clone(c.Clients)
	for i := range c.Clients {
		if w := c.Clients[i].Workload; w != nil {
			c.Clients[i].Workload = w.Clone()
		}
		if w := c.Clients[i].Watch; w != nil {
			watch := *w
			c.Clients[i].Watch = &watch
		}
	}
	c.Choices = slices.Clone(c.Choices)
	c.Schedule = slices.Clone(c.Schedule)
	return c
}

// Length of the run.
func (s *Scenario) Length() raftsim.Time { return s.length }

// Rules names the option set of the Raft cores: "etcd" or "paper".
func (s *Scenario) Rules() string { return s.rules }

func (s *Scenario) hasClient(name string) bool {
	return slices.ContainsFunc(s.config.Clients, func(c raftsim.Client) bool { return c.Name == name })
}

func (s *Scenario) clientNames() []string {
	var names []string
	for _, c := range s.config.Clients {
		names = append(names, c.Name)
	}
	return names
}
