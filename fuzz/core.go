package fuzz

import "github.com/castaway-kv/castaway/replica"

// Core is another consensus core for the runs of a campaign than ours.
type Core struct {
	Restore replica.Restore
	// Fit takes out of a case what the core does not promise to stand.
	Fit func(*Case)
}

// equip gives the case the campaign's core.
func (c *Campaign) equip(x *Case) {
	if c.Core != nil {
		c.Core.Fit(x)
		x.Config.Core = c.Core.Restore
	}
}
