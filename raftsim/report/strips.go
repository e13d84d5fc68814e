package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// Limits on what is drawn.
const (
	maxStrips   = 30
	maxCloseUps = 6
	// maxDrawn is how many messages are drawn, maxBars how many operations.
	maxDrawn = 12_000
	maxBars  = 3_000
)

// strip is a span of time that is drawn.
type strip struct {
	from, to raftsim.Time
	// title says what is to be seen in a close-up; conflict that it is a contradiction.
	title    string
	conflict bool
}

// spansOfStrips are how much time a strip may show, the shortest first.
var spansOfStrips = []raftsim.Time{
	20 * raftsim.Millisecond, 50 * raftsim.Millisecond, 100 * raftsim.Millisecond, 200 * raftsim.Millisecond,
	300 * raftsim.Millisecond, 500 * raftsim.Millisecond, raftsim.Second, 2 * raftsim.Second,
}

// strips cut a run into pieces to draw; if there are too many, those in which the most
// happens, and leftOut is how many those are that are missing.
func (p *picture) strips() (list []strip, leftOut int) {
	size := spansOfStrips[len(spansOfStrips)-1]
	for _, s := range spansOfStrips {
		if s*maxStrips >= p.end {
			size = s
			break
		}
	}
	for from := raftsim.Time(0); from < p.end || from == 0; from += size {
		if s := (strip{from: from, to: from + size}); from == 0 || !p.quiet(s) {
			list = append(list, s)
		}
	}
	if len(list) <= maxStrips {
		return list, 0
	}
	leftOut = len(list) - maxStrips
	score := p.scores(list)
	numbers := make([]int, len(list))
	for i := range numbers {
		numbers[i] = i
	}
	slices.SortStableFunc(numbers, func(a, b int) int { return cmp.Compare(score[b], score[a]) })
	numbers = numbers[:maxStrips]
	slices.Sort(numbers)
	var kept []strip
	for _, i := range numbers {
		kept = append(kept, list[i])
	}
	return kept, leftOut
}

// quiet says whether nothing begins or ends in a strip but messages.
func (p *picture) quiet(s strip) bool {
	here := func(t raftsim.Time) bool { return t >= s.from && t < s.to }
	return !slices.ContainsFunc(p.marks, func(m mark) bool { return here(m.at) }) &&
		!slices.ContainsFunc(p.bars, func(b bar) bool { return here(b.from) || here(b.to) }) &&
		!slices.ContainsFunc(p.spans, func(x span) bool { return here(x.from) }) &&
		!slices.ContainsFunc(p.bands, func(x band) bool { return here(x.from) || here(x.to) })
}

// scores are how much each of some strips is worth seeing.
func (p *picture) scores(list []strip) []int {
	score := make([]int, len(list))
	add := func(t raftsim.Time, n int) {
		i, _ := slices.BinarySearchFunc(list, t, func(s strip, t raftsim.Time) int { return cmp.Compare(s.to, t+1) })
		score[min(i, len(list)-1)] += n
	}
	for _, m := range p.marks {
		add(m.at, m.score)
	}
	for i := range p.bars {
		b := &p.bars[i]
		add(b.from, 1)
		if b.conflict {
			add(b.from, 5000)
			add(b.to, 5000)
		}
	}
	return score
}

// closeUps are short spans around what is worth a closer look: moments with a name, what
// broke, and the first elections.
func (p *picture) closeUps() []strip {
	const size = 40 * raftsim.Millisecond
	list := p.contradiction()
	add := func(at, before raftsim.Time, title string) {
		if k := len(list); k < maxCloseUps && (k == 0 || list[k-1].to < at || list[k-1].conflict) {
			from := max(0, at-before)
			from -= from % raftsim.Millisecond
			list = append(list, strip{from: from, to: from + size, title: title})
		}
	}
	for _, m := range p.marks {
		switch {
		case m.kind == raftsim.PropertyBroken, m.kind == raftsim.RoleChanged && len(list) < maxCloseUps-1:
			add(m.at, size*3/4, m.text)
		case m.named && len(list) < maxCloseUps-1:
			add(m.at, size/4, m.text)
		}
	}
	return list
}

// contradiction is the span of the operations that contradict each other, if there are any
// and it is not too long to see something.
func (p *picture) contradiction() []strip {
	const most = 2 * raftsim.Second
	s := strip{from: p.end, title: "the operations that contradict each other", conflict: true}
	for i := range p.bars {
		if b := &p.bars[i]; b.conflict {
			s.from, s.to = min(s.from, b.from), max(s.to, b.to)
		}
	}
	if s.from >= s.to || s.to-s.from > most {
		return nil
	}
	margin := (s.to - s.from) / 4
	s.from, s.to = max(0, s.from-margin), s.to+margin
	s.from -= s.from % raftsim.Millisecond
	return []strip{s}
}

// chooseClasses says which messages are drawn: of those in some strips all of the most
// telling classes, as many as there is room for. Left out is what is not, in words.
func (p *picture) chooseClasses(strips []strip) (leftOut []string) {
	var count [classes]int
	for i := range p.messages {
		m := &p.messages[i]
		if slices.ContainsFunc(strips, func(s strip) bool { return m.sent < s.to && m.sent >= s.from }) {
			count[m.class]++
		}
	}
	room := maxDrawn
	for c := range classes {
		if room -= count[c]; room >= 0 {
			p.drawn[c] = true
		} else if count[c] > 0 {
			leftOut = append(leftOut, fmt.Sprintf("%d %s", count[c], className[c]))
		}
	}
	return leftOut
}

// membersOf are all members that there were at some time.
func membersOf(r *Recorder) []raft.ID {
	var list []raft.ID
	for id, k := range r.present {
		if k > 0 {
			list = append(list, raft.ID(id))
		}
	}
	return list
}
