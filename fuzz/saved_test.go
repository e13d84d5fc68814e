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

// follow makes runs, and names each with what became of it.
func follow(t *testing.T, c *Campaign, runs int) (list []string) {
	t.Helper()
	for range runs {
		x, _ := c.next()
		found, err := c.Step()
		if err != nil {
			t.Fatal(err)
		}
		line := x.Digest()
		if found != nil {
			line += fmt.Sprintf(" %s %016x", found.Outcome.Property, found.Outcome.Hash)
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
	var corpus []Case
	for _, name := range s.Corpus {
		x, err := Parse(files[name])
		if err != nil {
			t.Fatal(err)
		}
		corpus = append(corpus, x)
	}
	if err := c.Restore(&s, corpus); err != nil {
		t.Fatal(err)
	}
	return c
}
