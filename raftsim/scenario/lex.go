package scenario

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is one word of a line.
type word struct {
	text string
	// literal says that it begins with a quote or a backslash: such a word is
	// never an option.
	literal bool
}

// split cuts a line into its words and the comment at its end, which begins
// with # if there is one.
//
// Words are apart by blanks. Single quotes take everything as it stands; double
// quotes take the escapes of Go (\n, \", \xff, …); a backslash outside of
// quotes takes the next character as it stands.
func split(line string) (words []word, comment string, err error) {
	for rest := line; ; {
		rest = strings.TrimLeft(rest, " \t")
		if rest == "" || rest[0] == '#' {
			return words, rest, nil
		}
		var w word
		if w, rest, err = cutWord(rest); err != nil {
			return nil, "", err
		}
		words = append(words, w)
	}
}

// cutWord takes the word at the beginning of s.
func cutWord(s string) (w word, rest string, err error) {
	var text strings.Builder
	w.literal = strings.IndexByte(`'"\`, s[0]) >= 0
	for s != "" && s[0] != ' ' && s[0] != '\t' {
		var piece string
		if piece, s, err = cutPiece(s); err != nil {
			return word{}, "", err
		}
		text.WriteString(piece)
	}
	w.text = text.String()
	return w, s, nil
}

// cutPiece takes one quoted or unquoted piece of a word.
func cutPiece(s string) (piece, rest string, err error) {
	switch s[0] {
	case '\'':
		piece, rest, closed := strings.Cut(s[1:], "'")
		if !closed {
			return "", "", fmt.Errorf("the quote %s is never closed", quote(s))
		}
		return piece, rest, nil
	case '"':
		quoted, err := strconv.QuotedPrefix(s)
		if err != nil {
			return "", "", fmt.Errorf("the quote %s is never closed, or an escape in it is none of Go's", quote(s))
		}
		piece, err := strconv.Unquote(quoted)
		return piece, s[len(quoted):], err
	case '\\':
		_, size := utf8.DecodeRuneInString(s[1:])
		if size == 0 {
			return "", "", errors.New(`the line ends in a backslash: expected a character after it`)
		}
		return s[1 : 1+size], s[1+size:], nil
	default:
		end := strings.IndexAny(s, " \t'\"\\")
		if end < 0 {
			end = len(s)
		}
		return s[:end], s[end:], nil
	}
}

// spell is text as a word that split reads back.
func spell(text string) string {
	plain := text != "" && text[0] != '#' && text[0] != '-' && utf8.ValidString(text) &&
		!strings.ContainsAny(text, "'\"\\") && !strings.ContainsFunc(text, isOdd)
	switch {
	case plain:
		return text
	case strings.ContainsFunc(text, isUnspeakable) || strings.Contains(text, "'") || !utf8.ValidString(text):
		return strconv.Quote(text)
	default:
		return "'" + text + "'"
	}
}

func isOdd(r rune) bool { return unicode.IsSpace(r) || isUnspeakable(r) }

func isUnspeakable(r rune) bool { return r != ' ' && !unicode.IsGraphic(r) }

// checkText refuses what no scenario may contain.
func checkText(line string) error {
	if !utf8.ValidString(line) {
		return errors.New(`not UTF-8: save the file as UTF-8, and write other bytes as "\xff" in double quotes`)
	}
	for _, r := range line {
		if unicode.IsControl(r) && r != '\t' {
			return fmt.Errorf("control character %q: write it as an escape in double quotes", r)
		}
	}
	return nil
}

// reader hands out the words of a statement.
type reader struct {
	words []word
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
		return "", fmt.Errorf("the line ends too early: expected %s", expected)
	}
	text := r.words[0].text
	r.words = r.words[1:]
	return text, nil
}

// end is an error when words are left over.
func (r *reader) end() error {
	if r.empty() {
		return nil
	}
	return fmt.Errorf("unexpected %s: expected the end of the line", quote(r.peek()))
}

// choice takes one word, which must be one of the valid ones.
func (r *reader) choice(kind string, valid ...string) (string, error) {
	text, err := r.next(oneOf(valid))
	if err != nil {
		return "", err
	}
	for _, v := range valid {
		if text == v {
			return text, nil
		}
	}
	return "", unknown(kind, text, valid)
}

// pairs takes the rest of the line as pairs of a name and a value, each name at
// most once, and gives them to set.
func (r *reader) pairs(kind string, names []string, set func(name, value string) error) error {
	seen := map[string]bool{}
	for !r.empty() {
		name, err := r.choice(kind, names...)
		if err != nil {
			return err
		}
		if seen[name] {
			return fmt.Errorf("%s is given twice", name)
		}
		seen[name] = true
		value, err := r.next("a value after " + name)
		if err != nil {
			return err
		}
		if err := set(name, value); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
