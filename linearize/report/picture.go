// Package report draws histories: bars per client, the order of effect, a
// contradiction, faults as bands, as SVG that stays readable at a thousand
// operations; and makes a page of a verdict.
package report

import (
	"cmp"
	"slices"

	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/linearize/history"
)

// Bar is an operation to draw.
type Bar struct {
	// Op is its number in the history.
	Op int
	// Client that asked, by name.
	Client       string
	Call, Return int64
	Outcome      linearize.Outcome
	// Words are what was asked and seen.
	Words string
}

// Picture is a history to draw.
type Picture struct {
	Bars  []Bar
	Bands []history.Band
	// Order of effect, as numbers of operations; of a violation, as far as it got.
	Order []int
	// Core are the operations that contradict each other.
	Core []int
}

// most is the number of operations that are drawn; of longer histories it is
// those around the core, or the first ones.
const most = 1000

// around is how many operations are drawn before and after each of a core.
const around = 60

// drawn is a bar with its place in the picture.
type drawn struct {
	Bar
	// from and to are the ranks of its call and return among all stamps; an open
	// bar has no return.
	from, to int
	open     bool
	core     bool
	// effect is the place in the order of effect, from 1; 0 for none. at is the
	// rank after which it takes effect.
	effect, at int
}

// layout is a picture with time counted in ranks: what happens between two
// stamps in a row takes one step, however long it took.
type layout struct {
	bars []drawn
	// clients in the order of their lanes.
	clients []string
	stamps  []int64
	bands   []history.Band
	// left out are the operations that are not drawn.
	leftOut   int
	violation bool
	// step is how many pixels a rank has.
	step int
}

func (p *Picture) layout() *layout {
	l := &layout{violation: len(p.Core) > 0}
	bars := p.chosen()
	l.leftOut = len(p.Bars) - len(bars)
	for _, b := range bars {
		l.stamps = append(l.stamps, b.Call)
		if b.Outcome != linearize.Unknown {
			l.stamps = append(l.stamps, b.Return)
		}
		if !slices.Contains(l.clients, b.Client) {
			l.clients = append(l.clients, b.Client)
		}
	}
	slices.Sort(l.stamps)
	l.stamps = slices.Compact(l.stamps)
	l.step = max(step, min(mostStep, step*perRow/(len(l.stamps)+1)))
	slices.SortStableFunc(l.clients, compareNames)
	for _, b := range bars {
		d := drawn{Bar: b, from: l.rank(b.Call), core: slices.Contains(p.Core, b.Op), open: b.Outcome == linearize.Unknown}
		d.to = len(l.stamps)
		if !d.open {
			d.to = l.rank(b.Return)
		}
		l.bars = append(l.bars, d)
	}
	l.place(p.Order)
	for _, b := range p.Bands {
		if len(l.stamps) > 0 && b.To >= l.stamps[0] && b.From <= l.stamps[len(l.stamps)-1] {
			l.bands = append(l.bands, b)
		}
	}
	return l
}

// chosen are the bars to draw, by call.
func (p *Picture) chosen() []Bar {
	bars := slices.Clone(p.Bars)
	slices.SortStableFunc(bars, func(a, b Bar) int { return cmp.Compare(a.Call, b.Call) })
	if len(bars) <= most {
		return bars
	}
	if len(p.Core) == 0 {
		return bars[:most]
	}
	keep := make([]bool, len(bars))
	for i, b := range bars {
		if slices.Contains(p.Core, b.Op) {
			for k := max(0, i-around); k < min(len(bars), i+around); k++ {
				keep[k] = true
			}
		}
	}
	var some []Bar
	for i, b := range bars {
		if keep[i] && len(some) < most {
			some = append(some, b)
		}
	}
	return some
}

// place gives bars their places in the order of effect: each takes effect as
// soon as those before it have, and it was called.
func (l *layout) place(order []int) {
	byOp := make(map[int]*drawn, len(l.bars))
	for i := range l.bars {
		byOp[l.bars[i].Op] = &l.bars[i]
	}
	at := 0
	for n, op := range order {
		if d := byOp[op]; d != nil {
			at = max(at, d.from)
			d.effect, d.at = n+1, at
		}
	}
}

// rank is the number of stamps before one.
func (l *layout) rank(stamp int64) int {
	n, _ := slices.BinarySearch(l.stamps, stamp)
	return n
}

// compareNames orders names that are numbers by these.
func compareNames(a, b string) int {
	return cmp.Or(cmp.Compare(len(digits(a)), len(digits(b))), cmp.Compare(a, b))
}

func digits(s string) string {
	for _, r := range s {
		if r < '0' || r > '9' {
			return ""
		}
	}
	return s
}
