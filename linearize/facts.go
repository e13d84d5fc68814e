package linearize

import (
	"cmp"
	"slices"

	"github.com/castaway-kv/castaway/kv"
)

// facts are what answers tell of one key, whatever filled the gaps.
type facts struct {
	// sights are the states in which the key was seen, by revision.
	sights []sight
	// puts are the revisions of the puts that were answered, and dels of the
	// deletions that may have been of this key.
	puts, dels []kv.Revision
	// absent are revisions at which the key was not there.
	absent []kv.Revision
}

// sight is a state of a key that was seen: it was put at the revision mod, and
// did not change up to another. pair is nil if only the revision was seen, by a
// comparison.
type sight struct {
	mod, until kv.Revision
	pair       *kv.KeyValue
}

// must is what a gap must have done: put a key, with this pair if it was seen,
// and so that it came into being if created.
type must struct {
	key     string
	pair    *kv.KeyValue
	created bool
	// deleted: a watcher saw the key deleted instead.
	deleted bool
}

// demand: after one revision and before another, some gaps put a key, as the
// versions seen at both ends say; or one deleted it, as it was gone by then.
type demand struct {
	key      string
	from, to kv.Revision
	// sight is the pair seen at to; of a deletion, the one seen at from.
	sight   *kv.KeyValue
	deletes bool
}

// evidence is what all answers tell.
type evidence struct {
	gaps    []kv.Revision
	facts   map[string]*facts
	musts   map[kv.Revision][]must
	demands []demand // by to
	// wideDels are the revisions of deletions of ranges, ascending.
	wideDels []kv.Revision
	// mayDelete says whether something that fills a gap may delete a key.
	mayDelete func(key string) bool
}

func newEvidence(p *plan, watched []kv.Event) *evidence {
	e := &evidence{gaps: p.gaps, facts: map[string]*facts{}, musts: map[kv.Revision][]must{}}
	for i := range watched {
		e.watched(&watched[i])
	}
	for k, i := range p.order {
		e.collect(&p.history[i], p.slots[k])
	}
	keys := make([]string, 0, len(e.facts))
	//castaway:unordered they are sorted next
	for key := range e.facts {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		e.conclude(key, e.facts[key])
	}
	slices.SortStableFunc(e.demands, func(a, b demand) int { return cmp.Compare(a.to, b.to) })
	return e
}

func (e *evidence) of(key string) *facts {
	f := e.facts[key]
	if f == nil {
		f = &facts{}
		e.facts[key] = f
	}
	return f
}

// see notes that a key's last change was at a revision, as seen at another.
func (e *evidence) see(key string, mod, at kv.Revision, p *kv.KeyValue) {
	f := e.of(key)
	if n := len(f.sights); n > 0 && f.sights[n-1].mod == mod {
		f.sights[n-1].join(sight{mod, at, p})
		return
	}
	f.sights = append(f.sights, sight{mod, at, p})
}

func (s *sight) join(other sight) {
	s.until = max(s.until, other.until)
	if s.pair == nil {
		s.pair = other.pair
	}
}

// collect adds what one answer tells.
func (e *evidence) collect(op *Operation, s slot) {
	eachPair(op.Request, op.Response, func(p *kv.KeyValue, at kv.Revision) { e.see(p.Key, p.ModRevision, at, p) })
	switch r := op.Request.(type) {
	case kv.RangeRequest:
		if resp := op.Response.(kv.RangeResponse); r.End == "" && resp.Count == 0 && r.Revision <= 0 {
			f := e.of(r.Key)
			f.absent = append(f.absent, s.revision())
		}
	case kv.DeleteRangeRequest:
		if resp := op.Response.(kv.DeleteRangeResponse); r.End == "" && resp.Deleted == 0 {
			f := e.of(r.Key)
			f.absent = append(f.absent, s.revision())
		}
	case kv.TxnRequest:
		e.compared(r, op.Response.(kv.TxnResponse), s)
	}
	if !s.reads() {
		eachPut(op.Request, op.Response, func(put kv.PutRequest) {
			f := e.of(put.Key)
			f.puts = append(f.puts, s.revision())
		})
		eachOp(op.Request, func(r kv.Request) {
			if del, ok := r.(kv.DeleteRangeRequest); ok {
				e.deleted(del.Span, s.revision())
			}
		})
	}
}

// deleted notes a deletion, of any key if it was of a range.
func (e *evidence) deleted(span kv.Span, at kv.Revision) {
	if span.End != "" {
		e.wideDels = append(e.wideDels, at)
		return
	}
	f := e.of(span.Key)
	f.dels = append(f.dels, at)
}

// compared adds what the comparisons of a transaction tell that held.
func (e *evidence) compared(r kv.TxnRequest, resp kv.TxnResponse, s slot) {
	if !resp.Succeeded {
		return
	}
	before := s.revision()
	if !s.reads() {
		before--
	}
	for _, c := range r.Compare {
		switch {
		case c.End != "" || c.Operator != kv.Equal || c.Target == kv.TargetValue || c.Target == kv.TargetLease:
		case c.Number == 0:
			f := e.of(c.Key)
			f.absent = append(f.absent, before)
		case c.Target == kv.TargetMod:
			e.see(c.Key, kv.Revision(c.Number), before, nil)
		}
	}
}

