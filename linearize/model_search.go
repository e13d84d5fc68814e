package linearize

import (
	"cmp"
	"fmt"
	"math"
	"runtime"
	"slices"

	"github.com/anishathalye/porcupine"
)

// yieldEvery is the number of steps after which other goroutines get their turn,
// and the caller may end the search: in a browser all share one thread, and
// nothing preempts a search.
const yieldEvery = 1024

// modelSearch is one run of porcupine over a part of a history. Porcupine runs it in
// one goroutine while the caller waits, so the fields need no lock.
//
// Of the orders that differ in nothing that matters, it lets porcupine see one:
//
//   - What changes nothing and fits is placed at once (point.done).
//   - An operation without an answer has no end, so it takes effect as late as it
//     can: right before an operation that needs it (needs), or never.
//   - Of equal operations without an answer, the first called goes first (twin).
type modelSearch[S, I, O any] struct {
	*modelJudge[S, I, O]
	part []int
	// answered is how many operations of the part have an answer that counts.
	answered int32
	// feasible is the model's test of states, nil for none.
	feasible func(S) bool
	deepest  *point[S]
	slab     []point[S]
	// end of the budget of this run.
	end int64
	// twins hold for an operation without an answer its number and that of an equal
	// one called before it.
	twins map[int]twin
}

// twin has bits in point.used; before is 0 for none.
type twin struct{ own, before uint64 }

// point is the end of an order of operations.
type point[S any] struct {
	state  S
	before *point[S]
	// placed counts the operations in the order, answered those with an answer.
	placed, answered int32
	// last is the index in the history of what was placed last; passed says that
	// it did nothing.
	last   int32
	passed bool
	// unknown: last has no answer, and what comes next must need it.
	unknown bool
	// used are the twins in the order.
	used uint64
	// done: something that changes nothing was placed here, so nothing else need be.
	done bool
}

func newModelSearch[S, I, O any](j *modelJudge[S, I, O], part []int, budget int64) *modelSearch[S, I, O] {
	s := &modelSearch[S, I, O]{modelJudge: j, part: part, end: j.steps + budget}
	for _, i := range part {
		if j.known(i) {
			s.answered++
		}
	}
	s.deepest = &point[S]{state: j.Init, last: -1}
	if j.Feasible != nil {
		ops := make([]Event[I, O], len(part))
		for n, i := range part {
			ops[n] = j.history[i]
			if !j.known(i) {
				ops[n].Outcome = Unknown
			}
		}
		s.feasible = j.Feasible(ops)
	}
	return s
}

// point comes from a slab: a search makes many.
func (s *modelSearch[S, I, O]) point(state S, before *point[S], last int) *point[S] {
	if len(s.slab) == 0 {
		s.slab = make([]point[S], max(32, len(s.part)))
	}
	p := &s.slab[0]
	s.slab = s.slab[1:]
	*p = point[S]{state: state, before: before, placed: before.placed + 1, answered: before.answered, last: int32(last), used: before.used}
	if p.placed > s.deepest.placed {
		s.deepest = p
	}
	return p
}

// run says whether an order exists; it means nothing once the judge stopped.
func (s *modelSearch[S, I, O]) run() bool {
	start := s.deepest
	s.twins = s.findTwins()
	ops := make([]porcupine.Operation, len(s.part))
	for n, i := range s.part {
		call, ret := s.interval(i)
		ops[n] = porcupine.Operation{ClientId: s.history[i].Client, Input: i, Call: call, Return: ret}
	}
	model := porcupine.Model{
		Init: func() any { return start },
		Step: func(from, input, _ any) (bool, any) {
			next := s.step(from.(*point[S]), input.(int))
			return next != nil, next
		},
		Equal: func(a, b any) bool { return s.same(a.(*point[S]), b.(*point[S])) },
	}
	if s.Hash != nil {
		model.Hash = func(p any) uint64 { return s.Hash(p.(*point[S]).state) }
	}
	return porcupine.CheckOperations(model, ops)
}

// same says that two ends of orders of the same operations lead to the same.
func (s *modelSearch[S, I, O]) same(a, b *point[S]) bool {
	if a.unknown != b.unknown || !s.equal(a.state, b.state) {
		return false
	}
	return !a.unknown || a.last == b.last && s.equal(a.before.state, b.before.state)
}

func (s *modelSearch[S, I, O]) equal(a, b S) bool {
	if s.Equal != nil {
		return s.Equal(a, b)
	}
	return any(a) == any(b)
}

// step places an operation after an order, or returns nil.
func (s *modelSearch[S, I, O]) step(from *point[S], i int) *point[S] {
	if !s.spend() || from.done {
		return nil
	}
	if !s.known(i) {
		return s.unknown(from, i)
	}
	op := &s.history[i]
	state, ok := s.Step(from.state, op.Input, &op.Output)
	if !ok || s.feasible != nil && !s.feasible(state) || from.unknown && !s.needs(from, state, i) {
		return nil
	}
	if s.ReadOnly != nil && s.ReadOnly(op.Input, &op.Output) {
		from.done = true
	}
	next := s.point(state, from, i)
	next.answered++
	return next
}

