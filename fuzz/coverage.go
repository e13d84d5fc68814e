package fuzz

import (
	"github.com/castaway-kv/castaway/internal/mix"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// coverageBits is the size of the map of features: few runs show more than 5,000.
const coverageBits = 1 << 16

// Coverage is a set of features that runs have shown: kinds of events at members in
// their roles, why things were dropped, skipped or ignored, and which of all these
// followed on each other at one member.
type Coverage struct {
	bits [coverageBits / 64]uint64
	size int
	// roles of the members, and what happened last at each.
	roles [raftsim.MaxIDs + 1]raft.Role
	last  [raftsim.MaxIDs + 1]uint64
}

// Size is the number of features.
func (c *Coverage) Size() int { return c.size }

// Add takes over another set and returns how many features are new.
func (c *Coverage) Add(other *Coverage) int {
	before := c.size
	for i, word := range other.bits {
		for fresh := word &^ c.bits[i]; fresh != 0; fresh &= fresh - 1 {
			c.size++
		}
		c.bits[i] |= word
	}
	return c.size - before
}

// see notes one event.
func (c *Coverage) see(e *raftsim.Event) {
	m := int(e.Member)
	if m > raftsim.MaxIDs {
		return
	}
	if e.Kind == raftsim.RoleChanged {
		c.roles[m] = e.Role
	}
	feature := uint64(e.Kind)<<8 | uint64(e.Cause)<<16 | uint64(c.roles[m])
	if e.Message != nil {
		feature |= uint64(raftsim.KindOf(e.Message)+1) << 24
	}
	c.note(feature)
	if e.Kind != raftsim.MessageSent {
		c.note(feature<<32 | c.last[m])
		c.last[m] = feature
	}
}

func (c *Coverage) note(feature uint64) {
	bit := mix.Bits(feature) % coverageBits
	if word := &c.bits[bit/64]; *word&(1<<(bit%64)) == 0 {
		*word |= 1 << (bit % 64)
		c.size++
	}
}
