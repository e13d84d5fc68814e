package mvcc

import (
	"slices"

	"github.com/castaway-kv/castaway/kv"
)

// segmentSize is the number of changes in a segment of the changelog.
const segmentSize = 128

// changelog is the list of all changes that are kept, in the order in which they
// happened: what watchers read. Full segments never change and know only those
// before them, so clones share them and a clone of the log is a copy of this
// struct.
//
//	newest ─► segment 3 ─► segment 2 ─► segment 1 ─► segment 0
//	   tail       │ jump                    ▲ │          ▲
//	[· · ·    ]   └─────────────────────────┘ └──────────┘
//
// Each segment has a second link that jumps over many, so that one far back is
// found in a logarithmic number of steps (E. W. Myers, "An applicative random-access
// stack", 1983).
type changelog struct {
	newest *segment
	// tail are the changes after the last full segment, at most segmentSize.
	tail []*version
	// shared says that a clone may hold the array of tail.
	shared bool
}

type segment struct {
	changes [segmentSize]*version
	number  int
	// older is the segment before, jump one at or before that; of segment 0 both
	// are the segment itself.
	older, jump *segment
}

// clone is a second log with the same contents.
func (l *changelog) clone() changelog {
	l.shared = true
	return *l
}

// len is the number of changes.
func (l *changelog) len() int { return l.full() + len(l.tail) }

// full is the number of changes in full segments.
func (l *changelog) full() int {
	if l.newest == nil {
		return 0
	}
	return (l.newest.number + 1) * segmentSize
}

// append adds a change at the end.
func (l *changelog) append(v *version) {
	if len(l.tail) == segmentSize {
		l.seal()
	}
	if l.shared {
		l.tail = append(make([]*version, 0, segmentSize), l.tail...)
		l.shared = false
	}
	l.tail = append(l.tail, v)
}

// seal makes a segment of the tail.
func (l *changelog) seal() {
	s := &segment{changes: [segmentSize]*version(l.tail)}
	if previous := l.newest; previous == nil {
		s.older, s.jump = s, s
	} else {
		s.number, s.older, s.jump = previous.number+1, previous, previous
		// Two jumps of equal length make one of twice the length.
		if far := previous.jump; previous.number-far.number == far.number-far.jump.number {
			s.jump = far.jump
		}
	}
	l.newest = s
	if l.shared {
		l.tail = nil
		l.shared = false
		return
	}
	clear(l.tail)
	l.tail = l.tail[:0]
}

// segment is the one with a number, which must be full.
func (l *changelog) segment(number int) *segment {
	s := l.newest
	for s.number > number {
		if s.jump.number >= number {
			s = s.jump
		} else {
			s = s.older
		}
	}
	return s
}

// run is a run of changes that begins with change i; empty at the end of the log.
func (l *changelog) run(i int) []*version {
	if full := l.full(); i >= full {
		return l.tail[i-full:]
	}
	return l.segment(i / segmentSize).changes[i%segmentSize:]
}

// search is the number of the first change at or after a revision.
func (l *changelog) search(revision kv.Revision) int {
	if l.newest == nil || len(l.tail) > 0 && l.tail[0].mod < revision {
		return l.full() + searchChanges(l.tail, revision)
	}
	// Go back to a segment that begins before the revision.
	s := l.newest
	for s.changes[0].mod >= revision {
		switch {
		case s.number == 0:
			return 0
		case s.jump.changes[0].mod >= revision:
			s = s.jump
		default:
			s = s.older
		}
	}
	return s.number*segmentSize + searchChanges(s.changes[:], revision)
}

func searchChanges(changes []*version, revision kv.Revision) int {
	i, _ := slices.BinarySearchFunc(changes, revision, func(v *version, revision kv.Revision) int {
		if v.mod < revision {
			return -1
		}
		return 1
	})
	return i
}
