package raftsim

import (
	"fmt"
	"slices"
	"testing"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
	"pgregory.net/rapid"
)

// script is a workload that says what it is told to, turn by turn, and notes what
// it is told.
type script struct {
	lines []func(*Turn) (kv.Request, bool)
	turns []Turn
}

// Next implements Workload.
func (s *script) Next(t *Turn) (kv.Request, bool) {
	s.turns = append(s.turns, *t)
	if len(s.turns) > len(s.lines) {
		return nil, false
	}
	return s.lines[len(s.turns)-1](t)
}

// Clone implements Workload.
func (s *script) Clone() Workload {
	return &script{slices.Clone(s.lines), slices.Clone(s.turns)}
}

// told is the client's script as it stands.
func told(w *World, i int) []Turn { return w.clients[i].workload.(*script).turns }

func say(r kv.Request, pause Time, claim Claim) func(*Turn) (kv.Request, bool) {
	return func(t *Turn) (kv.Request, bool) {
		t.Pause, t.Claim = pause, claim
		return r, true
	}
}

// forever says the same in every turn.
func forever(r kv.Request) *script {
	s := &script{}
	for range 1000 {
		s.lines = append(s.lines, say(r, 0, Claim{}))
	}
	return s
}

func put(key, value string) kv.Request { return kv.PutRequest{Key: key, Value: value} }

// A workload is told each ending once; its pauses come before its requests, and
// a turn without a request is followed by another one.
func TestTurns(t *testing.T) {
	c := Default(1)
	c.Clients = []Client{{Name: "a", Timeout: 5 * Second, Workload: &script{lines: []func(*Turn) (kv.Request, bool){
		say(nil, 0, Claim{}),
		say(nil, Second, Claim{}),
		say(put("k", "1"), 0, Claim{}),
		say(put("k", "2"), 2*Second, Claim{"lock", 7}),
		say(nil, Second, Claim{"lock", 7}),
		say(read("k"), 0, Claim{}),
		say(put("k", "3"), 0, Claim{"lock", 9}),
		say(nil, 60*Second, Claim{"lock", 9}),
	}}}}
	// By hand, in the midst of the pause before the second put; it is not told.
	c.Schedule = []Scheduled{{2 * Second, Invoke{"a", 1, read("by hand"), nil, false}}}
	w := newWorld(t, c)
	w.RunUntil(10 * Second)
	turns := told(w, 0)
	if len(turns) != 8 {
		t.Fatalf("%d turns", len(turns))
	}
	if at := turns[1].Now; at != retryPause || turns[2].Now != at+Second {
		t.Errorf("it was not asked again after its pauses: %d, %d", at, turns[2].Now)
	}
	for i, want := range []kv.Request{nil, nil, nil, put("k", "1"), put("k", "2"), nil, read("k"), put("k", "3")} {
		last := turns[i].Last
		if last == nil && want == nil {
			continue
		}
		if last == nil || want == nil || last.Request.String() != want.String() {
			t.Errorf("in turn %d it is told of %v, want %v", i, last, want)
		}
	}
	second := w.Op(2)
	if second.Request.String() != "put k 2" || second.Called != turns[3].Now+2*Second || turns[4].Last.Called != second.Called {
		t.Errorf("the second put is called at %d, decided at %d: %v", second.Called, turns[3].Now, second.Request)
	}
	if turns[4].Claim != (Claim{"lock", 7}) || turns[6].Claim != (Claim{}) {
		t.Errorf("claims %v, %v", turns[4].Claim, turns[6].Claim)
	}
	held := w.Holdings()
	if len(held) != 2 || held[0].Claim != (Claim{"lock", 7}) || held[0].Since != turns[3].Now || held[0].To != turns[5].Now ||
		held[0].From > second.Call || held[0].Until < second.Return || held[1].Until != 0 || held[1].Name != "a" {
		t.Errorf("holdings %+v", held)
	}
}

// A client that is done holds nothing.
func TestDoneHoldsNothing(t *testing.T) {
	c := Default(1)
	c.Clients = []Client{{Name: "a", Timeout: Second, Workload: &script{lines: []func(*Turn) (kv.Request, bool){
		say(nil, 0, Claim{"lock", 7}),
	}}}}
	w := newWorld(t, c)
	w.RunUntil(Second)
	if held := w.Holdings(); len(held) != 1 || held[0].Until == 0 {
		t.Errorf("holdings %+v", held)
	}
}

