package linearize

import (
	"math"
	"testing"

	"github.com/castaway-kv/castaway/kv"
)

// quietRequest is one on leases and compactions, and on what depends on them.
func quietRequest(choose chooser, s *store) kv.Request {
	id := kv.LeaseID(1 + choose(2))
	switch choose(9) {
	case 0:
		return kv.LeaseGrantRequest{ID: id, TTL: 5}
	case 1:
		return kv.LeaseRevokeRequest{ID: id}
	case 2:
		return kv.LeaseKeepAliveRequest{ID: id}
	case 3:
		return kv.LeaseTimeToLiveRequest{ID: id, Keys: true}
	case 4:
		return kv.LeaseListRequest{}
	case 5:
		return kv.CompactRequest{Revision: s.revision - kv.Revision(choose(2))}
	case 6:
		return kv.RangeRequest{Span: kv.Span{Key: "a"}, Revision: kv.Revision(1 + choose(int(s.revision)))}
	}
	return kv.PutRequest{Key: string(rune('a' + choose(2))), Value: "v", Lease: kv.LeaseID(choose(3))}
}

// quietAnswer carries a request out and answers it as a store does; nil if it is
// refused.
func quietAnswer(s *store, r kv.Request) kv.Response {
	here := func(id kv.LeaseID) bool { return s.leases[id] != nil && s.leases[id].state == alive }
	switch r := r.(type) {
	case kv.LeaseGrantRequest:
		if here(r.ID) || !s.leaseStep(r, nil) {
			return nil
		}
		return kv.LeaseGrantResponse{Header: kv.Header{Revision: s.revision}, ID: r.ID, TTL: r.TTL}
	case kv.LeaseRevokeRequest:
		if !s.leaseStep(r, nil) {
			return nil
		}
		return kv.LeaseRevokeResponse{Header: kv.Header{Revision: s.revision}}
	case kv.LeaseKeepAliveRequest:
		resp := kv.LeaseKeepAliveResponse{Header: kv.Header{Revision: s.revision}, ID: r.ID}
		if here(r.ID) {
			resp.TTL = s.leases[r.ID].ttl
		}
		return resp
	case kv.LeaseTimeToLiveRequest:
		resp := kv.LeaseTimeToLiveResponse{Header: kv.Header{Revision: s.revision}, ID: r.ID, TTL: -1}
		if here(r.ID) {
			resp.TTL, resp.Granted = 3, s.leases[r.ID].ttl
			for _, c := range s.leases[r.ID].cells() {
				resp.Keys = append(resp.Keys, c.pair.Key)
			}
		}
		return resp
	case kv.LeaseListRequest:
		resp := kv.LeaseListResponse{Header: kv.Header{Revision: s.revision}}
		for _, id := range s.leaseIDs() {
			if here(id) {
				resp.Leases = append(resp.Leases, id)
			}
		}
		return resp
	}
	if s.apply(r) != nil {
		return nil
	}
	return s.out.response(r)
}

// quietHistory is a history of leases and compactions with overlapping calls, in
// which leases end by themselves; spoilt changes an answer.
func quietHistory(choose chooser, operations int, spoilt bool) History {
	s := newStore()
	s.keepPast = true
	s.until = math.MaxInt64
	var h History
	for i := range operations {
		if id := kv.LeaseID(1 + choose(2)); choose(6) == 0 && s.leases[id] != nil && s.leases[id].state == alive && !s.expire(id) {
			s.become(s.leases[id], absent, 0)
		}
		r := quietRequest(choose, s)
		resp := quietAnswer(s, r)
		moment := int64(10*i + 50)
		op := Operation{Client: i, Call: moment - int64(choose(30)), Return: moment + int64(choose(30)), Request: r, Response: resp, Outcome: Answered}
		switch {
		case resp == nil:
			op.Outcome, op.Err = Refused, kv.ErrLeaseNotFound
		case choose(8) == 0:
			op.Outcome, op.Response = Unknown, nil
		}
		h = append(h, op)
	}
	if spoilt {
		spoilQuiet(choose, h)
	}
	return h
}

