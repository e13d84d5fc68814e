package scenario

import (
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raftsim"
)

// Caption is something to say to whoever looks on.
type Caption struct {
	At   raftsim.Time
	Text string
}

// Mark is a moment with a name.
type Mark struct {
	At   raftsim.Time
	Name string
}

// Question is one to answer before the run goes on.
type Question struct {
	At      raftsim.Time
	Text    string
	Answers []Answer
}

// Answer is one that a Question offers.
type Answer struct {
	Text  string
	Right bool
}

// lesson is what a scenario says to whoever looks on; nothing of it changes the run.
type lesson struct {
	captions  []Caption
	marks     []Mark
	questions []Question
}

// Captions in order of time.
func (s *Scenario) Captions() []Caption { return slices.Clone(s.lesson.captions) }

// Marks in order of time.
func (s *Scenario) Marks() []Mark { return slices.Clone(s.lesson.marks) }

// Questions in order of time.
func (s *Scenario) Questions() []Question { return slices.Clone(s.lesson.questions) }

// teachings are the words after a time that are no actions.
var teachings = []struct {
	word  string
	parse func(*reader, moment) (timed, error)
}{
	{"say", parseSay},
	{"mark", parseMark},
	{"ask", parseAsk},
}

func teachingNames() []string {
	var names []string
	for _, t := range teachings {
		names = append(names, t.word)
	}
	return names
}

func teachingOf(word string) func(*reader, moment) (timed, error) {
	for _, t := range teachings {
		if t.word == word {
			return t.parse
		}
	}
	return nil
}

// sayStatement is `at TIME say TEXT`.
type sayStatement struct {
	moment
	text string
}

func parseSay(r *reader, at moment) (timed, error) {
	text, err := r.text("a sentence in quotes")
	return &sayStatement{at, text}, err
}

func (s *sayStatement) words() string { return s.prefix() + "say " + kv.Quote(s.text) }

func (s *sayStatement) apply(sc *Scenario) error {
	sc.lesson.captions = append(sc.lesson.captions, Caption{s.when(), s.text})
	return nil
}

// markStatement is `at TIME mark NAME`.
type markStatement struct {
	moment
	name string
}

func parseMark(r *reader, at moment) (timed, error) {
	name, err := r.text("a name for the moment")
	return &markStatement{at, name}, err
}

func (s *markStatement) words() string { return s.prefix() + "mark " + kv.Quote(s.name) }

func (s *markStatement) apply(sc *Scenario) error {
	for _, m := range sc.lesson.marks {
		if m.Name == s.name {
			return fmt.Errorf("%s is marked at %v already", quote(s.name), m.At)
		}
	}
	sc.lesson.marks = append(sc.lesson.marks, Mark{s.when(), s.name})
	return nil
}

// askStatement is `at TIME ask QUESTION right ANSWER wrong ANSWER …`.
type askStatement struct {
	moment
	text    string
	answers []Answer
}

// Words before an answer.
const (
	rightAnswer = "right"
	wrongAnswer = "wrong"
)

func parseAsk(r *reader, at moment) (timed, error) {
	s := &askStatement{moment: at}
	var err error
	if s.text, err = r.text("a question in quotes"); err != nil {
		return s, err
	}
	right := false
	for len(s.answers) < 2 || !r.empty() {
		kind, err := r.choice("word", rightAnswer, wrongAnswer)
		if err != nil {
			return s, err
		}
		text, err := r.text("an answer in quotes")
		if err != nil {
			return s, err
		}
		right = right || kind == rightAnswer
		s.answers = append(s.answers, Answer{text, kind == rightAnswer})
	}
	if !right {
		return s, fmt.Errorf("no answer is right")
	}
	return s, nil
}

func (s *askStatement) words() string {
	words := s.prefix() + "ask " + kv.Quote(s.text)
	for _, a := range s.answers {
		kind := wrongAnswer
		if a.Right {
			kind = rightAnswer
		}
		words += " " + kind + " " + kv.Quote(a.Text)
	}
	return words
}

func (s *askStatement) apply(sc *Scenario) error {
	sc.lesson.questions = append(sc.lesson.questions, Question{s.when(), s.text, s.answers})
	return nil
}
