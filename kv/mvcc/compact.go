package mvcc

import "github.com/castaway-kv/castaway/kv"

// compact gives up all states before a revision. What it costs depends on the
// changes since the last compaction, not on the number of keys: only a key that
// was changed since then, at or before the revision, can have something to free.
func (s *Store) compact(r kv.Revision) error {
	switch {
	case r <= s.compacted:
		return kv.ErrCompacted
	case r > s.revision:
		return kv.ErrFutureRevision
	}
	c := compaction{store: s, at: r, bases: map[string]*version{}, copies: map[*version]*version{}}
	for v := range s.changes(0) {
		if v.mod > r {
			break
		}
		if _, done := c.bases[v.key]; !done {
			c.trim(v.key)
		}
	}
	s.log = c.log()
	s.compacted = r
	return nil
}

// compaction is one under way. A key keeps its versions after the revision and
// one base below them: the version at it, unless that is a deletion at an earlier
// one. Links never change, so where a base has something below it to be cut off,
// it and the versions that link to it are copied; the originals belong to clones.
type compaction struct {
	store *Store
	at    kv.Revision
	// bases has the base of each key that was trimmed, nil for none.
	bases map[string]*version
	// copies has the new versions by the ones that they replace.
	copies map[*version]*version
}

// trim frees what the key need not keep.
func (c *compaction) trim(key string) {
	p := c.store.index.find(key)
	newest := p.newest()
	base := newest.last(c.at)
	c.free(base.older)
	kept := base
	switch {
	case !base.live() && base.mod < c.at:
		c.store.size -= base.size()
		kept = nil
	case base.older != nil:
		kept = c.copy(base, nil)
	}
	c.bases[key] = kept
	switch {
	case kept == base:
	case newest != base:
		c.store.index.put(p, c.relink(newest, base, kept))
	case kept != nil:
		c.store.index.put(p, kept)
	default:
		c.store.index.remove(p)
	}
}

// free takes v and all that it links to off the size.
func (c *compaction) free(v *version) {
	for ; v != nil; v = v.older {
		c.store.size -= v.size()
	}
}

// relink copies the versions from v down to the one above base, and puts kept
// there instead of base.
func (c *compaction) relink(v, base, kept *version) *version {
	var chain []*version
	for ; v != base; v = v.older {
		chain = append(chain, v)
	}
	below := kept
	for i := len(chain) - 1; i >= 0; i-- {
		below = c.copy(chain[i], below)
	}
	return below
}

func (c *compaction) copy(v, older *version) *version {
	w := *v
	w.older = older
	c.copies[v] = &w
	return &w
}

// log is the log after the compaction: the changes after it, and those at it that
// are still the state there.
func (c *compaction) log() (l changelog) {
	for v := range c.store.changes(c.at) {
		w, copied := c.copies[v]
		if !copied {
			w = v
		}
		if v.mod > c.at || c.bases[v.key] == w {
			l.append(w)
		}
	}
	return l
}
