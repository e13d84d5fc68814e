package raftsim

import (
	"testing"

	"github.com/castaway-kv/castaway/kv"
	"pgregory.net/rapid"
)

func TestLeaseConversation(t *testing.T) {
	l := &Lease{Prefix: "s/", TTL: 8, Life: Spread{20 * Second, 20 * Second}, Rounds: 2}
	k := talkTo(t, l).says("lease grant 8 --id=100000001").hears(0, granted(firstID, 8), nil)
	k.says("put s/ann ann --lease=100000001").hears(Second, nil, nil).says("put s/ann ann --lease=100000001")
	k.hears(2*Second, kv.PutResponse{}, nil)
	// It idles, asks for the time that is left, and keeps the lease alive.
	asked := 0
	for k.turn.Now < 22*Second {
		k.turn.Pause = 0
		r, _ := l.Next(k.turn)
		k.last = r
		switch r.(type) {
		case nil:
			k.turn.Last = nil
			k.waits()
		case kv.LeaseKeepAliveRequest:
			k.hears(k.turn.Now, alive(8), nil)
		case kv.LeaseTimeToLiveRequest:
			asked++
			k.hears(k.turn.Now, kv.LeaseTimeToLiveResponse{ID: firstID, TTL: 3}, nil)
		default:
			t.Fatalf("at %d it says %v", k.turn.Now, r)
		}
	}
	if asked == 0 {
		t.Error("it never asks for the time that is left")
	}
	k.says("lease revoke 100000001").hears(23*Second, kv.LeaseRevokeResponse{}, nil).says("lease grant 8 --id=100000002")
	// The next one is left to run out.
	l.Expire = Always
	k.hears(23*Second, granted(firstID+1, 8), nil).says("put s/ann ann --lease=100000002").hears(23*Second, kv.PutResponse{}, nil)
	l.Next(k.turn)
	k.turn.Last, k.turn.Now = nil, 43*Second
	l.session.until = 45 * Second
	k.says("").waits()
	if k.turn.Now != 53*Second {
		t.Errorf("it looks at %d", k.turn.Now)
	}
	k.says("get s/ann").hears(53*Second, kv.RangeResponse{}, nil).says("done")
}

// A lease that is gone before its time is noticed, and another one is taken.
func TestLeaseGone(t *testing.T) {
	registered := func() *talk {
		k := talkTo(t, &Lease{Prefix: "s/", TTL: 9, Life: Spread{20 * Second, 20 * Second}})
		return k.says(grantFirst).hears(0, granted(firstID, 9), nil).says("put s/ann ann --lease=100000001").hears(Second, kv.PutResponse{}, nil)
	}
	k := registered()
	k.turn.Now = 5 * Second
	k.says(keepFirst).hears(6*Second, alive(0), nil).says(grantSecond)
	k = registered()
	k.last, k.turn.Last = kv.LeaseTimeToLiveRequest{ID: firstID}, nil
	k.hears(2*Second, kv.LeaseTimeToLiveResponse{ID: firstID, TTL: -1}, nil).says(grantSecond)
	k = registered()
	k.turn.Now = 10 * Second
	k.says(grantSecond)
}

// Leases are revoked or run out; a key whose lease was left to run out is gone.
func TestLeasesInTheShop(t *testing.T) {
	revoked, expired := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		var all []Workload
		for range 3 {
			all = append(all, &Lease{Prefix: "s/", TTL: 2, Life: Spread{0, 5 * Second}, Expire: Always / 2, Rounds: 4})
		}
		s := newShop(rapidDice(t), all...)
		s.run()
		if i := s.idle(); i >= 0 {
			t.Fatalf("client %d is not done: %v", i, s.clients[i].workload)
		}
		revoked += s.asked(func(op Op) bool { _, ok := op.Request.(kv.LeaseRevokeRequest); return ok })
		expired += s.asked(func(op Op) bool {
			found, ok := op.Response.(kv.RangeResponse)
			return ok && len(found.KVs) == 0
		})
	})
	if revoked == 0 || expired == 0 {
		t.Errorf("%d leases are revoked, %d run out", revoked, expired)
	}
}
