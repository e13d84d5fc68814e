package peer

import (
	"flag"
	"testing"

	"github.com/castaway-kv/castaway/fuzz"
	"github.com/castaway-kv/castaway/raftsim"
)

var runs = flag.Int("runs", 40, "how many runs of each core each profile gets")

// Campaigns of both cores find nothing.
func TestCampaigns(t *testing.T) {
	for i := range fuzz.Profiles {
		for _, kind := range []struct {
			name string
			core *fuzz.Core
		}{{"castaway", nil}, {"etcd", Options{}.Peer()}} {
			t.Run(fuzz.Profiles[i].Name+"/"+kind.name, func(t *testing.T) {
				c := fuzz.Campaign{Profile: &fuzz.Profiles[i], Core: kind.core, Shard: fuzz.Shard{I: 0, N: 1}}
				for range *runs {
					found, err := c.Step()
					if err != nil {
						t.Fatal(err)
					}
					if found != nil {
						t.Fatalf("run %d: %+v in\n%s", found.Run, found.Outcome, found.Case.Text())
					}
				}
				t.Logf("%d runs, %d s simulated, %d undecided, %d features", c.Runs, c.Simulated/raftsim.Second, c.Undecided, c.Coverage.Size())
			})
		}
	}
}
