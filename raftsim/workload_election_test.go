package raftsim

import (
	"testing"

	"github.com/castaway-kv/castaway/kv"
	"pgregory.net/rapid"
)

const (
	campaign1 = `txn create(e/100000001)=0 → put e/100000001 ann --lease=100000001 else get e/100000001`
	observe   = "get --prefix e/ --limit=1 --order=ASCEND --sort-by=CREATE"
	proclaim1 = "txn create(e/100000001)=7 → put e/100000001 ann.1 --lease=100000001"
	proclaim3 = "txn create(e/100000001)=7 → put e/100000001 ann.3 --lease=100000001"
	proclaim2 = "txn create(e/100000001)=7 → put e/100000001 ann.2 --lease=100000001"
)

func anElection() *Election {
	return &Election{Prefix: "e/", TTL: 9, Term: Spread{5 * Second, 5 * Second}, Pause: Spread{Second, Second}, Terms: 1}
}

func oldest(revision kv.Revision) kv.Response {
	return kv.RangeResponse{Header: at(revision), KVs: []kv.KeyValue{{Key: "e/x", CreateRevision: revision}}, Count: 1}
}

func TestElectionConversation(t *testing.T) {
	k := talkTo(t, anElection()).says(grantFirst).hears(0, granted(firstID, 9), nil).says(campaign1)
	// There is no answer; it finds its key there.
	k.hears(Second, nil, nil).says(campaign1)
	k.hears(Second, no(8, kv.KeyValue{Key: "e/100000001", CreateRevision: 7, Lease: firstID}), nil).says(observe).claims(0)
	k.hears(2*Second, oldest(5), nil).says(observe).claims(0)
	k.hears(2*Second, nil, errRefused).says(observe)
	k.hears(3*Second, oldest(7), nil).says(proclaim1).claims(7)
	k.hears(3*Second, nil, nil).says(proclaim2)
	k.hears(4*Second, yes(12), nil).says(keepFirst).hears(5*Second, alive(9), nil).claims(7)
	k.says(proclaim3).hears(8*Second, yes(13), nil).says(keepFirst).hears(8*Second, alive(9), nil)
	k.turn.source.choices = 0
	k.says("txn create(e/100000001)=7 → del e/100000001").claims(0)
	k.hears(9*Second, yes(13), nil).says("lease revoke 100000001").hears(9*Second, kv.LeaseRevokeResponse{}, nil).says("done")
}

// A leader that is told that its key is gone leads no more; nor does a candidate
// wait for others who came after it.
func TestElectionLost(t *testing.T) {
	k := talkTo(t, anElection()).says(grantFirst).hears(0, granted(firstID, 9), nil).says(campaign1)
	k.hears(Second, yes(7), nil).says(observe).hears(Second, oldest(8), nil).says(campaign1)
	k.hears(Second, yes(7), nil).says(observe).hears(Second, kv.RangeResponse{}, nil).says(campaign1)
	k.hears(Second, yes(7), nil).says(observe).hears(Second, oldest(7), nil).says(proclaim1).claims(7)
	k.hears(2*Second, kv.TxnResponse{Header: at(20)}, nil).claims(7).says("lease revoke 100000001").claims(0)

	k = talkTo(t, anElection()).says(grantFirst).hears(0, granted(firstID, 9), nil).says(campaign1)
	k.hears(Second, yes(7), nil).says(observe).hears(Second, oldest(7), nil).says(proclaim1).claims(7)
	k.hears(9*Second, yes(8), nil).says("done").claims(0)
}

// All candidates get to lead, each with a token of its own, and clients that
// believe so at the same time have overslept.
func TestElectionsInTheShop(t *testing.T) {
	overlapping, led := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		var all []Workload
		for range 3 {
			all = append(all, &Election{Prefix: "e/", TTL: 2, Term: Spread{0, 5 * Second}, Pause: Spread{0, Second}, Terms: 2})
		}
		s := newShop(rapidDice(t), all...)
		s.run()
		if i := s.idle(); i >= 0 {
			t.Fatalf("client %d is not done: %v", i, s.clients[i].workload)
		}
		n, same := overlaps(s.world.Holdings())
		if same {
			t.Fatalf("two have the same token: %+v", s.world.Holdings())
		}
		overlapping += n
		led += len(s.world.Holdings())
	})
	if overlapping == 0 || led < 550 {
		t.Errorf("%d terms, %d overlap", led, overlapping)
	}
}
