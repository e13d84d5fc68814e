package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/castaway-kv/castaway/linearize"
)

// Sizes in pixels.
const (
	margin    = 70 // for the names of clients
	step      = 21 // from a stamp to the next, more if there are few
	mostStep  = 120
	perRow    = 48 // stamps in a row of the picture
	laneHigh  = 24
	barHigh   = 18
	bandHigh  = 18 // for the names of faults
	rowGap    = 26
	charWide  = 7
	width     = margin + step*(perRow+1) + 10
	minLabels = 3 // characters that are worth showing
)

// style is readable in light and dark; what it says by colour is also said by
// outline, dashes or a sign.
const style = `
.h{--bg:#fff;--ink:#1b1f24;--soft:#667080;--line:#dde2e8;--bar:#cfe3fb;--edge:#3b78c2;--open:#f3ead2;--openedge:#a07a1f;--core:#ffd6d3;--coreedge:#c1121f;--band:#7a4fbf22;--bandink:#6a3fb0;--dot:#1b1f24;font:11px ui-monospace,Menlo,Consolas,monospace}
@media(prefers-color-scheme:dark){.h{--bg:#12161c;--ink:#e6eaf0;--soft:#98a3b3;--line:#2a323d;--bar:#1d3a5c;--edge:#6fa8e8;--open:#3d3218;--openedge:#d8b04d;--core:#5a1a1e;--coreedge:#ff6b70;--band:#a682ff30;--bandink:#c0a8ff;--dot:#e6eaf0}}
.h .bg{fill:var(--bg)}.h text{fill:var(--ink)}.h .name,.h .stamp{fill:var(--soft)}.h .stamp{font-size:9px}.h .lane{stroke:var(--line)}
.h .bar{fill:var(--bar);stroke:var(--edge)}.h .open{fill:var(--open);stroke:var(--openedge);stroke-dasharray:3 2}
.h .core{fill:var(--core);stroke:var(--coreedge);stroke-width:2.5}.h .dim{opacity:.65}.h .band{fill:var(--band)}.h .fault{fill:var(--bandink)}
.h .dot{fill:var(--dot)}.h .refused{fill:none;stroke:var(--soft);stroke-dasharray:1 3}
`

// SVG draws the picture: rows of lanes, one for each client, time from left to
// right and from row to row. A dot with a number is the place in the order of
// effect; a dashed bar without an end has no answer; the operations of a
// contradiction stand out. It returns the first error of out.
func (p *Picture) SVG(out io.Writer) error {
	l := p.layout()
	var b bytes.Buffer
	rows := max(1, (len(l.stamps)+perRow-1)/perRow)
	y := 8
	var body bytes.Buffer
	for row := range rows {
		y = l.row(&body, row, y)
	}
	if l.leftOut > 0 {
		fmt.Fprintf(&body, `<text x="%d" y="%d" class="name">%d operations are not drawn</text>`, margin, y+4, l.leftOut)
		y += 16
	}
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" class="h" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-label="%s">`,
		width, y, width, y, escape(l.summary()))
	fmt.Fprintf(&b, "<style>%s</style><rect class=\"bg\" width=\"%d\" height=\"%d\"/>\n", style, width, y)
	b.Write(body.Bytes())
	b.WriteString("</svg>\n")
	_, err := out.Write(b.Bytes())
	return err
}

func (l *layout) summary() string {
	return fmt.Sprintf("history of %d operations of %d clients", len(l.bars)+l.leftOut, len(l.clients))
}

// row draws the stamps of one row and returns where the next begins.
func (l *layout) row(b *bytes.Buffer, row, y int) int {
	first, last := row*perRow, min((row+1)*perRow, len(l.stamps))
	here := l.lanes(first, last)
	top := y
	if len(l.bands) > 0 {
		top += bandHigh
	}
	high := laneHigh * len(here)
	for _, band := range l.bands {
		from, to := max(l.rank(band.From), first), min(l.rank(band.To)+1, last)
		if from < to {
			fmt.Fprintf(b, `<rect class="band" x="%d" y="%d" width="%d" height="%d"/><text class="fault" x="%d" y="%d">%s</text>`+"\n",
				l.x(from-first), y, l.step*(to-from), high+top-y, l.x(from-first)+3, y+12, escape(cut(band.Label, l.step*(to-from)/charWide)))
		}
	}
	for n, client := range here {
		middle := top + laneHigh*n + laneHigh/2
		fmt.Fprintf(b, `<text class="name" x="6" y="%d">%s</text><line class="lane" x1="%d" x2="%d" y1="%d" y2="%d"/>`+"\n",
			middle+4, escape(cut(client, 9)), margin, l.x(max(1, last-first)), middle, middle)
		l.lane(b, client, first, last, middle)
	}
	if first < len(l.stamps) {
		fmt.Fprintf(b, `<text class="stamp" x="%d" y="%d">%d</text>`+"\n", margin, top+high+10, l.stamps[first])
	}
	return top + high + rowGap
}

