package raft

// slabSize is how many values are allocated at once.
const slabSize = 32

// slab allocates what replication is made of, messages and records, many at
// once: one by one they cost more than what is done with them. Each is handed out
// one time only; a clone begins a slab of its own.
type slab[T any] struct {
	block []T
	// used are how many of the block were handed out.
	used int
}

// take returns a place for one, zero so far.
func (s *slab[T]) take() *T {
	if s.used == len(s.block) {
		s.block, s.used = make([]T, slabSize), 0
	}
	s.used++
	return s.newest()
}

// newest is the last one handed out, nil if there is none.
func (s *slab[T]) newest() *T {
	if s.used == 0 {
		return nil
	}
	return &s.block[s.used-1]
}
