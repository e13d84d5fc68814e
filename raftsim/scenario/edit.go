package scenario

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/castaway-kv/castaway/raftsim"
)

// WithSeed is the scenario with another seed.
func (s *Scenario) WithSeed(seed uint64) *Scenario {
	text := seedStatement(seed).words()
	lines := slices.Clone(s.lines)
	if i := s.find("seed"); i >= 0 {
		lines[i].text = withEnd(text+before(" ", lines[i].comment), lines[i].text)
	} else {
		lines = s.insert(1, text)
	}
	return mustParse(lines)
}

// WithAction is the scenario with one more action, such as `crash S2`, after all
// those up to that moment. A run that ends before it is made longer, to
// the next full second. The error, an *Error, names no line when the action is
// to blame: its Line is 0, its Column is one of the action's text.
func (s *Scenario) WithAction(at raftsim.Time, text string) (*Scenario, error) {
	action, err := s.parseAction(text)
	if err != nil {
		return nil, err
	}
	if at < 0 || at > MaxRun {
		return nil, &Error{Text: FormatTime(at) + " lies outside of every run"}
	}
	added := &atStatement{moment(at), action}
	lines := s.lines
	if at > s.length {
		lines = s.withLength(min(MaxRun, (at/raftsim.Second+1)*raftsim.Second))
	}
	edited := (&Scenario{lines: lines}).insert(s.place(at), added.words())
	next, err := Parse((&Scenario{lines: edited}).String())
	if problem := (*Error)(nil); errors.As(err, &problem) {
		return nil, &Error{Text: problem.Text}
	}
	return next, err
}

// place is the index of the line before which an action at that time belongs:
// after the last one up to it, else before the first later one, else before `run`.
// Comments right above a line stay with it.
func (s *Scenario) place(at raftsim.Time) int {
	place := -1
	for i, l := range s.lines {
		if a, ok := l.statement.(timed); ok && a.when() <= at {
			place = i + 1
		}
	}
	if place >= 0 {
		return place
	}
	if place = s.find("at"); place < 0 {
		place = s.find("run")
	}
	for place > 1 && isComment(s.lines[place-1]) {
		place--
	}
	return place
}

// insert is the lines with one more before index i.
func (s *Scenario) insert(i int, text string) []line {
	end := lineEnd(s.lines[i-1].text)
	lines := slices.Clone(s.lines)
	if end == "" { // the last line, and nothing ends it
		lines[i-1].text += "\n"
		end = "\n"
	}
	return slices.Insert(lines, i, line{text: text + end})
}

func (s *Scenario) withLength(length raftsim.Time) []line {
	lines := slices.Clone(s.lines)
	i := s.find("run")
	lines[i].text = withEnd(runStatement(length).words()+before(" ", lines[i].comment), lines[i].text)
	return lines
}

func isComment(l line) bool { return l.statement == nil && l.comment != "" }

// before is text with lead before it, unless it is empty.
func before(lead, text string) string {
	if text == "" {
		return ""
	}
	return lead + text
}

// withEnd is text with the end of the line old.
func withEnd(text, old string) string { return text + lineEnd(old) }

func lineEnd(text string) string { return text[len(strings.TrimRight(text, "\r\n")):] }

// mustParse makes a scenario of lines that are known to be one.
func mustParse(lines []line) *Scenario {
	s, err := Parse((&Scenario{lines: lines}).String())
	if err != nil {
		panic("scenario: an edit made no scenario: " + strconv.Quote(err.Error()))
	}
	return s
}
