package linearize

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Stream judges a history while it is read, in memory that grows with the
// number of operations under way, of keys and of operations without an answer,
// but not with the history's length. Operations come in the order of their calls.
//
// An operation is judged once another one that answered later in the order of
// revisions had returned before the call of all that may still come. What made
// the revisions that nobody was told of is chosen with the knowledge of some
// thousands of operations; a choice is never taken back after that. So Stream may
// end undecided where Check would know; it never calls a right history wrong.
type Stream struct {
	opts   Options
	budget budget
	store  *store
	// pending are the operations that are not judged yet, with their numbers.
	pending History
	numbers []int
	// clients have their latest operations; count those that were added.
	clients map[int]latest
	count   int
	called  int64
	// safe: all operations of lower slots have been added.
	safe slot
	// last is, of those judged, the one called last.
	last       *Operation
	lastNumber int
	// threshold is how many operations have to be pending to judge some.
	threshold int
	// chosen: something was chosen that could have been chosen otherwise.
	chosen  bool
	verdict Verdict
	done    bool
}

// latest is a client's latest operation.
type latest struct {
	returned int64
	slot     slot
	open     bool
}

const (
	streamThreshold = 1 << 15
	// pastMost is how many earlier versions of keys are kept for reads at explicit
	// revisions.
	pastMost = 1 << 20
)

// NewStream returns a judge of one history. Of the options, Applied is not
// used.
func NewStream(opts Options) *Stream {
	s := &Stream{opts: opts, store: newStore(), clients: map[int]latest{}, threshold: streamThreshold, called: math.MinInt64}
	s.store.keepPast = true
	s.verdict.Judge = Witness
	s.verdict.Why = "each answer carries a revision, which tells the order of writes; the history was judged while it was read"
	s.budget.limit, s.budget.poll = opts.Steps, opts.Poll
	if opts.Steps <= 0 {
		s.budget.limit = math.MaxInt64
	}
	return s
}

// ErrNotByCall: operations did not come in the order of their calls.
var ErrNotByCall = errors.New("operations are not in the order of their calls: sort them, or give the history as a whole to Check")

// Add judges one more operation. It returns false once the verdict is known; an
// error says that the operation can't be part of a history (see
// History.Validate), or is ErrNotByCall.
func (s *Stream) Add(op Operation) (more bool, err error) {
	if s.done {
		return false, nil
	}
	if err := op.validate(false); err != nil {
		return false, fmt.Errorf("linearize: operation %d of client %d: %w", s.count, op.Client, err)
	}
	if op.Call < s.called {
		return false, fmt.Errorf("linearize: operation %d of client %d: %w", s.count, op.Client, ErrNotByCall)
	}
	s.called = op.Call
	if before, ok := s.clients[op.Client]; ok && before.open {
		if before.returned > op.Call {
			return false, fmt.Errorf("linearize: operation %d of client %d is called at %d, while another of the same client lasts until %d: "+
				"give concurrent operations different clients", s.count, op.Client, op.Call, before.returned)
		}
		if before.returned < op.Call {
			s.safe = max(s.safe, before.slot)
		}
	}
	s.take(op)
	if len(s.pending) >= s.threshold {
		s.judge(s.safe)
	}
	return !s.done, nil
}

// take makes an operation pending.
func (s *Stream) take(op Operation) {
	number := s.count
	s.count++
	switch {
	case op.Outcome == Refused:
		s.verdict.Refused++
		s.clients[op.Client] = latest{op.Return, 0, true}
		return
	case serializable(op.Request):
		s.verdict.Serializable++
		s.clients[op.Client] = latest{op.Return, 0, op.Outcome == Answered}
		return
	case op.Outcome == Answered:
		s.clients[op.Client] = latest{op.Return, slotOf(&op), true}
	default:
		delete(s.clients, op.Client)
		s.store.offerGrant(&op)
		if !mayWrite(op.Request) {
			s.verdict.Operations++
			return
		}
	}
	s.verdict.Operations++
	s.pending, s.numbers = append(s.pending, op), append(s.numbers, number)
}

// Finish judges what is left and returns the verdict. It has no order of effect.
func (s *Stream) Finish() Verdict {
	if !s.done {
		s.judge(math.MaxUint64)
	}
	if !s.done {
		s.verdict.Result = Linearizable
		s.done = true
	}
	s.verdict.Steps = s.budget.steps
	return s.verdict
}

