package scenario

import (
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
	word  string
	parse func(*reader) (statement, error)
	// many says that it may stand in several lines.
	many bool
	// phase orders the forms when they are applied: what a statement refers to
	// may stand below it.
	phase int
}

// forms of statements. Their phases: what the cluster is, who uses it, what happens.
var forms = []form{
	{word: "members", parse: parseMembers},
	{word: "seed", parse: parseSeed},
	{word: "rules", parse: parseRules},
	{word: "timing", parse: parseSettings("timing", timingSettings)},
	{word: "network", parse: parseSettings("network", networkSettings)},
	{word: "disk", parse: parseSettings("disk", diskSettings)},
	{word: "run", parse: parseRun},
	{word: "client", parse: parseClient, many: true, phase: 1},
	{word: "at", parse: parseAt, many: true, phase: 2},
	{word: "expect", parse: parseExpect, many: true, phase: 2},
}

// line is one line of a scenario.
type line struct {
	// text as it stands, its end included.
	text string
	// form and statement are nil for a line without one.
	form      *form
	statement statement
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
		return nil, &Error{Line: strings.Count(text[:MaxBytes], "\n") + 1, Text: fmt.Sprintf("the text is longer than %d bytes", MaxBytes)}
	}
	if text == "" {
		return nil, &Error{Line: 1, Text: fmt.Sprintf("the file is empty: expected %q", version)}
	}
	var lines []line
	for text := range strings.Lines(text) {
		if len(lines) == MaxLines {
			return nil, &Error{Line: MaxLines + 1, Text: fmt.Sprintf("the text is longer than %d lines", MaxLines)}
		}
		l, err := parseLine(text, len(lines) == 0)
		if err != nil {
			return nil, &Error{Line: len(lines) + 1, Text: err.Error()}
		}
		lines = append(lines, l)
	}
	return build(lines)
}

func parseLine(text string, first bool) (line, error) {
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
	r := &reader{words}
	if l.form, err = r.form(); err != nil {
		return l, err
	}
	if l.statement, err = l.form.parse(r); err == nil {
		err = r.end()
	}
	if err != nil {
		return l, fmt.Errorf("%s: %w", l.form.word, err)
	}
	return l, nil
}

func checkVersion(words []word) error {
	found := strings.Join(texts(words), " ")
	if found == version {
		return nil
	}
	if len(words) > 1 && words[0].text == "castaway" {
		return fmt.Errorf("version %s of the language is not known here: expected %q", quote(words[1].text), version)
	}
	return fmt.Errorf("the first line must be %q, found %s", version, quote(found))
}

// form takes the word that begins a statement.
func (r *reader) form() (*form, error) {
	var valid []string
	found, _ := r.next("")
	for i := range forms {
		if forms[i].word == found {
			return &forms[i], nil
		}
		valid = append(valid, forms[i].word)
	}
	return nil, unknown("word", found, valid)
}

// build makes a scenario of parsed lines.
func build(lines []line) (*Scenario, error) {
	s := &Scenario{lines: lines, rules: rulesEtcd, config: raftsim.Default(defaultMembers)}
	s.config.Seed = defaultSeed
	if err := s.checkOnce(); err != nil {
		return nil, err
	}
	for phase := range 3 {
		for i, l := range lines {
			if l.statement == nil || l.form.phase != phase {
				continue
			}
			if err := l.statement.apply(s); err != nil {
				return nil, &Error{Line: i + 1, Text: l.form.word + ": " + err.Error()}
			}
		}
		if phase == 1 && !s.hasClient(You) {
			s.config.Clients = append(s.config.Clients, newClient(You))
		}
	}
	if err := s.config.Validate(); err != nil {
		return nil, &Error{Line: 1, Text: err.Error()}
	}
	return s, nil
}

// checkOnce finds statements that contradict or lack each other.
func (s *Scenario) checkOnce() error {
	seen := map[string]int{}
	for i, l := range s.lines {
		if l.statement == nil || l.form.many {
			continue
		}
		if before := seen[l.form.word]; before > 0 {
			return &Error{Line: i + 1, Text: l.form.word + " stands in line " + strconv.Itoa(before) + " already"}
		}
		seen[l.form.word] = i + 1
	}
	if seen["run"] == 0 {
		return &Error{Line: len(s.lines), Text: `the scenario ends without its length: add a line such as "run 20s"`}
	}
	return nil
}

// find is the index of the first line that begins with word, or -1.
func (s *Scenario) find(word string) int {
	return slices.IndexFunc(s.lines, func(l line) bool { return l.form != nil && l.form.word == word })
}
