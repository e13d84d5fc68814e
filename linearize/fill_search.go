package linearize

import (
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
