package linearize

import (
	"cmp"
	"math"
	"runtime"
	"slices"

	"github.com/anishathalye/porcupine"

	"github.com/castaway-kv/castaway/kv"
)

// search is one run of porcupine over a plan. Porcupine runs the model in one
// goroutine of its own (one per partition, and there is one) while its caller
// waits, so the fields need no lock.
type search struct {
	plan
	steps, budget int64
	spent         bool
	start         *point
	// deepest is the end of the longest order found, the first one of its length.
	deepest *point
}

// point is the end of an order of candidates.
type point struct {
	state *State
	// before is the order without its last candidate; nil at the start.
	before *point
	// placed counts the candidates in the order.
	placed int
	// last was placed last; noEffect for an unknown one that was passed over.
	last int
}

const noEffect = -1

// A step costs one unit. One that succeeds costs more, because porcupine
// remembers the set of what is placed and the state for each: a unit for every
// 512 bytes or part of it.
const (
	operationsPerUnit = 512 * 8
	pairsPerUnit      = 512 / 64
)

// yieldEvery is the number of units after which other goroutines get their
// turn: in a browser all share one thread, and nothing preempts a search.
const yieldEvery = 1000

func newSearch(p *plan, budget int64) *search {
	start := &point{state: NewState(), last: noEffect}
	return &search{plan: *p, budget: budget, start: start, deepest: start}
}

// run says whether an order of all candidates exists. If the budget is spent,
// the result means nothing.
func (s *search) run() bool {
	return porcupine.CheckOperations(porcupine.Model{
		Init: func() any { return s.start },
		Step: func(from, input, _ any) (bool, any) {
			next := s.step(from.(*point), input.(int))
			return next != nil, next
		},
		Equal: func(a, b any) bool { return same(a.(*point).state, b.(*point).state) },
		Hash:  func(p any) uint64 { return p.(*point).state.digest },
	}, s.operations())
}

// operations gives every end of an interval a stamp of its own. Porcupine tries
// candidates by call, so among equal calls the lower slot is first.
func (s *search) operations() []porcupine.Operation {
	type end struct {
		at      int64
		returns bool
		slot    slot
		of      int
	}
	ends := make([]end, 0, 2*len(s.candidates))
	ops := make([]porcupine.Operation, len(s.candidates))
	for i, c := range s.candidates {
		ops[i] = porcupine.Operation{ClientId: c.Client, Input: i}
		ends = append(ends, end{c.call, false, c.slot, i}, end{c.ret, true, c.slot, i})
	}
	slices.SortFunc(ends, func(a, b end) int {
		byKind := 0
		if a.returns != b.returns {
			// Closed intervals that touch are concurrent: calls first.
			byKind = -1
			if a.returns {
				byKind = 1
			}
		}
		return cmp.Or(cmp.Compare(a.at, b.at), byKind, compareSlots(a.slot, b.slot), cmp.Compare(a.of, b.of))
	})
	for stamp, e := range ends {
		if e.returns {
			ops[e.of].Return = int64(stamp)
		} else {
			ops[e.of].Call = int64(stamp)
		}
	}
	return ops
}

// step places a candidate after an order, or returns nil.
func (s *search) step(from *point, i int) *point {
	if !s.spend(1) {
		return nil
	}
	c := &s.candidates[i]
	var state *State
	last := i
	switch {
	case c.Outcome == Answered:
		state = s.answered(from.state, c)
	case s.passed(from.state):
		state, last = from.state, noEffect
	default:
		state = s.unknown(from.state, c)
	}
	if state == nil || !s.spend(s.cost(from.state, state)) {
		return nil
	}
	next := &point{state: state, before: from, placed: from.placed + 1, last: last}
	if next.placed > s.deepest.placed {
		s.deepest = next
	}
	return next
}

// answered is the state after a candidate if the specification gives its answer.
func (s *search) answered(from *State, c *candidate) *State {
	made := kv.Revision(1 - c.slot.reads)
	if from.revision != c.slot.revision-made {
		return nil
	}
	next, resp, err := from.Apply(c.Request)
	if err != nil || !equal(resp, c.Response) {
		return nil
	}
	return next
}

// unknown is the state after a candidate if it can fill the next revision: a
// gap, not one before its first, and one that no answer tells otherwise of.
func (s *search) unknown(from *State, c *candidate) *State {
	gap := from.revision + 1
	if _, ok := slices.BinarySearch(s.gaps, gap); !ok || gap < c.slot.revision {
		return nil
	}
	next, _, err := from.Apply(c.Request)
	if err != nil || next == from || !s.seen.allow(from, next) {
		return nil
	}
	return next
}

// passed says whether every gap is behind: what is still unknown did nothing.
func (s *search) passed(from *State) bool {
	return len(s.gaps) == 0 || from.revision >= s.gaps[len(s.gaps)-1]
}

// cost of remembering a state that was reached from another.
func (s *search) cost(from, to *State) int64 {
	units := 1 + len(s.candidates)/operationsPerUnit
	if to != from {
		units += len(to.pairs) / pairsPerUnit
	}
	return int64(units)
}

// spend takes units from the budget. Once they don't suffice the model refuses
// everything, so that porcupine gives up as fast as it can.
func (s *search) spend(units int64) bool {
	if s.spent || units > s.budget-s.steps {
		s.spent = true
		return false
	}
	if s.steps/yieldEvery != (s.steps+units)/yieldEvery {
		runtime.Gosched()
	}
	s.steps += units
	return true
}

// order is the deepest order, as indices of the history.
func (s *search) order() []int {
	var order []int
	for p := s.deepest; p != nil; p = p.before {
		if p.last != noEffect {
			order = append(order, s.candidates[p.last].index)
		}
	}
	slices.Reverse(order)
	return order
}

// stuck is the answered candidate that has to come next after the deepest
// order: of those left, the first to return.
func (s *search) stuck() *candidate {
	placed := make([]bool, len(s.candidates))
	for p := s.deepest; p != s.start; p = p.before {
		if p.last != noEffect {
			placed[p.last] = true
		}
	}
	var first *candidate
	soonest := int64(math.MaxInt64)
	for i := range s.candidates {
		c := &s.candidates[i]
		if !placed[i] && c.Outcome == Answered && (first == nil || c.ret < soonest) {
			first, soonest = c, c.ret
		}
	}
	return first
}
