package linearize

import (
	"cmp"
	"slices"

	"github.com/castaway-kv/castaway/kv"
)

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
