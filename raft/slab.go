package raft

// slabSize is how many messages are allocated at once.
const slabSize = 32

// slab allocates messages of the kinds that replication is made of, several at
// once. Each is handed out one time only; a clone begins a slab of its own.
type slab[T any] struct{ free []T }

// take returns a place for one, zero so far.
func (s *slab[T]) take() *T {
	if len(s.free) == 0 {
		s.free = make([]T, slabSize)
	}
	p := &s.free[0]
	s.free = s.free[1:]
	return p
}
