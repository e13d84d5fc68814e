package bugs

import (
	"slices"

	"github.com/castaway-kv/castaway/raftsim"
)

// Bug is one mistake.
type Bug struct {
	// Name in scenarios and on the command line.
	Name string
	// Sentence says what is wrong.
	Sentence string
	// Source is where it happened, or who told of it.
	Source string
	// Rule is what is replaced: the field of raftsim.Rules, or of raftsim.Config.
	Rule string
	// Breaks is the property that does not hold any more in the bug's scenario, by its name. In
	// other runs another one may break first.
	Breaks string
	// BeyondModel says that the right rules don't survive it either: what breaks is
	// excused by a fault that no replication can stand.
	BeyondModel bool
	// Note says in what this differs from the bug as it happened; empty if in nothing.
	Note string

	apply func(*raftsim.Config)
}

// Apply plants the bug in a run. The core's own invariants are left out: many would
// notice at once that a rule is wrong, and nobody would see what it leads to.
func (b *Bug) Apply(c *raftsim.Config) {
	c.SkipInvariants = true
	b.apply(c)
}

// All is the catalogue, in the order of its topics.
func All() []Bug {
	return slices.Concat(elections(), logs(), memberships(), reads(), services(), disks())
}

// Find returns the bug of a name; false if there is none.
func Find(name string) (Bug, bool) {
	all := All()
	i := slices.IndexFunc(all, func(b Bug) bool { return b.Name == name })
	if i < 0 {
		return Bug{}, false
	}
	return all[i], true
}
