package raftsim

import (
	"fmt"
	"slices"
	"testing"

	"github.com/castaway-kv/castaway/internal/mix"
	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/raft"
	"pgregory.net/rapid"
)

// dice draws numbers in [0, n): by rapid, or from a seed.
type dice func(label string, n int) int

func rapidDice(t *rapid.T) dice {
	return func(label string, n int) int { return rapid.IntRange(0, n-1).Draw(t, label) }
}

func seededDice(seed uint64) dice {
	state := mix.Hash(seed)
	return func(_ string, n int) int {
		state.Word(uint64(n))
		return int(state.Sum() % uint64(n))
	}
}

// rough is the time in which faults happen in a rough run.
const rough = 4 * Second

// roughConfig is a run full of faults, on a network that Raft can live with.
// From rough on nothing is cut, and all members are up.
func roughConfig(roll dice) Config {
	c := Default(1 + roll("members", MaxMembers))
	c.Seed = uint64(roll("seed", 1<<30))
	if roll("paper", 2) == 1 {
		c.Options = raft.Paper()
	}
	c.Network.Drop = Chance(roll("drop", 200_001))
	longest := Time(1+roll("latency", 20)) * Millisecond
	c.Network.Latency.Spread = Spread{longest / Time(1+roll("shortest", 4)), longest}
	c.Disk.Sync.Max = c.Disk.Sync.Min + Time(roll("sync", 20))*Millisecond
	for i := range 1 + roll("clients", 4) {
		c.Clients = append(c.Clients, Client{
			Name: fmt.Sprint("c", i), Timeout: 500 * Millisecond, Think: Spread{Millisecond, 40 * Millisecond},
			Workload: &CASCounter{Key: fmt.Sprint("k", i/3), Increments: 10},
		})
	}
	c.Schedule = roughSchedule(roll, c.Members)
	return c
}

func roughSchedule(roll dice, members int) []Scheduled {
	var list []Scheduled
	someone := func() Target {
		if roll("leader", 3) == 0 {
			return TheLeader
		}
		return Target(1 + roll("member", members))
	}
	for at := Time(0); ; {
		at += Time(1+roll("pause", 800)) * Millisecond
		if at >= rough {
			break
		}
		var a Action
		switch roll("action", 5) {
		case 0:
			a = Crash{Member: someone()}
		case 1, 2:
			a = Restart{}
		case 3:
			cut := Cut{A: []Target{someone()}}
			if other := someone(); !slices.Contains(cut.A, other) && roll("more", 2) == 1 {
				cut.A = append(cut.A, other)
			}
			a = cut
		case 4:
			a = Heal{}
		}
		list = append(list, Scheduled{at, a})
	}
	return append(list, Scheduled{rough, Heal{}}, Scheduled{rough, Restart{}})
}

func newWorld(t interface{ Fatal(...any) }, c Config) *World {
	w, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// unsettled says what is missing until all is quiet: a leader, equal members,
// clients with nothing under way; empty if nothing is.
func unsettled(w *World) string {
	leader := w.Leader()
	if leader == 0 {
		return "nobody leads"
	}
	for i := range w.clients {
		if w.clients[i].op >= 0 || w.clients[i].workload != nil {
			return fmt.Sprintf("client %s is not done", w.config.Clients[i].Name)
		}
	}
	last := w.Member(leader).Last
	for i := range w.hosts {
		m := w.Member(w.hosts[i].id)
		if !m.Up || m.Last != last || m.Applied != last.Index || m.Durable != last.Index {
			return fmt.Sprintf("%s is not up to date: %v", Name(m.ID), m.State)
		}
		if w.Store(m.ID).Hash() != w.Store(leader).Hash() {
			return fmt.Sprintf("%s has another store than %s", Name(m.ID), Name(leader))
		}
	}
	return ""
}

// checkHistory judges what clients saw, and compares it with what happened.
func checkHistory(t interface {
	Errorf(string, ...any)
}, w *World,
) {
	if v := linearize.Check(w.History(), linearize.Options{}); v.Result != linearize.Linearizable {
		t.Errorf("%v", v)
	}
	checkEffects(t, w)
}

// checkEffects compares what clients were told with what happened.
func checkEffects(t interface {
	Errorf(string, ...any)
}, w *World,
) {
	for i := range w.Ops() {
		op := w.Op(i)
		_, keepAlive := op.Request.(kv.LeaseKeepAliveRequest)
		logged := !kv.ReadOnly(op.Request) && !keepAlive
		switch {
		case op.Outcome == linearize.Refused && op.Effect.Response != nil:
			t.Errorf("operation %d was refused (%v) and applied at index %d", i, op.Err, op.Effect.Index)
		case op.Outcome == linearize.Answered && logged && !op.Effect.Applied:
			t.Errorf("operation %d was answered and never applied", i)
		case op.Outcome == linearize.Answered && op.Effect.Applied && fmt.Sprint(op.Response) != fmt.Sprint(op.Effect.Response):
			t.Errorf("operation %d was answered %v, and %v was applied", i, op.Response, op.Effect.Response)
		case op.Effect.Again != 0:
			t.Errorf("operation %d was applied at index %d and at %d", i, op.Effect.Index, op.Effect.Again)
		}
	}
}

// hashAfter is the hash of a second of a fresh world.
func hashAfter(t *testing.T, c Config) uint64 {
	t.Helper()
	w := newWorld(t, c)
	w.RunUntil(Second)
	return w.Hash()
}

// putter is a workload that puts one number after the other, whatever becomes of them.
type putter struct {
	key string
	n   int
}

// Next implements Workload.
func (p *putter) Next(*Turn) (kv.Request, bool) {
	p.n++
	return kv.PutRequest{Key: p.key, Value: fmt.Sprint(p.n)}, true
}

// Clone implements Workload.
func (p *putter) Clone() Workload {
	c := *p
	return &c
}