func spoilQuiet(choose chooser, h History) {
	op := &h[choose(len(h))]
	switch resp := op.Response.(type) {
	case kv.LeaseKeepAliveResponse:
		resp.TTL = 5 - resp.TTL
		op.Response = resp
	case kv.LeaseTimeToLiveResponse:
		resp.Keys = append(resp.Keys, "z")
		op.Response = resp
	case kv.LeaseListResponse:
		resp.Leases = nil
		op.Response = resp
	case kv.CompactResponse:
		op.Request = kv.CompactRequest{Revision: resp.Revision + 1}
	case kv.LeaseGrantResponse:
		op.Call, op.Return = op.Call+40, op.Return+60
	case kv.PutResponse:
		op.Request = kv.PutRequest{Key: "a", Value: "v", Lease: 1}
	}
}

// quietBrute tries every order with every subset of what has no answer, and lets
// leases with keys end at any time.
func quietBrute(h History, done []bool, s *store) bool {
	left, soonest := false, int64(math.MaxInt64)
	for i, op := range h {
		if !done[i] && op.Outcome == Answered {
			left, soonest = true, min(soonest, op.Return)
		}
	}
	if !left {
		return true
	}
	for i, op := range h {
		if done[i] || op.Outcome == Refused || op.Call > soonest {
			continue
		}
		mark := s.mark()
		s.until = soonest
		fits := false
		if isLeaseRequest(op.Request) {
			fits = s.leaseStep(op.Request, op.Response)
		} else if s.apply(op.Request) == nil {
			fits = op.Outcome == Unknown || s.out.matches(op.Request, op.Response, comparison{})
		}
		if fits {
			done[i] = true
			if quietBrute(h, done, s) {
				return true
			}
			done[i] = false
		}
		s.undo(mark)
	}
	for _, id := range s.leaseIDs() {
		mark := s.mark()
		if s.expire(id) {
			if quietBrute(h, done, s) {
				return true
			}
			s.undo(mark)
		}
	}
	return false
}

// Histories of leases and compactions get the verdict of brute force.
func TestQuietHistories(t *testing.T) {
	results := [3]int{}
	for seed := range uint64(4000) {
		choose := seeded(seed)
		spoilt := seed%2 == 0
		h := quietHistory(choose, 1+choose(6), spoilt)
		s := newStore()
		s.keepPast, s.journaling = true, true
		for i := range h {
			s.offerGrant(&h[i])
		}
		want := Violation
		if quietBrute(h, make([]bool, len(h)), s) {
			want = Linearizable
		}
		v := Check(h, Options{})
		if v.Result != want && v.Result != Undecided || !spoilt && v.Result != Linearizable {
			t.Fatalf("seed %d: brute force says %v, the check %v\n%s", seed, want, v, historyWords(h))
		}
		results[v.Result]++
	}
	t.Logf("%d linearizable, %d violations, %d undecided", results[Linearizable], results[Violation], results[Undecided])
	if results[Violation] < 100 || results[Undecided] > 40 {
		t.Error(results)
	}
}

// A list shows a lease whose grant had no answer; it must stand before the grant
// of another one that overlaps it, or that one's put would find it gone.
func TestListBeforeGrant(t *testing.T) {
	h := History{
		unknown(1, 1, kv.LeaseGrantRequest{ID: 1, TTL: 5}),
		answered(2, 2, 5, kv.LeaseGrantRequest{ID: 2, TTL: 5}, kv.LeaseGrantResponse{Header: at(1), ID: 2, TTL: 5}),
		answered(3, 3, 4, kv.LeaseListRequest{}, kv.LeaseListResponse{Header: at(1), Leases: []kv.LeaseID{1}}),
		answered(2, 6, 7, kv.PutRequest{Key: "a", Lease: 2}, done(2)),
		answered(3, 8, 9, kv.PutRequest{Key: "b", Lease: 1}, done(3)),
	}
	log := []Applied{{Index: 7, Revision: 1, Op: 1, Request: h[1].Request}}
	for _, opts := range []Options{{}, {Applied: log}} {
		if v := Check(h, opts); v.Result != Linearizable {
			t.Error(v)
		}
	}
}