// unknown places an operation without an answer, whose effect must be needed;
// when all answers have their place, what is left did nothing.
func (s *modelSearch[S, I, O]) unknown(from *point[S], i int) *point[S] {
	if from.answered == s.answered {
		next := s.point(from.state, from, i)
		next.passed = true
		return next
	}
	t := s.twins[i]
	if t.before&^from.used != 0 {
		return nil
	}
	state, ok := s.Step(from.state, s.history[i].Input, nil)
	if !ok || s.equal(state, from.state) || s.feasible != nil && !s.feasible(state) || from.unknown && !s.needs(from, state, i) {
		return nil
	}
	next := s.point(state, from, i)
	next.unknown = true
	next.used |= t.own
	return next
}

// needs says that operation i, which leads from a point to a state, can't do
// without the operation placed last, whose answer is unknown: neither does it
// lead to the same state without it, nor with it after i.
func (s *modelSearch[S, I, O]) needs(from *point[S], state S, i int) bool {
	op := &s.history[i]
	var out *O
	if s.known(i) {
		out = &op.Output
	}
	without, ok := s.Step(from.before.state, op.Input, out)
	if !ok {
		return true
	}
	if s.equal(without, state) {
		return false
	}
	if out == nil && !s.earlier(i, int(from.last)) {
		// Of two without an answer that may swap places, the one called first goes
		// first.
		return true
	}
	after, ok := s.Step(without, s.history[from.last].Input, nil)
	return !ok || !s.equal(after, state)
}

// earlier says whether a was called before b, or stands before it.
func (s *modelSearch[S, I, O]) earlier(a, b int) bool {
	callA, _ := s.interval(a)
	callB, _ := s.interval(b)
	return callA < callB || callA == callB && a < b
}

// findTwins numbers the first 64 operations without an answer by their calls.
func (s *modelSearch[S, I, O]) findTwins() map[int]twin {
	twins := map[int]twin{}
	latest := map[string]uint64{}
	own := uint64(1)
	unknown := slices.DeleteFunc(slices.Clone(s.part), s.known)
	slices.SortStableFunc(unknown, func(a, b int) int {
		callA, _ := s.interval(a)
		callB, _ := s.interval(b)
		return cmp.Compare(callA, callB)
	})
	for _, i := range unknown {
		if own == 0 {
			break
		}
		words := fmt.Sprintf("%#v", s.history[i].Input)
		twins[i] = twin{own, latest[words]}
		latest[words] = own
		own <<= 1
	}
	return twins
}

// spend takes a step from the budget. Once it is used up the model refuses
// everything, so that porcupine gives up as fast as it can.
func (s *modelSearch[S, I, O]) spend() bool {
	if s.stopped || s.steps >= s.end {
		s.stopped = true
		return false
	}
	s.steps++
	if s.steps%yieldEvery == 0 {
		runtime.Gosched()
		if s.poll != nil && !s.poll(s.steps) {
			s.stopped, s.ended = true, true
			return false
		}
	}
	return true
}

// order is the longest order found, as indices of the history, without what did
// nothing.
func (s *modelSearch[S, I, O]) order() []int {
	order := make([]int, 0, s.deepest.placed)
	for p := s.deepest; p.placed > 0; p = p.before {
		if !p.passed {
			order = append(order, int(p.last))
		}
	}
	slices.Reverse(order)
	return order
}

// placements are the operations of a complete order with moments that rise and
// lie between each one's call and return.
func (s *modelSearch[S, I, O]) placements() []placement {
	at := int64(math.MinInt64)
	order := s.order()
	all := make([]placement, len(order))
	for n, i := range order {
		call, _ := s.interval(i)
		at = max(at, call)
		all[n] = placement{i, at}
	}
	return all
}

// explain says where the longest order ends and what can't follow it.
func (s *modelSearch[S, I, O]) explain() (string, []int) {
	placed := make(map[int]bool, s.deepest.placed)
	for p := s.deepest; p.placed > 0; p = p.before {
		placed[int(p.last)] = true
	}
	stuck, soonest := -1, int64(math.MaxInt64)
	for _, i := range s.part {
		if _, ret := s.interval(i); s.known(i) && !placed[i] && (stuck < 0 || ret < soonest) {
			stuck, soonest = i, ret
		}
	}
	reason := s.words(stuck) + fmt.Sprintf(" fits nowhere: the longest order has %d of %d operations", s.deepest.placed, len(s.part))
	if s.deepest.placed > 0 {
		reason += fmt.Sprintf(" and ends in the state %v", s.deepest.state)
	}
	return reason, []int{stuck}
}
