package scenario

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/castaway-kv/castaway/raftsim"
)

// Bounds of a text.
const (
	MaxBytes = 1 << 20
	MaxLines = 10_000
)

// version is the first line of every scenario.
const version = "castaway 1"

// statement is what one line says.
type statement interface {
	// words is the statement in canonical form, read back by its parser.
	words() string
	// apply carries it into the scenario, or says why it doesn't fit in.
	apply(*Scenario) error
}

// form is a kind of statement.
type form struct {
	word string
	// parse reads the statement. It knows what forms of earlier phases say.
	parse func(*reader) (statement, error)
	// many says that it may stand in several lines.
	many bool
	// phase orders the forms: what a statement refers to may stand below it.
	phase int
}

// The phases: how many members there are, how the cluster is, who uses it, what
// happens, what is expected.
const (
	membersFirst = iota
	thenCluster
	thenClients
	thenSchedule
	thenHopes
	phases
)

// forms of statements.
var forms = []form{
	{word: "members", parse: parseMembers},
	{word: "seed", parse: parseSeed, phase: thenCluster},
	{word: "rules", parse: parseRules, phase: thenCluster},
	{word: "batch", parse: parseBatch, phase: thenCluster},
	{word: "timing", parse: parseCluster("timing", timingSettings), phase: thenCluster},
	{word: "clocks", parse: parseCluster("clocks", clocksSettings), phase: thenCluster},
	{word: "network", parse: parseNetwork, phase: thenCluster},
	{word: "disk", parse: parseCluster("disk", diskSettings), phase: thenCluster},
	{word: "snapshots", parse: parseCluster("snapshots", snapshotsSettings), phase: thenCluster},
	{word: "beyond-model", parse: parseBeyondModel, phase: thenCluster},
	{word: "benign", parse: parseBenign, phase: thenCluster},
	{word: "pin", parse: parsePin, many: true, phase: thenCluster},
	{word: "judge", parse: parseJudge, phase: thenCluster},
	{word: "run", parse: parseRun, phase: thenCluster},
	{word: "bug", parse: parseBug, phase: thenClients},
	{word: "client", parse: parseClient, many: true, phase: thenClients},
	{word: "at", parse: parseAt, many: true, phase: thenSchedule},
	{word: "goal", parse: parseGoal, many: true, phase: thenHopes},
	{word: "hint", parse: parseHint, many: true, phase: thenHopes},
	{word: "expect", parse: parseExpect, many: true, phase: thenHopes},
}

// line is one line of a scenario.
type line struct {
	// text as it stands, its end included.
	text string
	// form and statement are nil for a line without one; rest is what stands behind
	// the word of the form.
	form      *form
	statement statement
	rest      []word
	comment   string
}

// Read parses what r holds, at most MaxBytes. Its error is an *Error, or that
// of r.
func Read(r io.Reader) (*Scenario, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, err
	}
	return Parse(string(text))
}

// Parse reads a scenario and checks all that can be known before it runs. Its
// error is an *Error.
func Parse(text string) (*Scenario, error) {
	if len(text) > MaxBytes {
		return nil, &Error{
			Line: strings.Count(text[:MaxBytes], "\n") + 1, Column: 1,
			Text: fmt.Sprintf("the text is longer than %d bytes", MaxBytes),
		}
	}
	if text == "" {
		return nil, &Error{Line: 1, Column: 1, Text: fmt.Sprintf("the file is empty: expected %q", version)}
	}
	s := &Scenario{rules: rulesEtcd, config: raftsim.Default(defaultMembers)}
	s.config.Seed = defaultSeed
	for text := range strings.Lines(text) {
		if len(s.lines) == MaxLines {
			return nil, &Error{Line: MaxLines + 1, Column: 1, Text: fmt.Sprintf("the text is longer than %d lines", MaxLines)}
		}
		l, err := cutLine(text, len(s.lines) == 0)
		s.lines = append(s.lines, l)
		if err != nil {
			return nil, s.blame(len(s.lines)-1, 0, err)
		}
	}
	return s, s.build()
}

// blame is an error about a line, at a byte unless it knows better.
func (s *Scenario) blame(i, at int, err error) error {
	if place := (*located)(nil); errors.As(err, &place) {
		at = place.at
	}
	return &Error{Line: i + 1, Column: columnOf(s.lines[i].text, at), Text: err.Error()}
}

