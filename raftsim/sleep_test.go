package raftsim

import (
	"testing"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
	"pgregory.net/rapid"
)

// A paused client sends nothing and sees nothing; what came meanwhile it sees
// afterwards, before its time-out.
func TestPauseClient(t *testing.T) {
	c := Default(1)
	c.Network.Latency.Spread = Spread{50 * Millisecond, 50 * Millisecond}
	c.Clients = []Client{{Name: "a", Timeout: Second, Workload: &script{lines: []func(*Turn) (kv.Request, bool){
		say(put("k", "1"), Second, Claim{}),            // answered while it sleeps
		say(put("k", "2"), 4*Second, Claim{"lock", 1}), // decided, and sent when it is awake
		say(nil, Second, Claim{}),
	}}}}
	c.Schedule = []Scheduled{
		{1020 * Millisecond, PauseClient{"a", 2 * Second}},
		{1500 * Millisecond, PauseClient{"a", Second}},      // shorter: changes nothing
		{2 * Second, Invoke{"a", 1, read("k"), nil, false}}, // waits
		{5 * Second, PauseClient{"a", 5 * Second}},
	}
	w := newWorld(t, c)
	w.RunUntil(20 * Second)
	for i, want := range []struct {
		request          string
		called, returned Time
	}{
		{"put k 1", Second, 3020 * Millisecond},
		{"get k", 3020 * Millisecond, 3120 * Millisecond},
		{"put k 2", 10 * Second, 0},
	} {
		op := w.Op(i)
		if op.Request.String() != want.request || op.Called != want.called || op.Outcome != linearize.Answered ||
			want.returned != 0 && op.Returned != want.returned {
			t.Errorf("operation %d: %v, called %d, returned %d, %v; want %+v", i, op.Request, op.Called, op.Returned, op.Outcome, want)
		}
	}
	if held := w.Holdings(); len(held) != 1 || held[0].Since >= 5*Second || held[0].To <= 10*Second {
		t.Errorf("it did not sleep over its lock: %+v", held)
	}
}

// A client that no answer reached while it slept has waited long enough when it
// wakes up.
func TestTimeoutInSleep(t *testing.T) {
	c := Default(3)
	c.Clients = []Client{{Name: "a", Timeout: Second, Entry: 1, Workload: forever(put("k", "1"))}}
	c.Schedule = []Scheduled{
		{Second, Cut{A: []Target{1}}},
		{1500 * Millisecond, PauseClient{"a", 5 * Second}},
		{2 * Second, Heal{}}, // too late for what S1 was asked: it is refused meanwhile or never
	}
	w := newWorld(t, c)
	w.RunUntil(10 * Second)
	woken := 0
	for i := range w.Ops() {
		op := w.Op(i)
		if op.Ended && op.Called < 1500*Millisecond && op.Returned > 1500*Millisecond {
			if woken++; op.Returned != 6500*Millisecond {
				t.Errorf("%v ended at %d", op.Request, op.Returned)
			}
		}
	}
	if woken != 1 {
		t.Errorf("%d operations were under way", woken)
	}
	checkHistory(t, w)
}

// Pauses of clients change nothing in what they may rely on: their operations
// come one after the other, and in the end all is answered.
func TestRoughSleep(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		roll := rapidDice(t)
		c := roughConfig(roll)
		for at := Time(0); at < rough; at += Time(1+roll("awake", 600)) * Millisecond {
			a := PauseClient{c.Clients[roll("client", len(c.Clients))].Name, Time(1+roll("asleep", 1000)) * Millisecond}
			c.Schedule = append(c.Schedule, Scheduled{at, a})
		}
		w := newWorld(t, c)
		half := Time(rapid.Int64Range(0, int64(rough)).Draw(t, "half"))
		w.RunUntil(half)
		clone := w.Clone()
		missing := "?"
		for at := rough; at <= rough+60*Second && missing != "" && w.violation == nil; at += Second {
			w.RunUntil(at)
			missing = unsettled(w)
		}
		if w.violation != nil || missing != "" {
			t.Fatal(w.violation, missing)
		}
		clone.RunUntil(w.Now())
		if clone.Hash() != w.Hash() {
			t.Errorf("the clone of %d ns went another way", half)
		}
		checkHistory(t, w)
	})
}

// Settle wakes clients up, once; and nobody can pause a client that does not exist.
func TestWokenClients(t *testing.T) {
	c := Default(1)
	c.Clients = []Client{{Name: "a", Timeout: Second, Manual: true}}
	c.Schedule = []Scheduled{
		{Second, PauseClient{"a", 5 * Second}},
		{2 * Second, Invoke{"a", 1, read("k"), nil, false}},
		{3 * Second, Settle{10 * Second}},
	}
	w := newWorld(t, c)
	w.RunUntil(500 * Millisecond)
	w.Reschedule(append(c.Schedule, Scheduled{Second, PauseClient{"b", Second}}, Scheduled{Second, Invoke{"b", 1, read("k"), nil, false}}))
	resumed, skipped := 0, 0
	for w.Now() < 8*Second {
		w.Step()
		for _, e := range w.Events() {
			switch {
			case e.Kind == ClientResumed:
				resumed++
			case e.Kind == ActionSkipped && e.Cause == CauseNoClient:
				skipped++
			}
		}
	}
	if op := w.Op(0); resumed != 1 || skipped != 2 || op.Called != 3*Second || op.Outcome != linearize.Answered {
		t.Errorf("%d times it goes on, %d actions are skipped; %+v", resumed, skipped, op)
	}
}
