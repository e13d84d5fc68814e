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

// deeds are what a chaos does, each with its weight.
var deeds = []struct {
	name   string
	weight int
	do     func(*chaos)
}{
	{"deliver", 48, (*chaos).deliverAny},
	{"persist", 12, (*chaos).persistSome},
	{"report", 12, (*chaos).reportAny},
	{"wake", 6, (*chaos).wakeAny},
	{"time out", 2, (*chaos).timeOutAny},
	{"propose", 8, (*chaos).proposeAny},
	{"read", 4, (*chaos).readAny},
	{"double", 2, (*chaos).doubleAny},
	{"drop", 3, (*chaos).dropAny},
	{"crash", 1, (*chaos).crashAny},
	{"restart", 3, (*chaos).restartAny},
	{"cut", 1, (*chaos).cutAny},
	{"heal", 1, func(c *chaos) { c.heal() }},
}

// order lists each deed as often as it weighs.
var order = func() (list []int) {
	for i, d := range deeds {
		for range d.weight {
			list = append(list, i)
		}
	}
	return list
}()

// newChaos starts n members.
func newChaos(n int, config raft.Config, choose chooser) *chaos {
	c := &chaos{cluster: newCluster(n, config), choose: choose}
	for _, m := range c.members {
		c.mustStart(m)
	}
	return c
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

// up chooses a running member, nil if the one chosen is down.
func (c *chaos) up() *member {
	m := c.members[c.choose("member", len(c.members))]
	if m.node == nil {
		return nil
	}
	return m
}

// travels are how long messages take, in milliseconds; the longest outlast
// some election time-outs.
var travels = [...]raft.Duration{0, 0, 1, 1, 1, 2, 2, 5, 10, 0, 1, 1, 1, 2, 2, 120}

// deliverAny delivers a message: mostly one of the oldest.
func (c *chaos) deliverAny() {
	if len(c.flight) == 0 {
		return
	}
	i := c.choose("message", len(c.flight))
	if c.choose("early", 4) > 0 {
		i /= 4
	}
	to := c.member(c.flight[i].to)
	to.clock += raft.Time(travels[c.choose("travel", len(travels))] * millisecond)
	c.deliver(i)
}

func (c *chaos) persistSome() {
	if m := c.up(); m != nil && len(m.cache) > 0 {
		c.persist(m, 1+c.choose("records", len(m.cache)))
	}
}

func (c *chaos) reportAny() {
	for _, m := range c.members {
		if m.node != nil && m.told < m.synced {
			c.report(m)
			return
		}
	}
}

// wakeAny moves one member's clock to its next appointment.
func (c *chaos) wakeAny() {
	if m := c.up(); m != nil {
		m.clock = max(m.clock, m.wake)
		c.step(m, raft.Wake{})
	}
}

// timeOutAny moves one member's clock past any time-out.
func (c *chaos) timeOutAny() {
	if m := c.up(); m != nil {
		m.clock += raft.Time(200 * millisecond)
		c.step(m, raft.Wake{})
	}
}

func (c *chaos) proposeAny() {
	if m := c.up(); m != nil {
		c.proposed++
		c.propose(m, fmt.Sprint(c.proposed))
	}
}

func (c *chaos) readAny() {
	if m := c.up(); m != nil {
		c.read(m)
	}
}

func (c *chaos) doubleAny() {
	if len(c.flight) > 0 {
		c.flight = append(c.flight, c.flight[c.choose("message", len(c.flight))])
	}
}

func (c *chaos) dropAny() {
	if len(c.flight) > 0 {
		c.take(c.choose("message", len(c.flight)))
	}
}

// crashAny crashes a member; some records of the cache may survive.
func (c *chaos) crashAny() {
	if m := c.up(); m != nil {
		c.crash(m, c.choose("kept", len(m.cache)+1))
	}
}

func (c *chaos) restartAny() {
	m := c.members[c.choose("member", len(c.members))]
	if m.node != nil {
		return
	}
	if c.choose("rebase", 4) == 0 {
		m.rebase()
	}
	c.mustStart(m)
}

// cutAny cuts a link, or a member off from all others.
func (c *chaos) cutAny() {
	a := c.members[c.choose("member", len(c.members))]
	if c.choose("whole", 2) == 0 {
		b := c.members[c.choose("member", len(c.members))]
		c.sever(a.id, b.id)
		return
	}
	for _, b := range c.members {
		c.sever(a.id, b.id)
	}
}

// converge ends all faults and lets time pass until a fresh proposal through
// every member is committed by every member, or livenessRounds run out. It
// reports what is missing, if anything.
func (c *chaos) converge() string {
	c.heal()
	for _, m := range c.members {
		if m.node == nil {
			c.mustStart(m)
		}
	}
	done := 0
	for range livenessRounds {
		if !c.settle() {
			return "messages without end"
		}
		if done == len(c.members) && c.agreed() {
			return ""
		}
		if l := c.leader(); l != nil && done < len(c.members) && c.accepted(c.members[done]) {
			done++
		}
		c.next()
	}
	return fmt.Sprintf("after %d rounds %d of %d proposals went through; %v", livenessRounds, done, len(c.members), c.states())
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
	return !slices.ContainsFunc(c.members, func(m *member) bool {
		return c.judge.applied[m.id] != len(c.judge.committed)
	})
}

func (c *chaos) states() (list []raft.State) {
	for _, m := range c.members {
		list = append(list, m.node.State())
	}
	return list
}
