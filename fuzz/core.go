package fuzz

import (
	"slices"

	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/replica"
)

// Core is another consensus core for the runs of a campaign than ours. A nil Core is ours.
type Core struct {
	Restore replica.Restore
	// Fit changes what the core does not offer.
	Fit func(*raftsim.Config)
	// Stands reports whether the core keeps its promises though that is done.
	Stands func(raftsim.Action) bool
}

// Equip gives a case the core, and takes out of it what the core does not stand.
func (k *Core) Equip(x *Case) {
	if k == nil {
		return
	}
	k.Fit(&x.Config)
	x.Config.Core = k.Restore
	x.Config.Schedule = slices.DeleteFunc(slices.Clone(x.Config.Schedule), func(s raftsim.Scheduled) bool { return !k.Stands(s.Action) })
}

// allows reports whether an adversary may do something to the core.
func (k *Core) allows(a raftsim.Action) bool { return k == nil || k.Stands(a) }
