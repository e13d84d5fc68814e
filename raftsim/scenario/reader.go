package scenario

import (
	"fmt"
	"slices"
)

// reader hands out the words of a statement.
type reader struct {
	words []word
	// sc is the scenario as far as it is known.
	sc *Scenario
	// at is where the word begins that was taken last, in bytes of the line: an error
	// is about that one. end is where the last word ends.
	at, end int
}

func newReader(words []word, sc *Scenario) *reader {
	r := &reader{words: words, sc: sc}
	if len(words) > 0 {
		r.at, r.end = words[0].at, words[len(words)-1].end
	}
	return r
}

func (r *reader) empty() bool { return len(r.words) == 0 }

// peek is the next word's text, "" at the end.
func (r *reader) peek() string {
	if r.empty() {
		return ""
	}
	return r.words[0].text
}

// next takes one word; the error says that what was expected is missing.
func (r *reader) next(expected string) (string, error) {
	if r.empty() {
		r.at = r.end
		return "", fmt.Errorf("the line ends too early: expected %s", expected)
	}
	w := r.words[0]
	r.words, r.at = r.words[1:], w.at
	return w.text, nil
}

// take takes the next word if it is that one.
func (r *reader) take(text string) bool {
	if r.empty() || r.words[0].literal || r.words[0].text != text {
		return false
	}
	r.at, r.words = r.words[0].at, r.words[1:]
	return true
}

// end is an error when words are left over.
func (r *reader) atEnd() error {
	if r.empty() {
		return nil
	}
	r.at = r.words[0].at
	return fmt.Errorf("unexpected %s: expected the end of the line", quote(r.peek()))
}

// choice takes one word, which must be one of the valid ones.
func (r *reader) choice(kind string, valid ...string) (string, error) {
	if r.empty() {
		return r.next(oneOf(valid))
	}
	text, _ := r.next("")
	if !slices.Contains(valid, text) {
		return "", unknown(kind, text, valid)
	}
	return text, nil
}

// value takes one word and parses it.
func value[T any](r *reader, expected string, parse func(string) (T, error)) (T, error) {
	text, err := r.next(expected)
	if err != nil {
		var none T
		return none, err
	}
	return parse(text)
}

// text takes one word that may be anything but empty.
func (r *reader) text(expected string) (string, error) {
	text, err := r.next(expected)
	if err == nil && text == "" {
		err = fmt.Errorf("expected %s, found an empty word", expected)
	}
	return text, err
}
