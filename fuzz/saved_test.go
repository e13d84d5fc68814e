package fuzz

import (
	"encoding/json"
	"fmt"
	"testing"
)

// A campaign that ends and goes on from what was saved makes the very runs of one that
// never ended, whatever its corpus has come to in between.
func TestResumedCampaignIsTheSame(t *testing.T) {
	const runs, parts = 600, 4
	for _, name := range []string{"everything", "membership"} {
		p, _ := FindProfile(name)
		one := &Campaign{Profile: &p, Shard: Shard{1, 3}, Seed: 5, Bug: "quorum-miscounted"}
		want := follow(t, one, runs)
		var got []string
		var c *Campaign
		for range parts {
			c = resumed(t, c, one)
			got = append(got, follow(t, c, runs/parts)...)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("%s: run %d is %s; without an end it was %s", name, i+1, got[i], want[i])
			}
		}
		if a, b := fmt.Sprintf("%+v", one.Save()), fmt.Sprintf("%+v", c.Save()); a != b {
			t.Errorf("%s: in the end\n%s; without an end\n%s", name, b, a)
		}
		if len(one.Corpus) == 0 || len(one.Broken) == 0 {
			t.Errorf("%s: nothing was kept or nothing broke: this shows nothing", name)
		}
	}
}

// follow makes runs, and names each by what it has added to the campaign.
func follow(t *testing.T, c *Campaign, runs int) (list []string) {
	t.Helper()
	for range runs {
		found, err := c.Step()
		if err != nil {
			t.Fatal(err)
		}
		line := fmt.Sprint(c.Simulated, c.Coverage.Size(), len(c.Corpus))
		if found != nil {
			line += fmt.Sprintf(" %s %016x %s", found.Outcome.Property, found.Outcome.Hash, found.Case.Digest())
		}
		list = append(list, line)
	}
	return list
}

// resumed is a campaign that goes on from the files of another.
func resumed(t *testing.T, from, like *Campaign) *Campaign {
	t.Helper()
	c := &Campaign{Profile: like.Profile, Shard: like.Shard, Seed: like.Seed, Bug: like.Bug}
	if from == nil {
		return c
	}
	data, err := json.Marshal(from.Save())
	if err != nil {
		t.Fatal(err)
	}
	var s Saved
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for i := range from.Corpus {
		files[from.Corpus[i].Case.Digest()] = from.Corpus[i].Case.Text()
	}
	err = c.Restore(&s, func(digest string) (*Case, error) {
		x, err := Parse(files[digest])
		return &x, err
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range c.Corpus {
		if c.Corpus[i].Shown.bits != from.Corpus[i].Shown.bits {
			t.Errorf("run %d of the corpus has shown something else", i)
		}
	}
	return c
}

// What is no saved campaign is an error, and no panic.
func TestDamagedState(t *testing.T) {
	good := (&Campaign{Profile: &Profiles[0], Shard: Shard{0, 1}}).Save()
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for _, damage := range []func(*Saved){
		func(s *Saved) { s.Coverage = "x" },
		func(s *Saved) { s.Coverage = s.Coverage[4:] },
		func(s *Saved) { s.Shards = 0 },
		func(s *Saved) { s.Runs = -1 },
		func(s *Saved) { s.Corpus = []SavedRun{{Digest: "../../etc/passwd"}} },
		func(s *Saved) { s.Corpus = []SavedRun{{Digest: "0123456789abcdef", Shown: "////////////"}} },
		func(s *Saved) { s.Corpus = []SavedRun{{Digest: "0123456789abcdef", Shown: "?"}} },
	} {
		bad := good
		damage(&bad)
		if err := bad.Validate(); err == nil {
			t.Errorf("%+v is taken for good", bad)
		}
	}
}
