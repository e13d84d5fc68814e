package mvcc

import (
	"io"
	"math"

	"github.com/castaway-kv/castaway/internal/blocks"
	"github.com/castaway-kv/castaway/kv"
)

// A snapshot is a stream of blocks (see package blocks) with the following
// contents. A revision, a number and a lease are integers, a lease through uint64.
//
//	revision, compacted+1
//	kept · key value create mod number lease …  before the compacted revision, by key
//	kept · key value create mod number lease, or
//	gone · key …                                changes at the compacted revision
//	put  · key value lease, or
//	gone · key …                                changes after it; in front of those of
//	next                                        each revision
//
// Each of the three lists ends with end. What a change after the compacted revision
// made of its key follows from the changes before, so equal stores have equal
// snapshots and there is little that a snapshot could say and not mean.
const (
	snapshotKind    = "castaway store"
	snapshotVersion = 1
)

// The marks that stand in front of each element of a list.
const (
	markEnd = iota
	markKept
	markPut
	markGone
	markNext
)

// ErrDamaged: bytes that are no snapshot. What wraps it names the block and the
// byte, and says what is wrong there.
var ErrDamaged = blocks.ErrDamaged

// Save writes all of the store, with the revisions that are kept, as a stream that
// Restore reads. Save a Clone to go on meanwhile. The only errors are those of w.
func (s *Store) Save(w io.Writer) error {
	b := blocks.NewWriter(w, snapshotKind, snapshotVersion)
	b.Number(uint64(s.revision))
	b.Number(uint64(s.compacted + 1))
	s.saveBefore(b)
	s.saveAt(b)
	s.saveAfter(b)
	return b.Close()
}

// saveBefore writes what was changed before the compacted revision.
func (s *Store) saveBefore(b *blocks.Writer) {
	for newest := range s.index.scan(kv.Prefix("")) {
		if v := newest.last(s.compacted); v != nil && v.mod < s.compacted {
			saveKept(b, v)
		}
	}
	b.Number(markEnd)
}

// saveAt writes what is left of the changes at the compacted revision.
func (s *Store) saveAt(b *blocks.Writer) {
	for v := range s.changes(s.compacted) {
		if v.mod > s.compacted {
			break
		}
		if v.live() {
			saveKept(b, v)
			continue
		}
		b.Number(markGone)
		b.Text(v.key)
	}
	b.Number(markEnd)
}

// saveAfter writes the changes after the compacted revision.
func (s *Store) saveAfter(b *blocks.Writer) {
	revision := s.compacted
	for v := range s.changes(s.compacted + 1) {
		if v.mod > revision {
			b.Number(markNext)
			revision = v.mod
		}
		if !v.live() {
			b.Number(markGone)
			b.Text(v.key)
			continue
		}
		b.Number(markPut)
		b.Text(v.key)
		b.Text(v.value)
		b.Number(uint64(v.lease))
	}
	b.Number(markEnd)
}

func saveKept(b *blocks.Writer, v *version) {
	b.Number(markKept)
	b.Text(v.key)
	b.Text(v.value)
	b.Number(uint64(v.create))
	b.Number(uint64(v.mod))
	b.Number(uint64(v.number))
	b.Number(uint64(v.lease))
}

// Restore reads a store that Save wrote, and no byte more. The error wraps
// ErrDamaged when the snapshot is not whole, else it is one of r.
func Restore(r io.Reader) (*Store, error) {
	b := blocks.NewReader(r, snapshotKind, snapshotVersion)
	l := loader{Reader: b, store: New()}
	l.load()
	if err := b.Close(); err != nil {
		return nil, err
	}
	return l.store, nil
}

// loader fills a store from a snapshot. Its reader keeps the first error, after
// which all marks are markEnd.
type loader struct {
	*blocks.Reader
	store *Store
}

func (l *loader) load() {
	revision := kv.Revision(l.Number(math.MaxInt64 - 1))
	if revision < 1 {
		l.Fail("revision %d, expected at least 1", revision)
	}
	s := l.store
	s.compacted = kv.Revision(l.Number(uint64(revision+1))) - 1
	l.loadKept()
	l.loadCompacted()
	s.revision = max(s.compacted, 1)
	l.loadChanges()
	if s.revision != revision {
		l.Fail("changes up to revision %d, expected %d", s.revision, revision)
	}
}

