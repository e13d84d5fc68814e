package linearize

import (
	"fmt"
	"math"

	"github.com/castaway-kv/castaway/kv"
)

// world lets porcupine, which keeps many states, use the specification, which
// has one: a state is a node of a tree of requests, and the store goes to the
// node that is asked for by taking back and carrying out requests.
type world struct {
	history History
	store   *store
	// path leads from the root to where the store is; marks are its journal there.
	path  []*node
	marks []int
	// gaps are the revisions that an operation without an answer may make; not
	// used with values only.
	gaps map[kv.Revision]bool
	by   comparison
}

// node is a state of the store, as the requests that led to it.
type node struct {
	world  *world
	parent *node
	op     int
	depth  int
	digest digest
	// revision, and compacted, which a digest doesn't cover.
	revision, compacted kv.Revision
}

// String is how far the state is.
func (n *node) String() string { return fmt.Sprintf("revision %d", n.revision) }

func newWorld(h History, by comparison, past bool) *world {
	w := &world{history: h, store: newStore(), by: by}
	w.store.journaling, w.store.digesting = true, true
	w.store.valuesOnly, w.store.keepPast = by.valuesOnly, past
	for i := range h {
		w.store.offerGrant(&h[i])
	}
	w.store.until = math.MaxInt64
	w.path = []*node{{world: w, op: -1, revision: 1, compacted: -1}}
	w.marks = []int{0}
	return w
}

// goTo brings the store to a node.
func (w *world) goTo(n *node) {
	var down []*node
	for n.depth >= len(w.path) || w.path[n.depth] != n {
		down = append(down, n)
		n = n.parent
	}
	if n.depth+1 < len(w.path) {
		w.store.undo(w.marks[n.depth+1])
		w.path, w.marks = w.path[:n.depth+1], w.marks[:n.depth+1]
	}
	for k := len(down) - 1; k >= 0; k-- {
		mark := w.store.mark()
		op := &w.history[down[k].op]
		if isLeaseRequest(op.Request) {
			w.store.leaseStep(op.Request, op.Response)
		} else {
			w.store.apply(op.Request) //nolint:errcheck // it had none before
		}
		w.path, w.marks = append(w.path, down[k]), append(w.marks, mark)
	}
}

// step carries out operation i at a node; known says that its answer counts.
func (w *world) step(from *node, i int, known bool) (*node, bool) {
	op := &w.history[i]
	if known && !w.by.valuesOnly {
		made := kv.Revision(0)
		if wrote(op.Response) {
			made = 1
		}
		if from.revision != op.Response.At()-made {
			return from, false
		}
	}
	w.goTo(from)
	mark := w.store.mark()
	if !w.run(op, known) {
		w.store.undo(mark)
		return from, false
	}
	next := &node{world: w, parent: from, op: i, depth: from.depth + 1, digest: w.store.digest, revision: w.store.revision, compacted: w.store.compacted}
	if w.by.valuesOnly {
		next.revision = 0
	}
	if w.store.mark() == mark {
		return from, true // nothing changed
	}
	w.path, w.marks = append(w.path, next), append(w.marks, mark)
	return next, true
}

// run carries out an operation and says whether it can have gone so.
func (w *world) run(op *Operation, known bool) bool {
	seen := op.Response
	if !known {
		seen = nil
	}
	before := w.store.revision
	if isLeaseRequest(op.Request) {
		if !w.store.leaseStep(op.Request, seen) {
			return false
		}
	} else {
		if w.store.apply(op.Request) != nil {
			return false
		}
		if known && !w.store.out.matches(op.Request, op.Response, w.by) {
			return false
		}
	}
	return known || w.by.valuesOnly || w.store.revision == before || w.gaps[w.store.revision]
}

// model is the store as porcupine takes it: inputs are indices of the history.
func (w *world) model() Model[*node, int, struct{}] {
	return Model[*node, int, struct{}]{
		Init: w.path[0],
		Step: func(s *node, i int, out *struct{}) (*node, bool) { return s.world.step(s, i, out != nil) },
		Equal: func(a, b *node) bool {
			return a == b || a.digest == b.digest && a.revision == b.revision && a.compacted == b.compacted
		},
		Hash: func(s *node) uint64 { return s.digest.a },
		ReadOnly: func(i int, out *struct{}) bool {
			r := w.history[i].Request
			return kv.ReadOnly(r) && !isLeaseRequest(r) || out == nil && !mayWrite(r)
		},
		Describe: func(i int, _ *struct{}) string { return w.history[i].words() },
	}
}

