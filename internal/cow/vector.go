// Package cow holds a vector and an ordered map that can be cloned for next to
// nothing. The map is a B-tree that shares nodes; the vector shares chunks:
//
//	chunks  ─►[ 0..127 ]  [ 128..255 ]  [ 256..     ]
//	owned      no          no            yes
//
// Values lie in chunks of fixed size. A clone shares the list of chunks with its
// original, so it costs nothing; whoever writes first copies the list, and of the
// chunks only the one that it writes to. Whoever appends first to a chunk that is shared
// need not copy it: the others don't see the slots behind their end.
package cow

import (
	"slices"
	"sync/atomic"
)

// chunkSize is the number of values in a chunk: small enough that the copy
// after a clone is cheap, large enough that the list of chunks is short.
const chunkSize = 128

// Vector is a list of values. The zero Vector is empty and ready for use.
//
// A slot that Append has filled is overwritten only by Set, so that a vector
// that is never Set may hand out slices of itself (Slice) that stay valid.
type Vector[T any] struct {
	chunks [][]T
	// owned tells which chunks no clone shares: only these are written to. It does not
	// count while shared is set.
	owned []bool
	// shared says that a clone may have the same two lists: they are not written to.
	shared bool
	// used counts the slots of the last chunk that were filled by any of those that share
	// it. It counts only while the chunk is not owned; nil if that is not known.
	used *atomic.Int64
	n    int
	// skip is how many slots of the first chunk Discard has left behind.
	skip int
}

// Len is the number of values.
func (v *Vector[T]) Len() int { return v.n }

// At returns value i, 0 ≤ i < Len.
func (v *Vector[T]) At(i int) T {
	i += v.skip
	return v.chunks[i/chunkSize][i%chunkSize]
}

// Append adds a value at the end.
func (v *Vector[T]) Append(x T) {
	k := v.room(1)
	v.chunks[k] = append(v.chunks[k], x)
	v.n++
}

// Extend adds values at the end.
func (v *Vector[T]) Extend(list []T) {
	for len(list) > 0 {
		n := min(len(list), chunkSize-(v.skip+v.n)%chunkSize)
		k := v.room(n)
		v.chunks[k] = append(v.chunks[k], list[:n]...)
		v.n += n
		list = list[n:]
	}
}

// room makes the last chunk one with n free slots, and returns its number. There may be no
// fewer in it, unless it is full.
func (v *Vector[T]) room(n int) int {
	v.detach()
	k := (v.skip + v.n) / chunkSize
	if k == len(v.chunks) {
		v.chunks = append(v.chunks, make([]T, 0, chunkSize))
		v.owned = append(v.owned, true)
		return k
	}
	end := int64(len(v.chunks[k]))
	if v.owned[k] || v.used != nil && v.used.CompareAndSwap(end, end+int64(n)) {
		return k
	}
	v.own(k)
	return k
}

// Set replaces value i, 0 ≤ i < Len.
func (v *Vector[T]) Set(i int, x T) {
	i += v.skip
	v.detach()
	v.own(i / chunkSize)
	v.chunks[i/chunkSize][i%chunkSize] = x
}

// Truncate keeps the first n values. The slots behind them are not used again.
func (v *Vector[T]) Truncate(n int) {
	if n >= v.n {
		return
	}
	v.detach()
	v.n, v.used = n, nil
	end := v.skip + n
	k := (end + chunkSize - 1) / chunkSize
	clear(v.chunks[k:])
	v.chunks, v.owned = v.chunks[:k], v.owned[:k]
	if r := end % chunkSize; r != 0 {
		v.chunks[k-1] = v.chunks[k-1][:r]
		v.owned[k-1] = false
	}
}

// Discard drops the first n values: value n becomes value 0. Memory is given
// back a chunk at a time.
func (v *Vector[T]) Discard(n int) {
	n = min(n, v.n)
	v.detach()
	v.n -= n
	v.skip += n
	k := v.skip / chunkSize
	v.chunks, v.owned = slices.Delete(v.chunks, 0, k), slices.Delete(v.owned, 0, k)
	v.skip %= chunkSize
}

// Slice returns values from i up to j or up to the end of the chunk of i,
// whichever comes first, without copying: ask again for the rest.
func (v *Vector[T]) Slice(i, j int) []T {
	chunk := v.chunks[(v.skip+i)/chunkSize]
	from := (v.skip + i) % chunkSize
	to := min(from+j-i, len(chunk))
	return chunk[from:to:to]
}

// Clone returns a vector with the same values. Both may go on independently.
func (v *Vector[T]) Clone() Vector[T] {
	if k := len(v.chunks) - 1; !v.shared && k >= 0 && v.owned[k] {
		v.used = &atomic.Int64{}
		v.used.Store(int64(len(v.chunks[k])))
	}
	v.shared = true
	return *v
}

// detach makes the lists safe to write to.
func (v *Vector[T]) detach() {
	if v.shared {
		v.chunks = append(make([][]T, 0, len(v.chunks)+1), v.chunks...)
		v.owned = make([]bool, len(v.chunks), len(v.chunks)+1)
		v.shared = false
	}
}

// own makes chunk k safe to write to.
func (v *Vector[T]) own(k int) {
	if v.owned[k] {
		return
	}
	v.chunks[k] = append(make([]T, 0, chunkSize), v.chunks[k]...)
	v.owned[k] = true
}
