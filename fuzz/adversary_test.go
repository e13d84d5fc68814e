package fuzz

import (
	"testing"

	"github.com/castaway-kv/castaway/raftsim"
)

// What an adversary did is a case like any other: without the adversary the run goes the
// same way, from the configuration and from the text.
func TestAdversaryLeavesACase(t *testing.T) {
	c := Campaign{Profile: &Profiles[len(Profiles)-1], Shard: Shard{0, 1}}
	struck := 0
	for range 150 {
		x, a := c.next()
		c.Runs++
		if a == nil {
			continue
		}
		drawn := len(x.Config.Schedule)
		with, err := run(&x, nil, a)
		if err != nil {
			t.Fatal(err)
		}
		struck += len(x.Config.Schedule) - drawn
		without, err := Run(&x, nil)
		if err != nil || without != with {
			t.Fatalf("run %d: %+v, %v\nand with the adversary %+v in\n%s", c.Runs, without, err, with, x.Text())
		}
		read, err := Parse(x.Text())
		if err != nil {
			t.Fatalf("run %d: %v", c.Runs, err)
		}
		if again, err := Run(&read, nil); err != nil || again.Hash != with.Hash {
			t.Fatalf("run %d goes another way as text: %+v, %v, and not %+v", c.Runs, again, err, with)
		}
	}
	if struck < 500 {
		t.Errorf("only %d strikes", struck)
	}
}

// The adversary leaves the cluster alone once the faults are to end.
func TestAdversaryEnds(t *testing.T) {
	for seed := range uint64(100) {
		roll := Seeded(seed)
		x := Draw(&Profiles[len(Profiles)-1], roll)
		a := &adversary{roll: roll, plots: drawPlots(&Profiles[len(Profiles)-1], roll, nil)}
		if _, err := run(&x, nil, a); err != nil {
			t.Fatal(err)
		}
		last := x.Config.Schedule[len(x.Config.Schedule)-1]
		if _, ok := last.Action.(raftsim.Settle); !ok {
			t.Fatalf("seed %d: the last action is %v", seed, last.Action)
		}
	}
}
