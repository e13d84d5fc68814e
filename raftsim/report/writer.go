package report

import (
	"fmt"
	"io"
	"strings"
)

// writer writes markup. Only formats are markup: whatever is put into them is text, and
// escaped, so that nothing which a run says can become part of the page.
type writer struct {
	text strings.Builder
}

// put writes a format, which must be a constant, with its arguments: numbers, or text.
func (w *writer) put(format string, args ...any) {
	for i, a := range args {
		switch a := a.(type) {
		case int, int64, uint64:
		case string:
			args[i] = escape(a)
		default:
			args[i] = escape(fmt.Sprint(a))
		}
	}
	fmt.Fprintf(&w.text, format, args...)
}

// nest writes what another writer has written.
func (w *writer) nest(inner *writer) { w.text.WriteString(inner.text.String()) }

func (w *writer) writeTo(out io.Writer) error {
	_, err := io.WriteString(out, w.text.String())
	return err
}

var escapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;")

// escape makes text of anything, also between quotes. What no document may hold becomes
// the replacement character.
func escape(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r < ' ' && r != '\n' && r != '\t', r == 0xFFFE, r == 0xFFFF, r >= 0x7F && r <= 0x9F:
			return '\uFFFD'
		case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069: // they turn what follows around
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return escapes.Replace(s)
}

// clip shortens text to a number of characters.
func clip(s string, n int) string {
	k := 0
	for i := range s {
		if k++; k > n {
			return s[:i] + "…"
		}
	}
	return s
}
