package linearize

import (
	"cmp"
	"slices"

	"github.com/castaway-kv/castaway/internal/mix"
)

// quickSearch is the round before porcupine's: the same depth-first search with
// memory (Wing and Gong, "Testing and Verifying Concurrent Objects", 1993; Lowe,
// "Testing for Linearizability", 2017), lean, for the many histories that are
// easy. Calls and returns stand in a list by time; an operation that is placed
// leaves it, and one whose return comes first must be placed now.
//
// An operation without an answer has no return: it is placed anywhere after its
// call, where it may do nothing, or never.
type quickSearch[S, I, O any] struct {
	*modelSearch[S, I, O]
	// next and prev link the list. 2n is the call of the part's n-th operation and
	// 2n+1 its return; the last is the head.
	next, prev []int32
	// placed are bits, and hash of them the exclusive or of a number for each.
	placed []uint64
	hash   uint64
	// seen are the states reached, found through table by their hashes; bits are
	// what was placed, len(placed) words for each.
	seen  []reached[S]
	bits  []uint64
	table []int32
}

// reached is a state with the hash of it and what was placed.
type reached[S any] struct {
	hash  uint64
	state S
}

// quick says whether an order exists; it means nothing once the judge stopped.
func (s *modelSearch[S, I, O]) quick() bool {
	q := &quickSearch[S, I, O]{modelSearch: s, placed: make([]uint64, (len(s.part)+63)/64), table: make([]int32, 512)}
	q.link()
	head := int32(2 * len(s.part))
	at := s.deepest
	stack := make([]int32, 0, len(s.part)) // the operations placed
	for e := q.next[head]; at.answered < s.answered; {
		if e != head && e&1 == 0 && !at.done {
			if next := q.place(at, e/2); next != nil {
				stack = append(stack, e/2)
				at, e = next, q.next[head]
				continue
			}
			if s.stopped {
				return false
			}
			e = q.next[e]
			continue
		}
		if len(stack) == 0 {
			return false
		}
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		q.toggle(n)
		q.putBack(n)
		at, e = at.before, q.next[2*n]
	}
	return true
}

// link makes the list.
func (q *quickSearch[S, I, O]) link() {
	type event struct {
		at int64
		e  int32
	}
	events := make([]event, 0, 2*len(q.part))
	for n, i := range q.part {
		call, ret := q.interval(i)
		events = append(events, event{call, int32(2 * n)})
		if q.known(i) {
			events = append(events, event{ret, int32(2*n + 1)})
		}
	}
	slices.SortFunc(events, func(a, b event) int {
		if a.at != b.at {
			return cmp.Compare(a.at, b.at)
		}
		return cmp.Or(cmp.Compare(a.e&1, b.e&1), cmp.Compare(a.e, b.e)) // at one time, calls first
	})
	links := make([]int32, 2*(2*len(q.part)+1))
	q.next, q.prev = links[:len(links)/2], links[len(links)/2:]
	last := int32(2 * len(q.part))
	for _, v := range events {
		q.next[last], q.prev[v.e] = v.e, last
		last = v.e
	}
	q.next[last], q.prev[2*len(q.part)] = int32(2*len(q.part)), last
}

// place places the part's n-th operation, if it fits and leads to something new.
func (q *quickSearch[S, I, O]) place(from *point[S], n int32) *point[S] {
	if !q.spend() {
		return nil
	}
	i := q.part[n]
	op := &q.history[i]
	known := q.known(i)
	var out *O
	if known {
		out = &op.Output
	}
	state, ok := q.Step(from.state, op.Input, out)
	if !known && !ok {
		state, ok = from.state, true
	}
	if !ok || q.feasible != nil && !q.feasible(state) {
		return nil
	}
	q.toggle(n)
	if !q.isNew(state) {
		q.toggle(n)
		return nil
	}
	if known && q.ReadOnly != nil && q.ReadOnly(op.Input, out) {
		from.done = true
	}
	next := q.point(state, from, i)
	if known {
		next.answered++
	}
	next.passed = !known && q.equal(state, from.state)
	q.takeOut(n)
	return next
}

// toggle places an operation, or takes it back.
func (q *quickSearch[S, I, O]) toggle(n int32) {
	q.placed[n/64] ^= 1 << (n % 64)
	q.hash ^= mix.Bits(uint64(n) + 1)
}

// takeOut removes an operation from the list; putBack, called in the opposite
// order, undoes it.
func (q *quickSearch[S, I, O]) takeOut(n int32) {
	for e := 2 * n; e <= q.lastOf(n); e++ {
		q.next[q.prev[e]], q.prev[q.next[e]] = q.next[e], q.prev[e]
	}
}

func (q *quickSearch[S, I, O]) putBack(n int32) {
	for e := q.lastOf(n); e >= 2*n; e-- {
		q.next[q.prev[e]], q.prev[q.next[e]] = e, e
	}
}

// lastOf is an operation's last event.
func (q *quickSearch[S, I, O]) lastOf(n int32) int32 {
	if q.known(q.part[n]) {
		return 2*n + 1
	}
	return 2 * n
}

// isNew remembers a state with what is placed, and says whether it is a new one.
func (q *quickSearch[S, I, O]) isNew(state S) bool {
	hash := q.hash
	if q.Hash != nil {
		hash ^= q.Hash(state)
	}
	if 2*len(q.seen) >= len(q.table) {
		q.grow()
	}
	words := len(q.placed)
	slot := hash & uint64(len(q.table)-1)
	for ; q.table[slot] != 0; slot = (slot + 1) & uint64(len(q.table)-1) {
		k := int(q.table[slot]) - 1
		if q.seen[k].hash == hash && slices.Equal(q.bits[k*words:(k+1)*words], q.placed) && q.equal(q.seen[k].state, state) {
			return false
		}
	}
	q.seen = append(q.seen, reached[S]{hash, state})
	q.bits = append(q.bits, q.placed...)
	q.table[slot] = int32(len(q.seen))
	return true
}

func (q *quickSearch[S, I, O]) grow() {
	q.table = make([]int32, 4*len(q.table))
	for k := range q.seen {
		slot := q.seen[k].hash & uint64(len(q.table)-1)
		for q.table[slot] != 0 {
			slot = (slot + 1) & uint64(len(q.table)-1)
		}
		q.table[slot] = int32(k + 1)
	}
}
