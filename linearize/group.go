package linearize

import (
	"cmp"
	"math"
	"slices"

	"github.com/castaway-kv/castaway/kv"
)

// group places the operations of one slot of reads when some of them change
// something without a revision, as compactions and lease requests do: it looks
// for an order in real time, by the applied log's where that is known.
func (w *witness) group(from int) int {
	to := w.end(from)
	ops := slices.DeleteFunc(slices.Clone(w.order[from:to]), func(i int32) bool { return w.early[i] })
	if !slices.ContainsFunc(ops, func(i int32) bool { return silent(w.history[i].Request) }) {
		for at := from; at < to; at++ {
			if !w.early[w.order[at]] && !w.place(at) {
				return -1
			}
		}
		return to
	}
	until := int64(math.MaxInt64)
	if w.firstReturn != nil {
		until = w.firstReturn[to]
	}
	g := &groupSearch{witness: w, left: ops, most: -1, after: until}
	slices.SortStableFunc(g.left, func(a, b int32) int {
		return cmp.Or(cmp.Compare(w.index(a), w.index(b)), cmp.Compare(w.history[a].Call, w.history[b].Call))
	})
	g.need = w.needed(to)
	g.bound = g.mostLeft(ops)
	journaling := w.store.journaling
	w.store.journaling = true
	mark := w.store.mark()
	g.run()
	w.store.undo(mark)
	w.store.journaling = journaling
	if !journaling {
		w.store.journal = w.store.journal[:0]
	}
	if g.best == nil {
		w.note(from, &stuck{op: int(g.blamed(w.order[from:to])), revision: w.store.revision})
		return -1
	}
	untils := make([]int64, len(g.best))
	for k := len(g.best) - 1; k >= 0; k-- {
		until = min(until, w.history[g.best[k]].Return)
		untils[k] = until
	}
	for k, i := range g.best {
		w.replay(&w.history[i], untils[k])
	}
	w.placed = append(w.placed, g.best...)
	w.doubt = w.doubt || g.most < g.bound || g.grantedTwice(ops)
	return to
}

// index of an operation in the applied log; those without one come last.
func (w *witness) index(i int32) uint64 {
	if index, ok := w.indices[i]; ok {
		return index
	}
	return math.MaxUint64
}

// groupSearch is a depth-first search for an order of a few operations. Of
// several it takes one that leaves the most leases: a lease without keys that
// others did not need may still end by itself.
type groupSearch struct {
	*witness
	left, order []int32
	// after is the earliest return of what comes after the group.
	after int64
	// best order so far, with the number of leases that it leaves; bound is the
	// most there can be.
	best        []int32
	most, bound int
	// need are the leases that later answers need.
	need map[kv.LeaseID]bool
	// tries bounds the orders that are compared.
	tries int
}

// groupTries is how many orders of a group are compared.
const groupTries = 2000

// run goes on from the order so far; it returns true when there is nothing
// better to find.
func (g *groupSearch) run() bool {
	if len(g.left) == 0 {
		g.tries++
		if n := g.leasesLeft(); n > g.most {
			g.best, g.most = slices.Clone(g.order), n
		}
		return g.most == g.bound || g.tries >= groupTries
	}
	soonest := g.after
	for _, i := range g.left {
		soonest = min(soonest, g.history[i].Return)
	}
	for k, i := range g.left {
		op := &g.history[i]
		if op.Call > soonest {
			continue
		}
		if !g.spend() {
			return true
		}
		mark, revision := g.store.mark(), g.store.revision
		if !g.replay(op, soonest) || g.store.revision != revision {
			g.store.undo(mark)
			continue
		}
		changed := g.store.mark() != mark
		left := g.left
		g.left, g.order = slices.Delete(slices.Clone(left), k, k+1), append(g.order, i)
		done := g.run()
		g.left, g.order = left, g.order[:len(g.order)-1]
		g.store.undo(mark)
		if done {
			return true
		}
		if !changed && !silent(op.Request) {
			return false // what changes nothing and fits may as well come first
		}
	}
	return false
}

