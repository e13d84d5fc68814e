package raft_test

import (
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/internal/mix"
	"github.com/castaway-kv/castaway/raft"
)

// chooser returns a number in [0, n): the only chance in a chaos.
type chooser func(label string, n int) int

// seeded returns a chooser that depends on nothing but its seed.
func seeded(seed uint64) chooser {
	state := mix.Bits(seed + 1)
	return func(_ string, n int) int {
		state += 0x9e3779b97f4a7c15
		return int(mix.Bits(state) % uint64(n))
	}
}

// chaos does random things to a cluster: everything that a network, a disk, a
// clock and an operator may do, and nothing that Raft need not survive.
type chaos struct {
	*cluster
	choose chooser
	// proposed counts proposals, to tell their data apart.
	proposed int
}

// newChaos makes a cluster as chosen, without starting it.
func newChaos(choose chooser) *chaos {
	voters := []int{1, 2, 3, 3, 3, 4, 5}[choose("voters", 7)]
	config := chaosConfig(choose)
	c := &chaos{cluster: newCluster(max(voters, []int{3, 5}[choose("members", 2)]), voters, config), choose: choose}
	if config.Options.LeaseRead {
		c.timed = true
		for _, m := range c.members {
			m.rate += (int64(choose("rate", 3)) - 1) * config.ClockDrift / 2
		}
	}
	return c
}

// chaosConfig chooses among the named options, any mix of them, and lease reads
// with clocks that drift.
func chaosConfig(choose chooser) raft.Config {
	options := []raft.Options{
		raft.Paper(), raft.Etcd(), anyOptions(choose("mix", 64)), leaseOptions(choose("mix", 64)),
	}[choose("options", 4)]
	config := testConfig(options)
	config.MaxEntries = 1 + choose("entries", 4)
	config.MaxInflight = 1 + choose("inflight", 3)
	config.MaxChunk = 1 + choose("chunk", 10)
	config.KeepEntries = choose("keep", 4)
	config.ClockDrift = []int64{0, 100_000}[choose("drift", 2)]
	switch choose("bounds", 4) {
	case 0:
		config.MaxUncommittedBytes = 4
	case 1:
		config.MaxMessageBytes, config.MaxInflightBytes = 3, 6
	}
	if choose("priority", 4) == 0 {
		config.Priority = func(id raft.ID) int { return int(id % 3) }
	}
	return config
}

func anyOptions(bits int) raft.Options {
	return raft.Options{
		PreVote: bits&1 != 0, CheckQuorum: bits&2 != 0, Stickiness: bits&4 != 0,
		FastBacktrack: bits&8 != 0, Forward: bits&16 != 0, EmptyHeartbeat: bits&32 != 0,
	}
}

// leaseOptions are any that allow for lease reads.
func leaseOptions(bits int) raft.Options {
	options := anyOptions(bits)
	options.CheckQuorum, options.Stickiness, options.LeaseRead = true, true, true
	return options
}

// startAll starts every member.
func (c *chaos) startAll() {
	for _, m := range c.members {
		m.stalled = false
		if m.node == nil {
			c.mustStart(m)
		}
	}
}

// run does some deeds, up to the first violation.
func (c *chaos) run(steps int) string {
	for range steps {
		deeds[order[c.choose("deed", len(order))]].do(c)
		if len(c.flight) > 50 {
			c.dropAny()
		}
		if c.judge.verdict != "" {
			break
		}
	}
	return c.judge.verdict
}

func (c *chaos) mustStart(m *member) {
	if err := c.start(m); err != nil {
		c.judge.violated("Restore", "S%d can't start: %v", m.id, err)
	}
}

// converge ends all faults and lets time pass until a fresh proposal through
// every member of the configuration is committed by every member of it, or
// livenessRounds run out. It reports what is missing, if anything.
func (c *chaos) converge() string {
	c.heal()
	c.startAll()
	done := map[raft.ID]bool{}
	for range livenessRounds {
		if !c.settle() {
			return "messages without end"
		}
		c.retire()
		todo := c.unserved(done)
		if todo == nil && c.agreed() {
			return ""
		}
		if todo != nil && c.leader() != nil && c.accepted(todo) {
			done[todo.id] = true
		}
		c.next()
	}
	if c.forgetful() {
		return "" // what is lost may be what only this member had: no leader, but no harm
	}
	return fmt.Sprintf("after %d rounds only %v went through; %v", livenessRounds, done, c.states())
}

// unserved is a member of the configuration through which nothing was proposed yet.
func (c *chaos) unserved(done map[raft.ID]bool) *member {
	for _, id := range c.judge.configuration().Members() {
		if !done[id] {
			return c.member(id)
		}
	}
	return nil
}

// accepted proposes through a member, or through the leader if members don't
// forward, and reports whether the proposal was taken and committed.
func (c *chaos) accepted(m *member) bool {
	if !c.config.Options.Forward {
		m = c.leader()
	}
	id := c.propose(m, "after")
	return c.settle() && c.judge.proposals[id].applied
}

// agreed reports whether all members have applied all that is committed.
func (c *chaos) agreed() bool {
	return !slices.ContainsFunc(c.judge.configuration().Members(), func(id raft.ID) bool {
		return c.judge.applied[id] != len(c.judge.committed)
	})
}

// retire turns off the members that were removed and don't know it: their
// elections would go on for ever (thesis §4.2.3).
func (c *chaos) retire() {
	needed := map[raft.ID]bool{}
	for _, id := range c.judge.configuration().Members() {
		for _, other := range append(c.member(id).node.Members().Members(), id) {
			needed[other] = true
		}
	}
	for _, m := range c.members {
		if m.node != nil && !needed[m.id] {
			c.crash(m, 0)
		}
	}
}

// forgetful reports whether a voter has lost a part of its log and not got it back.
func (c *chaos) forgetful() bool {
	return slices.ContainsFunc(c.members, func(m *member) bool {
		return m.node != nil && m.node.State().Lost != (raft.Position{})
	})
}

func (c *chaos) states() (list []raft.State) {
	for _, m := range c.members {
		if m.node != nil {
			list = append(list, m.node.State())
		}
	}
	return list
}
