package mvcc

import (
	"iter"
	"slices"

	"github.com/google/btree"

	"github.com/castaway-kv/castaway/kv"
)

// degree of the B-tree of chunks: nodes of up to 63. Smaller ones make single
// reads slower, larger ones the first write after a clone.
const degree = 32

// index holds the newest version of every key, in the order of the keys. It is
// the only place that knows the B-tree; the package comment has a picture.
//
// Invariants: a chunk holds 1 to chunkSize keys, ascending, none below its low
// and none at or above the low of the chunk after it; the low of the first chunk
// is "".
type index struct {
	tree *btree.BTreeG[lowChunk]
	// owner of the chunks that no clone shares; nil right after a clone.
	owner *owner
}

// lowChunk is a chunk with the bound below all of its keys, by which the tree
// orders them.
type lowChunk struct {
	low string
	*chunk
}

// place is where a key stands, or where it would be inserted. A write to the
// index makes it invalid.
type place struct {
	lowChunk
	i     int
	found bool
}

func newIndex() index {
	return index{tree: btree.NewG(degree, func(a, b lowChunk) bool { return a.low < b.low })}
}

// clone is a second index with the same contents, in constant time. From now on
// neither of the two owns a chunk.
func (x *index) clone() index {
	x.owner = nil
	return index{tree: x.tree.Clone()}
}

// find is the place of key.
func (x *index) find(key string) (p place) {
	x.tree.DescendLessOrEqual(lowChunk{low: key}, func(c lowChunk) bool {
		p.lowChunk = c
		return false
	})
	if p.chunk != nil {
		p.i, p.found = p.find(key)
	}
	return p
}

// newest version of the key at p, nil if the key never existed.
func (p *place) newest() *version {
	if !p.found {
		return nil
	}
	return p.heads[p.i]
}

// get is the newest version of key, nil if the key never existed.
func (x *index) get(key string) *version {
	p := x.find(key)
	return p.newest()
}

// put makes v the newest version of its key, whose place is p.
func (x *index) put(p place, v *version) {
	if x.owner == nil {
		x.owner = new(owner)
	}
	switch {
	case p.chunk == nil:
		c := &chunk{keysOwner: x.owner, owner: x.owner}
		c.insert(0, v)
		x.tree.ReplaceOrInsert(lowChunk{chunk: c})
	case p.found:
		x.own(&p)
		p.set(p.i, v)
	case len(p.keys) < chunkSize:
		x.own(&p)
		x.ownKeys(&p)
		p.insert(p.i, v)
	default:
		x.split(&p, v.key)
		p.insert(p.i, v)
	}
}

// split makes room at p in a full chunk. Beyond the last key of all it begins a
// new chunk, so that keys that come in ascending order fill their chunks.
func (x *index) split(p *place, key string) {
	if last, _ := x.tree.Max(); p.i == chunkSize && last.chunk == p.chunk {
		*p = place{lowChunk: lowChunk{key, &chunk{keysOwner: x.owner, owner: x.owner}}}
		x.tree.ReplaceOrInsert(p.lowChunk)
		return
	}
	const half = chunkSize / 2
	left := lowChunk{p.low, p.part(0, half, x.owner)}
	right := lowChunk{p.keys[half], p.part(half, chunkSize, x.owner)}
	x.tree.ReplaceOrInsert(left)
	x.tree.ReplaceOrInsert(right)
	// A key between the halves goes to the left: the right one begins at its low.
	if p.i <= half {
		p.lowChunk = left
		return
	}
	p.lowChunk, p.i = right, p.i-half
}

// remove takes the key at p out of the index, with all its versions. Chunks that
// become small are joined with a neighbour.
func (x *index) remove(p place) {
	if x.owner == nil {
		x.owner = new(owner)
	}
	x.own(&p)
	x.ownKeys(&p)
	p.remove(p.i)
	if len(p.keys) >= chunkSize/4 {
		return
	}
	if next, ok := x.after(p.low); ok && x.join(p.lowChunk, next) {
		return
	}
	if previous, ok := x.before(p.low); ok && x.join(previous, p.lowChunk) {
		return
	}
	if len(p.keys) == 0 {
		x.tree.Delete(p.lowChunk)
	}
}

// join makes one chunk of two neighbours, if one is empty or the keys of both
// leave some room in it.
func (x *index) join(left, right lowChunk) bool {
	n := len(left.keys) + len(right.keys)
	if n > chunkSize*3/4 && len(left.keys) > 0 && len(right.keys) > 0 {
		return false
	}
	x.tree.Delete(right)
	x.tree.ReplaceOrInsert(lowChunk{left.low, left.join(right.chunk, x.owner)})
	return true
}

// after is the chunk after the one with the given low.
func (x *index) after(low string) (next lowChunk, ok bool) {
	x.tree.AscendGreaterOrEqual(lowChunk{low: low}, func(c lowChunk) bool {
		next, ok = c, c.low > low
		return !ok
	})
	return next, ok
}

// before is the chunk before the one with the given low.
func (x *index) before(low string) (previous lowChunk, ok bool) {
	x.tree.DescendLessOrEqual(lowChunk{low: low}, func(c lowChunk) bool {
		previous, ok = c, c.low < low
		return !ok
	})
	return previous, ok
}

// own makes the heads of p's chunk safe to write to.
func (x *index) own(p *place) {
	if p.owner == x.owner {
		return
	}
	c := *p.chunk
	c.heads = slices.Clone(c.heads)
	c.owner = x.owner
	p.chunk = &c
	x.tree.ReplaceOrInsert(p.lowChunk)
}

// ownKeys makes the keys of p's chunk, which x owns, safe to write to.
func (x *index) ownKeys(p *place) {
	if p.keysOwner == x.owner {
		return
	}
	p.keys = append(make([]string, 0, cap(p.keys)), p.keys...)
	p.keysOwner = x.owner
}

// scan goes through the keys of span in ascending order, by their newest
// versions. The index must not be changed meanwhile.
func (x *index) scan(span kv.Span) iter.Seq[*version] {
	return func(yield func(*version) bool) {
		x.runs(span, func(c *chunk, i, j int) bool {
			for _, v := range c.heads[i:j] {
				if !yield(v) {
					return false
				}
			}
			return true
		})
	}
}

// count is the number of keys of span that are there in their newest versions. It
// looks at each chunk once, whatever is in it.
func (x *index) count(span kv.Span) (n int64) {
	x.runs(span, func(c *chunk, i, j int) bool {
		if i == 0 && j == len(c.keys) {
			n += int64(c.live.all())
		} else {
			n += int64(c.live.count(i, j))
		}
		return true
	})
	return n
}

// runs visits span as runs of keys, i up to j of a chunk each, in ascending order
// until visit returns false.
func (x *index) runs(span kv.Span, visit func(c *chunk, i, j int) bool) {
	first, last := x.find(span.Key), place{}
	switch span.End {
	case "":
		if first.found {
			visit(first.chunk, first.i, first.i+1)
		}
		return
	case "\x00":
	default:
		if span.End <= span.Key {
			return
		}
		last = x.find(span.End)
	}
	x.tree.AscendGreaterOrEqual(lowChunk{low: first.low}, func(c lowChunk) bool {
		i, j := 0, len(c.keys)
		if c.chunk == first.chunk {
			i = first.i
		}
		if c.chunk == last.chunk {
			j = last.i
		}
		if i < j && !visit(c.chunk, i, j) {
			return false
		}
		return c.chunk != last.chunk
	})
}