// watched adds what an event tells: who watches sees the change itself.
func (e *evidence) watched(event *kv.Event) {
	r := event.KV.ModRevision
	if event.Kind == kv.EventPut {
		e.see(event.KV.Key, r, r, &event.KV)
		return
	}
	f := e.of(event.KV.Key)
	f.absent = append(f.absent, r)
	if e.isGap(r) {
		e.musts[r] = append(e.musts[r], must{key: event.KV.Key, deleted: true})
	}
}

// conclude sorts a key's facts and finds what gaps must have done.
func (e *evidence) conclude(key string, f *facts) {
	byMod := func(a, b sight) int { return cmp.Compare(a.mod, b.mod) }
	if !slices.IsSortedFunc(f.sights, byMod) {
		slices.SortStableFunc(f.sights, byMod)
		f.merge()
	}
	for _, s := range f.sights {
		if s.pair != nil && s.pair.CreateRevision > 1 {
			f.absent = append(f.absent, s.pair.CreateRevision-1)
		}
	}
	slices.Sort(f.absent)
	f.absent = slices.Compact(f.absent)
	var last *kv.KeyValue
	for _, s := range f.sights {
		if e.isGap(s.mod) {
			e.musts[s.mod] = append(e.musts[s.mod], must{key: key, pair: s.pair})
		}
		if s.pair != nil {
			e.between(f, last, s.pair)
			e.vanished(f, s)
			last = s.pair
		}
	}
}

// vanished finds a deletion that nobody was told of after a key was last seen.
func (e *evidence) vanished(f *facts, s sight) {
	n, _ := slices.BinarySearch(f.absent, s.until+1)
	if n == len(f.absent) || within(f.dels, s.until, f.absent[n]+1)+within(e.wideDels, s.until, f.absent[n]+1) > 0 {
		return
	}
	e.demands = append(e.demands, demand{key: s.pair.Key, from: s.until, to: f.absent[n] + 1, sight: s.pair, deletes: true})
}

// between finds what must have happened between two sights of a key.
func (e *evidence) between(f *facts, last, p *kv.KeyValue) {
	sameLife := last != nil && last.CreateRevision == p.CreateRevision
	if !sameLife && p.CreateRevision != p.ModRevision && e.isGap(p.CreateRevision) {
		e.musts[p.CreateRevision] = append(e.musts[p.CreateRevision], must{key: p.Key, created: true})
	}
	from, version := p.CreateRevision, int64(1)
	if sameLife {
		from, version = last.ModRevision, last.Version
	}
	if p.ModRevision > from && p.Version-version-1-f.known(from, p.ModRevision) > 0 {
		e.demands = append(e.demands, demand{key: p.Key, from: from, to: p.ModRevision, sight: p})
	}
}

// merge joins sights of one revision.
func (f *facts) merge() {
	merged := f.sights[:0]
	for _, s := range f.sights {
		if n := len(merged); n > 0 && merged[n-1].mod == s.mod {
			merged[n-1].join(s)
			continue
		}
		merged = append(merged, s)
	}
	f.sights = merged
}

// known counts the answered puts strictly between two revisions.
func (f *facts) known(from, to kv.Revision) int64 { return within(f.puts, from, to) }

// within counts the revisions strictly between two, in an ascending list.
func within(list []kv.Revision, from, to kv.Revision) int64 {
	low, _ := slices.BinarySearch(list, from+1)
	high, _ := slices.BinarySearch(list, to)
	return int64(max(0, high-low))
}

func (e *evidence) isGap(r kv.Revision) bool {
	_, ok := slices.BinarySearch(e.gaps, r)
	return ok
}

// allows says whether a gap can have left a cell so: it was not seen unchanged
// across the gap, and what was seen of it next can still come about.
func (e *evidence) allows(c *cell, gap kv.Revision) bool {
	f := e.facts[c.pair.Key]
	if f == nil {
		return true
	}
	n, _ := slices.BinarySearchFunc(f.sights, gap, func(s sight, r kv.Revision) int { return cmp.Compare(s.mod, r) })
	if n > 0 && f.sights[n-1].until >= gap {
		return false
	}
	if c.live && !e.mayVanish(c.pair.Key, f, gap) {
		return false
	}
	for ; n < len(f.sights); n++ {
		next := f.sights[n].pair
		switch {
		case next == nil && f.sights[n].mod == gap && !c.live:
			return false
		case next == nil:
			continue
		case next.ModRevision == gap:
			return c.live && c.pair == *next
		case next.CreateRevision > gap:
			return true
		}
		need := next.Version - c.pair.Version - 1 - f.known(gap, next.ModRevision)
		return c.live && c.pair.CreateRevision == next.CreateRevision &&
			need >= 0 && need <= within(e.gaps, gap, next.ModRevision)
	}
	return true
}

// mayVanish says whether a key that a gap leaves in the store can be gone by the
// next time that it was seen so.
func (e *evidence) mayVanish(key string, f *facts, gap kv.Revision) bool {
	n, _ := slices.BinarySearch(f.absent, gap)
	if n == len(f.absent) {
		return true
	}
	at := f.absent[n]
	return within(f.dels, gap, at+1) > 0 || within(e.wideDels, gap, at+1) > 0 || e.mayDelete(key) && within(e.gaps, gap, at+1) > 0
}

// open is how many of a demand's changes are still to come at a gap, given what
// the key holds before it.
func (e *evidence) open(d *demand, c *cell, gap kv.Revision) int64 {
	if c == nil || !c.live || c.pair.CreateRevision != d.sight.CreateRevision {
		return 0
	}
	if d.deletes {
		return 1
	}
	return d.sight.Version - c.pair.Version - 1 - e.facts[d.key].known(gap, d.to)
}
