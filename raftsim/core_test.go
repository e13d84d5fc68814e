package raftsim

import (
	"testing"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/replica"
)

// A core behind the interface does what ours does by its own name; but a world with it
// can't be cloned.
func TestCore(t *testing.T) {
	for seed := range uint64(3) {
		c := faulty(seed, 10*Second)
		own := newWorld(t, c)
		own.RunUntil(10 * Second)
		c.Core = func(config raft.Config, base raft.Base, tail []raft.Record, life raft.Life) (replica.Core, error) {
			return raft.Restore(config, base, tail, life)
		}
		other := newWorld(t, c)
		other.RunUntil(10 * Second)
		if own.Hash() != other.Hash() || own.Count() == 0 {
			t.Errorf("seed %d: %d events with hash %x, behind the interface %d with %x", seed, own.Count(), own.Hash(), other.Count(), other.Hash())
		}
		if other.Clone() != nil || NewTimeline(other) != nil {
			t.Error("a clone of what can't be cloned")
		}
	}
}
