package fuzz

import (
	"github.com/castaway-kv/castaway/raftsim"
)

// caseBytes is how many of a fuzzer's bytes draw the case; the rest decide what is
// random in its world. The border is fixed, so that a change on one side leaves the
// other as it is.
const caseBytes = 512

// FromBytes is the case that a fuzzer's bytes make: they are its choices, first those of
// Draw, then, one byte each, all of the world's. What they don't say is as of a seed.
// The bug is planted, unless it is "".
func FromBytes(p *Profile, bug string, data []byte) Case {
	border := min(caseBytes, len(data))
	c := Draw(p, bytesDice(data[:border]))
	c.Bug = bug
	c.Config.Choices = c.decide(data[border:])
	return c
}

// bytesDice draws from bytes, as many as the number needs; when they are used up, from
// a seed that is always the same.
func bytesDice(data []byte) Dice {
	rest := Seeded(1)
	return func(label string, n int) int {
		if len(data) == 0 {
			return rest(label, n)
		}
		value := 0
		for most := n - 1; most > 0 && len(data) > 0; most >>= 8 {
			value = value<<8 | int(data[0])
			data = data[1:]
		}
		return value % n
	}
}

// decide runs the case with bytes for its choices, in the order in which they are
// asked for, and returns them.
func (c *Case) decide(data []byte) []raftsim.Choice {
	var list []raftsim.Choice
	known := map[raftsim.Key]uint64{}
	x := c.clone()
	x.Config.Choose = func(k raftsim.Key, n uint64) (uint64, bool) {
		if value, ok := known[k]; ok {
			return value, true
		}
		if len(data) == 0 || n < 2 {
			return 0, false
		}
		value := scale(data[0], n)
		data = data[1:]
		known[k] = value
		list = append(list, raftsim.Choice{Key: k, Value: value})
		return value, true
	}
	w, err := raftsim.New(x.planted().Config)
	if err != nil {
		return nil
	}
	for next, ok := w.Next(); ok && next <= c.Length && len(data) > 0; next, ok = w.Next() {
		w.Step()
	}
	return list
}

// scale is a number below n for a byte, evenly.
func scale(b byte, n uint64) uint64 {
	const all = 256
	return n/all*uint64(b) + n%all*uint64(b)/all
}
