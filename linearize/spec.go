package linearize

import (
	"slices"

	"github.com/castaway-kv/castaway/internal/mix"
	"github.com/castaway-kv/castaway/kv"
)

// store is the specification: what a store with etcd's semantics holds at one
// revision, and how each request changes and reads it. It shares no code with
// package kv/mvcc.
//
// It changes in place. What it changes is noted in a journal, so that a search
// can take it back; and where somebody reads the past, earlier states of a key
// are kept with it.
//
//	keys  ─► cell a │ pair at its last change │ live │ past ─► pair, pair …
//	order ─► [a b c …] [k l m …]   cells by key, in chunks
type store struct {
	revision kv.Revision
	// compacted is the oldest revision that can be read; −1 while none was given up.
	compacted kv.Revision
	keys      map[string]*cell
	order     order
	leases    map[kv.LeaseID]*lease
	// changed says that the request under way has made revision+1.
	changed bool
	// forgotten is a revision below which the past was let go to save memory.
	forgotten kv.Revision
	// taken are the branches of the transaction under way, depth first.
	taken []bool

	// until is when the operation under way returned; grants are grants without
	// an answer, which may have happened by then.
	until  int64
	grants []Operation

	// keepPast: somebody reads at explicit revisions.
	keepPast bool
	// journaling: changes are noted in journal, for undo.
	journaling bool
	journal    []change
	// noted: the request under way is in the journal.
	noted bool
	// touched are the cells that the last request changed, when journaling.
	touched []*cell

	// digesting keeps digest up to date: equal states have equal digests, unequal
	// ones different ones but for two collisions of 64-bit hashes at once. With
	// values only, revisions and versions don't count.
	digesting, valuesOnly bool
	digest                digest
	// out is the answer to the last request; its lists are used again.
	out answer
}

// cell is a key. Its pair is as its last change left it; after a deletion only
// Key and ModRevision count.
type cell struct {
	pair kv.KeyValue
	live bool
	past []version
}

// version is an earlier pair of a cell.
type version struct {
	pair kv.KeyValue
	live bool
}

// change is one thing to take back.
type change struct {
	// cell that was changed, and what it held; or nil.
	cell *cell
	version
	grew bool // its past was appended to
	// lease that was changed, and what it was; or nil.
	lease *lease
	state leaseState
	ttl   kv.TTL
	// what stands at the beginning of a request.
	revision, compacted kv.Revision
	digest              digest
}

type digest struct{ a, b uint64 }

func newStore() *store {
	return &store{revision: 1, compacted: -1, keys: map[string]*cell{}, leases: map[kv.LeaseID]*lease{}}
}

// cell is the key's, made if need be.
func (s *store) cell(key string) *cell {
	c := s.keys[key]
	if c == nil {
		c = &cell{pair: kv.KeyValue{Key: key}}
		s.keys[key] = c
		s.order.insert(c)
	}
	return c
}

// now is the revision that the request under way makes.
func (s *store) now() kv.Revision {
	if s.changed {
		return s.revision + 1
	}
	return s.revision
}

// set changes a cell as part of the request under way.
func (s *store) set(c *cell, pair kv.KeyValue, live bool) {
	grew := s.keepPast && c.pair.ModRevision > 0 && c.pair.ModRevision <= s.revision
	if s.journaling {
		s.note()
		s.journal = append(s.journal, change{cell: c, version: version{c.pair, c.live}, grew: grew})
		s.touched = append(s.touched, c)
	}
	if s.digesting {
		s.digestCell(c)
	}
	if grew {
		c.past = append(c.past, version{c.pair, c.live})
	}
	s.detach(c)
	c.pair, c.live = pair, live
	s.attach(c)
	if s.digesting {
		s.digestCell(c)
	}
	s.changed = true
}

// at is the cell as it stood at a revision; nil if it did not exist.
func (c *cell) at(r kv.Revision) *kv.KeyValue {
	if c.pair.ModRevision <= r {
		if !c.live {
			return nil
		}
		return &c.pair
	}
	for i := len(c.past) - 1; i >= 0; i-- {
		if v := &c.past[i]; v.pair.ModRevision <= r {
			if !v.live {
				return nil
			}
			return &v.pair
		}
	}
	return nil
}

