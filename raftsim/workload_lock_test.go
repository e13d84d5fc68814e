package raftsim

import (
	"fmt"
	"testing"

	"github.com/castaway-kv/castaway/kv"
	"pgregory.net/rapid"
)

// talk is a conversation with a workload, step by step.
type talk struct {
	t        *testing.T
	workload Workload
	turn     *Turn
	last     kv.Request
}

func talkTo(t *testing.T, w Workload) *talk {
	turn := NewTurn(1)
	turn.Name = "ann"
	return &talk{t: t, workload: w, turn: turn}
}

// says expects a request, in its words; "" is none, and "done" the end.
func (k *talk) says(want string) *talk {
	k.t.Helper()
	k.turn.Pause = 0
	r, ok := k.workload.Next(k.turn)
	got := ""
	switch {
	case !ok:
		got = "done"
	case r != nil:
		got = r.String()
	}
	if got != want {
		k.t.Fatalf("at %d it says %q, want %q", k.turn.Now, got, want)
	}
	k.last, k.turn.Last = r, nil
	return k
}

// hears an answer or an error, or that the outcome is unknown, at a moment.
func (k *talk) hears(at Time, response kv.Response, err error) *talk {
	k.turn.Last = &Ending{k.last, k.turn.Now + k.turn.Pause, response, err}
	k.turn.Now = at
	return k
}

func (k *talk) waits() *talk {
	k.turn.Now += max(k.turn.Pause, retryPause)
	return k
}

func (k *talk) claims(token kv.Revision) *talk {
	k.t.Helper()
	if k.turn.Claim.Token != token {
		k.t.Fatalf("at %d it claims %v, want token %d", k.turn.Now, k.turn.Claim, token)
	}
	return k
}

func at(r kv.Revision) kv.Header { return kv.Header{Revision: r} }

func yes(r kv.Revision) kv.Response {
	return kv.TxnResponse{Header: at(r), Succeeded: true, Responses: []kv.Response{kv.PutResponse{Header: at(r)}}}
}

func no(r kv.Revision, pairs ...kv.KeyValue) kv.Response {
	return kv.TxnResponse{Header: at(r), Responses: []kv.Response{kv.RangeResponse{Header: at(r), KVs: pairs, Count: int64(len(pairs))}}}
}

func granted(id kv.LeaseID, ttl kv.TTL) kv.Response { return kv.LeaseGrantResponse{ID: id, TTL: ttl} }

func alive(ttl kv.TTL) kv.Response { return kv.LeaseKeepAliveResponse{ID: firstID, TTL: ttl} }

const (
	grantFirst  = "lease grant 9 --id=100000001"
	grantSecond = "lease grant 9 --id=100000002"
	keepFirst   = "lease keep-alive --once 100000001"
	acquire1    = `txn create(lock)=0 → put lock ann --lease=100000001 else get lock`
	acquire2    = `txn create(lock)=0 → put lock ann --lease=100000002 else get lock`
	firstID     = kv.LeaseID(1<<32 + 1)
)

func aLock(fenced bool) *Lock {
	return &Lock{Key: "lock", Resource: "precious", Fenced: fenced, TTL: 9, Work: Spread{Second, Second}, Writes: 2, Rounds: 2}
}

func TestLockConversation(t *testing.T) {
	k := talkTo(t, aLock(true)).says(grantFirst)
	k.hears(Second, granted(firstID, 9), nil).says(acquire1)
	// It is taken; the lease is kept alive meanwhile.
	k.hears(2*Second, no(7, kv.KeyValue{Key: "lock", CreateRevision: 5, Lease: 1}), nil).claims(0).says(acquire1)
	k.hears(4*Second, no(7, kv.KeyValue{Key: "lock", CreateRevision: 5, Lease: 1}), nil).says(keepFirst)
	k.hears(5*Second, alive(9), nil).says(acquire1)
	// There is no answer; so the next time it finds that it has it.
	k.hears(6*Second, nil, nil).claims(0).says(acquire1)
	k.hears(6*Second, no(8, kv.KeyValue{Key: "lock", CreateRevision: 8, Lease: firstID}), nil)
	k.says(`txn create(lock)=8 → put precious "8 ann.1"`).claims(8)
	if k.turn.Pause != Second {
		t.Errorf("it works for %d", k.turn.Pause)
	}
	// A write without an answer is not repeated.
	k.hears(7*Second, nil, nil).says(`txn create(lock)=8 → put precious "8 ann.2"`).claims(8)
	k.hears(8*Second, yes(10), nil).says(keepFirst)
	k.hears(9*Second, alive(9), nil)
	k.turn.source.choices = 0
	k.says("txn create(lock)=8 → del lock").claims(0)
	k.hears(10*Second, yes(11), nil).says(acquire1)
	k.hears(11*Second, yes(12), nil).says(`txn create(lock)=12 → put precious "12 ann.3"`).claims(12)
	// The fence has shut.
	k.hears(12*Second, kv.TxnResponse{Header: at(15)}, nil).says("lease revoke 100000001").claims(0)
	k.hears(13*Second, nil, nil).says("done")
}

