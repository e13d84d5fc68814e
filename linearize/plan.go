package linearize

import (
	"cmp"
	"math"
	"slices"

	"github.com/castaway-kv/castaway/kv"
)

// The revision witness. Every answer carries the store's revision, so most of
// the order of effect is known before any search: an operation that made
// revision r has the slot 2r, one that answered at r without a change 2r+1, and
// slots rise in the order of effect. What is open is who made the revisions that
// nobody was told of (gaps), and the order of compactions and lease requests,
// which raise no revision.

// slot is a place in the order of effect.
type slot uint64

func slotOf(op *Operation) slot {
	s := slot(op.Response.At()) << 1
	if !wrote(op.Response) {
		s |= 1
	}
	return s
}

func (s slot) revision() kv.Revision { return kv.Revision(s >> 1) }
func (s slot) reads() bool           { return s&1 == 1 }

// plan is a history in the order of its slots.
type plan struct {
	history History
	// order has the answered operations to judge by slot, then by call.
	order []int32
	slots []slot // of each in order
	// writers are operations without an answer that may have made a revision, by
	// call.
	writers []int32
	// gaps are the revisions up to the highest one answered that no answered
	// write made, ascending.
	gaps []kv.Revision
	// firstReturn is, for each place in order, the earliest return from there on;
	// only if there are gaps, or leases that may matter.
	firstReturn []int64
	// numbers name the operations where the plan is of a part of a history.
	numbers []int
	// past: some answer shows the store at an explicit revision; quiet: some
	// request changes something without a revision; grants: some grant has no answer.
	past, quiet, grants bool
}

// finding is why no order can exist, as far as a judge knows.
type finding struct {
	rule Rule
	// conflict are the operations that it is about, by index.
	conflict []int
	// reason, made from the parts when it is needed.
	reason string
}

// makePlan sorts a valid history; v counts what takes part.
func makePlan(h History, v *Verdict) *plan {
	p := &plan{history: h, order: make([]int32, 0, len(h))}
	for i := range h {
		op := &h[i]
		if op.Outcome == Refused {
			v.Refused++
			continue
		}
		c := classify(op.Request)
		switch {
		case c.serializable:
			v.Serializable++
			continue
		case op.Outcome == Answered:
			p.order = append(p.order, int32(i))
			p.past = p.past || c.past
			p.quiet = p.quiet || c.quiet
		case mayWrite(op.Request):
			p.writers = append(p.writers, int32(i))
			p.past = p.past || readsPast(op.Request)
		default:
			_, grant := op.Request.(kv.LeaseGrantRequest)
			p.grants = p.grants || grant
		}
		v.Operations++
	}
	p.sort()
	byCall := func(a, b int32) int { return cmp.Compare(h[a].Call, h[b].Call) }
	if !slices.IsSortedFunc(p.writers, byCall) {
		slices.SortStableFunc(p.writers, byCall)
	}
	return p
}

// class is what a plan looks for in a request.
type class struct{ serializable, past, quiet bool }

func classify(r kv.Request) class {
	switch r := r.(type) {
	case kv.RangeRequest:
		return class{r.Serializable, r.Revision > 0, false}
	case kv.PutRequest, kv.DeleteRangeRequest:
		return class{}
	case kv.TxnRequest:
		return class{serializable(r), readsPast(r), false}
	}
	return class{quiet: silent(r)}
}

// sort puts the answered operations in order: by counting, as slots are dense
// and histories mostly come by call; otherwise by comparing.
func (p *plan) sort() {
	n := len(p.order)
	p.slots = make([]slot, n)
	highest, byCall := slot(0), true
	for k, i := range p.order {
		s := slotOf(&p.history[i])
		p.slots[k] = s
		highest = max(highest, s)
		byCall = byCall && (k == 0 || p.history[p.order[k-1]].Call <= p.history[i].Call)
	}
	if !byCall || highest > slot(8*n+64) {
		p.sortByComparing()
		return
	}
	places := make([]int32, highest+2)
	for _, s := range p.slots {
		places[s+1]++
	}
	for s := 1; s < len(places); s++ {
		places[s] += places[s-1]
	}
	order, slots := make([]int32, n), make([]slot, n)
	for k, i := range p.order {
		s := p.slots[k]
		order[places[s]], slots[places[s]] = i, s
		places[s]++
	}
	p.order, p.slots = order, slots
}

func (p *plan) sortByComparing() {
	slices.SortStableFunc(p.order, func(a, b int32) int {
		x, y := &p.history[a], &p.history[b]
		return cmp.Or(cmp.Compare(slotOf(x), slotOf(y)), cmp.Compare(x.Call, y.Call))
	})
	for k, i := range p.order {
		p.slots[k] = slotOf(&p.history[i])
	}
}

// end is the end of the run of equal slots that begins at k.
func (p *plan) end(k int) int {
	to := k + 1
	for to < len(p.order) && p.slots[to] == p.slots[k] {
		to++
	}
	return to
}

// contradiction looks for what needs no store to see: a revision below the
// first, made twice, or against real time.
func (p *plan) contradiction() *finding {
	latest := -1 // of those in lower slots, the one called last
	for from := 0; from < len(p.order); {
		to := p.end(from)
		s := p.slots[from]
		switch {
		case s.revision() < 1 || !s.reads() && s.revision() < 2:
			return &finding{rule: RuleEveryRevision, conflict: []int{int(p.order[from])}}
		case !s.reads() && to-from > 1:
			return &finding{rule: RuleOneWriter, conflict: []int{int(p.order[from]), int(p.order[from+1])}}
		}
		last := latest
		for _, i := range p.order[from:to] {
			op := &p.history[i]
			if latest >= 0 && p.history[latest].Call > op.Return {
				return &finding{rule: RuleRealTime, conflict: []int{latest, int(i)}}
			}
			if last < 0 || op.Call > p.history[last].Call {
				last = int(i)
			}
		}
		latest, from = last, to
	}
	return nil
}

// findGaps lists the gaps; it fails if there are more than operations that could
// fill them, expiries included.
func (p *plan) findGaps(expiries int) *finding {
	return p.gapsFrom(2, len(p.writers)+expiries)
}

// gapsFrom lists the gaps from a revision on; it fails if there are more than
// most.
func (p *plan) gapsFrom(next kv.Revision, most int) *finding {
	for k, s := range p.slots {
		end := s.revision()
		if s.reads() && end < math.MaxInt64 {
			end++
		}
		for ; next < end; next++ {
			if len(p.gaps) == most {
				return &finding{rule: RuleEveryRevision, conflict: []int{int(p.order[k])}, reason: p.unmade(int(p.order[k]), next, most)}
			}
			p.gaps = append(p.gaps, next)
		}
		if !s.reads() && s.revision() == next && next < math.MaxInt64 {
			next++
		}
	}
	if len(p.gaps) > 0 || p.quiet || p.grants {
		p.firstReturn = make([]int64, len(p.order)+1)
		p.firstReturn[len(p.order)] = math.MaxInt64
		for k := len(p.order) - 1; k >= 0; k-- {
			p.firstReturn[k] = min(p.firstReturn[k+1], p.history[p.order[k]].Return)
		}
	}
	return nil
}
