package session

import (
	"strconv"
	"unicode/utf8"
)

// AppendJSON appends the frame as JSON: what encoding/json would write, but that a list
// without elements is always [].
func (f *Frame) AppendJSON(b []byte) []byte {
	e := &encoder{b}
	f.encode(e)
	return e.b
}

// encoder writes JSON. Keys come with all that stands before their values.
type encoder struct{ b []byte }

func (e *encoder) key(key string) { e.b = append(e.b, key...) }

func (e *encoder) end(bracket byte) { e.b = append(e.b, bracket) }

func (e *encoder) list(key string) {
	e.key(key)
	e.b = append(e.b, '[')
}

// next comes before element i of a list.
func (e *encoder) next(i int) {
	if i > 0 {
		e.b = append(e.b, ',')
	}
}

func (e *encoder) int(key string, n int64) {
	e.key(key)
	e.b = strconv.AppendInt(e.b, n, 10)
}

// quoted writes a number as a string.
func (e *encoder) quoted(key string, n uint64) {
	e.key(key)
	e.b = append(e.b, '"')
	e.b = strconv.AppendUint(e.b, n, 10)
	e.b = append(e.b, '"')
}

func (e *encoder) bool(key string, is bool) {
	e.key(key)
	e.b = strconv.AppendBool(e.b, is)
}

func (e *encoder) string(key, s string) {
	e.key(key)
	e.text(s)
}

// optional writes a string unless it is empty.
func (e *encoder) optional(key, s string) {
	if s != "" {
		e.string(key, s)
	}
}

func (e *encoder) strings(key string, list []string) {
	e.list(key)
	for i, s := range list {
		e.next(i)
		e.text(s)
	}
	e.end(']')
}

func (e *encoder) ints(key string, list []int) {
	e.list(key)
	for i, n := range list {
		e.next(i)
		e.int("", int64(n))
	}
	e.end(']')
}

// text writes a string in quotes. What is not UTF-8 becomes the replacement character.
func (e *encoder) text(s string) {
	e.b = append(e.b, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\' {
			i++
			continue
		}
		size := 1
		if c >= utf8.RuneSelf {
			var r rune
			if r, size = utf8.DecodeRuneInString(s[i:]); r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
		}
		e.b = append(e.b, s[from:i]...)
		e.escape(c)
		i += size
		from = i
	}
	e.b = append(e.b, s[from:]...)
	e.b = append(e.b, '"')
}

func (e *encoder) escape(c byte) {
	const digits = "0123456789abcdef"
	switch {
	case c == '"' || c == '\\':
		e.b = append(e.b, '\\', c)
	case c == '\n':
		e.b = append(e.b, '\\', 'n')
	case c >= utf8.RuneSelf:
		e.b = append(e.b, "�"...)
	default:
		e.b = append(e.b, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
	}
}
