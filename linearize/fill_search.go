package linearize

import (
	"cmp"
	"maps"
	"slices"

	"github.com/castaway-kv/castaway/kv"
)

// searchFiller chooses for each gap among the operations without an answer. What
// answers tell comes first: the pair that was seen to be put at the gap, then
// the key whose versions want it soonest, then the operation called last, as
// most take effect soon after their call.
type searchFiller struct {
	*witness
	*evidence
	gaps []kv.Revision
	pool []candidate // by call
	// byPut, byKey and byDel find candidates by the pair that they may put, the key
	// that they may change, and the key that they may delete; wide are those that
	// may change more than these say.
	byPut map[kv.KeyValue][]int32
	byKey map[string][]int32
	byDel map[string][]int32
	wide  []int32
	// frames are the choices made.
	frames []frame
	// unfilled are the keys that the last fill failed by.
	unfilled *keySet
}

// candidate is an operation without an answer that may fill gaps.
type candidate struct {
	op   int32
	used bool
	// class is the same for equal requests.
	class int32
	keys  keySet
	// reserved for gaps that were seen to put what only it can have put.
	reserved bool
}

// choice is one way to fill a gap.
type choice struct {
	kind choiceKind
	// of is a candidate, or an operation of the history.
	of    int32
	lease kv.LeaseID
}

type choiceKind uint8

const (
	chooseCandidate choiceKind = iota
	// chooseRevoke: an answered revoke, whose answer doesn't say if it took keys along.
	chooseRevoke
	// chooseExpiry: a lease ends by itself.
	chooseExpiry
)

// frame is a gap with what was chosen for it.
type frame struct {
	at, mark, placed int
	gap              kv.Revision
	must             bool
	choices          []choice
	next             int
	// widened: all there is was added to choices.
	widened bool
	// tried are the classes of what was tried.
	tried  []int32
	chosen choice
	// conflicts are the keys by which earlier choices failed.
	conflicts keySet
}

func newSearchFiller(w *witness, watched []kv.Event) *searchFiller {
	f := &searchFiller{witness: w, evidence: newEvidence(w.plan, watched), gaps: w.gaps, byPut: map[kv.KeyValue][]int32{}, byKey: map[string][]int32{}, byDel: map[string][]int32{}}
	classes := map[string]int32{}
	f.pool = make([]candidate, len(w.writers))
	var encoded []byte
	for n, i := range w.writers {
		r := w.history[i].Request
		encoded = kv.AppendRequest(encoded[:0], r)
		class, ok := classes[string(encoded)]
		if !ok {
			class = int32(len(classes))
			classes[string(encoded)] = class
		}
		f.pool[n] = candidate{op: i, class: class}
		f.pool[n].keys.addRequest(r)
		f.enter(int32(n), r)
	}
	f.reserve()
	leases := slices.ContainsFunc(w.history, func(op Operation) bool { return isLeaseRequest(op.Request) })
	f.mayDelete = func(key string) bool { return leases || len(f.wide) > 0 || len(f.byDel[key]) > 0 }
	return f
}

// reserve keeps for the gaps that were seen to put a pair the candidates that
// can put it, if there are no more of them than of the gaps.
func (f *searchFiller) reserve() {
	if len(f.wide) > 0 {
		return // a put that keeps a value may put any
	}
	need := map[kv.KeyValue]int{}
	for _, gap := range f.gaps {
		for _, m := range f.musts[gap] {
			if m.pair == nil {
				continue
			}
			p := kv.KeyValue{Key: m.pair.Key, Value: m.pair.Value}
			need[p]++
			if need[p] == len(f.byPut[p]) {
				for _, n := range f.byPut[p] {
					f.pool[n].reserved = true
				}
			}
		}
	}
}

// enter makes a candidate known by what it may put.
func (f *searchFiller) enter(n int32, r kv.Request) {
	wide := false
	eachOp(r, func(op kv.Request) {
		switch op := op.(type) {
		case kv.PutRequest:
			f.byKey[op.Key] = append(f.byKey[op.Key], n)
			if op.IgnoreValue {
				wide = true
				return
			}
			p := kv.KeyValue{Key: op.Key, Value: op.Value}
			f.byPut[p] = append(f.byPut[p], n)
		case kv.DeleteRangeRequest:
			if op.End == "" {
				f.byKey[op.Key] = append(f.byKey[op.Key], n)
				f.byDel[op.Key] = append(f.byDel[op.Key], n)
			}
			wide = wide || op.End != ""
		case kv.LeaseRevokeRequest:
			wide = true
		}
	})
	if wide {
		f.wide = append(f.wide, n)
	}
}

func (f *searchFiller) fill(at int) bool {
	gap := f.store.revision + 1
	fr := frame{at: at, mark: f.store.mark(), placed: len(f.placed), gap: gap}
	f.likely(&fr)
	f.frames = append(f.frames, fr)
	if f.choose(&f.frames[len(f.frames)-1]) {
		return true
	}
	f.unfilled = &keySet{}
	f.blame(&f.frames[len(f.frames)-1], f.unfilled)
	f.frames = f.frames[:len(f.frames)-1]
	return false
}

func (f *searchFiller) failed() *keySet {
	keys := f.unfilled
	f.unfilled = nil
	return keys
}

