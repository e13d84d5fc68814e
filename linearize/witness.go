package linearize

import (
	"runtime"

	"github.com/castaway-kv/castaway/kv"
)

// witness replays a plan on the specification and compares every answer. Where a
// revision is missing it chooses among the operations without an answer, and
// goes back to the choice that could matter when an answer doesn't fit.
type witness struct {
	*plan
	*budget
	store *store
	// placed is the order of effect so far.
	placed []int32
	// filler fills gaps; nil without gaps.
	filler filler
	// early are revokes that were placed before their slot of reads, because they
	// made its revision: their answers don't say whether they did.
	early map[int32]bool
	// indices of operations in the applied log, where that matters.
	indices map[int32]uint64
	// doubt: of several orders of lease requests one was taken that leaves fewer
	// leases than another might.
	doubt bool
	// err is how the specification refused the last operation.
	err error
	// deepest is how far the replay came, and stuck what did not fit there.
	deepest int
	stuck   *stuck
}

// stuck is an answer that did not fit, and what would have.
type stuck struct {
	op       int
	revision kv.Revision
	// want is the answer at that point, nil for a request on leases or an error.
	want kv.Response
	err  error
	// gap that could not be filled, or 0.
	gap kv.Revision
}

// filler fills gaps.
type filler interface {
	// fill makes the next revision, at a place in the order; it says whether it
	// could.
	fill(at int) bool
	// goBack undoes everything since the latest choice that could matter for some
	// keys, chooses anew, and returns the place to go on from; −1 if there is none.
	goBack(keys *keySet) int
	// failed are the keys that the last fill failed by; nil if it did not fail.
	failed() *keySet
}

// budget counts steps.
type budget struct {
	steps, limit int64
	poll         func(steps int64) bool
	// spent: the budget is used up, or poll ended it.
	spent bool
}

// yieldSteps is the number of steps after which other goroutines get their turn.
const yieldSteps = 256

// spend takes one step; false if there is none left.
func (b *budget) spend() bool {
	if b.spent || b.steps >= b.limit {
		b.spent = true
		return false
	}
	b.steps++
	if b.steps%yieldSteps == 0 {
		runtime.Gosched()
		if b.poll != nil && !b.poll(b.steps) {
			b.spent = true
			return false
		}
	}
	return true
}

func newWitness(p *plan, b *budget, applied []Applied) *witness {
	w := &witness{plan: p, budget: b, store: newStore(), placed: make([]int32, 0, len(p.order)+len(p.gaps)), early: map[int32]bool{}}
	w.store.keepPast = p.past
	if p.quiet {
		w.indices = make(map[int32]uint64, len(applied))
		for _, a := range applied {
			if a.Op >= 0 {
				w.indices[int32(a.Op)] = a.Index
			}
		}
	}
	for i := range p.history {
		w.store.offerGrant(&p.history[i])
	}
	return w
}

// byLog fills every gap from the applied log, or says that the log has not all.
func (w *witness) byLog(applied []Applied) bool {
	f := newLogFiller(w, applied)
	if f != nil {
		w.filler = f
	}
	return f != nil
}

// bySearch fills gaps by choosing; watched are events that tell of them.
func (w *witness) bySearch(watched []kv.Event) {
	if len(w.gaps) > 0 {
		w.store.journaling = true
		w.filler = newSearchFiller(w, watched)
	}
}

// run says whether there is an order; it means nothing if the budget is spent.
func (w *witness) run() bool { return w.runTo(len(w.order)) }

// runTo is run up to a place in the order.
func (w *witness) runTo(end int) bool {
	for at := 0; at < end; {
		next := w.advance(at)
		if w.spent {
			return false
		}
		if next < 0 {
			next = w.goBack(w.failedKeys(at))
			if next < 0 {
				return false
			}
		}
		at = next
	}
	return true
}

// advance places what comes at a place in the order, the gap before it first; it
// returns the next place, −1 if something doesn't fit.
func (w *witness) advance(at int) int {
	s := w.slots[at]
	before := s.revision()
	if !s.reads() {
		before--
	}
	if w.store.revision < before {
		if w.filler == nil || !w.filler.fill(at) {
			w.note(at, &stuck{op: int(w.order[at]), revision: w.store.revision, gap: w.store.revision + 1})
			return -1
		}
		return at
	}
	if s.reads() && w.quiet {
		return w.group(at)
	}
	if !w.place(at) {
		return -1
	}
	return at + 1
}

// place replays the operation at a place in the order.
func (w *witness) place(at int) bool {
	i := w.order[at]
	op := &w.history[i]
	if !w.spend() {
		return false
	}
	if w.slots[at].reads() != (w.store.revision == w.slots[at].revision()) {
		w.note(at, &stuck{op: int(i), revision: w.store.revision})
		return false
	}
	until := op.Return
	if w.firstReturn != nil && !w.slots[at].reads() {
		until = w.firstReturn[at]
	}
	if !w.replay(op, until) {
		w.explain(at)
		return false
	}
	w.placed = append(w.placed, i)
	return true
}

// replay carries out an operation, by the earliest return of it and all that
// come after it, and says whether its answer fits.
func (w *witness) replay(op *Operation, until int64) bool {
	w.store.until = until
	w.err = nil
	if w.quiet && isLeaseRequest(op.Request) {
		return w.store.leaseStep(op.Request, op.Response)
	}
	w.err = w.store.apply(op.Request)
	return w.err == nil && w.store.out.matches(op.Request, op.Response, comparison{})
}

// note remembers what did not fit, if the replay never came as far.
func (w *witness) note(at int, s *stuck) {
	if w.stuck == nil || at > w.deepest {
		w.deepest, w.stuck = at, s
	}
}

// explain notes the answer that did not fit, with the one that would.
func (w *witness) explain(at int) {
	if w.stuck != nil && at <= w.deepest {
		return
	}
	op := &w.history[w.order[at]]
	s := &stuck{op: int(w.order[at]), revision: w.store.revision}
	switch {
	case isLeaseRequest(op.Request):
	case w.err != nil:
		s.err = w.err
	default:
		s.want = w.store.out.response(op.Request)
	}
	w.note(at, s)
}

// failedKeys are the keys that the answers at a place depend on.
func (w *witness) failedKeys(at int) *keySet {
	if w.filler != nil {
		if keys := w.filler.failed(); keys != nil {
			return keys
		}
	}
	keys := &keySet{}
	if w.quiet && w.slots[at].reads() {
		keys.all = true
		return keys
	}
	keys.addRequest(w.history[w.order[at]].Request)
	return keys
}

// goBack is the filler's.
func (w *witness) goBack(keys *keySet) int {
	if w.filler == nil {
		return -1
	}
	return w.filler.goBack(keys)
}

// order of effect so far, as indices of the history.
func (w *witness) effects() []int {
	order := make([]int, len(w.placed))
	for k, i := range w.placed {
		order[k] = int(i)
	}
	return order
}
