package raftsim_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/machine"
	"github.com/castaway-kv/castaway/raftsim"
)

// Till is a state machine of one's own: an account. With Forgetful it has a bug:
// it leaves out of its snapshots that it is closed.
type Till struct {
	Forgetful bool
	cents     int
	closed    bool
}

// Apply implements machine.StateMachine: "add 5" adds five cents and answers the
// balance, "close" ends all that.
func (t *Till) Apply(command string) string {
	if command == "close" {
		t.closed = true
	} else if n, err := strconv.Atoi(strings.TrimPrefix(command, "add ")); err == nil && !t.closed {
		t.cents += n
	}
	return strconv.Itoa(t.cents)
}

// Query implements machine.StateMachine: it answers the balance.
func (t *Till) Query(string) string { return strconv.Itoa(t.cents) }

// Clone implements machine.StateMachine.
func (t *Till) Clone() machine.StateMachine {
	c := *t
	return &c
}

// Save implements machine.StateMachine.
func (t *Till) Save() string { return fmt.Sprint(t.cents, " ", t.closed && !t.Forgetful) }

// Restore implements machine.StateMachine.
func (t *Till) Restore(state string) (machine.StateMachine, error) {
	c := Till{Forgetful: t.Forgetful}
	_, err := fmt.Sscan(state, &c.cents, &c.closed)
	return &c, err
}

// Cashier is a workload of one's own: it adds to the till, and closes it at some time.
type Cashier struct {
	Adds int
	made int
}

// Next implements raftsim.Workload.
func (c *Cashier) Next(t *raftsim.Turn) (kv.Request, bool) {
	c.made++
	t.Pause = t.Spread(raftsim.Spread{Min: raftsim.Millisecond, Max: 20 * raftsim.Millisecond})
	switch {
	case c.made > c.Adds:
		return nil, false
	case t.Choose(4) == 3:
		return kv.CommandRequest{Command: "balance", Query: true}, true
	case c.made == c.Adds/2:
		return kv.CommandRequest{Command: "close"}, true
	}
	return kv.CommandRequest{Command: "add " + strconv.Itoa(1+int(t.Choose(100)))}, true
}

// Clone implements raftsim.Workload.
func (c *Cashier) Clone() raftsim.Workload {
	d := *c
	return &d
}

// tillConfig is a cluster with a till, whose members crash and come back.
func tillConfig(seed uint64, till *Till) raftsim.Config {
	config := raftsim.Default(3)
	config.Seed, config.Machine = seed, till
	config.Snapshots = raftsim.Snapshots{Every: 20, Keep: 5, Chunk: 1000}
	for _, name := range []string{"ann", "bob"} {
		config.Clients = append(config.Clients, raftsim.Client{Name: name, Timeout: raftsim.Second, Workload: &Cashier{Adds: 60}})
	}
	for at := raftsim.Second; at < 4*raftsim.Second; at += raftsim.Second / 2 {
		config.Schedule = append(config.Schedule,
			raftsim.Scheduled{At: at, Action: raftsim.Crash{Member: raftsim.TheLeader}},
			raftsim.Scheduled{At: at + 400*raftsim.Millisecond, Action: raftsim.Restart{}})
	}
	config.Schedule = append(config.Schedule, raftsim.Scheduled{At: 4 * raftsim.Second, Action: raftsim.Settle{Within: 10 * raftsim.Second}})
	return config
}

// firstBroken runs many worlds, and says which seed breaks something first: run again, it
// shows the same.
func firstBroken(seeds uint64, till *Till) error {
	for seed := range seeds {
		w, err := raftsim.New(tillConfig(seed, till))
		if err != nil {
			return err
		}
		w.Run(15 * raftsim.Second)
		if err := w.Verdict().Err(); err != nil {
			return fmt.Errorf("seed %d, event %d: %w", seed, w.Count(), err)
		}
	}
	return nil
}

// A test over many seeds.
func TestTill(t *testing.T) {
	if err := firstBroken(100, &Till{}); err != nil {
		t.Fatal(err)
	}
}

// A state machine of one's own with a bug, which the world finds.
func ExampleConfig_machine() {
	fmt.Println(firstBroken(100, &Till{Forgetful: true}))
	// Output:
	// seed 0, event 1167: raftsim: violation (76 operations): StateMachineSafety is broken: S2 applied something else at index 41 than another member before it, or got another answer
}
