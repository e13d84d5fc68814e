package raft

import (
	"sort"

	"github.com/castaway-kv/castaway/internal/cow"
)

// log is the sequence of entries behind a base, and what is known of their way
// to the disk.
//
//	base │ 4 5 6 7 8 9
//	           ▲     last
//	        durable
//
// The base lies at or before the end of the snapshot: some entries that the
// snapshot covers are kept for followers that lag a little.
type log struct {
	// base is the position before the first entry. Invariant 11: base ≤ end of the
	// snapshot ≤ handed out.
	base    Position
	entries cow.Vector[Entry]
	// end is the position of the last entry, base if there is none.
	end Position
	// durable is the end of the longest prefix whose present entries are all on
	// disk. Invariant 4: durable ≤ last.
	durable Index
	// pending are the writes of entries behind durable, by ascending number and
	// ascending last index.
	pending []pendingWrite
}

// pendingWrite is a write of entries that is not durable yet. A truncation
// shortens it, so that entries written later in the same place are not taken
// for durable when this write is.
type pendingWrite struct {
	number uint64
	last   Index
}

func (l *log) last() Position { return l.end }

// first is the index of the first entry.
func (l *log) first() Index { return l.base.Index + 1 }

// term of the entry at i; false if it is not in the log.
func (l *log) term(i Index) (Term, bool) {
	switch {
	case i == l.end.Index:
		return l.end.Term, true
	case i == l.base.Index:
		return l.base.Term, true
	case i < l.base.Index || i > l.end.Index:
		return 0, false
	}
	return l.at(i).Term, true
}

// at returns entry i, which must be in the log.
func (l *log) at(i Index) Entry { return l.entries.At(int(i - l.first())) }

// holds reports whether the log has an entry at p.Index with p.Term (§5.3).
func (l *log) holds(p Position) bool {
	t, ok := l.term(p.Index)
	return ok && t == p.Term
}

// slice returns up to most entries from i on, at least one if there is any.
func (l *log) slice(i Index, most int) []Entry {
	from, to := int(i-l.first()), l.entries.Len()
	if from >= to {
		return nil
	}
	return l.entries.Slice(from, min(to, from+most))
}

// between returns the entries behind one up to another: the log's own if they lie
// together, else a copy.
func (l *log) between(behind, last Index) []Entry {
	list := l.slice(behind+1, int(last-behind))
	for n := Index(len(list)); n < last-behind; n = Index(len(list)) {
		list = append(list, l.slice(behind+n+1, int(last-behind-n))...)
	}
	return list
}

// append adds entries. Writing follows.
func (l *log) append(entries []Entry) {
	l.entries.Extend(entries)
	l.end = entries[len(entries)-1].Position()
}

// add adds an entry. Writing follows.
func (l *log) add(e Entry) {
	l.entries.Append(e)
	l.end = e.Position()
}

// writing notes that write number carries the entries up to last to the disk.
func (l *log) writing(number uint64, last Index) {
	l.pending = append(l.pending, pendingWrite{number, last})
}

// bytes is the data in the entries behind one up to another.
func (l *log) bytes(behind, last Index) (sum int) {
	for behind < last {
		part := l.slice(behind+1, int(last-behind))
		for i := range part {
			sum += len(part[i].Data)
		}
		behind += Index(len(part))
	}
	return sum
}

// truncate removes the entries behind last.
func (l *log) truncate(last Index) {
	t, _ := l.term(last)
	l.entries.Truncate(int(last - l.base.Index))
	l.end = Position{t, last}
	l.durable = min(l.durable, last)
	for k := len(l.pending) - 1; k >= 0 && l.pending[k].last > last; k-- {
		before := l.durable
		if k > 0 {
			before = l.pending[k-1].last
		}
		if before >= last {
			l.pending = l.pending[:k]
			continue
		}
		l.pending[k].last = last
	}
}

// compact drops the entries up to i.
func (l *log) compact(i Index) {
	if i <= l.base.Index {
		return
	}
	t, _ := l.term(i)
	l.entries.Discard(int(i - l.base.Index))
	l.base = Position{t, i}
}

// reset makes the log empty behind a base. Writing follows.
func (l *log) reset(base Position) { *l = log{base: base, end: base} }

// written notes that all writes up to number are durable.
func (l *log) written(number uint64) {
	k := 0
	for k < len(l.pending) && l.pending[k].number <= number {
		l.durable = l.pending[k].last
		k++
	}
	l.pending = l.pending[:copy(l.pending, l.pending[k:])]
}

// writeOf returns the number of the write that makes the log durable up to i,
// 0 if it is.
func (l *log) writeOf(i Index) uint64 {
	if i <= l.durable {
		return 0
	}
	k := sort.Search(len(l.pending), func(k int) bool { return l.pending[k].last >= i })
	return l.pending[k].number
}

// conflict tells a leader where to look when prev does not match: the term at
// prev and its first index, or the end of a log that is too short (§5.3).
func (l *log) conflict(prev Index) Position {
	if last := l.last().Index; prev > last {
		return Position{Index: last + 1}
	}
	t, _ := l.term(prev)
	return Position{t, l.firstOfTerm(t)}
}

// firstOfTerm returns the index of the first entry of term t or a later one.
func (l *log) firstOfTerm(t Term) Index {
	k := sort.Search(l.entries.Len(), func(k int) bool { return l.entries.At(k).Term >= t })
	return l.first() + Index(k)
}

func (l *log) clone() log {
	c := *l
	c.entries = l.entries.Clone()
	c.pending = append([]pendingWrite(nil), l.pending...)
	return c
}