// What a workload chooses depends on the seed, the client and the number of choices
// before, and not on what the client is made to do besides.
func TestChoices(t *testing.T) {
	choose := func(seed uint64, byHand bool) (all []string) {
		c := Default(1)
		c.Seed = seed
		for _, name := range []string{"a", "b"} {
			s := &script{}
			for range 20 {
				s.lines = append(s.lines, func(t *Turn) (kv.Request, bool) {
					return put(fmt.Sprint(t.Choose(1000), t.Spread(Spread{5, 10}), t.Happens(Always/2), t.ID()), t.Name), true
				})
			}
			c.Clients = append(c.Clients, Client{Name: name, Timeout: 60 * Second, Workload: s})
		}
		if byHand {
			c.Schedule = []Scheduled{{Second, Invoke{"a", 1, read("k"), nil, false}}}
		}
		w := newWorld(t, c)
		w.RunUntil(10 * Second)
		for i := range w.Ops() {
			if op := w.Op(i); !kv.ReadOnly(op.Request) {
				all = append(all, op.Request.String())
			}
		}
		slices.Sort(all)
		return all
	}
	first := choose(1, false)
	if len(first) != 40 || len(slices.Compact(slices.Clone(first))) != 40 {
		t.Errorf("%d choices, not all different: %q", len(first), first)
	}
	if !slices.Equal(first, choose(1, true)) {
		t.Error("a command by hand changes what workloads choose")
	}
	if slices.Equal(first, choose(2, false)) {
		t.Error("the seed does not matter")
	}
}

func TestTurnAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		a, b := NewTurn(seed), NewTurn(seed)
		for range 20 {
			n := rapid.Uint64Range(1, 1<<40).Draw(t, "n")
			x, y := a.Choose(n), b.Choose(n)
			if x != y || x >= n {
				t.Fatalf("of %d: %d and %d", n, x, y)
			}
			if a.ID() != b.ID() {
				t.Fatal("ids differ")
			}
		}
		if a.Happens(0) || !a.Happens(Always) {
			t.Fatal("chances 0 and 1")
		}
	})
}

// A client asks the member that its Entry names.
func TestEntries(t *testing.T) {
	asked := func(entry Target, schedule ...Scheduled) (w *World, members map[string]int) {
		c := Default(3)
		c.Clients = []Client{{Name: "a", Timeout: 200 * Millisecond, Think: Spread{Max: 10 * Millisecond}, Entry: entry, Workload: &putter{key: "k"}}}
		c.Schedule = schedule
		w = newWorld(t, c)
		w.RunUntil(3 * Second)
		members = map[string]int{}
		for i := range w.Ops() {
			members[Name(w.Op(i).Member)]++
		}
		return w, members
	}
	down := Scheduled{Second, Crash{Member: 2}}
	if _, m := asked(2, down); m["S2"] < 50 || len(m) != 1 {
		t.Errorf("a client of S2 asks %v", m)
	}
	if _, m := asked(0, down, Scheduled{Second, Crash{Member: 1}}, Scheduled{2 * Second, Restart{}}); len(m) != 3 {
		t.Errorf("a client of any member, two of which crash, asks %v", m)
	}
	w, m := asked(TheLeader, Scheduled{Second, Crash{Member: TheLeader}})
	if len(m) != 2 {
		t.Errorf("a client of two leaders asks %v", m)
	}
	if last := w.Op(w.Ops() - 2); last.Outcome != linearize.Answered || last.Member != w.Leader() {
		t.Errorf("at the end it asked %v and %s leads: %v", Name(last.Member), Name(w.Leader()), last.Outcome)
	}
}

func TestClientView(t *testing.T) {
	c := Default(1)
	c.Clients = []Client{
		{Name: "you", Timeout: Second, Manual: true},
		{Name: "ann", Timeout: Second, Entry: 1, Workload: &Lock{Key: "lock", Resource: "r", TTL: 5, Work: Spread{2 * Second, 2 * Second}}},
		{Name: "ear", Timeout: Second, Watch: &Watch{Span: kv.Prefix("")}},
	}
	c.Schedule = []Scheduled{
		{1500 * Millisecond, PauseClient{"ann", 5 * Second}},
		{2 * Second, Crash{Member: 1}},
		{2*Second + 1, Invoke{"you", 1, read("k"), nil, false}},
		{2*Second + 1, Invoke{"you", 1, read("k"), nil, false}},
	}
	w := newWorld(t, c)
	w.RunUntil(1900 * Millisecond)
	if v := w.Client(2); v.Stream == 0 || v.Next != 3 || v.Member != 1 {
		t.Errorf("%+v", v)
	}
	w.RunUntil(2*Second + 1)
	if v := w.Client(0); v.Name != "you" || v.Op < 0 || v.Waiting != 1 || v.Member != 1 || v.About != "" {
		t.Errorf("%+v", v)
	}
	want := "lock lock: lease 200000001, holds it with token 2"
	if v := w.Client(1); v.About != want || v.Claim != (Claim{"lock", 2}) || v.PausedUntil != 6500*Millisecond || v.Op != -1 {
		t.Errorf("%+v", v)
	}
}