// A grant without an answer was called too late for an answer that depends on it,
// whatever shows the lease before.
func TestGrantTooLate(t *testing.T) {
	h := History{
		answered(1, 1, 3, kv.LeaseKeepAliveRequest{ID: 1}, kv.LeaseKeepAliveResponse{Header: at(1), ID: 1, TTL: 5}),
		unknown(2, 4, kv.LeaseGrantRequest{ID: 1, TTL: 5}),
		answered(3, 2, 5, kv.LeaseTimeToLiveRequest{ID: 1}, kv.LeaseTimeToLiveResponse{Header: at(1), ID: 1, TTL: 5, Granted: 5}),
	}
	if v := Check(h, Options{}); v.Result != Violation {
		t.Error(v)
	}
}

// A lease that ended may be granted anew, with another TTL, without an answer.
func TestGrantAnewWithoutAnswer(t *testing.T) {
	h := History{
		answered(1, 1, 2, kv.LeaseGrantRequest{ID: 1, TTL: 5}, kv.LeaseGrantResponse{Header: at(1), ID: 1, TTL: 5}),
		unknown(2, 3, kv.LeaseGrantRequest{ID: 1, TTL: 7}),
		answered(3, 4, 5, kv.LeaseKeepAliveRequest{ID: 1}, kv.LeaseKeepAliveResponse{Header: at(1), ID: 1, TTL: 7}),
	}
	if v := Check(h, Options{}); v.Result != Linearizable {
		t.Error(v)
	}
	h[1] = answered(2, 3, 6, get("a"), nothing(1))
	if v := Check(h, Options{}); v.Result != Violation {
		t.Error(v)
	}
}

// Longer ones without a fault are never violations, whole or streamed, and seldom
// undecided: which of several leases ended is not always told.
func TestQuietHistoriesAreRight(t *testing.T) {
	undecided := 0
	for seed := range uint64(300) {
		h := byCall(quietHistory(seeded(seed), 60, false))
		v := Check(h, Options{})
		if v.Result == Violation {
			t.Fatalf("seed %d: %v\n%s", seed, v, historyWords(h))
		}
		if v.Result == Undecided {
			undecided++
		}
		if v, err := stream(h, 16); err != nil || v.Result == Violation {
			t.Fatalf("seed %d: %v, %v", seed, v, err)
		}
	}
	t.Logf("%d of 300 undecided", undecided)
	if undecided > 15 {
		t.Errorf("%d of 300 are undecided", undecided)
	}
}

// The values alone: brute force on the naive store, revisions left out.
func TestValuesAgainstBruteForce(t *testing.T) {
	results := [3]int{}
	for f := noFault; f < faults; f++ {
		for seed := range uint64(400) {
			choose := seeded(seed<<8 | uint64(f))
			h := generate(choose, recipe{operations: 1 + choose(6), clients: 1 + choose(4), keys: 1 + choose(2), unknown: 30 * choose(2), fault: f})
			want := Violation
			if valuesBrute(h, make([]bool, len(h)), newNaive()) {
				want = Linearizable
			}
			v := CheckValues(h, Options{})
			if v.Result != want {
				t.Fatalf("%v, seed %d: brute force says %v, the check %v\n%s", f, seed, want, v, historyWords(h))
			}
			results[v.Result]++
		}
	}
	if results[Violation] < 50 {
		t.Error(results)
	}
}

func valuesBrute(h History, done []bool, s *naive) bool {
	left, soonest := false, int64(math.MaxInt64)
	for i, op := range h {
		if !done[i] && op.Outcome == Answered {
			left, soonest = true, min(soonest, op.Return)
		}
	}
	if !left {
		return true
	}
	for i, op := range h {
		if done[i] || op.Outcome == Refused || op.Call > soonest {
			continue
		}
		next := s.clone()
		resp := next.apply(op.Request)
		if op.Outcome == Answered {
			var out answer
			if resp == nil {
				continue
			}
			out.fill(resp)
			if !out.matches(op.Request, op.Response, comparison{valuesOnly: true}) {
				continue
			}
		}
		done[i] = true
		if valuesBrute(h, done, next) {
			return true
		}
		done[i] = false
	}
	return false
}
