package raftsim

import (
	"errors"
	"fmt"

	"github.com/castaway-kv/castaway/kv"
)

// session is a client's lease: how it gets one, keeps it alive, and notices that it
// is lost.
//
//	none ─ grant ─► granted ─┬─ keep-alive ─► granted, for longer
//	                         ├─ it runs out, by the client's own clock ─┐
//	                         ├─ somebody says that it is gone ──────────┼─► lost
//	                         └─ revoke ─────────────────────────────────┘
//
// The client reckons from when it sent the request that was granted, so the store
// keeps the lease at least as long as the client believes.
type session struct {
	// id of the lease, 0 for none; asked is when it was first asked for.
	id    kv.LeaseID
	asked Time
	// granted says that it exists, until then at least.
	granted bool
	until   Time
}

// request is what must be asked for the lease before anything else: a grant, or a
// keep-alive if less than two thirds of its time are left. Nil if there is nothing.
func (s *session) request(t *Turn, ttl kv.TTL) kv.Request {
	if s.id == 0 {
		s.id, s.asked = kv.LeaseID(t.ID()), t.Now
	}
	switch {
	case !s.granted:
		return kv.LeaseGrantRequest{ID: s.id, TTL: ttl}
	case s.until-t.Now < seconds(ttl)*2/3:
		return kv.LeaseKeepAliveRequest{ID: s.id}
	default:
		return nil
	}
}

// hear takes note of what an ending says about the lease.
func (s *session) hear(e *Ending) {
	if e == nil || s.id == 0 {
		return
	}
	switch r := e.Request.(type) {
	case kv.LeaseGrantRequest:
		s.hearGrant(r, e)
	case kv.LeaseKeepAliveRequest:
		if response, ok := e.Response.(kv.LeaseKeepAliveResponse); ok && r.ID == s.id {
			s.until = max(s.until, e.Called+seconds(response.TTL))
			if response.TTL == 0 {
				s.lose()
			}
		}
	case kv.PutRequest, kv.TxnRequest:
		if errors.Is(e.Err, kv.ErrLeaseNotFound) {
			s.lose()
		}
	}
}

// hearGrant: that the lease exists already means that an earlier request for it,
// which had no answer, made it.
func (s *session) hearGrant(r kv.LeaseGrantRequest, e *Ending) {
	switch response, ok := e.Response.(kv.LeaseGrantResponse); {
	case r.ID != s.id:
	case ok:
		s.granted, s.until = true, e.Called+seconds(response.TTL)
	case errors.Is(e.Err, kv.ErrLeaseExists):
		s.granted, s.until = true, s.asked+seconds(r.TTL)
	}
}

// expire loses the lease if it may have run out.
func (s *session) expire(now Time) {
	if s.granted && now >= s.until {
		s.lose()
	}
}

// revoke gives up the lease, and forgets it: if the request fails, it runs out.
func (s *session) revoke() kv.Request {
	defer s.lose()
	return kv.LeaseRevokeRequest{ID: s.id}
}

func (s *session) lose() { *s = session{} }

func (s *session) String() string {
	if !s.granted {
		return "no lease"
	}
	return fmt.Sprintf("lease %v", s.id)
}

func seconds(ttl kv.TTL) Time { return Time(ttl) * Second }

// maxTTL bounds the leases of workloads: an hour.
const maxTTL = kv.TTL(MaxSpan / Second)

func validateTTL(ttl kv.TTL) error {
	if ttl < 1 || ttl > maxTTL {
		return fmt.Errorf("ttl: %d s is not between 1 and %d", ttl, maxTTL)
	}
	return nil
}
