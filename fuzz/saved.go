package fuzz

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	"github.com/castaway-kv/castaway/raftsim"
)

// Saved is what a campaign has to remember beside its corpus, to go on later.
type Saved struct {
	Profile   string         `json:"profile"`
	Bug       string         `json:"bug,omitempty"`
	Seed      uint64         `json:"seed"`
	Shard     int            `json:"shard"`
	Shards    int            `json:"shards"`
	Runs      int            `json:"runs"`
	Simulated raftsim.Time   `json:"simulated_ns"`
	Undecided int            `json:"undecided"`
	Broken    map[string]int `json:"broken"`
	Features  int            `json:"features"`
	// Coverage is the map of features, in base64.
	Coverage string `json:"coverage"`
}

// Save is the state of the campaign.
func (c *Campaign) Save() Saved {
	return Saved{
		Profile: c.Profile.Name, Bug: c.Bug, Seed: c.Seed, Shard: c.Shard.I, Shards: c.Shard.N, Runs: c.Runs,
		Simulated: c.Simulated, Undecided: c.Undecided, Broken: maps.Clone(c.Broken), Features: c.Coverage.size, Coverage: c.Coverage.encode(),
	}
}

// Resume is the campaign that was saved; its corpus comes by Load, which must be before
// SetCounts.
func (s *Saved) Resume() (*Campaign, error) {
	p, ok := FindProfile(s.Profile)
	if !ok {
		return nil, fmt.Errorf("fuzz: there is no profile %q", s.Profile)
	}
	c := &Campaign{
		Profile: &p, Bug: s.Bug, Seed: s.Seed, Shard: Shard{s.Shard, s.Shards}, Runs: s.Runs, Simulated: s.Simulated,
		Undecided: s.Undecided, Broken: maps.Clone(s.Broken),
	}
	return c, nil
}

// Cover takes over the features that a saved campaign has seen.
func (c *Campaign) Cover(s *Saved) error {
	var seen Coverage
	if err := seen.decode(s.Coverage); err != nil {
		return err
	}
	c.Coverage.Add(&seen)
	return nil
}

func (c *Coverage) encode() string {
	b := make([]byte, 0, coverageBits/8)
	for _, word := range c.bits {
		b = binary.LittleEndian.AppendUint64(b, word)
	}
	return base64.StdEncoding.EncodeToString(b)
}

func (c *Coverage) decode(text string) error {
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(b) != coverageBits/8 {
		return fmt.Errorf("fuzz: the map of features is damaged")
	}
	for i := range c.bits {
		c.bits[i] = binary.LittleEndian.Uint64(b[8*i:])
	}
	return nil
}

// Total is the sum of several campaigns.
type Total struct {
	Campaigns int            `json:"campaigns"`
	Runs      int            `json:"runs"`
	Simulated int64          `json:"simulated_seconds"`
	Undecided int            `json:"undecided"`
	Features  int            `json:"features"`
	Broken    map[string]int `json:"broken"`

	seen Coverage
}

// Add adds a campaign.
func (t *Total) Add(s *Saved) error {
	var seen Coverage
	if err := seen.decode(s.Coverage); err != nil {
		return err
	}
	t.Campaigns++
	t.Runs += s.Runs
	t.Simulated += int64(s.Simulated / raftsim.Second)
	t.Undecided += s.Undecided
	t.seen.Add(&seen)
	t.Features = t.seen.size
	if t.Broken == nil {
		t.Broken = map[string]int{}
	}
	for _, property := range slices.Sorted(maps.Keys(s.Broken)) {
		t.Broken[property] += s.Broken[property]
	}
	return nil
}

// Properties that broke, in order.
func (t *Total) Properties() []string { return slices.Sorted(maps.Keys(t.Broken)) }
