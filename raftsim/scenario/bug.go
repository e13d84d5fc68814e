package scenario

import (
	"github.com/castaway-kv/castaway/raftsim/bugs"
)

// bugStatement is `bug NAME`: one rule is replaced by a wrong one.
type bugStatement string

func parseBug(r *reader) (statement, error) {
	name, err := r.choice("bug", bugNames()...)
	return bugStatement(name), err
}

func bugNames() []string {
	var names []string
	for _, b := range bugs.All() {
		names = append(names, b.Name)
	}
	return names
}

func (s bugStatement) words() string { return "bug " + string(s) }

func (s bugStatement) apply(sc *Scenario) error {
	sc.bug = string(s)
	return nil
}

// plantBug changes what the bug changes, once all that it could change is known.
func (s *Scenario) plantBug() {
	if b, ok := bugs.Find(s.bug); ok {
		b.Apply(&s.config)
	}
}

// Bug is the name of the bug that is planted, "" if there is none.
func (s *Scenario) Bug() string { return s.bug }

// WithoutBug is the scenario with the right rules.
func (s *Scenario) WithoutBug() *Scenario {
	i := s.find("bug")
	if i < 0 {
		return s
	}
	lines := append(append([]line(nil), s.lines[:i]...), s.lines[i+1:]...)
	return mustParse(lines)
}
