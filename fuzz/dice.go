package fuzz

import (
	"github.com/castaway-kv/castaway/internal/mix"
	"github.com/castaway-kv/castaway/raftsim"
)

// Dice draws a number from 0 to n-1, for what the label says. It may come from a seed,
// or from a fuzzer that minimises what it draws: 0 is the simplest choice.
type Dice func(label string, n int) int

// Seeded draws from a seed.
func Seeded(seed uint64) Dice {
	state := mix.Hash(seed)
	return func(_ string, n int) int {
		state.Word(uint64(n))
		return int(state.Sum() % uint64(n))
	}
}

func (d Dice) yes(label string) bool { return d(label, 2) == 1 }

// seldom is true once in three draws.
func (d Dice) seldom(label string) bool { return d(label, 3) == 2 }

func (d Dice) millis(label string, least, most int) raftsim.Time {
	return raftsim.Time(least+d(label, most-least+1)) * raftsim.Millisecond
}
