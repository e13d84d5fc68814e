package fuzz

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

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
	// Corpus are the runs that are kept, in order: the next runs are made of them.
	Corpus []SavedRun `json:"corpus"`
	// Coverage is the map of features, in base64.
	Coverage string `json:"coverage"`
}

// SavedRun names a run of the corpus.
type SavedRun struct {
	Digest string `json:"digest"`
	// Shown are its features: the gaps between their numbers as varints, in base64.
	Shown string `json:"shown"`
}

// Save is the state of the campaign.
func (c *Campaign) Save() Saved {
	s := Saved{
		Profile: c.Profile.Name, Bug: c.Bug, Seed: c.Seed, Shard: c.Shard.I, Shards: c.Shard.N, Runs: c.Runs,
		Simulated: c.Simulated, Undecided: c.Undecided, Broken: maps.Clone(c.Broken), Told: maps.Clone(c.Told),
		Features: c.Coverage.size, Coverage: c.Coverage.encode(),
	}
	for i := range c.Corpus {
		kept := &c.Corpus[i]
		s.Corpus = append(s.Corpus, SavedRun{kept.Case.Digest(), kept.Shown.encodeList()})
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
	for _, run := range s.Corpus {
		if err := new(Coverage).decodeList(run.Shown); err != nil || len(run.Digest) != digestLength || strings.Trim(run.Digest, "0123456789abcdef") != "" {
			return errFeatures
		}
	}
	return new(Coverage).decode(s.Coverage)
}

// Restore lets the campaign go on from what was saved of it. The runs of its corpus are
// read by their digests; nil leaves one out.
func (c *Campaign) Restore(s *Saved, read func(digest string) (*Case, error)) error {
	var seen Coverage
	if err := seen.decode(s.Coverage); err != nil {
		return err
	}
	kept := make([]Kept, 0, len(s.Corpus))
	for _, run := range s.Corpus {
		x, err := read(run.Digest)
		if err != nil {
			return err
		}
		if x == nil {
			continue
		}
		k := Kept{Case: *x}
		if err := k.Shown.decodeList(run.Shown); err != nil {
			return err
		}
		kept = append(kept, k)
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

var errFeatures = errors.New("fuzz: the list of features is damaged")

// encodeList is encode for few features.
func (c *Coverage) encodeList() string {
	var b []byte
	last := 0
	for bit := range coverageBits {
		if c.bits[bit/64]&(1<<(bit%64)) != 0 {
			b = binary.AppendUvarint(b, uint64(bit-last))
			last = bit
		}
	}
	return base64.StdEncoding.EncodeToString(b)
}

func (c *Coverage) decodeList(text string) error {
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return errFeatures
	}
	for bit := uint64(0); len(b) > 0; {
		gap, n := binary.Uvarint(b)
		if n <= 0 || gap >= coverageBits || bit+gap >= coverageBits {
			return errFeatures
		}
		bit, b = bit+gap, b[n:]
		c.bits[bit/64] |= 1 << (bit % 64)
		c.size++
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
