package linearize

import (
	"cmp"
	"math"
	"slices"
)

// group places the operations of one slot of reads when some of them change
// something without a revision, as compactions and lease requests do: it looks
// for an order in real time, by the applied log's where that is known.
func (w *witness) group(from int) int {
	to := w.end(from)
	ops := slices.DeleteFunc(slices.Clone(w.order[from:to]), func(i int32) bool { return w.early[i] })
	if !slices.ContainsFunc(ops, func(i int32) bool { return silent(w.history[i].Request) }) {
		for at := from; at < to; at++ {
			if !w.place(at) {
				return -1
			}
		}
		return to
	}
	g := &groupSearch{witness: w, left: ops}
	slices.SortStableFunc(g.left, func(a, b int32) int {
		return cmp.Or(cmp.Compare(w.index(a), w.index(b)), cmp.Compare(w.history[a].Call, w.history[b].Call))
	})
	journaling, placed := w.store.journaling, len(w.placed)
	w.store.journaling = true
	ok := g.run()
	w.store.journaling = journaling
	if !journaling {
		w.store.journal = w.store.journal[:0]
	}
	if !ok {
		w.placed = w.placed[:placed]
		w.note(from, &stuck{op: int(g.blamed(w.order[from:to])), revision: w.store.revision})
		return -1
	}
	return to
}

// index of an operation in the applied log; those without one come last.
func (w *witness) index(i int32) uint64 {
	if index, ok := w.indices[i]; ok {
		return index
	}
	return math.MaxUint64
}

// groupSearch is a depth-first search for an order of a few operations.
type groupSearch struct {
	*witness
	left []int32
}

func (g *groupSearch) run() bool {
	if len(g.left) == 0 {
		return true
	}
	soonest := int64(math.MaxInt64)
	for _, i := range g.left {
		soonest = min(soonest, g.history[i].Return)
	}
	for k, i := range g.left {
		op := &g.history[i]
		if op.Call > soonest {
			continue
		}
		if !g.spend() {
			return false
		}
		mark := g.store.mark()
		revision := g.store.revision
		if !g.replay(op) || g.store.revision != revision {
			g.store.undo(mark)
			continue
		}
		g.left = slices.Delete(slices.Clone(g.left), k, k+1)
		g.placed = append(g.placed, i)
		if g.run() {
			return true
		}
		g.left = slices.Insert(slices.Clone(g.left), k, i)
		g.placed = g.placed[:len(g.placed)-1]
		g.store.undo(mark)
		if !silent(op.Request) {
			// What changes nothing and fits may as well come first.
			return false
		}
	}
	return false
}

// blamed is the operation to name: the first one that fits nowhere at the start,
// else the first.
func (g *groupSearch) blamed(all []int32) int32 {
	journaling := g.store.journaling
	defer func() { g.store.journaling = journaling }()
	g.store.journaling = true
	for _, i := range all {
		mark := g.store.mark()
		ok := g.replay(&g.history[i])
		g.store.undo(mark)
		if !ok {
			return i
		}
	}
	return all[0]
}