// However it learns that its lease is gone, it gives up lock and lease.
func TestLockLosesItsLease(t *testing.T) {
	held := func() *talk {
		k := talkTo(t, aLock(false)).says(grantFirst).hears(Second, granted(firstID, 9), nil).says(acquire1)
		return k.hears(2*Second, yes(5), nil).says(`put precious "5 ann.1"`).claims(5)
	}
	held().hears(9*Second, kv.PutResponse{}, nil).says(grantSecond).claims(0)
	k := held().hears(8*Second, kv.PutResponse{}, nil).says(keepFirst).claims(5)
	k.hears(8*Second, alive(0), nil).says(grantSecond).claims(0)
	// Asked again after errors and without answers, until its time is over.
	k = held().hears(8*Second, kv.PutResponse{}, nil).says(keepFirst)
	k.hears(8*Second+1, nil, errRefused).says(keepFirst).claims(5)
	k.hears(8*Second+2, nil, nil).says(keepFirst).claims(5)
	k.hears(9*Second, nil, nil).says(grantSecond).claims(0)
	// A lease that may have been granted is asked for again, and counts from then.
	k = talkTo(t, aLock(false)).says(grantFirst).hears(8*Second, nil, nil).says(grantFirst)
	k.hears(8*Second, nil, kv.ErrLeaseExists).says(keepFirst)
	k = talkTo(t, aLock(false)).says(grantFirst).hears(10*Second, nil, nil).says(grantFirst)
	k.hears(10*Second, nil, kv.ErrLeaseExists).says(grantSecond)
	// One that is gone when it is put to use.
	k = talkTo(t, aLock(false)).says(grantFirst).hears(Second, granted(firstID, 9), nil).says(acquire1)
	k.hears(2*Second, nil, kv.ErrLeaseNotFound).says(grantSecond).hears(3*Second, granted(firstID+1, 9), nil).says(acquire2)
}

// A holder looks whether it has the lock before it works, in steps in which the
// lease can be kept alive, but not before it writes.
func TestLockWorksLong(t *testing.T) {
	l := aLock(false)
	l.Work = Spread{7 * Second, 7 * Second}
	k := talkTo(t, l).says(grantFirst).hears(0, granted(firstID, 9), nil).says(acquire1)
	k.hears(0, yes(5), nil).says("").waits().says("").waits().says(keepFirst).hears(6*Second, alive(9), nil)
	k.says(`put precious "5 ann.1"`)
	if k.turn.Now != 6*Second || k.turn.Pause != Second {
		t.Errorf("it writes %d after %d", k.turn.Pause, k.turn.Now)
	}
}

func lockers(fenced bool) []Workload {
	var all []Workload
	for range 3 {
		all = append(all, &Lock{Key: "lock", Resource: "precious", Fenced: fenced, TTL: 2, Work: Spread{0, Second}, Writes: 2, Rounds: 3})
	}
	return all
}

// Whatever happens to clients and their requests: holders have different tokens,
// with fencing nobody writes when his time is over, and all come to their turn.
// Holders who believe so at the same time occur with fencing as well.
func TestLocksInTheShop(t *testing.T) {
	for _, fenced := range []bool{true, false} {
		t.Run(fmt.Sprint("fenced ", fenced), func(t *testing.T) {
			stale, overlapping, rejected := 0, 0, 0
			rapid.Check(t, func(t *rapid.T) {
				s := newShop(rapidDice(t), lockers(fenced)...)
				s.run()
				if i := s.idle(); i >= 0 {
					t.Fatalf("client %d is not done: %v", i, s.clients[i].workload)
				}
				n, same := overlaps(s.world.Holdings())
				if same {
					t.Fatalf("two have the same token: %+v", s.world.Holdings())
				}
				overlapping += n
				stale += len(s.world.StaleWrites(lockers(fenced)[0].(*Lock)))
				rejected += s.asked(func(op Op) bool {
					r, ok := op.Request.(kv.TxnRequest)
					return ok && len(r.Failure) == 0 && r.Compare[0].Number != 0 && op.Response != nil && !succeeded(op.Response)
				})
			})
			if fenced != (stale == 0) {
				t.Errorf("%d stale writes", stale)
			}
			if overlapping == 0 || fenced && rejected == 0 {
				t.Errorf("%d holdings overlap, %d writes and releases are rejected", overlapping, rejected)
			}
		})
	}
}
