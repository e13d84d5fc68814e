package fuzz

import (
	"slices"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// mutate is a case with some changes; other may lend it something. Not every result is a
// case that can be.
func mutate(c, other *Case, roll Dice) Case {
	x := c.clone()
	for range 1 + roll("changes", 4) {
		mutations[roll("mutation", len(mutations))](&x, other, roll)
	}
	slices.SortStableFunc(x.Config.Schedule, byTime)
	x.endFaults()
	return x
}

// endFaults drops what happens after the end of all faults.
func (c *Case) endFaults() {
	list := c.Config.Schedule
	i := slices.IndexFunc(list, func(x raftsim.Scheduled) bool {
		_, settles := x.Action.(raftsim.Settle)
		return settles
	})
	if i >= 0 {
		c.Config.Schedule = list[:i+1]
		c.Length = list[i].At + patience
	}
}

// isFair says that the right rules must survive a case: where candidates are heard even
// while there is a leader, who is removed and does not know it disturbs the others for
// ever (§6), so that nobody is.
func (c *Case) isFair() bool {
	return c.Config.Options.Stickiness || !slices.ContainsFunc(c.Config.Schedule, func(x raftsim.Scheduled) bool {
		r, ok := x.Action.(raftsim.Reconfigure)
		return ok && len(r.Remove) > 0
	})
}

// mutations are small changes of a case.
var mutations = []func(c, other *Case, roll Dice){
	func(c, _ *Case, roll Dice) { c.Config.Seed = uint64(roll("seed", 1<<30)) },
	func(c, _ *Case, roll Dice) { // a fault less
		if i, ok := c.pick(roll); ok {
			c.Config.Schedule = slices.Delete(c.Config.Schedule, i, i+1)
		}
	},
	func(c, _ *Case, roll Dice) { // a fault at another time
		if i, ok := c.pick(roll); ok {
			c.Config.Schedule[i].At = max(0, c.Config.Schedule[i].At+roll.millis("later", -200, 200))
		}
	},
	func(c, _ *Case, roll Dice) { // a fault twice
		if i, ok := c.pick(roll); ok {
			again := c.Config.Schedule[i]
			again.At += roll.millis("later", 1, 500)
			c.Config.Schedule = append(c.Config.Schedule, again)
		}
	},
	func(c, _ *Case, roll Dice) { // a fault more
		s := schedule{roll: roll, c: &c.Config, next: raftsim.MaxIDs}
		a := faults[roll("fault", len(faults))].draw(&s)
		c.Config.Schedule = append(c.Config.Schedule, raftsim.Scheduled{At: roll.millis("at", 1, 5000), Action: a})
	},
	func(c, other *Case, roll Dice) { // the faults of another
		c.Config.Schedule = slices.Clone(other.Config.Schedule)
		c.Length = other.Length
	},
	func(c, other *Case, _ Dice) { c.Config.Options = other.Config.Options },
	func(c, other *Case, _ Dice) { c.Config.Network = other.Config.Network },
	func(c, other *Case, _ Dice) { c.Config.Snapshots = other.Config.Snapshots },
	func(c, _ *Case, roll Dice) { c.Config.Options.PreVote = roll.yes("pre-vote") },
	func(c, _ *Case, roll Dice) {
		c.Config.Options = []raft.Options{raft.Etcd(), raft.Paper()}[roll("rules", 2)]
	},
	func(c, _ *Case, roll Dice) { c.Config.Members = 1 + roll("members", 7) },
}

// pick is one action of the schedule, but for the last one, which ends the faults.
func (c *Case) pick(roll Dice) (int, bool) {
	n := len(c.Config.Schedule) - 1
	if n < 1 {
		return 0, false
	}
	return roll("action", n), true
}
