package scenario

import (
	"errors"

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

// WithBug is the scenario with a bug planted in the place of any other. The error, an
// *Error without a line, says what bugs there are.
func (s *Scenario) WithBug(name string) (*Scenario, error) {
	if _, ok := bugs.Find(name); !ok {
		return nil, &Error{Text: unknown("bug", name, bugNames()).Error()}
	}
	s = s.WithoutBug()
	place := s.find("client")
	if place < 0 {
		place = s.find("at")
	}
	if place < 0 {
		place = s.find("run")
	}
	for place > 1 && isComment(s.lines[place-1]) {
		place--
	}
	next, err := Parse((&Scenario{lines: s.insert(place, bugStatement(name).words())}).String())
	if problem := (*Error)(nil); errors.As(err, &problem) {
		return nil, &Error{Text: problem.Text}
	}
	return next, err
}

// WithoutBug is the scenario with the right rules.
func (s *Scenario) WithoutBug() *Scenario {
	i := s.find("bug")
	if i < 0 {
		return s
	}
	lines := append(append([]line(nil), s.lines[:i]...), s.lines[i+1:]...)
	return mustParse(lines)
}
