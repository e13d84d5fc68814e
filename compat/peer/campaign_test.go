package peer

import (
	"flag"
	"testing"

	"github.com/castaway-kv/castaway/fuzz"
	"github.com/castaway-kv/castaway/raftsim"
)

var (
	runs = flag.Int("runs", 100, "how many runs of each core each profile gets")
	seed = flag.Uint64("seed", 0, "another seed makes other campaigns")
)

// TestCampaigns makes the same campaigns on both cores, side by side: neither breaks
// anything.
func TestCampaigns(t *testing.T) {
	for i := range fuzz.Profiles {
		t.Run(fuzz.Profiles[i].Name, func(t *testing.T) {
			t.Run("castaway", func(t *testing.T) { campaign(t, &fuzz.Profiles[i], nil) })
			t.Run("etcd", func(t *testing.T) { campaign(t, &fuzz.Profiles[i], Options{}.Core()) })
		})
	}
}

func campaign(t *testing.T, p *fuzz.Profile, core *fuzz.Core) {
	c := fuzz.Campaign{Profile: p, Core: core, Shard: fuzz.Shard{I: 0, N: 1}, Seed: *seed}
	for range *runs {
		if found := step(t, &c); found != nil {
			t.Errorf("run %d: %+v in\n%s", found.Run, found.Outcome, found.Case.Told())
		}
	}
	t.Logf("%d runs, %d s simulated, %d undecided, %d features", c.Runs, c.Simulated/raftsim.Second, c.Undecided, c.Coverage.Size())
}

func step(t *testing.T, c *fuzz.Campaign) *fuzz.Finding {
	t.Helper()
	found, err := c.Step()
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// Chance comes from the world alone: a run is the same every time.
func TestDeterminism(t *testing.T) {
	everything, _ := fuzz.FindProfile("everything")
	for seed := range uint64(20) {
		var hashes [2]uint64
		for k := range hashes {
			c := fuzz.Draw(&everything, fuzz.Seeded(seed))
			Options{}.Core().Equip(&c)
			o, err := fuzz.Run(&c, nil)
			if err != nil {
				t.Fatal(err)
			}
			hashes[k] = o.Hash
		}
		if hashes[0] != hashes[1] {
			t.Errorf("seed %d went another way the second time", seed)
		}
	}
}

// What etcd's documentation demands of a disk and of who sends is needed: the same campaigns
// find what breaks without it. What takes them longer to find is in TestStories.
func TestEnemies(t *testing.T) {
	for _, x := range []struct {
		name, profile string
		options       Options
		within        int
	}{
		{"early", "disks", Options{Early: true}, 20},
		{"eager", "elections", Options{Eager: true}, 400},
	} {
		t.Run(x.name, func(t *testing.T) {
			p, _ := fuzz.FindProfile(x.profile)
			c := fuzz.Campaign{Profile: &p, Core: x.options.Core(), Shard: fuzz.Shard{I: 0, N: 1}}
			for c.Runs < x.within {
				if found := step(t, &c); found != nil {
					t.Logf("run %d: %s: %s", found.Run, found.Outcome.Property, found.Outcome.Detail)
					return
				}
			}
			t.Errorf("%d runs notice nothing", c.Runs)
		})
	}
}

// A world with this core has no past to go back to, and says so.
func TestNoClones(t *testing.T) {
	c := raftsim.Default(3)
	c.Core = Options{}.Restore
	w, err := raftsim.New(c)
	if err != nil {
		t.Fatal(err)
	}
	w.RunUntil(raftsim.Second)
	if w.Leader() == 0 || w.Clone() != nil || raftsim.NewTimeline(w) != nil {
		t.Error("a clone of what can't be cloned")
	}
}
