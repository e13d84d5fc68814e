package raft

import (
	"crypto/rand"
	"io"
	random "math/rand/v2"
	"testing"

	"github.com/castaway-kv/castaway/internal/mix"
	castaway "github.com/castaway-kv/castaway/raft"
)

// longest makes all election time-outs of our cores as long as can be.
func longest(castaway.ID, castaway.Term, int) int { return electionTicks - 1 }

// longestToo does so for etcd's.
type longestToo struct{}

func (longestToo) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = electionTicks - 1
	}
	return len(b), nil
}

// alwaysLongest makes all election time-outs as long as can be.
func alwaysLongest(t testing.TB) Jitter {
	setReader(t, longestToo{})
	return longest
}

// seeded draws election time-outs from a seed.
func seeded(t testing.TB, seed uint64) Jitter {
	setReader(t, random.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), byte(seed >> 16)}))
	return func(id castaway.ID, term castaway.Term, attempt int) int {
		var h mix.Hash
		for _, x := range []uint64{seed, uint64(id), uint64(term), uint64(attempt)} {
			h.Word(x)
		}
		return int(h.Sum() % electionTicks)
	}
}

// setReader sets what etcd's core draws from, until the test ends. So no test here
// runs in parallel with others.
func setReader(t testing.TB, source io.Reader) {
	before := rand.Reader
	rand.Reader = source
	t.Cleanup(func() { rand.Reader = before })
}