// mostLeft bounds what the leases are worth that any order of some operations
// leaves: those that are there, and those that the operations grant or show,
// as a grant without an answer may be behind what is shown.
func (g *groupSearch) mostLeft(ops []int32) int {
	most, granted := map[kv.LeaseID]bool{}, map[kv.LeaseID]bool{}
	//castaway:unordered a set
	for id, l := range g.store.leases {
		most[id] = l.state == alive
	}
	for _, i := range ops {
		eachShown(&g.history[i], func(id kv.LeaseID, there bool) { most[id] = most[id] || there })
		if resp, ok := g.history[i].Response.(kv.LeaseGrantResponse); ok {
			most[resp.ID], granted[resp.ID] = true, true
		}
	}
	g.store.until = 0
	for _, i := range ops {
		g.store.until = max(g.store.until, g.history[i].Return)
	}
	for _, i := range ops {
		revoke, ok := g.history[i].Request.(kv.LeaseRevokeRequest)
		if ok && !granted[revoke.ID] && !g.store.mayGrant(revoke.ID) {
			most[revoke.ID] = false
		}
	}
	n := 0
	//castaway:unordered a sum
	for id, there := range most {
		if there {
			n += g.worth(id)
		}
	}
	return n
}

// grantedTwice says whether some operations grant a lease with one TTL and with
// another: which one stays depends on their order.
func (g *groupSearch) grantedTwice(ops []int32) bool {
	ttls := map[kv.LeaseID]kv.TTL{}
	for _, i := range ops {
		if resp, ok := g.history[i].Response.(kv.LeaseGrantResponse); ok {
			if ttl, twice := ttls[resp.ID]; twice && ttl != resp.TTL {
				return true
			}
			ttls[resp.ID] = resp.TTL
		}
	}
	return false
}

// leasesLeft is what the leases that are there are worth.
func (g *groupSearch) leasesLeft() int {
	n := 0
	//castaway:unordered a sum
	for id, l := range g.store.leases {
		if l.state == alive {
			n += g.worth(id)
		}
	}
	return n
}

// worth of a lease: much if answers soon need it, little otherwise.
func (g *groupSearch) worth(id kv.LeaseID) int {
	if g.need[id] {
		return len(g.history) + 1
	}
	return 1
}

// needAhead is how many answers are looked at for what they need.
const needAhead = 256

// needed are the leases that answers from a place on show to be there, as the
// first thing that they show of them.
func (w *witness) needed(from int) map[kv.LeaseID]bool {
	first := map[kv.LeaseID]bool{}
	for _, i := range w.order[from:min(len(w.order), from+needAhead)] {
		eachShown(&w.history[i], func(id kv.LeaseID, there bool) {
			if _, ok := first[id]; !ok && id != 0 {
				first[id] = there
			}
		})
	}
	return first
}

// eachShown visits the leases that an answer shows to have been there, or not to,
// when its operation took effect.
func eachShown(op *Operation, show func(id kv.LeaseID, there bool)) {
	switch resp := op.Response.(type) {
	case kv.LeaseGrantResponse:
		show(resp.ID, false)
	case kv.LeaseRevokeResponse:
		show(op.Request.(kv.LeaseRevokeRequest).ID, true)
	case kv.LeaseKeepAliveResponse:
		show(resp.ID, resp.TTL > 0)
	case kv.LeaseTimeToLiveResponse:
		show(resp.ID, resp.TTL >= 0)
	case kv.LeaseListResponse:
		for _, id := range resp.Leases {
			show(id, true)
		}
	default:
		eachPut(op.Request, op.Response, func(put kv.PutRequest) { show(put.Lease, true) })
	}
}

// blamed is the operation to name: the first one that fits nowhere at the start,
// else the first.
func (g *groupSearch) blamed(all []int32) int32 {
	journaling := g.store.journaling
	defer func() { g.store.journaling = journaling }()
	g.store.journaling = true
	for _, i := range all {
		mark := g.store.mark()
		ok := g.replay(&g.history[i], g.history[i].Return)
		g.store.undo(mark)
		if !ok {
			return i
		}
	}
	return all[0]
}
