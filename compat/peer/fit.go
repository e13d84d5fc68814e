package peer

import (
	"github.com/castaway-kv/castaway/fuzz"
	"github.com/castaway-kv/castaway/raftsim"
)

// Core is the core for a campaign; what it takes out of runs is in the package comment.
func (o Options) Core() *fuzz.Core {
	return &fuzz.Core{Restore: o.Restore, Fit: o.fit, Stands: stands}
}

func (o Options) fit(c *raftsim.Config) {
	c.Options.LeaseRead = c.Options.LeaseRead && o.Lease
	c.Options.CheckQuorum = c.Options.Stickiness || c.Options.LeaseRead
	c.Options.Stickiness = c.Options.CheckQuorum
}

// stands reports whether a fault leaves a disk what it has reported durable.
func stands(a raftsim.Action) bool {
	switch a.(type) {
	case raftsim.LoseSync, raftsim.FlipBit, raftsim.ReadError, raftsim.Wipe:
		return false
	}
	return true
}
