package raftsim

import (
	"fmt"
	"testing"

	"github.com/castaway-kv/castaway/kv/machine"
	"github.com/castaway-kv/castaway/linearize"
	"pgregory.net/rapid"
)

// harshLock is the lock of harsh runs.
var harshLock = Lock{Key: "lock", Resource: "precious", Fenced: true, TTL: 1, Work: Spread{0, 300 * Millisecond}, Writes: 3}

// harshBank is their bank.
var harshBank = Bank{Prefix: "b/", Accounts: 3, Balance: 50}

// harshWorkload is one of all, by number.
func harshWorkload(n int) Workload {
	return []Workload{
		&Register{Keys: 3, Prefix: "k", Writes: Always / 2, Serializable: Always / 4},
		&CASCounter{Key: "n"},
		harshBank.Clone(),
		harshLock.Clone(),
		&Election{Prefix: "e/", TTL: 1, Term: Spread{0, Second}, Pause: Spread{0, 300 * Millisecond}},
		&Lease{Prefix: "s/", TTL: 1, Life: Spread{0, Second}, Expire: Always / 2},
		&Mixed{Keys: 3, Prefix: "k", Serializable: Always / 4, Compact: Always / 30, Leases: Always / 5, TTL: 1},
	}[n]
}

const harshWorkloads = 7

// harshClientsConfig is a run with every fault and every kind of client.
func harshClientsConfig(roll dice) Config {
	c := harshConfig(roll)
	c.Clients = nil
	for i := range 1 + roll("clients", 5) {
		x := Client{
			Name: fmt.Sprint("c", i), Timeout: 300 * Millisecond, Think: Spread{Millisecond, 40 * Millisecond},
			Workload: harshWorkload(roll("workload", harshWorkloads)), Retries: roll("retries", 3),
		}
		if roll("entry", 3) == 0 {
			x.Entry = []Target{TheLeader, 1}[roll("which", 2)]
		}
		c.Clients = append(c.Clients, x)
	}
	for at := Time(0); at < rough; at += Time(1+roll("awake", 1500)) * Millisecond {
		a := PauseClient{c.Clients[roll("sleeper", len(c.Clients))].Name, Time(1+roll("asleep", 3000)) * Millisecond}
		c.Schedule = append(c.Schedule, Scheduled{at, a})
	}
	return watching(c, 500*Millisecond)
}

// Every fault, every kind of client: what clients are told is what happens, watchers
// hear all of it, the bank keeps its money, the fence keeps out who has lost the lock,
// no lock has two holders by its revisions.
func TestHarshClients(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { runHarshClients(t, harshClientsConfig(rapidDice(t))) })
}

// runHarshClients runs a configuration to its end and beyond, beside a store that
// applies the same entries, and says what is wrong.
func runHarshClients(t checker, c Config) {
	w := newWorld(t, c)
	m := &mirror{machine: machine.New(machine.Default(1))}
	settled := false
	for next, ok := w.Next(); ok && next <= rough+patience && !settled; next, ok = w.Next() {
		w.Step()
		m.see(w)
		for _, e := range w.Events() {
			if e.Kind == QuorumLost {
				return
			}
			settled = settled || e.Kind == Settled
		}
	}
	if w.violation != nil || !settled {
		t.Fatal(w.violation, settled)
	}
	for until := w.Now() + 20*Second; w.Now() < until; {
		w.Step()
		m.see(w)
	}
	checkEffects(t, w)
	if v := w.Verdict(); v.Result == linearize.Violation {
		t.Errorf("%v", v)
	}
	if err := CheckBank(w.History(), &harshBank); err != nil {
		t.Errorf("%v", err)
	}
	if stale := w.StaleWrites(&harshLock); len(stale) > 0 {
		t.Errorf("stale writes: %v", stale)
	}
	if _, same := overlaps(w.Holdings()); same {
		t.Errorf("two have the same token: %+v", w.Holdings())
	}
	for i := range w.config.Clients {
		if w.config.Clients[i].Watch != nil {
			checkStreams(t, w, i, m.machine.Store())
		}
	}
}
