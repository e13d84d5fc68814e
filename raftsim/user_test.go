package raftsim

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/machine"
)

// tally is a state machine of a user: it adds numbers up.
type tally struct {
	sum int
	// poison is a number that makes it panic, 0 for none; differs makes each clone go
	// its own way.
	poison  int
	differs *int
	salt    int
}

func (m *tally) Apply(command string) string {
	n, _ := strconv.Atoi(command)
	if n == m.poison && n != 0 {
		panic(fmt.Sprint("can't add ", n))
	}
	m.sum += n + m.salt
	return strconv.Itoa(m.sum)
}

func (m *tally) Query(string) string { return strconv.Itoa(m.sum) }

func (m *tally) Clone() machine.StateMachine {
	c := *m
	if m.differs != nil {
		*m.differs++
		c.salt = *m.differs
	}
	return &c
}

func (m *tally) Save() string { return strconv.Itoa(m.sum) }

func (m *tally) Restore(state string) (machine.StateMachine, error) {
	c := *m
	var err error
	c.sum, err = strconv.Atoi(state)
	return &c, err
}

// adder is a client of it.
type adder struct{ n, most int }

func (a *adder) Next(*Turn) (kv.Request, bool) {
	a.n++
	return kv.CommandRequest{Command: strconv.Itoa(a.n)}, a.n <= a.most
}

func (a *adder) Clone() Workload {
	c := *a
	return &c
}

func tallyConfig(m *tally) Config {
	c := Default(3)
	c.Machine = m
	c.Snapshots = Snapshots{Every: 10, Keep: 2, Chunk: 100}
	c.Clients = []Client{{Name: "a", Workload: &adder{most: 50}, Timeout: Second}}
	c.Schedule = []Scheduled{
		{100 * Millisecond, Crash{Member: 2}}, {Second, Restart{}}, {2 * Second, Settle{10 * Second}},
	}
	return c
}

// A user's own state machine is replicated like the store, snapshots included.
func TestUserMachine(t *testing.T) {
	w := newWorld(t, tallyConfig(&tally{}))
	installed := false
	for next, ok := w.Next(); ok && next <= 12*Second; next, ok = w.Next() {
		w.Step()
		for _, e := range w.Events() {
			installed = installed || e.Kind == SnapshotInstalled
		}
	}
	if w.Violation() != nil {
		t.Fatal(w.Violation())
	}
	sum := 0
	for i := range w.Ops() {
		if n, _ := strconv.Atoi(w.Op(i).Request.(kv.CommandRequest).Command); w.Op(i).Effect.Applied {
			sum += n
		}
	}
	for _, id := range w.MemberIDs() {
		response, err := w.host(id).replica.Machine().Apply(0, kv.CommandRequest{Query: true})
		if err != nil || sum < 1000 || fmt.Sprint(response) != strconv.Itoa(sum) {
			t.Errorf("S%d has %v (%v), want %d", id, response, err, sum)
		}
	}
	if !installed {
		t.Error("nobody installed a snapshot")
	}
}

// One that panics, or answers differently on two members, is a finding: the run ends
// cleanly and names it.
func TestUserMachineAtFault(t *testing.T) {
	for _, test := range []struct {
		machine *tally
		want    string
	}{
		{&tally{poison: 20}, "panics: can't add 20"},
		{&tally{differs: new(int)}, "or got another answer"},
	} {
		w := newWorld(t, tallyConfig(test.machine))
		w.RunUntil(12 * Second)
		v := w.Violation()
		if v == nil || v.Property != "StateMachineSafety" || !strings.Contains(v.Detail, test.want) || len(v.Members) == 0 || v.Count == 0 {
			t.Errorf("%+v; want %q", v, test.want)
		}
		if _, ok := w.Next(); ok {
			t.Error("the run goes on")
		}
	}
}
