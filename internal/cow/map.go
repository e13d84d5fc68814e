package cow

import (
	"iter"

	"github.com/google/btree"
)

// degree of the B-tree under a Map: nodes of up to 63 entries.
const degree = 32

// Map is an ordered map that can be cloned for next to nothing: a B-tree whose
// nodes are copied when one of its clones writes to them. Make one with NewMap.
type Map[K, V any] struct {
	tree *btree.BTreeG[pair[K, V]]
}

type pair[K, V any] struct {
	key   K
	value V
}

// NewMap is an empty map with keys in the order of less.
func NewMap[K, V any](less func(a, b K) bool) Map[K, V] {
	return Map[K, V]{btree.NewG(degree, func(a, b pair[K, V]) bool { return less(a.key, b.key) })}
}

// Len is the number of keys.
func (m Map[K, V]) Len() int { return m.tree.Len() }

// Get returns the value of key, and whether there is one.
func (m Map[K, V]) Get(key K) (V, bool) {
	p, ok := m.tree.Get(pair[K, V]{key: key})
	return p.value, ok
}

// Set gives key a value.
func (m Map[K, V]) Set(key K, value V) { m.tree.ReplaceOrInsert(pair[K, V]{key, value}) }

// Delete removes key, if it is there.
func (m Map[K, V]) Delete(key K) { m.tree.Delete(pair[K, V]{key: key}) }

// Min is the first key with its value, if there is any.
func (m Map[K, V]) Min() (K, V, bool) {
	p, ok := m.tree.Min()
	return p.key, p.value, ok
}

// All goes through the map in order. The map must not be changed meanwhile.
func (m Map[K, V]) All() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		m.tree.Ascend(func(p pair[K, V]) bool { return yield(p.key, p.value) })
	}
}

// From goes through the keys at or after first, in order. The map must not be
// changed meanwhile.
func (m Map[K, V]) From(first K) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		m.tree.AscendGreaterOrEqual(pair[K, V]{key: first}, func(p pair[K, V]) bool { return yield(p.key, p.value) })
	}
}

// Clone returns a map with the same entries. Both may go on independently.
func (m Map[K, V]) Clone() Map[K, V] { return Map[K, V]{m.tree.Clone()} }