// cutLine finds out which form a line has.
func cutLine(text string, first bool) (line, error) {
	l := line{text: text}
	text = strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
	if err := checkText(text); err != nil {
		return l, err
	}
	words, comment, err := split(text)
	if err != nil {
		return l, err
	}
	l.comment = comment
	if first {
		return l, checkVersion(words)
	}
	if len(words) == 0 {
		return l, nil
	}
	l.rest = words[1:]
	if l.form, err = formOf(words[0].text); err != nil {
		return l, &located{words[0].at, err}
	}
	return l, nil
}

func checkVersion(words []word) error {
	found := strings.Join(texts(words), " ")
	if found == version {
		return nil
	}
	if len(words) > 1 && words[0].text == "castaway" {
		return &located{words[1].at, fmt.Errorf("version %s of the language is not known here: expected %q", quote(words[1].text), version)}
	}
	return fmt.Errorf("the first line must be %q, found %s", version, quote(found))
}

// formOf is the form that a word begins.
func formOf(found string) (*form, error) {
	for i := range forms {
		if forms[i].word == found {
			return &forms[i], nil
		}
	}
	return nil, unknown("word", found, formWords())
}

func formWords() []string {
	var words []string
	for i := range forms {
		words = append(words, forms[i].word)
	}
	return words
}

// build makes a scenario of its lines, phase by phase.
func (s *Scenario) build() error {
	if err := s.checkOnce(); err != nil {
		return err
	}
	for phase := range phases {
		for i := range s.lines {
			if l := &s.lines[i]; l.form != nil && l.form.phase == phase {
				if err := s.state(i); err != nil {
					return err
				}
			}
		}
		s.endPhase(phase)
	}
	if err := s.config.Validate(); err != nil {
		return &Error{Line: 1, Column: 1, Text: err.Error()}
	}
	return nil
}

// state parses and applies the statement of a line.
func (s *Scenario) state(i int) error {
	l := &s.lines[i]
	r := newReader(l.rest, s)
	if r.empty() {
		r.at = len(strings.TrimRight(strings.TrimSuffix(l.text, l.comment), "\r\n\t "))
		r.end = r.at
	}
	st, err := l.form.parse(r)
	if err == nil {
		err = r.atEnd()
	}
	if err == nil {
		l.statement = st
		err = st.apply(s)
	}
	if err != nil {
		return s.blame(i, r.at, fmt.Errorf("%s: %w", l.form.word, err))
	}
	return nil
}

// endPhase prepares the next phase.
func (s *Scenario) endPhase(phase int) {
	switch phase {
	case thenClients:
		if !s.hasClient(You) {
			s.config.Clients = append(s.config.Clients, newClient(You))
		}
		s.plantBug()
		s.findJoining()
	case thenSchedule:
		s.joining = nil
		for _, scheduled := range s.config.Schedule {
			if a, ok := scheduled.Action.(raftsim.Reconfigure); ok {
				s.joining = slices.Concat(s.joining, a.Add, a.AddLearner)
			}
		}
	}
}

// findJoining finds the members that the schedule adds, so that all lines may name
// them. What is wrong with these lines is found later.
func (s *Scenario) findJoining() {
	for i := range s.lines {
		l := &s.lines[i]
		if l.form == nil || l.form.word != "at" || len(l.rest) < 2 || l.rest[1].text != "members" {
			continue
		}
		for _, w := range l.rest[2:] {
			if t, ok := numbered(w.text); ok && int(t) > s.config.Members && t <= raftsim.MaxIDs && !slices.Contains(s.joining, t) {
				s.joining = append(s.joining, t)
			}
		}
	}
	slices.Sort(s.joining)
}

// checkOnce finds statements that contradict or lack each other.
func (s *Scenario) checkOnce() error {
	seen := map[string]int{}
	for i, l := range s.lines {
		if l.form == nil || l.form.many {
			continue
		}
		if before := seen[l.form.word]; before > 0 {
			return s.blame(i, 0, fmt.Errorf("%s", l.form.word+" stands in line "+strconv.Itoa(before)+" already"))
		}
		seen[l.form.word] = i + 1
	}
	if seen["run"] == 0 {
		return s.blame(len(s.lines)-1, 0, errors.New(`the scenario ends without its length: add a line such as "run 20s"`))
	}
	return nil
}

// find is the index of the first line that begins with word, or -1.
func (s *Scenario) find(word string) int {
	return slices.IndexFunc(s.lines, func(l line) bool { return l.form != nil && l.form.word == word })
}