// judge replays the pending operations of slots below one.
func (s *Stream) judge(below slot) {
	var counts Verdict
	p := makePlan(s.pending, &counts)
	p.numbers, p.past = s.numbers, true
	end, _ := slices.BinarySearch(p.slots, below)
	if found := s.contradiction(p); found != nil {
		s.violated(p, found)
		return
	}
	if end == 0 && below != math.MaxUint64 {
		s.threshold *= 2 // somebody has been waiting for long
		return
	}
	p.gapsFrom(s.store.revision+1, math.MaxInt)
	w := &witness{plan: p, budget: &s.budget, store: s.store, early: map[int32]bool{}}
	w.bySearch(s.opts.Watched)
	if f, ok := w.filler.(*searchFiller); ok && below != math.MaxUint64 {
		f.mayDelete = func(string) bool { return true } // by what comes
	}
	ok := w.runTo(end)
	switch {
	case s.budget.spent:
		s.undecided(fmt.Sprintf("the budget of %d steps ended after %d operations: give more steps or time", s.budget.steps, s.count))
	case ok:
		s.keep(w, end)
	case errors.Is(w.err, errForgotten):
		s.undecided("a read names a revision so long ago that it was let go to save memory: judge the history as a whole")
	case s.chosen || w.doubt:
		s.undecided("it fits no order with what was chosen for earlier revisions that nobody was told of: judge the history as a whole")
	default:
		s.violated(p, w.finding())
	}
}

// contradiction is the plan's, or with what was judged before.
func (s *Stream) contradiction(p *plan) *finding {
	if found := p.contradiction(); found != nil {
		return found
	}
	for _, i := range p.order {
		op := &p.history[i]
		if s.last != nil && s.last.Call > op.Return || slotOf(op) < slot(s.store.revision)<<1 {
			return &finding{rule: RuleRealTime, conflict: []int{int(i)}, reason: fmt.Sprintf(
				"%s was called only after operation %d, or was answered before operation %d was called, and yet its revision is older or newer", p.describe(int(i)), s.lastNumber, s.lastNumber)}
		}
	}
	return nil
}

// keep lets go of what was judged.
func (s *Stream) keep(w *witness, end int) {
	s.chosen = s.chosen || w.doubt
	gone := make([]bool, len(s.pending))
	for _, i := range w.order[:end] {
		gone[i] = true
		if op := &s.pending[i]; s.last == nil || op.Call > s.last.Call {
			last := *op
			s.last, s.lastNumber = &last, s.numbers[i]
		}
	}
	if f, ok := w.filler.(*searchFiller); ok {
		for k := range f.frames {
			fr := &f.frames[k]
			s.chosen = s.chosen || !fr.must || len(fr.choices) > 1
		}
		for k := range f.pool {
			if f.pool[k].used {
				gone[f.pool[k].op] = true
			}
		}
	}
	kept := 0
	for i := range s.pending {
		if !gone[i] {
			s.pending[kept], s.numbers[kept] = s.pending[i], s.numbers[i]
			kept++
		}
	}
	clear(s.pending[kept:])
	s.pending, s.numbers = s.pending[:kept], s.numbers[:kept]
	s.threshold = max(streamThreshold, 2*kept)
	s.store.journal, s.store.journaling = s.store.journal[:0], false
	s.store.forget(pastMost)
}

// forget lets the past of all keys go if it has grown too large.
func (s *store) forget(most int) {
	versions := 0
	//castaway:unordered a sum
	for _, c := range s.keys {
		versions += len(c.past)
	}
	if versions <= most {
		return
	}
	//castaway:unordered each key by itself
	for _, c := range s.keys {
		c.past = nil
	}
	s.forgotten = s.revision
}

func (s *Stream) undecided(reason string) {
	s.done = true
	s.verdict.Reason = reason
}

func (s *Stream) violated(p *plan, f *finding) {
	s.done = true
	v := &s.verdict
	v.Result, v.Rule, v.Reason = Violation, f.rule, f.reason
	if v.Reason == "" {
		v.Reason = p.sentence(f)
	}
	for _, i := range f.conflict {
		v.Conflict = append(v.Conflict, p.numbers[i])
	}
	slices.SortFunc(v.Conflict, cmp.Compare[int])
}
