package watch

import (
	"slices"

	"github.com/castaway-kv/castaway/internal/mix"
	"github.com/castaway-kv/castaway/kv"
)

// unbounded is the End of a span without an upper bound.
const unbounded = "\x00"

// intervals finds the ranges that contain a key without looking at them all: a
// tree of spans ordered by key and end, in which each node knows the furthest end
// below it. It is a treap (Seidel, Aragon, "Randomized Search Trees", 1996) whose
// priorities are hashes of the spans, so equal sets of spans make equal trees.
type intervals struct {
	root *interval
}

type interval struct {
	span     kv.Span
	priority uint64
	// furthest is the greatest end in the subtree, in the order of beyond.
	furthest    string
	left, right *interval
	// watchers of exactly this span, the oldest first.
	watchers []*watcher
}

// beyond says whether one end is further than another.
func beyond(a, b string) bool { return b != unbounded && (a == unbounded || a > b) }

// endsAfter says whether key is before an end.
func endsAfter(end, key string) bool { return end == unbounded || key < end }

// before is the order of the spans.
func before(a, b kv.Span) bool { return a.Key < b.Key || a.Key == b.Key && a.End < b.End }

func (t *intervals) add(w *watcher) { t.root = t.root.insert(w) }

func (t *intervals) remove(w *watcher) { t.root = t.root.without(w) }

// find yields the watchers whose span contains key.
func (t *intervals) find(key string, yield func(*watcher)) { t.root.find(key, yield) }

func (n *interval) find(key string, yield func(*watcher)) {
	if n == nil || !endsAfter(n.furthest, key) {
		return
	}
	n.left.find(key, yield)
	if n.span.Key > key {
		return // and so are all to the right
	}
	if endsAfter(n.span.End, key) {
		for _, w := range n.watchers {
			yield(w)
		}
	}
	n.right.find(key, yield)
}

func (n *interval) insert(w *watcher) *interval {
	switch {
	case n == nil:
		var h mix.Hash
		h.String(w.span.Key)
		h.String(w.span.End)
		n = &interval{span: w.span, priority: h.Sum(), watchers: []*watcher{w}}
	case n.span == w.span:
		n.watchers = append(n.watchers, w)
	case before(w.span, n.span):
		n.left = n.left.insert(w)
		if n.left.priority > n.priority {
			return n.rotateRight()
		}
	default:
		n.right = n.right.insert(w)
		if n.right.priority > n.priority {
			return n.rotateLeft()
		}
	}
	n.update()
	return n
}

func (n *interval) without(w *watcher) *interval {
	switch {
	case n.span == w.span:
		n.watchers = slices.DeleteFunc(n.watchers, func(x *watcher) bool { return x == w })
		if len(n.watchers) == 0 {
			return merge(n.left, n.right)
		}
	case before(w.span, n.span):
		n.left = n.left.without(w)
	default:
		n.right = n.right.without(w)
	}
	n.update()
	return n
}

// merge makes one tree of two; all of a comes before all of b.
func merge(a, b *interval) *interval {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	case a.priority > b.priority:
		a.right = merge(a.right, b)
		a.update()
		return a
	default:
		b.left = merge(a, b.left)
		b.update()
		return b
	}
}

func (n *interval) rotateRight() *interval {
	top := n.left
	n.left, top.right = top.right, n
	n.update()
	top.update()
	return top
}

func (n *interval) rotateLeft() *interval {
	top := n.right
	n.right, top.left = top.left, n
	n.update()
	top.update()
	return top
}

// update computes furthest anew from the children.
func (n *interval) update() {
	n.furthest = n.span.End
	for _, child := range [...]*interval{n.left, n.right} {
		if child != nil && beyond(child.furthest, n.furthest) {
			n.furthest = child.furthest
		}
	}
}
