package raft

import (
	"crypto/rand"
	"io"
	random "math/rand/v2"
	"testing"
)

// jitter is a source of always the same election time-out: the shortest and that
// many ticks.
type jitter byte

func (j jitter) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(j)
	}
	return len(b), nil
}

// setJitter makes source what election time-outs are drawn from, until the test
// ends. Etcd's core asks crypto/rand.
func setJitter(t testing.TB, source io.Reader) io.Reader {
	before := rand.Reader
	rand.Reader = source
	t.Cleanup(func() { rand.Reader = before })
	return source
}

// seededJitter draws time-outs from a seed.
func seededJitter(t testing.TB, seed uint64) io.Reader {
	var key [32]byte
	key[0], key[1], key[2], key[3] = byte(seed), byte(seed>>8), byte(seed>>16), byte(seed>>24)
	return setJitter(t, random.NewChaCha8(key))
}