// x of a rank in its row.
func (l *layout) x(rank int) int { return margin + l.step*rank }

// lanes are the clients that have something to show in a row; all, in a short
// history.
func (l *layout) lanes(first, last int) []string {
	if len(l.stamps) <= perRow {
		return l.clients
	}
	return slices.DeleteFunc(slices.Clone(l.clients), func(client string) bool {
		return !slices.ContainsFunc(l.bars, func(d drawn) bool { return d.Client == client && d.shows(first, last) })
	})
}

// shows says whether a bar is seen in a row: one without an answer only in its
// first.
func (d *drawn) shows(first, last int) bool {
	if d.open {
		return d.from >= first && d.from < last
	}
	return d.from < last && d.to >= first
}

// lane draws a client's bars.
func (l *layout) lane(b *bytes.Buffer, client string, first, last, middle int) {
	var here []*drawn
	for i := range l.bars {
		if d := &l.bars[i]; d.Client == client && d.shows(first, last) {
			here = append(here, d)
		}
	}
	for n, d := range here {
		free := last
		if n+1 < len(here) {
			free = here[n+1].from
		}
		l.bar(b, d, first, last, max(free, d.from+1), middle)
	}
}

// bar draws one bar; its words may go on to free.
func (l *layout) bar(b *bytes.Buffer, d *drawn, first, last, free, middle int) {
	from, to := max(d.from, first), min(d.to, last)
	if d.open {
		to = min(free, last)
	}
	left, wide := l.x(from-first)+1, max(l.step*(to-from), l.step/2)-2
	class := "bar"
	switch d.Outcome {
	case linearize.Unknown:
		class = "open"
	case linearize.Refused:
		class = "refused"
	case linearize.Answered:
	}
	if d.core {
		class += " core"
	}
	group := ""
	if l.violation && !d.core {
		group = ` class="dim"`
	}
	fmt.Fprintf(b, `<g%s><title>%s</title><rect class="%s" x="%d" y="%d" width="%d" height="%d" rx="3"/>`,
		group, escape(d.title()), class, left, middle-barHigh/2, wide, barHigh)
	room := (l.x(min(free, last)-first) - left - 4) / charWide
	label := cut(d.label(d.from < first), room)
	if utf8.RuneCountInString(label) >= minLabels {
		fmt.Fprintf(b, `<text x="%d" y="%d">%s</text>`, left+3, middle+4, escape(label))
	}
	if d.effect > 0 && d.at >= first && d.at < last {
		fmt.Fprintf(b, `<circle class="dot" cx="%d" cy="%d" r="2"/>`, l.x(d.at-first)+2, middle-barHigh/2)
	}
	b.WriteString("</g>\n")
}

// label is the place in the order of effect and the words; of a bar that goes on
// from the row before, dots.
func (d *drawn) label(goesOn bool) string {
	sign := ""
	if d.core {
		sign = "✗ "
	}
	if goesOn {
		return sign + "…" + d.Words
	}
	if d.effect > 0 {
		return fmt.Sprintf("%s%d·%s", sign, d.effect, d.Words)
	}
	return sign + d.Words
}

func (d *drawn) title() string {
	until := fmt.Sprintf("%d to %d", d.Call, d.Return)
	if d.open {
		until = fmt.Sprintf("%d on, without an answer", d.Call)
	}
	effect := ""
	if d.effect > 0 {
		effect = fmt.Sprintf("\nplace %d in the order of effect", d.effect)
	}
	return fmt.Sprintf("operation %d of client %s, %s\n%s%s", d.Op, d.Client, until, d.Words, effect)
}

// cut shortens words to a number of characters.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	if n <= 1 {
		return ""
	}
	return string([]rune(s)[:n-1]) + "…"
}

var escapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")

// escape makes text of anything: a history may hold what it likes.
func escape(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return '\uFFFD'
		}
		return r
	}, s)
	return escapes.Replace(s)
}
