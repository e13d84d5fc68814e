package watch

import "slices"

// index finds the watchers that a key concerns.
type index struct {
	// keys has the watchers of single keys, the oldest first.
	keys   map[string][]*watcher
	ranges intervals
}

func newIndex() index { return index{keys: map[string][]*watcher{}} }

func (x *index) add(w *watcher) {
	if w.span.End != "" {
		x.ranges.add(w)
		return
	}
	x.keys[w.span.Key] = append(x.keys[w.span.Key], w)
}

func (x *index) remove(w *watcher) {
	if w.span.End != "" {
		x.ranges.remove(w)
		return
	}
	left := slices.DeleteFunc(x.keys[w.span.Key], func(y *watcher) bool { return y == w })
	if len(left) == 0 {
		delete(x.keys, w.span.Key)
		return
	}
	x.keys[w.span.Key] = left
}

// find yields the watchers whose span contains key: those of the key itself, the
// oldest first, then those of ranges, in the order of their spans.
func (x *index) find(key string, yield func(*watcher)) {
	for _, w := range x.keys[key] {
		yield(w)
	}
	x.ranges.find(key, yield)
}
