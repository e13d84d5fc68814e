package peer

import (
	"slices"

	"github.com/castaway-kv/castaway/fuzz"
	"github.com/castaway-kv/castaway/raftsim"
)

// Core is the core for a campaign.
func (o Options) Core() *fuzz.Core {
	return &fuzz.Core{Restore: o.Restore, Fit: func(c *fuzz.Case) { o.fit(&c.Config) }}
}

// fit takes out of a run what etcd's core promises nothing for; see the package comment.
func (o Options) fit(c *raftsim.Config) {
	c.Options.LeaseRead = c.Options.LeaseRead && o.Lease
	c.Schedule = slices.DeleteFunc(slices.Clone(c.Schedule), func(s raftsim.Scheduled) bool { return forgets(s.Action) })
}

// forgets reports whether a fault takes from a disk what it has reported durable.
func forgets(a raftsim.Action) bool {
	switch a.(type) {
	case raftsim.LoseSync, raftsim.FlipBit, raftsim.ReadError, raftsim.Wipe:
		return true
	}
	return false
}