// likely lists what answers say of a gap.
func (f *searchFiller) likely(fr *frame) {
	musts := f.musts[fr.gap]
	// A lease that ends deletes its keys, so a deletion leaves all ways open.
	fr.must = len(musts) > 0 && !musts[0].deleted
	for k := fr.at; k < len(f.order) && f.slots[k].revision() == fr.gap; k++ {
		if _, ok := f.history[f.order[k]].Request.(kv.LeaseRevokeRequest); ok && !f.early[f.order[k]] {
			fr.choices = append(fr.choices, choice{kind: chooseRevoke, of: f.order[k]})
		}
	}
	if len(musts) > 0 && musts[0].deleted {
		f.offer(fr, f.byDel[musts[0].key])
		f.offer(fr, f.wide)
		return
	}
	if fr.must {
		list := f.byKey[musts[0].key]
		if p := musts[0].pair; p != nil {
			list = f.byPut[kv.KeyValue{Key: p.Key, Value: p.Value}]
		}
		f.offer(fr, list)
		f.offer(fr, f.wide)
		return
	}
	f.wantedHere(fr)
}

// wantedHere lists what demands want of a gap: of one that can't wait, only
// that; of the others the candidates called last first, as most operations take
// effect soon after their call.
func (f *searchFiller) wantedHere(fr *frame) {
	revokes := len(fr.choices)
	first, _ := slices.BinarySearchFunc(f.demands, fr.gap+1, func(d demand, r kv.Revision) int { return cmp.Compare(d.to, r) })
	for n := first; n < len(f.demands); n++ {
		d := &f.demands[n]
		if d.from >= fr.gap {
			continue
		}
		open := f.open(d, f.store.keys[d.key], fr.gap)
		if open <= 0 {
			continue
		}
		if open > within(f.gaps, fr.gap, d.to) {
			fr.choices = fr.choices[:revokes]
			f.offerFor(fr, d)
			return
		}
		f.offerFor(fr, d)
	}
	slices.SortStableFunc(fr.choices, func(a, b choice) int {
		if a.kind != b.kind || a.kind != chooseCandidate {
			return cmp.Compare(b.kind, a.kind)
		}
		return cmp.Compare(b.of, a.of)
	})
}

func (f *searchFiller) offerFor(fr *frame, d *demand) {
	if d.deletes {
		f.offer(fr, f.byDel[d.key])
		f.offer(fr, f.wide)
		return
	}
	f.offer(fr, f.byKey[d.key])
}

// offer adds candidates that were called in time, the last called first.
func (f *searchFiller) offer(fr *frame, list []int32) {
	for k := len(list) - 1; k >= 0; k-- {
		c := &f.pool[list[k]]
		if !c.used && (fr.must || !c.reserved) && f.history[c.op].Call <= f.firstReturn[fr.at] {
			fr.choices = append(fr.choices, choice{kind: chooseCandidate, of: list[k]})
		}
	}
}

// widen adds everything that may fill the gap; false if that was done, or the
// answers say that nothing else can.
func (f *searchFiller) widen(fr *frame) bool {
	if fr.widened || fr.must {
		return false
	}
	fr.widened = true
	last, _ := slices.BinarySearchFunc(f.pool, f.firstReturn[fr.at], func(c candidate, stamp int64) int {
		if f.history[c.op].Call <= stamp {
			return -1
		}
		return 1
	})
	for n := last - 1; n >= 0; n-- {
		if !f.pool[n].used && !f.pool[n].reserved {
			fr.choices = append(fr.choices, choice{kind: chooseCandidate, of: int32(n)})
		}
	}
	for _, id := range f.store.leaseIDs() {
		if l := f.store.leases[id]; l.state == alive && len(l.keys) > 0 {
			fr.choices = append(fr.choices, choice{kind: chooseExpiry, lease: id})
		}
	}
	return true
}

// choose makes the next choice of a frame that works.
func (f *searchFiller) choose(fr *frame) bool {
	for {
		for fr.next < len(fr.choices) {
			c := fr.choices[fr.next]
			fr.next++
			if f.spent {
				return false
			}
			if f.try(fr, c) {
				fr.chosen = c
				return true
			}
			f.store.undo(fr.mark)
		}
		if !f.widen(fr) {
			return false
		}
	}
}

// try carries out a choice and says whether answers allow it.
func (f *searchFiller) try(fr *frame, c choice) bool {
	f.store.until = f.firstReturn[fr.at]
	switch c.kind {
	case chooseCandidate:
		p := &f.pool[c.of]
		if p.used || slices.Contains(fr.tried, p.class) || !f.spend() {
			return false
		}
		fr.tried = append(fr.tried, p.class)
		r := f.history[p.op].Request
		if isLeaseRequest(r) {
			if !f.store.leaseStep(r, nil) {
				return false
			}
		} else if f.store.apply(r) != nil {
			return false
		}
		if f.store.revision != fr.gap || !f.fits(fr.gap) {
			return false
		}
		p.used = true
		f.placed = append(f.placed, p.op)
	case chooseRevoke:
		op := &f.history[c.of]
		if !f.spend() || !f.store.leaseStep(op.Request, op.Response) || f.store.revision != fr.gap || !f.fits(fr.gap) {
			return false
		}
		f.early[c.of] = true
		f.placed = append(f.placed, c.of)
	case chooseExpiry:
		return f.spend() && f.store.expire(c.lease) && f.fits(fr.gap)
	}
	return true
}

// fits says whether what a gap changed is what answers tell of it.
func (f *searchFiller) fits(gap kv.Revision) bool {
	for _, c := range f.store.touched {
		if c.pair.ModRevision == gap && !f.allows(c, gap) {
			return false
		}
	}
	for _, m := range f.musts[gap] {
		c := f.store.keys[m.key]
		if m.deleted && c != nil && !c.live && c.pair.ModRevision == gap {
			continue
		}
		if m.deleted || c == nil || !c.live || c.pair.ModRevision != gap || m.created && c.pair.CreateRevision != gap {
			return false
		}
	}
	return true
}

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
