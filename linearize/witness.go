package linearize

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/castaway-kv/castaway/kv"
)

// Every answer carries the store's revision, and that is a witness of where
// its operation stands (Gibbons and Korach, "Testing shared memories", 1997:
// with the order of writes known, checking is polynomial). In any order that
// explains a history
//
//   - the write that made revision r comes before everything else that
//     answered r, and all of that before the write that made r+1: the slot;
//   - every revision from 2 to the highest one answered was made by exactly
//     one operation; those that no answer claims, the gaps, were made by
//     operations without an answer;
//   - an operation without an answer that fills no gap changed nothing, or
//     came after every answer: to leave it out is to lose nothing;
//   - a pair that an answer shows was written at its ModRevision, and its key
//     was not changed from there to the revision of that answer.
//
// So intervals may shrink to what the slots allow, and an operation without an
// answer matters at the gaps only. This never removes an order that explains
// the answers, and adds none. What remains open is which of the operations
// without an answer fills which gap, and whether the answers are those of the
// specification: that is the search.

// slot is a place among the revisions.
type slot struct {
	revision kv.Revision
	// reads is 0 for the write that made the revision, 1 for what came after.
	reads int
}

func compareSlots(a, b slot) int {
	return cmp.Or(cmp.Compare(a.revision, b.revision), cmp.Compare(a.reads, b.reads))
}

// candidate is an operation that the search has to place.
type candidate struct {
	// index in the history.
	index int
	Operation
	// slot of an answered operation; the first gap that an unknown one can fill.
	slot slot
	// call and ret are the stamps between which it takes effect.
	call, ret int64
}

// plan is what the search works on.
type plan struct {
	candidates []candidate
	// gaps are the revisions that operations without an answer made, ascending.
	gaps []kv.Revision
	seen sightings
}

// contradiction is a reason why no order can exist.
type contradiction struct {
	reason string
	// conflict are the operations that it is about, by index.
	conflict []int
}

// makePlan prepares the search for an order of those operations of a valid
// history that answered or may have written, or finds it pointless.
func makePlan(h History, answered, writers []int) (*plan, *contradiction) {
	c := make([]candidate, 0, len(answered)+len(writers))
	for _, i := range answered {
		s := slot{revision: h[i].Response.At(), reads: 1}
		if wrote(h[i].Response) {
			s.reads = 0
		}
		c = append(c, candidate{index: i, Operation: h[i], slot: s, call: h[i].Call, ret: h[i].Return})
	}
	slices.SortFunc(c, func(a, b candidate) int {
		return cmp.Or(compareSlots(a.slot, b.slot), cmp.Compare(a.index, b.index))
	})
	if found := cmp.Or(madeTwice(c), outOfTime(c)); found != nil {
		return nil, found
	}
	gaps, found := findGaps(c, len(writers))
	if found != nil {
		return nil, found
	}
	p := &plan{gaps: gaps, seen: collectSightings(c, gaps)}
	p.candidates = append(tighten(c), fillers(h, writers, gaps, c)...)
	return p, nil
}

// madeTwice looks for two writes with one revision among candidates in slot
// order.
func madeTwice(c []candidate) *contradiction {
	for i := 1; i < len(c); i++ {
		if a, b := c[i-1], c[i]; a.slot == b.slot && a.slot.reads == 0 {
			return &contradiction{
				reason:   fmt.Sprintf("%s and %s both made revision %d", describe(a), describe(b), a.slot.revision),
				conflict: []int{a.index, b.index},
			}
		}
	}
	return nil
}

// outOfTime looks, among candidates in slot order, for one that was answered
// before another of a lower slot was called.
func outOfTime(c []candidate) *contradiction {
	latest := -1 // of those in lower slots, the one called last
	for from := 0; from < len(c); {
		to := slotEnd(c, from)
		for _, late := range c[from:to] {
			if latest >= 0 && c[latest].call > late.ret {
				return tooOld(c[latest], late)
			}
		}
		for i := from; i < to; i++ {
			if latest < 0 || c[i].call > c[latest].call {
				latest = i
			}
		}
		from = to
	}
	return nil
}

