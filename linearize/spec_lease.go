package linearize

import (
	"slices"

	"github.com/castaway-kv/castaway/internal/mix"
	"github.com/castaway-kv/castaway/kv"
)

// lease is a lease as the answers tell of it. Leases end by themselves, and no
// client is told when: one without keys ends silently, so a lease that was not
// seen alive may be gone as soon as somebody sees it so; one with keys takes
// them along, which makes a revision.
type lease struct {
	id    kv.LeaseID
	state leaseState
	ttl   kv.TTL
	// keys attached to it, by cell; not journaled, as cells are.
	keys map[*cell]struct{}
}

type leaseState uint8

const (
	// absent: it was never granted, or ended.
	absent leaseState = iota
	alive
)

func (s *store) lease(id kv.LeaseID) *lease {
	l := s.leases[id]
	if l == nil {
		l = &lease{id: id}
		s.leases[id] = l
	}
	return l
}

// become changes a lease's state.
func (s *store) become(l *lease, state leaseState, ttl kv.TTL) {
	if s.journaling {
		s.note()
		s.journal = append(s.journal, change{lease: l, state: l.state, ttl: l.ttl})
	}
	s.digestLease(l)
	l.state, l.ttl = state, ttl
	s.digestLease(l)
}

func (s *store) digestLease(l *lease) {
	if s.digesting && l.state == alive {
		var h mix.Hash
		h.Word(uint64(l.id))
		h.Word(7)
		s.digest.a ^= h.Sum()
		s.digest.b ^= mix.Bits(h.Sum())
	}
}

func (s *store) attach(c *cell) {
	if !c.live || c.pair.Lease == 0 {
		return
	}
	l := s.lease(c.pair.Lease)
	if l.keys == nil {
		l.keys = map[*cell]struct{}{}
	}
	l.keys[c] = struct{}{}
}

func (s *store) detach(c *cell) {
	if c.live && c.pair.Lease != 0 {
		delete(s.lease(c.pair.Lease).keys, c)
	}
}

// offerGrant notes a grant without an answer.
func (s *store) offerGrant(op *Operation) {
	if _, ok := op.Request.(kv.LeaseGrantRequest); ok && op.Outcome == Unknown {
		s.grants = append(s.grants, *op)
	}
}

// observeAlive says whether the lease can be alive now, perhaps because of a
// grant without an answer.
func (s *store) observeAlive(id kv.LeaseID) bool {
	l := s.leases[id]
	if l != nil && l.state == alive {
		return true
	}
	if !s.mayGrant(id) {
		return false
	}
	s.become(s.lease(id), alive, 0)
	return true
}

// mayGrant says whether a grant without an answer can have made the lease by now.
func (s *store) mayGrant(id kv.LeaseID) bool {
	for i := range s.grants {
		grant := s.grants[i].Request.(kv.LeaseGrantRequest)
		if (grant.ID == id || grant.ID == 0) && s.grants[i].Call <= s.until {
			return true
		}
	}
	return false
}

// lasts says whether the lease can have been granted a TTL: one whose grant
// nobody saw takes the first that is seen, and one without keys may have ended
// and been granted anew by such a grant.
func (s *store) lasts(id kv.LeaseID, ttl kv.TTL) bool {
	l := s.leases[id]
	if l.ttl == 0 || l.ttl != ttl && len(l.keys) == 0 && s.mayGrant(id) {
		s.become(l, alive, ttl)
	}
	return l.ttl == ttl
}

// observeGone says whether the lease can be gone now, and lets it go.
func (s *store) observeGone(id kv.LeaseID) bool {
	l := s.leases[id]
	if l == nil || l.state == absent {
		return true
	}
	if len(l.keys) > 0 {
		return false
	}
	s.become(l, absent, 0)
	return true
}

// expire ends a lease by itself: its keys go in one revision. It says whether
// there was one, with keys.
func (s *store) expire(id kv.LeaseID) bool {
	l := s.leases[id]
	if l == nil || l.state != alive || len(l.keys) == 0 {
		return false
	}
	s.begin()
	s.drop(l)
	s.commit()
	return true
}

// drop ends a lease and deletes its keys.
func (s *store) drop(l *lease) {
	for _, c := range l.cells() {
		s.remove(c)
	}
	s.become(l, absent, 0)
}