// digestCell adds the cell to the digest, or takes it out again.
func (s *store) digestCell(c *cell) {
	if !c.live {
		return
	}
	var a, b mix.Hash
	b.Word(1)
	for _, h := range []*mix.Hash{&a, &b} {
		h.String(c.pair.Key)
		h.String(c.pair.Value)
		h.Word(uint64(c.pair.Lease))
		if !s.valuesOnly {
			h.Word(uint64(c.pair.CreateRevision))
			h.Word(uint64(c.pair.ModRevision))
			h.Word(uint64(c.pair.Version))
		}
	}
	s.digest.a ^= a.Sum()
	s.digest.b ^= b.Sum()
}

// mark is a place in the journal to come back to.
func (s *store) mark() int { return len(s.journal) }

// begin starts a request.
func (s *store) begin() {
	s.changed = false
	s.taken = s.taken[:0]
	s.touched = s.touched[:0]
	s.noted = false
}

// note puts what stands at the beginning of a request into the journal, before
// the request's first change.
func (s *store) note() {
	if s.journaling && !s.noted {
		s.noted = true
		s.journal = append(s.journal, change{revision: s.revision, compacted: s.compacted, digest: s.digest})
	}
}

// commit ends a request.
func (s *store) commit() {
	if !s.changed {
		return
	}
	s.revision++
	s.changed = false
	if s.digesting && s.keepPast && !s.valuesOnly {
		// What was there before can be read, so it is part of the state.
		s.digest.a = mix.Bits(s.digest.a + 1)
		s.digest.b = mix.Bits(s.digest.b + 2)
	}
}

// undo takes back all changes since a mark.
func (s *store) undo(mark int) {
	for len(s.journal) > mark {
		last := &s.journal[len(s.journal)-1]
		switch {
		case last.cell != nil:
			s.detach(last.cell)
			last.cell.pair, last.cell.live = last.pair, last.live
			s.attach(last.cell)
			if last.grew {
				last.cell.past = last.cell.past[:len(last.cell.past)-1]
			}
		case last.lease != nil:
			last.lease.state, last.lease.ttl = last.state, last.ttl
		default:
			s.revision, s.compacted, s.digest = last.revision, last.compacted, last.digest
		}
		s.journal = s.journal[:len(s.journal)-1]
	}
	s.changed = false
}

// order holds cells by key, in chunks, so that a new one moves few others.
type order struct{ chunks [][]*cell }

const chunkSize = 256

func (o *order) insert(c *cell) {
	if len(o.chunks) == 0 {
		o.chunks = [][]*cell{{c}}
		return
	}
	n := o.chunk(c.pair.Key)
	chunk := o.chunks[n]
	i, _ := findCell(chunk, c.pair.Key)
	chunk = slices.Insert(chunk, i, c)
	o.chunks[n] = chunk
	if len(chunk) > chunkSize {
		half := slices.Clone(chunk[chunkSize/2:])
		o.chunks[n] = chunk[:chunkSize/2]
		o.chunks = slices.Insert(o.chunks, n+1, half)
	}
}

// chunk is the one where a key is or belongs.
func (o *order) chunk(key string) int {
	n, ok := slices.BinarySearchFunc(o.chunks, key, func(chunk []*cell, key string) int { return compareKeys(chunk[0].pair.Key, key) })
	if !ok && n > 0 {
		n--
	}
	return n
}

func findCell(chunk []*cell, key string) (int, bool) {
	return slices.BinarySearchFunc(chunk, key, func(c *cell, key string) int { return compareKeys(c.pair.Key, key) })
}

func compareKeys(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// each visits the cells of a span by key, until visit returns false.
func (s *store) each(span kv.Span, visit func(*cell) bool) {
	if span.End == "" {
		if c := s.keys[span.Key]; c != nil {
			visit(c)
		}
		return
	}
	if len(s.order.chunks) == 0 {
		return
	}
	n := s.order.chunk(span.Key)
	i, _ := findCell(s.order.chunks[n], span.Key)
	for ; n < len(s.order.chunks); n++ {
		for _, c := range s.order.chunks[n][i:] {
			if span.End != "\x00" && c.pair.Key >= span.End || !visit(c) {
				return
			}
		}
		i = 0
	}
}
