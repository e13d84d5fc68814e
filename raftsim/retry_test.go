package raftsim

import (
	"errors"
	"testing"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
	"pgregory.net/rapid"
)

// The naive library retries whatever had no answer: that is the bug
// retry-without-session.
func retryAlways(kv.Request, linearize.Outcome) bool { return true }

// lostReply is a run in which the answer to the one request is lost with its leader,
// which crashes when the followers have the entry; the next leader commits it.
func lostReply(r kv.Request) Config {
	c := Default(3)
	c.Network.Latency.Spread = Spread{20 * Millisecond, 20 * Millisecond}
	c.Disk.Sync = Spread{Millisecond, Millisecond}
	c.Clients = []Client{{Name: "a", Timeout: 5 * Second, Retries: 100, Entry: TheLeader, Workload: &script{
		lines: []func(*Turn) (kv.Request, bool){say(r, Second, Claim{})},
	}}}
	// 20 ms to the leader, 20 ms to the followers, and a little for the disks.
	c.Schedule = []Scheduled{{1050 * Millisecond, Crash{Member: TheLeader}}, {3 * Second, Restart{}}}
	return c
}

func TestRetryRule(t *testing.T) {
	increment := kv.TxnRequest{Success: []kv.Request{kv.RangeRequest{Span: kv.Span{Key: "n"}}, kv.PutRequest{Key: "n", Value: "x"}}}
	c := lostReply(increment)
	w := newWorld(t, c)
	w.RunUntil(10 * Second)
	if op := w.Op(0); op.Outcome != linearize.Unknown || op.Retries != 0 || !op.Effect.Applied || op.Effect.Again != 0 {
		t.Errorf("a write without an answer: %+v", op)
	}
	checkHistory(t, w)

	c.Rules.Client.MayRetry = retryAlways
	w = newWorld(t, c)
	w.RunUntil(10 * Second)
	op := w.Op(0)
	if op.Outcome != linearize.Answered || op.Retries == 0 || op.Effect.Again <= op.Effect.Index {
		t.Fatalf("retried by a naive client: %+v", op)
	}
	if v := linearize.Check(w.History(), linearize.Options{}); v.Result != linearize.Violation {
		t.Errorf("it was done twice, and the judge says %v", v)
	}

	w = newWorld(t, lostReply(read("k")))
	w.RunUntil(10 * Second)
	if op := w.Op(0); w.Ops() != 1 || op.Outcome != linearize.Answered || op.Retries == 0 {
		t.Errorf("a read without an answer: %+v", op)
	}
}

// Each attempt has its own time-out, and after the last one the outcome stands.
func TestRetriesEnd(t *testing.T) {
	c := Default(3)
	c.Clients = []Client{{Name: "a", Timeout: 100 * Millisecond, Retries: 3, Entry: 1, Workload: forever(read("k"))}}
	c.Schedule = []Scheduled{{Second, Cut{A: []Target{1}}}}
	w := newWorld(t, c)
	retried := 0
	for w.Now() < 3*Second {
		w.Step()
		for _, e := range w.Events() {
			if e.Kind == OpRetried {
				if retried++; e.Cause == NoCause && e.Err == nil {
					t.Error("it does not say why")
				}
			}
		}
	}
	op := w.Op(w.Ops() - 2)
	if took := op.Returned - op.Called; op.Outcome == linearize.Answered || op.Retries != 3 || took > 4*(100*Millisecond+retryPause) {
		t.Errorf("after %d ns: %+v", took, op)
	}
	if retried < 9 {
		t.Errorf("%d retries", retried)
	}
}

// Retries by the rule are safe, whatever happens.
func TestRoughRetries(t *testing.T) {
	retries, lost := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		c := roughConfig(rapidDice(t))
		for i := range c.Clients {
			c.Clients[i].Retries = 5
		}
		w := newWorld(t, c)
		w.RunUntil(rough + Second)
		if w.violation != nil {
			t.Fatal(w.violation)
		}
		checkHistory(t, w)
		for i := range w.Ops() {
			retries += w.Op(i).Retries
			if w.Op(i).Effect.Again != 0 {
				lost++
			}
		}
	})
	if retries == 0 || lost != 0 {
		t.Errorf("%d retries, %d operations applied twice", retries, lost)
	}
}

// What the store refuses is not asked again.
func TestStoreRefusalsStand(t *testing.T) {
	c := Default(1)
	r := kv.PutRequest{Key: "k", IgnoreValue: true}
	c.Clients = []Client{{Name: "a", Timeout: Second, Retries: 5, Workload: &script{
		lines: []func(*Turn) (kv.Request, bool){say(r, Second, Claim{})},
	}}}
	w := newWorld(t, c)
	w.RunUntil(5 * Second)
	if op := w.Op(0); op.Outcome != linearize.Refused || op.Retries != 0 || !errors.Is(op.Err, kv.ErrKeyNotFound) {
		t.Errorf("%+v", op)
	}
}
