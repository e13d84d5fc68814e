package history

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ednReader reads values of EDN (github.com/edn-format/edn): what Jepsen prints.
// Values become nil, bool, int64, string, Keyword, []any or map[string]any; a
// number that is no int64, a symbol and a character become their text; a set is
// a list; a tag is dropped and its value kept; a map's keys become their text.
type ednReader struct {
	in   *bufio.Reader
	line int
	// size of the value being read, in bytes.
	size int
	// inVector says that the file is one vector, whose elements are the values.
	inVector, started bool
}

// Keyword is EDN's :name, without the colon.
type Keyword string

func newEDN(in *bufio.Reader) *ednReader { return &ednReader{in: in, line: 1} }

// errClosed: a bracket closes what is being read.
var errClosed = errors.New("closing bracket")

// next is the file's next value and its first line; io.EOF at the end.
func (r *ednReader) next() (any, int, error) {
	for {
		r.size = 0
		c, err := r.skip()
		if err != nil {
			if errors.Is(err, io.EOF) && r.inVector {
				err = errorAt(r.line, "the file ends within its vector: it was cut off")
			}
			return nil, r.line, err
		}
		if !r.started {
			r.started = true
			if c == '[' || c == '(' {
				r.inVector = true
				continue
			}
		}
		line := r.line
		if r.inVector && (c == ']' || c == ')') {
			r.inVector = false
			continue
		}
		v, err := r.value(c, 0)
		if errors.Is(err, errSkipped) {
			continue
		}
		if errors.Is(err, errClosed) {
			err = errorAt(line, "a closing bracket without an opening one")
		}
		if errors.Is(err, io.EOF) {
			err = errorAt(line, "the file ends within a value: it was cut off")
		}
		return v, line, err
	}
}

// errSkipped: the value was discarded by #_.
var errSkipped = errors.New("skipped")

func (r *ednReader) read() (byte, error) {
	c, err := r.in.ReadByte()
	if err != nil {
		return 0, err
	}
	if r.size++; r.size > MaxLine {
		return 0, errorAt(r.line, "a value of more than %d bytes", MaxLine)
	}
	if c == '\n' {
		r.line++
	}
	return c, nil
}

func (r *ednReader) unread(c byte) {
	r.in.UnreadByte() //nolint:errcheck // a byte was just read
	r.size--
	if c == '\n' {
		r.line--
	}
}

// skip returns the next byte that is no blank, comma or comment.
func (r *ednReader) skip() (byte, error) {
	for {
		c, err := r.read()
		if err != nil {
			return 0, err
		}
		switch {
		case c == ';':
			for c != '\n' {
				if c, err = r.read(); err != nil {
					return 0, err
				}
			}
		case c != ',' && !blank(c):
			return c, nil
		}
	}
}

func blank(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }

// value reads a value that begins with c.
func (r *ednReader) value(c byte, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errorAt(r.line, "values nested more than %d deep", maxDepth)
	}
	switch c {
	case '[':
		return r.list(']', depth)
	case '(':
		return r.list(')', depth)
	case '{':
		return r.mapping(depth)
	case ']', ')', '}':
		r.unread(c)
		return nil, errClosed
	case '"':
		return r.text()
	case '#':
		return r.dispatch(depth)
	case '\\':
		return r.token("")
	}
	return r.atom(c)
}

// list reads up to a closing bracket.
func (r *ednReader) list(end byte, depth int) ([]any, error) {
	list := []any{}
	for {
		c, err := r.skip()
		if err != nil {
			return nil, err
		}
		if c == end {
			return list, nil
		}
		v, err := r.value(c, depth+1)
		switch {
		case errors.Is(err, errSkipped):
			continue
		case errors.Is(err, errClosed):
			return nil, errorAt(r.line, "%q where %q was expected", c, end)
		case err != nil:
			return nil, err
		}
		list = append(list, v)
	}
}

func (r *ednReader) mapping(depth int) (any, error) {
	list, err := r.list('}', depth)
	if err != nil {
		return nil, err
	}
	if len(list)%2 != 0 {
		return nil, errorAt(r.line, "a map with a key but no value")
	}
	m := make(map[string]any, len(list)/2)
	for i := 0; i < len(list); i += 2 {
		m[Text(list[i])] = list[i+1]
	}
	return m, nil
}

// dispatch reads what begins with #: a set, a value to discard, or a tagged one.
func (r *ednReader) dispatch(depth int) (any, error) {
	c, err := r.read()
	if err != nil {
		return nil, err
	}
	if c == '{' {
		return r.list('}', depth)
	}
	discard := c == '_'
	if c == '#' { // ##Inf, ##NaN
		return r.token("##")
	}
	if !discard {
		if _, err := r.token(string(c)); err != nil {
			return nil, err
		}
	}
	if c, err = r.skip(); err != nil {
		return nil, err
	}
	v, err := r.value(c, depth+1)
	if err == nil && discard {
		return nil, errSkipped
	}
	return v, err
}

// token reads on to the end of a symbol.
func (r *ednReader) token(start string) (string, error) {
	var b strings.Builder
	b.WriteString(start)
	for {
		c, err := r.read()
		if errors.Is(err, io.EOF) && b.Len() > 0 {
			return b.String(), nil
		}
		if err != nil {
			return "", err
		}
		if blank(c) || strings.IndexByte(`,;"()[]{}`, c) >= 0 {
			r.unread(c)
			return b.String(), nil
		}
		b.WriteByte(c)
	}
}

func (r *ednReader) atom(c byte) (any, error) {
	t, err := r.token(string([]byte{c}))
	if err != nil {
		return nil, err
	}
	switch t {
	case "nil":
		return nil, nil
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	if c == ':' {
		return Keyword(t[1:]), nil
	}
	if n, err := strconv.ParseInt(strings.TrimSuffix(t, "N"), 10, 64); err == nil {
		return n, nil
	}
	if !utf8.ValidString(t) {
		return nil, errorAt(r.line, "%q is no value", t)
	}
	return t, nil
}

// text reads a string after its opening quote.
func (r *ednReader) text() (any, error) {
	var b strings.Builder
	for {
		c, err := r.read()
		if err != nil {
			return nil, err
		}
		switch c {
		case '"':
			return b.String(), nil
		case '\\':
			if err := r.escape(&b); err != nil {
				return nil, err
			}
		default:
			b.WriteByte(c)
		}
	}
}

func (r *ednReader) escape(b *strings.Builder) error {
	c, err := r.read()
	if err != nil {
		return err
	}
	switch c {
	case 'n':
		b.WriteByte('\n')
	case 't':
		b.WriteByte('\t')
	case 'r':
		b.WriteByte('\r')
	case '"', '\\':
		b.WriteByte(c)
	case 'u':
		var hex [4]byte
		for i := range hex {
			if hex[i], err = r.read(); err != nil {
				return err
			}
		}
		n, err := strconv.ParseUint(string(hex[:]), 16, 16)
		if err != nil {
			return errorAt(r.line, `\u%q is no character`, hex)
		}
		b.WriteRune(rune(n))
	default:
		return errorAt(r.line, `unknown escape \%c in a string`, c)
	}
	return nil
}

// Text is a value as text: a string and a keyword as they are, other values as
// JSON would have them, maps in the order of their keys.
func Text(v any) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case string:
		return v
	case Keyword:
		return string(v)
	case []any:
		words := make([]string, len(v))
		for i, e := range v {
			words[i] = Text(e)
		}
		return "[" + strings.Join(words, " ") + "]"
	case map[string]any:
		return mapText(v)
	}
	return fmt.Sprint(v)
}
