package linearize

import (
	"maps"
	"slices"
)

// unchoose takes a frame's choice back.
func (f *searchFiller) unchoose(fr *frame) {
	switch fr.chosen.kind {
	case chooseCandidate:
		f.pool[fr.chosen.of].used = false
	case chooseRevoke:
		delete(f.early, fr.chosen.of)
	case chooseExpiry:
	}
	f.store.undo(fr.mark)
	f.placed = f.placed[:fr.placed]
}

// goBack is conflict-directed. The answer that failed depends on some keys. A
// choice that touches one of them may be replaced by anything; another one only
// by what touches them, and if nothing can, it is passed over. Where choices
// fail, the keys by which they did join the set.
func (f *searchFiller) goBack(keys *keySet) int {
	for len(f.frames) > 0 && !f.spent {
		fr := &f.frames[len(f.frames)-1]
		touches := keys.all || fr.chosen.kind != chooseCandidate || f.pool[fr.chosen.of].keys.meets(keys)
		f.unchoose(fr)
		fr.conflicts.union(keys)
		if touches && f.choose(fr) || !touches && f.chooseAmong(fr, keys) {
			return fr.at
		}
		if touches {
			keys.union(&fr.conflicts)
			f.blame(fr, keys)
		}
		f.frames = f.frames[:len(f.frames)-1]
	}
	return -1
}

// chooseAmong chooses for a frame something that touches one of the keys; if
// nothing works, the keys of all that might have join the set.
func (f *searchFiller) chooseAmong(fr *frame, keys *keySet) bool {
	if len(f.store.leases) > 0 {
		keys.all = true // leases may end at any gap
		return f.choose(fr)
	}
	var list []int32
	for _, key := range slices.Sorted(maps.Keys(keys.named)) {
		list = append(list, f.byKey[key]...)
	}
	list = append(list, f.wide...)
	slices.Sort(list)
	list = slices.Compact(list)
	might := false
	for _, n := range slices.Backward(list) {
		if f.history[f.pool[n].op].Call > f.firstReturn[fr.at] || !f.meetsMust(fr, n) {
			continue
		}
		might = true
		keys.union(&f.pool[n].keys)
		if !fr.must && f.pool[n].reserved {
			continue
		}
		c := choice{kind: chooseCandidate, of: n}
		if f.spent {
			return false
		}
		if f.try(fr, c) {
			fr.chosen = c
			return true
		}
		f.store.undo(fr.mark)
	}
	if might {
		keys.union(&fr.conflicts)
	}
	return false
}

// meetsMust says whether a candidate may do what the frame's gap must have done.
func (f *searchFiller) meetsMust(fr *frame, n int32) bool {
	for _, m := range f.musts[fr.gap] {
		if !f.pool[n].keys.all && !f.pool[n].keys.named[m.key] {
			return false
		}
	}
	return true
}

// blame adds the keys of all that could fill a frame.
func (f *searchFiller) blame(fr *frame, keys *keySet) {
	if !fr.must || len(f.wide) > 0 || len(f.store.leases) > 0 {
		keys.all = true
		return
	}
	for _, m := range f.musts[fr.gap] {
		for _, n := range f.byKey[m.key] {
			keys.union(&f.pool[n].keys)
		}
	}
}
