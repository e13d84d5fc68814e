package mvcc

import (
	"github.com/castaway-kv/castaway/internal/mix"
	"github.com/castaway-kv/castaway/kv"
)

// Hash is HashAt the current revision.
func (s *Store) Hash() uint64 { return s.hash(s.revision) }

// HashAt is a 64-bit digest of a revision and of all keys that are there at it.
// It depends on these alone, so members that applied the same requests agree at
// every revision that both can read, on any machine. As in a range, a revision of
// 0 or less is the current one, and the errors are kv.ErrFutureRevision and
// kv.ErrCompacted.
func (s *Store) HashAt(r kv.Revision) (uint64, error) {
	if err := s.checkRead(r); err != nil {
		return 0, err
	}
	if r <= 0 {
		r = s.revision
	}
	return s.hash(r), nil
}

func (s *Store) hash(at kv.Revision) uint64 {
	var h mix.Hash
	h.Word(uint64(at))
	for v := range s.live(kv.Prefix(""), at) {
		h.String(v.key)
		h.String(v.value)
		h.Word(uint64(v.create))
		h.Word(uint64(v.mod))
		h.Word(uint64(v.number))
		h.Word(uint64(v.lease))
	}
	return h.Sum()
}
