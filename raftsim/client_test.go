package raftsim

import (
	"fmt"
	"testing"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
)

// impatient is a run whose client gives up before most answers can come.
func impatient() Config {
	c := Default(1)
	c.Network.Latency.Spread = Spread{Millisecond, 100 * Millisecond}
	c.Clients = []Client{{Name: "you", Timeout: 10 * Millisecond, Manual: true}}
	for i := range 50 {
		put := kv.PutRequest{Key: "k", Value: fmt.Sprint(i)}
		c.Schedule = append(c.Schedule, Scheduled{Time(500+i) * Millisecond, Invoke{"you", 1, put, nil, false}})
	}
	return c
}

// A client has one request at a time; its connection to a member keeps their
// order, and that of the answers.
func TestConnectionsAreInOrder(t *testing.T) {
	w := newWorld(t, impatient())
	arrived, invoked, ended := -1, -1, -1
	for next, ok := w.Next(); ok && next < 3*Second; next, ok = w.Next() {
		w.Step()
		for _, e := range w.Events() {
			switch e.Kind {
			case OpInvoked:
				if invoked++; e.Op != invoked || ended != invoked-1 {
					t.Errorf("operation %d begins after %d ended", e.Op, ended)
				}
			case OpArrived:
				if arrived++; e.Op != arrived {
					t.Errorf("operation %d arrives as number %d", e.Op, arrived)
				}
			case OpAnswered, OpRefused, OpUnknown:
				ended = e.Op
			default:
			}
		}
	}
	if invoked != 49 || arrived != 49 {
		t.Errorf("%d of 50 requests were made, %d arrived", invoked+1, arrived+1)
	}
	if v := linearize.Check(w.History(), linearize.Options{}); v.Result != linearize.Linearizable {
		t.Error(v)
	}
}

// Requests by hand beyond what may wait are skipped, and the trace says so.
func TestBusyClient(t *testing.T) {
	c := impatient()
	c.Schedule = nil
	for range maxWaiting + 3 {
		c.Schedule = append(c.Schedule, Scheduled{Second, Invoke{"you", 1, read("k"), nil, false}})
	}
	w := newWorld(t, c)
	skipped := 0
	for next, ok := w.Next(); ok && next <= Second; next, ok = w.Next() {
		w.Step()
		for _, e := range w.Events() {
			if e.Kind == ActionSkipped && e.Cause == CauseBusy {
				skipped++
			}
		}
	}
	if skipped != 2 {
		t.Errorf("%d requests were skipped, want 2", skipped)
	}
}

// Whatever a person makes a client do besides, its workload thinks one thought
// at a time, and time-outs don't pile up in the queue.
func TestOneThoughtAtATime(t *testing.T) {
	c := Default(3)
	c.Clients = []Client{{Name: "a", Timeout: 10 * Second, Think: Spread{0, 200 * Millisecond}, Workload: &putter{key: "k"}}}
	for i := range 100 {
		c.Schedule = append(c.Schedule, Scheduled{Second + Time(i)*20*Millisecond, Invoke{"a", TheLeader, read("k"), nil, false}})
	}
	w := newWorld(t, c)
	for w.Now() < 4*Second {
		w.Step()
		thoughts, timeouts := 0, 0
		for _, k := range w.queue.heap {
			switch w.queue.slab[k.slot()].kind {
			case doThink:
				thoughts++
			case doTimeout:
				timeouts++
			default:
			}
		}
		if thoughts > 1 || timeouts > 1 {
			t.Fatalf("at %d: %d thoughts and %d time-outs are queued", w.Now(), thoughts, timeouts)
		}
	}
	checkHistory(t, w)
}

// A request to a member that is down did not happen; one whose member crashes
// may have.
func TestRequestsToTheFallen(t *testing.T) {
	c := Default(1)
	c.Network.Latency.Spread = Spread{2 * Millisecond, 2 * Millisecond}
	c.Clients = []Client{{Name: "a", Timeout: 5 * Second, Manual: true}, {Name: "b", Timeout: 5 * Second, Manual: true}}
	c.Schedule = []Scheduled{
		{Second, Invoke{"a", 1, kv.PutRequest{Key: "k", Value: "1"}, nil, false}},
		{Second + 3*Millisecond, Crash{Member: 1}},
		{2 * Second, Invoke{"b", 1, read("k"), nil, false}},
		{3 * Second, Restart{1}},
	}
	w := newWorld(t, c)
	w.RunUntil(4 * Second)
	if op := w.Op(0); op.Outcome != linearize.Unknown || op.Cause != CauseConnection || !op.Ended {
		t.Errorf("the put under way: %+v", op)
	}
	if op := w.Op(1); op.Outcome != linearize.Refused || op.Effect.Applied {
		t.Errorf("the read of a member that is down: %+v", op)
	}
}

// A request to a member that is paused waits there; if the member crashes, its
// connection breaks.
func TestRequestsToThePaused(t *testing.T) {
	c := Default(1)
	c.Clients = []Client{
		{Name: "a", Timeout: 5 * Second, Manual: true},
		{Name: "w", Timeout: 5 * Second, Watch: &Watch{Span: kv.Prefix("")}, Think: Spread{1100 * Millisecond, 1100 * Millisecond}},
	}
	c.Schedule = []Scheduled{
		{Second, Pause{1}},
		{1100 * Millisecond, Invoke{"a", 1, put("k", "1"), nil, false}},
		{2 * Second, Resume{1}},
		{3 * Second, Pause{1}},
		{3100 * Millisecond, Invoke{"a", 1, put("k", "2"), nil, false}},
		{4 * Second, Crash{Member: 1}},
		{5 * Second, Restart{}},
	}
	w := newWorld(t, c)
	w.RunUntil(10 * Second)
	if op := w.Op(0); op.Outcome != linearize.Answered || op.Returned < 2*Second {
		t.Errorf("asked while the member is paused: %+v", op)
	}
	if op := w.Op(1); op.Outcome != linearize.Unknown || op.Cause != CauseConnection || op.Effect.Applied {
		t.Errorf("asked before the paused member crashes: %+v", op)
	}
	if d := w.Deliveries()[0]; d.At < 2*Second {
		t.Errorf("it hears from a paused member: %+v", d)
	}
	if s := w.Streams()[0]; s.Cause != CauseConnection {
		t.Errorf("the stream to the member that crashes: %+v", s)
	}
}
