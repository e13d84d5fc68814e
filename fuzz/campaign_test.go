package fuzz

import (
	"testing"

	"github.com/castaway-kv/castaway/raftsim"
)

// A campaign with the right rules finds nothing, and is the same every time.
func TestCampaign(t *testing.T) {
	const runs = 150
	for i := range Profiles {
		var hashes [2]uint64
		for k := range hashes {
			c := Campaign{Profile: &Profiles[i], Shard: Shard{0, 1}}
			for range runs {
				found, err := c.Step()
				if err != nil {
					t.Fatal(err)
				}
				if found != nil {
					t.Fatalf("run %d: %+v in\n%s", found.Run, found.Outcome, found.Case.Told())
				}
			}
			if c.Coverage.Size() < 100 || len(c.Corpus) < 10 {
				t.Errorf("%s: %d features, %d kept", c.Profile.Name, c.Coverage.Size(), len(c.Corpus))
			}
			hashes[k] = uint64(c.Simulated)<<16 ^ uint64(c.Coverage.Size())
		}
		if hashes[0] != hashes[1] {
			t.Errorf("%s went another way the second time", Profiles[i].Name)
		}
	}
}

// Shards make different runs.
func TestShards(t *testing.T) {
	texts := map[string]bool{}
	for _, shard := range []Shard{{0, 1}, {0, 2}, {1, 2}} {
		c := Campaign{Profile: &Profiles[0], Shard: shard}
		x, _ := c.next()
		texts[x.Text()] = true
	}
	if len(texts) != 3 {
		t.Errorf("%d different first runs", len(texts))
	}
}

// A planted bug is found, and what is left of the run after shrinking breaks the same,
// is short, and breaks nothing without the bug; the same every time.
func TestFindAndShrink(t *testing.T) {
	for _, bug := range []string{"quorum-miscounted", "heartbeat-truncates", "ack-before-fsync"} {
		var texts [2]string
		for k := range texts {
			c := Campaign{Profile: &Profiles[len(Profiles)-1], Bug: bug, Shard: Shard{0, 1}}
			var found *Finding
			for found == nil && c.Runs < 500 {
				var err error
				if found, err = c.Step(); err != nil {
					t.Fatal(err)
				}
			}
			if found == nil {
				t.Fatalf("%s is not found", bug)
			}
			s := NewShrinking(&found.Case, found.Outcome)
			s.Innocent = true
			s.Run()
			if s.Lines() > 15 || s.Outcome.Property != found.Outcome.Property || !IsInnocent(&s.Best) {
				t.Errorf("%s: %d lines break %s", bug, s.Lines(), s.Outcome.Property)
			}
			texts[k] = s.Best.Told()
		}
		if texts[0] != texts[1] {
			t.Errorf("%s: first\n%s then\n%s", bug, texts[0], texts[1])
		}
	}
}

func TestMinimise(t *testing.T) {
	var list []int
	for i := range 100 {
		list = append(list, i)
	}
	got := minimise(list, func(l []int) bool {
		sum := 0
		for _, x := range l {
			if x == 7 || x == 50 || x == 99 {
				sum++
			}
		}
		return sum == 3
	})
	if len(got) != 3 {
		t.Errorf("%v", got)
	}
}

// The faults of a run are drawn from what its profile and its swarm have.
func TestSwarm(t *testing.T) {
	seen := map[string]int{}
	for seed := range uint64(200) {
		c := Draw(&Profiles[0], Seeded(seed))
		for _, s := range c.Config.Schedule {
			switch s.Action.(type) {
			case raftsim.Wipe, raftsim.FlipBit, raftsim.Reconfigure:
				t.Fatalf("seed %d: %v", seed, s.Action)
			case raftsim.Crash:
				seen["crash"]++
			case raftsim.Cut:
				seen["cut"]++
			}
		}
	}
	if seen["crash"] == 0 || seen["cut"] == 0 {
		t.Errorf("%v", seen)
	}
}
