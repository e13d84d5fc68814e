package raftsim

import (
	"testing"

	"github.com/castaway-kv/castaway/kv"
)

func TestRegister(t *testing.T) {
	g := &Register{Keys: 3, Prefix: "r", Writes: Always / 4, Serializable: Always / 2, Requests: 2000}
	turn := NewTurn(5)
	puts, stale, keys, values := 0, 0, map[string]int{}, map[string]bool{}
	for {
		r, ok := g.Next(turn)
		if !ok {
			break
		}
		switch r := r.(type) {
		case kv.PutRequest:
			puts++
			keys[r.Key]++
			if values[r.Value] {
				t.Errorf("value %s comes twice", r.Value)
			}
			values[r.Value] = true
		case kv.RangeRequest:
			keys[r.Key]++
			if r.Serializable {
				stale++
			}
		default:
			t.Fatal(r)
		}
	}
	if puts < 400 || puts > 600 || stale < 650 || stale > 850 || len(keys) != 3 || keys["r0"]+keys["r1"]+keys["r2"] != 2000 {
		t.Errorf("%d puts, %d serializable gets, keys %v", puts, stale, keys)
	}
}

// In a cluster with crashes and cuts all reads are as they must be, and those that
// may be stale sometimes are.
func TestRegisterRun(t *testing.T) {
	stale := 0
	for seed := range uint64(20) {
		c := Default(3)
		c.Seed = seed
		for _, name := range []string{"a", "b", "c"} {
			c.Clients = append(c.Clients, Client{
				Name: name, Timeout: 300 * Millisecond, Think: Spread{Max: 30 * Millisecond},
				Workload: &Register{Keys: 2, Prefix: "r", Writes: Always / 2, Serializable: Chance(seed%2) * Always / 2},
			})
		}
		c.Schedule = []Scheduled{{Second, Cut{A: []Target{TheLeader}}}, {2 * Second, Heal{}}, {2500 * Millisecond, Crash{Member: 1}}, {3 * Second, Restart{1}}}
		w := newWorld(t, c)
		w.RunUntil(4 * Second)
		if seed%2 == 0 {
			checkHistory(t, w)
		}
		newest := kv.Revision(0)
		for i := range w.Ops() {
			op := w.Op(i)
			if r, ok := op.Request.(kv.RangeRequest); ok && r.Serializable && op.Response != nil && op.Response.At() < newest {
				stale++
			}
			if op.Response != nil {
				newest = max(newest, op.Response.At())
			}
		}
	}
	if stale == 0 {
		t.Error("no serializable read was stale")
	}
}
