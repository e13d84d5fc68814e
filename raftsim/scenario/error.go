package scenario

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Error is why a text is no scenario.
type Error struct {
	// Line to blame, from 1, and Column in it, in characters from 1; each is 0 if no
	// place is to blame.
	Line, Column int
	// Text is one line: what was found, what was expected, what to do.
	Text string
}

func (e *Error) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Text)
}

// located is an error with the byte of its line that is to blame.
type located struct {
	at int
	error
}

func (e *located) Unwrap() error { return e.error }

// columnOf is the column of a byte in a line.
func columnOf(line string, at int) int { return utf8.RuneCountInString(line[:min(at, len(line))]) + 1 }

// quote is s in quotes for an error text, shortened if long.
func quote(s string) string {
	const most = 40
	if len(s) <= most {
		return strconv.Quote(s)
	}
	end := most
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return strconv.Quote(s[:end]) + "…"
}

// unknown is the error for a word that is none of the valid ones.
func unknown(kind, found string, valid []string) error {
	if near := nearest(found, valid); near != "" {
		return fmt.Errorf("unknown %s %s: did you mean %q?", kind, quote(found), near)
	}
	return fmt.Errorf("unknown %s %s: expected %s", kind, quote(found), oneOf(valid))
}

// oneOf is a list of words in a sentence: "a, b or c".
func oneOf(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// nearest is the valid word that found was probably meant to be, or "".
func nearest(found string, valid []string) string {
	const longest = 32
	if len(found) > longest {
		return ""
	}
	best, bestDistance := "", 0
	for _, word := range valid {
		if most := max(1, len(word)/3); len(word)-len(found) > most || len(found)-len(word) > most {
			continue
		}
		d := distance(strings.ToLower(found), strings.ToLower(word))
		if d <= max(1, len(word)/3) && (best == "" || d < bestDistance) {
			best, bestDistance = word, d
		}
	}
	return best
}

// distance is the number of letters to insert, delete, replace or swap with a
// neighbour that makes a of b (optimal string alignment).
func distance(a, b string) int {
	previous, above := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range above {
		above[j] = j
	}
	for i := range len(a) {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			row[j+1] = min(above[j+1], row[j]) + 1
			if a[i] == b[j] {
				row[j+1] = min(row[j+1], above[j])
			} else {
				row[j+1] = min(row[j+1], above[j]+1)
			}
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], previous[j-1]+1)
			}
		}
		previous, above = above, row
	}
	return above[len(b)]
}

// placeOf is the byte that err is about, at unless it knows better.
func placeOf(err error, at int) int {
	if place := (*located)(nil); errors.As(err, &place) {
		return place.at
	}
	return at
}

// unplaced is err without its place, which was in a text inside of the line.
func unplaced(err error) error {
	if err == nil {
		return nil
	}
	return errors.New(err.Error())
}