// tooOld: before was called after its successor had been answered.
func tooOld(before, successor candidate) *contradiction {
	found := &contradiction{conflict: []int{before.index, successor.index}}
	if before.slot.revision == successor.slot.revision {
		found.reason = fmt.Sprintf("%s had been answered before %s, which made that revision, was called",
			describe(successor), describe(before))
	} else {
		found.reason = fmt.Sprintf("%s was called only after %s had been answered, and yet its revision is older",
			describe(before), describe(successor))
	}
	return found
}

// slotEnd is the end of the run of equal slots that begins at from.
func slotEnd(c []candidate, from int) int {
	to := from + 1
	for to < len(c) && c[to].slot == c[from].slot {
		to++
	}
	return to
}

// findGaps lists the revisions up to the highest one answered that no answered
// write made; it fails if there are more than writers without an answer.
func findGaps(c []candidate, writers int) ([]kv.Revision, *contradiction) {
	var gaps []kv.Revision
	next := kv.Revision(2)
	for _, o := range c {
		// Below o's revision nobody else can claim one; at it, a write
		// comes first in slot order.
		end := o.slot.revision
		if o.slot.reads > 0 && end < math.MaxInt64 {
			end++
		}
		for ; next < end; next++ {
			if len(gaps) == writers {
				return nil, &contradiction{reason: unmade(o, next, writers), conflict: []int{o.index}}
			}
			gaps = append(gaps, next)
		}
		if o.slot.reads == 0 && o.slot.revision == next && next < math.MaxInt64 {
			next++
		}
	}
	return gaps, nil
}

func unmade(o candidate, gap kv.Revision, writers int) string {
	if writers == 0 {
		return fmt.Sprintf("%s saw revision %d, but no operation can have made revision %d", describe(o), o.slot.revision, gap)
	}
	return fmt.Sprintf("%s saw revision %d, but there are too few operations to have made all revisions up to it, the %d without an answer included",
		describe(o), o.slot.revision, writers)
}

// bounds says, for a position i among candidates in slot order, the last call
// before i and the first return from i on.
type bounds struct{ lastCall, firstReturn []int64 }

func makeBounds(c []candidate) bounds {
	b := bounds{make([]int64, len(c)+1), make([]int64, len(c)+1)}
	b.lastCall[0], b.firstReturn[len(c)] = math.MinInt64, math.MaxInt64
	for i, o := range c {
		b.lastCall[i+1] = max(b.lastCall[i], o.Call)
	}
	for i := len(c) - 1; i >= 0; i-- {
		b.firstReturn[i] = min(b.firstReturn[i+1], c[i].Return)
	}
	return b
}

// tighten shrinks the intervals of candidates in slot order: each takes effect
// after the call of every lower slot, and before the return of every higher one.
func tighten(c []candidate) []candidate {
	b := makeBounds(c)
	for from := 0; from < len(c); {
		to := slotEnd(c, from)
		for i := from; i < to; i++ {
			c[i].call = max(c[i].call, b.lastCall[from])
			c[i].ret = min(c[i].ret, b.firstReturn[to])
		}
		from = to
	}
	return c
}

// fillers are the operations without an answer that can fill a gap: those
// called before everything at or after the last gap had been answered. Each
// takes effect after the calls of all that is older than its first gap.
func fillers(h History, writers []int, gaps []kv.Revision, c []candidate) []candidate {
	b := makeBounds(c)
	// above is the position of the first answered operation after a gap.
	above := func(gap kv.Revision) int {
		at, _ := slices.BinarySearchFunc(c, slot{gap, 0}, func(o candidate, s slot) int { return compareSlots(o.slot, s) })
		return at
	}
	var all []candidate
	for _, i := range writers {
		// The first return above a gap is no earlier for a later gap.
		first, _ := slices.BinarySearchFunc(gaps, h[i].Call, func(gap kv.Revision, call int64) int {
			return cmp.Compare(b.firstReturn[above(gap)], call)
		})
		if first == len(gaps) {
			continue
		}
		all = append(all, candidate{
			index: i, Operation: h[i], slot: slot{gaps[first], 0},
			call: max(h[i].Call, b.lastCall[above(gaps[first])]), ret: math.MaxInt64,
		})
	}
	return all
}
