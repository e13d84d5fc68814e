package mvcc

import (
	"math/bits"
	"slices"
)

// chunkSize is the most keys that a chunk holds.
const chunkSize = 256

// chunk is a run of neighbouring keys, with the newest version of each. Keys and
// heads have owners of their own, so that after a clone a write to a key copies
// the heads of its chunk, and only a new key copies the keys as well. Who isn't
// the owner must not write.
type chunk struct {
	keys  []string
	heads []*version
	// live has a bit for each key that is there in its newest version.
	live      bitmap
	keysOwner *owner
	owner     *owner
}

// owner is the identity of one index between two clones: what it owns, no clone
// can see.
type owner struct{ _ byte }

// find is the place of key, or where it would stand.
func (c *chunk) find(key string) (int, bool) { return slices.BinarySearch(c.keys, key) }

// set makes v the newest version of key i.
func (c *chunk) set(i int, v *version) {
	c.heads[i] = v
	c.live.set(i, v.live())
}

// insert adds a key before key i.
func (c *chunk) insert(i int, v *version) {
	c.keys = slices.Insert(roomy(c.keys), i, v.key)
	c.heads = slices.Insert(roomy(c.heads), i, v)
	c.live.insert(i, v.live())
}

// remove takes key i away.
func (c *chunk) remove(i int) {
	c.keys = slices.Delete(c.keys, i, i+1)
	c.heads = slices.Delete(c.heads, i, i+1)
	c.live = liveOf(c.heads)
}

// part is a new chunk of keys i up to j.
func (c *chunk) part(i, j int, o *owner) *chunk {
	heads := slices.Clone(c.heads[i:j])
	return &chunk{keys: slices.Clone(c.keys[i:j]), heads: heads, live: liveOf(heads), keysOwner: o, owner: o}
}

// join is a new chunk with the keys of c and then those of d.
func (c *chunk) join(d *chunk, o *owner) *chunk {
	heads := slices.Concat(c.heads, d.heads)
	return &chunk{keys: slices.Concat(c.keys, d.keys), heads: heads, live: liveOf(heads), keysOwner: o, owner: o}
}

// roomy is list with room for one more. It grows by steps, not by doubling: a
// chunk that is split again and again would stay half empty.
func roomy[T any](list []T) []T {
	const step = 32
	if len(list) < cap(list) {
		return list
	}
	return append(make([]T, 0, min(len(list)+step, chunkSize)), list...)
}

func liveOf(heads []*version) (m bitmap) {
	for i, v := range heads {
		m.set(i, v.live())
	}
	return m
}

// bitmap has a bit for each key of a chunk.
type bitmap [chunkSize / 64]uint64

func (m *bitmap) set(i int, on bool) {
	m[i/64] &^= 1 << (i % 64)
	if on {
		m[i/64] |= 1 << (i % 64)
	}
}

// insert moves the bits from i on up by one and sets bit i.
func (m *bitmap) insert(i int, on bool) {
	word, below := i/64, uint64(1)<<(i%64)-1
	for k := len(m) - 1; k > word; k-- {
		m[k] = m[k]<<1 | m[k-1]>>63
	}
	m[word] = m[word]&below | m[word]&^below<<1
	m.set(i, on)
}

// count is the number of bits set from i up to j.
func (m *bitmap) count(i, j int) (n int) {
	for k, word := range m {
		from, to := max(i-64*k, 0), min(j-64*k, 64)
		if from < to {
			n += bits.OnesCount64(word >> from << (64 - to + from))
		}
	}
	return n
}

// all is the number of bits set.
func (m *bitmap) all() (n int) {
	for _, word := range m {
		n += bits.OnesCount64(word)
	}
	return n
}
