package scenario

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raftsim"
)

// Goal is something that is to happen in a run: by itself, or by what a person does.
type Goal struct {
	// Text says what is to be done, Hints how, one after the other.
	Text  string
	Hints []string
	steps []step
}

// step is a kind of event that must happen so often.
type step struct {
	pattern
	times int
}

// Progress is how far a goal is: a value, so that it can be kept beside checkpoints
// of a run. It begins as the zero value.
type Progress struct {
	// Steps that are done, and how often the event of the next one has happened.
	Steps, Seen int
}

// See is the progress after one more event.
func (g *Goal) See(p Progress, e *raftsim.Event) Progress {
	if p.Steps == len(g.steps) || !g.steps[p.Steps].matches(e) {
		return p
	}
	if p.Seen++; p.Seen == g.steps[p.Steps].times {
		return Progress{Steps: p.Steps + 1}
	}
	return p
}

// Reached says whether nothing is left to be done.
func (g *Goal) Reached(p Progress) bool { return p.Steps == len(g.steps) }

// Goals in the order of their lines.
func (s *Scenario) Goals() []Goal {
	goals := slices.Clone(s.goals)
	for i := range goals {
		goals[i].Hints = slices.Clone(goals[i].Hints)
	}
	return goals
}

const (
	maxGoals = 100
	maxSteps = 20
)

// goalStatement is `goal TEXT PATTERN [times N] then PATTERN …`.
type goalStatement struct {
	text  string
	steps []step
}

func parseGoal(r *reader) (statement, error) {
	text, err := r.text("what is to be done, in quotes")
	s := goalStatement{text: text}
	for more := err == nil; more; more = r.take("then") {
		p, err := parsePattern(r)
		if err != nil {
			return s, err
		}
		next := step{p, 1}
		if r.take("times") {
			n, err := value(r, "how often", func(text string) (int64, error) { return parseNumber(text, 1, maxNumber) })
			if err != nil {
				return s, err
			}
			next.times = int(n)
		}
		if s.steps = append(s.steps, next); len(s.steps) > maxSteps {
			return s, fmt.Errorf("more than %d steps", maxSteps)
		}
	}
	return s, err
}

func (s goalStatement) words() string {
	words := "goal " + kv.Quote(s.text)
	for i, x := range s.steps {
		if i > 0 {
			words += " then"
		}
		words += " " + x.words()
		if x.times > 1 {
			words += " times " + strconv.Itoa(x.times)
		}
	}
	return words
}

func (s goalStatement) apply(sc *Scenario) error {
	if len(sc.goals) == maxGoals {
		return fmt.Errorf("more than %d goals", maxGoals)
	}
	sc.goals = append(sc.goals, Goal{Text: s.text, steps: s.steps})
	return nil
}

// hintStatement is `hint TEXT`: it belongs to the goal before.
type hintStatement string

func parseHint(r *reader) (statement, error) {
	text, err := r.text("a sentence in quotes")
	return hintStatement(text), err
}

func (s hintStatement) words() string { return "hint " + kv.Quote(string(s)) }

func (s hintStatement) apply(sc *Scenario) error {
	if len(sc.goals) == 0 {
		return errors.New("no goal stands before it")
	}
	g := &sc.goals[len(sc.goals)-1]
	g.Hints = append(g.Hints, string(s))
	return nil
}