// loadKept reads what was written before the compacted revision.
func (l *loader) loadKept() {
	last := ""
	for l.mark(markKept) == markKept {
		key := l.key()
		if l.Err() == nil && key <= last {
			l.Fail("the key %q after %q", key, last)
			return
		}
		last = key
		if v := l.kept(key); v.mod >= l.store.compacted {
			l.Fail("mod revision %d, expected one before %d", v.mod, l.store.compacted)
		} else {
			l.add(v)
		}
	}
}

// kept reads what saveKept wrote after the key.
func (l *loader) kept(key string) *version {
	v := &version{
		key: key, value: l.text(), create: l.revision(), mod: l.revision(),
		number: int64(l.revision()), lease: l.lease(),
	}
	if v.create < 2 || v.create > v.mod || v.number < 1 || (v.create == v.mod) != (v.number == 1) {
		l.Fail("version %d of the key %q, created at revision %d and changed at %d", v.number, v.key, v.create, v.mod)
	}
	return v
}

// loadCompacted reads what is left of the changes at the compacted revision.
func (l *loader) loadCompacted() {
	at := l.store.compacted
	for mark := l.mark(markKept, markGone); mark != markEnd; mark = l.mark(markKept, markGone) {
		v := &version{key: l.key(), mod: at}
		if mark == markKept {
			v = l.kept(v.key)
		}
		switch {
		case v.mod != at || at < 2:
			l.Fail("a change at revision %d among those at the compacted revision %d", v.mod, at)
		case l.store.index.get(v.key) != nil:
			l.Fail("the key %q a second time", v.key)
		case l.add(v):
			l.store.log.append(v)
		}
	}
}

// loadChanges reads the changes after the compacted revision.
func (l *loader) loadChanges() {
	w := writer{store: l.store}
	mark := l.mark(markNext)
	for mark != markEnd {
		for mark = l.mark(markPut, markGone, markNext); mark == markPut || mark == markGone; mark = l.mark(markPut, markGone, markNext) {
			l.change(&w, mark)
		}
		if !w.changed {
			l.Fail("revision %d has no change", w.next())
		}
		l.store.revision = w.revision()
		w.changed = false
	}
}

// change reads one change after the compacted revision and makes it.
func (l *loader) change(w *writer, mark uint64) {
	key := l.key()
	p := l.store.index.find(key)
	old := p.newest()
	switch {
	case mark == markGone && !old.live():
		l.Fail("a deletion of the key %q, which is not there", key)
	case mark == markGone:
		w.remove(p)
	case old.live() && old.mod == w.next():
		l.Fail("a second put of the key %q at revision %d", key, w.next())
	default:
		put := kv.PutRequest{Key: key, Value: l.text(), Lease: l.lease()}
		if l.Err() == nil {
			w.put(put)
		}
	}
}

// add puts a version that has nothing below it into the index, if all is well.
func (l *loader) add(v *version) bool {
	if l.Err() != nil {
		return false
	}
	l.store.index.put(l.store.index.find(v.key), v)
	l.store.size += v.size()
	return true
}

// mark reads a mark that is markEnd or one of those expected.
func (l *loader) mark(expected ...uint64) uint64 {
	mark := l.Number(markNext)
	if mark == markEnd {
		return markEnd
	}
	for _, e := range expected {
		if mark == e {
			return mark
		}
	}
	l.Fail("the mark %d, expected %d or one of %d", mark, markEnd, expected)
	return markEnd
}

// key reads a key.
func (l *loader) key() string {
	key := l.text()
	if key == "" {
		l.Fail("an empty key")
	}
	return key
}

// text reads a string that a request can have.
func (l *loader) text() string { return l.Text(kv.MaxRequestBytes) }

func (l *loader) revision() kv.Revision { return kv.Revision(l.Number(math.MaxInt64)) }

func (l *loader) lease() kv.LeaseID { return kv.LeaseID(l.Number(math.MaxUint64)) }
