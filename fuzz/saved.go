package fuzz

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	"github.com/castaway-kv/castaway/raftsim"
)

// Saved is all that a campaign has to remember to go on later as if it had never ended.
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
	Told      map[string]int `json:"told,omitempty"`
	Features  int            `json:"features"`
	// Corpus are the digests of the runs that are kept, in order: the next runs are
	// made of them.
	Corpus []string `json:"corpus"`
	// Coverage is the map of features, in base64.
	Coverage string `json:"coverage"`
}

// Save is the state of the campaign.
func (c *Campaign) Save() Saved {
	s := Saved{
		Profile: c.Profile.Name, Bug: c.Bug, Seed: c.Seed, Shard: c.Shard.I, Shards: c.Shard.N, Runs: c.Runs,
		Simulated: c.Simulated, Undecided: c.Undecided, Broken: maps.Clone(c.Broken), Told: maps.Clone(c.Told),
		Features: c.Coverage.size, Coverage: c.Coverage.encode(),
	}
	for i := range c.Corpus {
		s.Corpus = append(s.Corpus, c.Corpus[i].Case.Digest())
	}
	return s
}

// IsOf says that a campaign of the same profile, bug, seed and shard was saved.
func (s *Saved) IsOf(c *Campaign) bool {
	return s.Profile == c.Profile.Name && s.Bug == c.Bug && s.Seed == c.Seed && s.Shard == c.Shard.I && s.Shards == c.Shard.N
}

// Validate returns an error if this can't be what a campaign has saved.
func (s *Saved) Validate() error {
	if s.Runs < 0 || s.Shard < 0 || s.Shard >= s.Shards {
		return fmt.Errorf("fuzz: %d runs of shard %d of %d", s.Runs, s.Shard, s.Shards)
	}
	return new(Coverage).decode(s.Coverage)
}

// Restore lets the campaign go on from what was saved of it, with the runs that
// s.Corpus names, in that order.
func (c *Campaign) Restore(s *Saved, corpus []Case) error {
	var seen Coverage
	if err := seen.decode(s.Coverage); err != nil {
		return err
	}
	kept := make([]Kept, len(corpus))
	for i := range corpus {
		kept[i].Case = corpus[i]
		if _, err := Run(&kept[i].Case, &kept[i].Shown); err != nil {
			return fmt.Errorf("fuzz: run %s of the corpus: %w", corpus[i].Digest(), err)
		}
	}
	c.Corpus, c.Coverage = kept, Coverage{}
	c.Coverage.Add(&seen)
	c.Runs, c.Simulated, c.Undecided, c.Broken, c.Told = s.Runs, s.Simulated, s.Undecided, maps.Clone(s.Broken), maps.Clone(s.Told)
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
