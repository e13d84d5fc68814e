package fuzz

import (
	"cmp"
	"slices"

	"github.com/castaway-kv/castaway/internal/mix"
	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/raftsim/bugs"
)

// Shard is a part of a campaign: number I of N, counted from 0. Its runs are a function
// of the shard and their number alone, and no two shards make the same.
type Shard struct{ I, N int }

// Finding is a run that broke something.
type Finding struct {
	Case    Case
	Outcome Outcome
	// Run is its number in the campaign, from 1.
	Run int
}

// IsOf says that a finding shows a bug: that it breaks something, whatever it is, and the
// right rules break nothing in the same case; and it is excused only if the bug is.
func (f *Finding) IsOf(b *bugs.Bug) bool {
	return (f.Outcome.Excuse != "") == b.BeyondModel && IsInnocent(&f.Case)
}

// Campaign makes one run after the other: new ones, and changed ones of those that
// showed something new.
type Campaign struct {
	Profile *Profile
	// Bug that is planted in every run, "" if none is.
	Bug   string
	Shard Shard
	// Core of all members, nil for ours.
	Core *Core
	// Seed begins another campaign.
	Seed uint64

	// Runs were made so far, in Simulated time, with Undecided of them.
	Runs      int
	Simulated raftsim.Time
	Undecided int
	// Coverage of all runs.
	Coverage Coverage
	Corpus   []Kept
	// Broken counts the findings by property; Told those of them that the campaign's
	// owner has told of, for the owner alone.
	Broken, Told map[string]int

	fresh Coverage
}

// Kept is a run that showed something new, and all that it showed.
type Kept struct {
	Case  Case
	Shown Coverage
}

// mostKept bounds the corpus: then it is minimised.
const mostKept = 400

// Step makes the next run, and returns it if it broke something.
func (c *Campaign) Step() (*Finding, error) {
	x, a := c.next()
	x.Bug = c.Bug
	c.Core.Equip(&x)
	c.fresh = Coverage{}
	o, err := run(&x, &c.fresh, a)
	if err != nil {
		return nil, err
	}
	c.Runs++
	c.Simulated += o.At
	if o.Undecided {
		c.Undecided++
	}
	if c.Coverage.Add(&c.fresh) > 0 && o.Property == "" {
		c.keep(x)
	}
	if o.Property == "" || o.Excuse != "" && c.Bug == "" {
		return nil, nil
	}
	if c.Broken == nil {
		c.Broken = map[string]int{}
	}
	c.Broken[o.Property]++
	return &Finding{x, o, c.Runs}, nil
}

// next is the case of the next run, and the adversary in it, nil if there is none.
func (c *Campaign) next() (Case, *adversary) {
	h := mix.Hash(c.Seed)
	h.Word(uint64(c.Shard.I)<<32 | uint64(c.Shard.N))
	h.Word(uint64(c.Runs))
	roll := Seeded(h.Sum())
	if len(c.Corpus) > 0 && roll("changed", 5) == 4 {
		kept := &c.Corpus[roll("kept", len(c.Corpus))].Case
		other := &c.Corpus[roll("other", len(c.Corpus))].Case
		for range 4 {
			if x := mutate(kept, other, roll); x.isFair() && x.Config.Validate() == nil {
				return x, c.adversary(roll, nil)
			}
		}
	}
	x := Draw(c.Profile, roll)
	return x, c.adversary(roll, &x)
}

// adversary is that of a run, if there is to be one; in a fresh run it may be alone, with
// no other faults, and choose the cluster that suits it.
func (c *Campaign) adversary(roll Dice, fresh *Case) *adversary {
	if roll("adversary", 6) == 0 {
		return nil
	}
	var stage *Case
	if fresh != nil && roll("alone", 4) > 0 {
		stage = fresh
		stage.Config.Schedule = stage.Config.Schedule[len(stage.Config.Schedule)-1:]
	}
	return &adversary{roll: roll, core: c.Core, plots: drawPlots(c.Profile, roll, stage)}
}

// keep adds a run to the corpus, as it is when it is read from its text: a campaign
// that goes on from files makes the same runs.
func (c *Campaign) keep(x Case) {
	read, err := Parse(x.Text())
	if err != nil {
		return
	}
	c.Corpus = append(c.Corpus, Kept{read, c.fresh})
	if len(c.Corpus) > mostKept {
		c.Corpus = minimal(c.Corpus)
	}
}

// minimal is a part of a corpus that shows as much as all of it, short runs first.
func minimal(corpus []Kept) (list []Kept) {
	corpus = slices.Clone(corpus)
	slices.SortStableFunc(corpus, func(a, b Kept) int { return cmp.Compare(len(a.Case.Config.Schedule), len(b.Case.Config.Schedule)) })
	var all Coverage
	for i := range corpus {
		if all.Add(&corpus[i].Shown) > 0 {
			list = append(list, corpus[i])
		}
	}
	if len(list) > mostKept/2 {
		list = list[:mostKept/2]
	}
	return list
}

// Load adds a case to the corpus, as if this campaign had made it.
func (c *Campaign) Load(x Case) error {
	x.Bug = c.Bug
	c.Core.Equip(&x)
	c.fresh = Coverage{}
	o, err := Run(&x, &c.fresh)
	if err == nil && o.Property == "" && c.Coverage.Add(&c.fresh) > 0 {
		c.keep(x)
	}
	return err
}