// cells are the lease's keys in order.
func (l *lease) cells() []*cell {
	all := make([]*cell, 0, len(l.keys))
	//castaway:unordered they are sorted next
	for c := range l.keys {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b *cell) int { return compareKeys(a.pair.Key, b.pair.Key) })
	return all
}

// isLeaseRequest: judged by leaseStep.
func isLeaseRequest(r kv.Request) bool {
	switch r.(type) {
	case kv.LeaseGrantRequest, kv.LeaseRevokeRequest, kv.LeaseKeepAliveRequest, kv.LeaseTimeToLiveRequest, kv.LeaseListRequest:
		return true
	}
	return false
}

// leaseStep carries out a request on leases and says whether it can have been
// answered so; a nil response stands for an unknown one. How much of a TTL is
// left depends on clocks and is judged by CheckLeases.
func (s *store) leaseStep(r kv.Request, seen kv.Response) bool {
	s.begin()
	ok := s.leaseRun(r, seen)
	if ok {
		s.commit()
		ok = seen == nil || seen.At() == s.revision
	}
	return ok
}

func (s *store) leaseRun(r kv.Request, seen kv.Response) bool {
	switch r := r.(type) {
	case kv.LeaseGrantRequest:
		return s.grant(r, seen)
	case kv.LeaseRevokeRequest:
		if !s.observeAlive(r.ID) {
			return false
		}
		s.drop(s.leases[r.ID])
		return true
	case kv.LeaseKeepAliveRequest:
		if resp, ok := seen.(kv.LeaseKeepAliveResponse); ok {
			if resp.ID != r.ID {
				return false
			}
			if resp.TTL > 0 {
				return s.observeAlive(r.ID) && s.lasts(r.ID, resp.TTL)
			}
			return s.observeGone(r.ID)
		}
		return seen == nil
	case kv.LeaseTimeToLiveRequest:
		return s.timeToLive(r, seen)
	case kv.LeaseListRequest:
		return s.list(seen)
	}
	return false
}

// grant: the answer names the lease, as the request may leave that to the store.
func (s *store) grant(r kv.LeaseGrantRequest, seen kv.Response) bool {
	id, ttl := r.ID, r.TTL
	if resp, ok := seen.(kv.LeaseGrantResponse); ok {
		if r.ID != 0 && resp.ID != r.ID || resp.TTL < r.TTL || resp.ID == 0 {
			return false
		}
		id, ttl = resp.ID, resp.TTL
	}
	if id == 0 || r.TTL > kv.MaxTTL || !s.observeGone(id) {
		return false
	}
	s.become(s.lease(id), alive, ttl)
	return true
}

func (s *store) timeToLive(r kv.LeaseTimeToLiveRequest, seen kv.Response) bool {
	resp, ok := seen.(kv.LeaseTimeToLiveResponse)
	if !ok {
		return seen == nil
	}
	if resp.ID != r.ID {
		return false
	}
	if resp.TTL < 0 {
		return s.observeGone(r.ID)
	}
	if !s.observeAlive(r.ID) || resp.TTL > resp.Granted || !s.lasts(r.ID, resp.Granted) {
		return false
	}
	if !r.Keys {
		return len(resp.Keys) == 0
	}
	cells := s.leases[r.ID].cells()
	return slices.EqualFunc(cells, resp.Keys, func(c *cell, key string) bool { return c.pair.Key == key })
}

// list: what is listed is alive, what is not is gone.
func (s *store) list(seen kv.Response) bool {
	resp, ok := seen.(kv.LeaseListResponse)
	if !ok {
		return seen == nil
	}
	for _, id := range resp.Leases {
		if !s.observeAlive(id) {
			return false
		}
	}
	for _, id := range s.leaseIDs() {
		if s.leases[id].state == alive && !slices.Contains(resp.Leases, id) && !s.observeGone(id) {
			return false
		}
	}
	return true
}

func (s *store) leaseIDs() []kv.LeaseID {
	all := make([]kv.LeaseID, 0, len(s.leases))
	//castaway:unordered they are sorted next
	for id := range s.leases {
		all = append(all, id)
	}
	slices.Sort(all)
	return all
}
