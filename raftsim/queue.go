package raftsim

import (
	"fmt"
	"slices"
)

// queue holds what is going to happen, ordered by (time, sequence): a binary
// heap of 16-byte keys over a slab of happenings.
type queue struct {
	heap []heapKey
	slab []happening
	free []uint32
	// sequence counts what was ever scheduled.
	sequence uint64
}

// heapKey orders happenings. Order is the class, the sequence number and the
// place in the slab, from the highest bit down. A timer has its owner's number
// instead of a sequence number: when it was put in the queue does not matter.
type heapKey struct {
	at    Time
	order uint64
}

const (
	slotBits     = 24
	sequenceBits = 62 - slotBits
)

// The classes of happenings of one moment: first members start, then comes what
// the schedule says, then what was under way, last the timers.
const (
	classStart = iota << sequenceBits
	classAction
	classOrdinary
	classTimer
)

func (a heapKey) before(b heapKey) bool {
	return a.at < b.at || a.at == b.at && a.order < b.order
}

func (a heapKey) slot() uint32 { return uint32(a.order & (1<<slotBits - 1)) }

// add schedules h.
func (q *queue) add(at Time, h happening) {
	var slot uint32
	if k := len(q.free); k > 0 {
		slot = q.free[k-1]
		q.free = q.free[:k-1]
		q.slab[slot] = h
	} else {
		slot = uint32(len(q.slab))
		if slot >= 1<<slotBits {
			panic(fmt.Sprintf("raftsim: more than %d happenings wait", slot))
		}
		q.slab = append(q.slab, h)
	}
	q.heap = append(q.heap, heapKey{at, q.rank(&q.slab[slot])<<slotBits | uint64(slot)})
	q.up(len(q.heap) - 1)
}

// rank is a happening's place among those of its moment: class and sequence.
func (q *queue) rank(h *happening) uint64 {
	switch h.kind {
	case doWake:
		return classTimer | uint64(h.member)
	case doTimeout:
		return classTimer | uint64(MaxIDs+1+h.client)
	case doStart:
		return classStart | q.count()
	case doAction:
		return classAction | q.count()
	default:
		return classOrdinary | q.count()
	}
}

func (q *queue) count() uint64 {
	q.sequence++
	return q.sequence
}

// next is when the next happening is due; false if there is none.
func (q *queue) next() (Time, bool) {
	if len(q.heap) == 0 {
		return 0, false
	}
	return q.heap[0].at, true
}

// take removes the next happening.
func (q *queue) take() (Time, happening) {
	k := q.heap[0]
	last := len(q.heap) - 1
	q.heap[0] = q.heap[last]
	q.heap = q.heap[:last]
	q.down(0)
	slot := k.slot()
	h := q.slab[slot]
	q.slab[slot] = happening{}
	q.free = append(q.free, slot)
	return k.at, h
}

func (q *queue) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if !q.heap[i].before(q.heap[parent]) {
			return
		}
		q.heap[i], q.heap[parent] = q.heap[parent], q.heap[i]
		i = parent
	}
}

func (q *queue) down(i int) {
	for {
		child := 2*i + 1
		if child >= len(q.heap) {
			return
		}
		if r := child + 1; r < len(q.heap) && q.heap[r].before(q.heap[child]) {
			child = r
		}
		if !q.heap[child].before(q.heap[i]) {
			return
		}
		q.heap[i], q.heap[child] = q.heap[child], q.heap[i]
		i = child
	}
}

func (q *queue) clone() queue {
	return queue{slices.Clone(q.heap), slices.Clone(q.slab), slices.Clone(q.free), q.sequence}
}

// dropActions removes all actions of the schedule.
func (q *queue) dropActions() {
	old := *q
	*q = queue{sequence: old.sequence}
	for len(old.heap) > 0 {
		at, h := old.take()
		if h.kind != doAction {
			q.add(at, h)
		}
	}
}
