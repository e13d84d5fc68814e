package mvcc

import (
	"iter"

	"github.com/google/btree"

	"github.com/castaway-kv/castaway/kv"
)

// degree of the B-tree: nodes of up to 63 keys. Smaller ones make single reads
// slower, larger ones the first write after a clone.
const degree = 32

// index holds the newest version of every key, in the order of the keys. It is
// the only place that knows how keys are laid out.
type index struct {
	tree *btree.BTreeG[entry]
}

type entry struct {
	key    string
	newest *version
}

func newIndex() index {
	return index{btree.NewG(degree, func(a, b entry) bool { return a.key < b.key })}
}

// clone is a second index with the same contents, in constant time.
func (x index) clone() index { return index{x.tree.Clone()} }

// get is the newest version of key, nil if the key never existed.
func (x index) get(key string) *version {
	e, _ := x.tree.Get(entry{key: key})
	return e.newest
}

// set makes v the newest version of key.
func (x index) set(key string, v *version) {
	x.tree.ReplaceOrInsert(entry{key, v})
}

// scan goes through the keys of span in ascending order, each with its newest
// version. The index must not be changed meanwhile.
func (x index) scan(span kv.Span) iter.Seq2[string, *version] {
	return func(yield func(string, *version) bool) {
		visit := func(e entry) bool { return yield(e.key, e.newest) }
		switch span.End {
		case "":
			if v := x.get(span.Key); v != nil {
				yield(span.Key, v)
			}
		case "\x00":
			x.tree.AscendGreaterOrEqual(entry{key: span.Key}, visit)
		default:
			x.tree.AscendRange(entry{key: span.Key}, entry{key: span.End}, visit)
		}
	}
}

// count is the number of keys of span that are there at revision at.
func (x index) count(span kv.Span, at kv.Revision) (n int64) {
	for _, newest := range x.scan(span) {
		if newest.at(at) != nil {
			n++
		}
	}
	return n
}