// events are the operations to judge, with the intervals that slots leave them.
func (w *world) events(p *plan, tight bool) ([]Event[int, struct{}], []int) {
	events := make([]Event[int, struct{}], 0, len(p.order)+len(p.writers))
	var indices []int
	last := int64(math.MinInt64)
	for k := 0; k < len(p.order); {
		to := p.end(k)
		high := last
		for ; k < to; k++ {
			op := &w.history[p.order[k]]
			e := Event[int, struct{}]{Client: op.Client, Call: op.Call, Return: op.Return, Input: int(p.order[k]), Outcome: Answered}
			if tight {
				e.Call = max(e.Call, last)
			}
			high = max(high, op.Call)
			events, indices = append(events, e), append(indices, int(p.order[k]))
		}
		last = high
	}
	if tight {
		first := int64(math.MaxInt64)
		for to := len(p.order); to > 0; {
			from := to - 1
			for from > 0 && p.slots[from-1] == p.slots[to-1] {
				from--
			}
			low := first
			for k := from; k < to; k++ {
				low = min(low, w.history[p.order[k]].Return)
				events[k].Return = min(events[k].Return, first)
			}
			first, to = low, from
		}
	}
	for _, i := range p.writers {
		op := &w.history[i]
		events = append(events, Event[int, struct{}]{Client: op.Client, Call: op.Call, Input: int(i)})
		indices = append(indices, int(i))
	}
	return events, indices
}

// byPorcupine searches for an order with the whole answers. The intervals are
// tightened by the slots first, which takes away most of the search.
func byPorcupine(p *plan, b *budget) Verdict {
	w := newWorld(p.history, comparison{}, p.past)
	w.gaps = make(map[kv.Revision]bool, len(p.gaps))
	for _, r := range p.gaps {
		w.gaps[r] = true
	}
	events, indices := w.events(p, true)
	v := CheckModel(w.model(), events, Options{Steps: b.limit - b.steps, Poll: b.poll})
	b.steps += v.Steps
	v.translate(indices)
	return v
}

// translate makes indices of the history of those of events.
func (v *Verdict) translate(indices []int) {
	for _, list := range [][]int{v.Order, v.Conflict} {
		for k, i := range list {
			list[k] = indices[i]
		}
	}
}

// CheckValues judges a history without looking at revisions and versions, for
// stores that don't have etcd's, and to see whether a violation shows in the
// values alone. Where no request spans keys, each key is judged alone.
func CheckValues(h History, opts Options) Verdict {
	var v Verdict
	if err := h.validate(true); err != nil {
		v.Err, v.Reason = err, err.Error()
		return v
	}
	p := makePlan(h, &v)
	w := newWorld(h, comparison{valuesOnly: true}, false)
	events, indices := w.events(p, false)
	m := w.model()
	why := "only values are compared, so an order is searched for"
	if singleKeys(p) {
		w.split(&m)
		why += ", key by key"
	}
	found := CheckModel(m, events, opts)
	found.translate(indices)
	found.Operations, found.Refused, found.Serializable = v.Operations, v.Refused, v.Serializable
	found.Why = why
	return found
}

// split gives each key a world of its own.
func (w *world) split(m *Model[*node, int, struct{}]) {
	m.Partition = func(i int) string { return theKey(w.history[i].Request) }
	roots := map[string]*node{}
	step := m.Step
	m.Step = func(s *node, i int, out *struct{}) (*node, bool) {
		if s == w.path[0] {
			key := theKey(w.history[i].Request)
			if roots[key] == nil {
				roots[key] = newWorld(w.history, w.by, false).path[0]
			}
			s = roots[key]
		}
		return step(s, i, out)
	}
}

// singleKeys says whether every request is about one key.
func singleKeys(p *plan) bool {
	for _, list := range [][]int32{p.order, p.writers} {
		for _, i := range list {
			if theKey(p.history[i].Request) == "" {
				return false
			}
		}
	}
	return true
}

// theKey is the one key that a request is about, empty if there are more or none.
func theKey(r kv.Request) string {
	var keys keySet
	keys.addRequest(r)
	if keys.all || len(keys.named) != 1 {
		return ""
	}
	//castaway:unordered there is only one
	for key := range keys.named {
		return key
	}
	return ""
}
