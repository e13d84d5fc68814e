package raftsim

import (
	"flag"
	"fmt"
	"testing"

	"github.com/castaway-kv/castaway/internal/mix"
)

var hashes = flag.Int("hashes", 10, "how many harsh runs to hash")

// TestHashes makes each run twice, once with a stop and a clone in the midst, and prints
// the hash of all hashes: it must be the same natively, in wasm and on 32 bits. See
// scripts/same-hash.
func TestHashes(t *testing.T) {
	var all mix.Hash
	for seed := range uint64(*hashes) {
		c := harshClientsConfig(seededDice(seed))
		w := newWorld(t, c)
		w.RunUntil(rough + Second)
		again := newWorld(t, c)
		again.RunUntil(rough / 2)
		again = again.Clone()
		again.RunUntil(rough + Second)
		if w.Hash() != again.Hash() || w.Count() != again.Count() {
			t.Errorf("seed %d: hash %x after %d events, then %x after %d", seed, w.Hash(), w.Count(), again.Hash(), again.Count())
		}
		all.Word(w.Hash())
	}
	fmt.Printf("hash of %d runs: %016x\n", *hashes, all.Sum())
}
