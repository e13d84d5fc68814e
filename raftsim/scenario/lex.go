package scenario

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is one word of a line.
type word struct {
	text string
	// at is where it begins in its line, in bytes, and end where it ends.
	at, end int
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
			return slices.Clip(words), rest, nil
		}
		if words == nil {
			words = make([]word, 0, 8)
		}
		at := len(line) - len(rest)
		var w word
		if w, rest, err = cutWord(rest); err != nil {
			return nil, "", &located{at, err}
		}
		w.at, w.end = at, len(line)-len(rest)
		words = append(words, w)
	}
}

// cutWord takes the word at the beginning of s.
func cutWord(s string) (w word, rest string, err error) {
	if end := strings.IndexAny(s, " \t'\"\\"); end < 0 || end > 0 && (s[end] == ' ' || s[end] == '\t') {
		if end < 0 {
			end = len(s)
		}
		return word{text: s[:end]}, s[end:], nil
	}
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

// checkText refuses what no scenario may contain.
func checkText(line string) error {
	if !utf8.ValidString(line) {
		at := 0
		for r, size := utf8.DecodeRuneInString(line); r != utf8.RuneError || size != 1; r, size = utf8.DecodeRuneInString(line[at:]) {
			at += size
		}
		return &located{at, errors.New(`not UTF-8: save the file as UTF-8, and write other bytes as "\xff" in double quotes`)}
	}
	for i, r := range line {
		if unicode.IsControl(r) && r != '\t' {
			return &located{i, fmt.Errorf("control character %q: write it as an escape in double quotes", r)}
		}
	}
	return nil
}
