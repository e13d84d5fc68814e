package raft_test

import (
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/raft"
)

// deeds are what a chaos does, each with its weight.
var deeds = []struct {
	name   string
	weight int
	do     func(*chaos)
}{
	{"deliver", 48, (*chaos).deliverAny},
	{"persist", 12, (*chaos).persistSome},
	{"report", 12, (*chaos).reportAny},
	{"wake a leader", 6, (*chaos).wakeLeader},
	{"wake", 1, (*chaos).wakeAny},
	{"time out", 1, (*chaos).timeOutAny},
	{"propose", 8, (*chaos).proposeAny},
	{"propose some", 1, (*chaos).proposeSome},
	{"read", 4, (*chaos).readAny},
	{"change", 2, (*chaos).changeAny},
	{"transfer", 1, (*chaos).transferAny},
	{"snapshot", 2, (*chaos).snapshotAny},
	{"receive", 4, (*chaos).receiveAny},
	{"double", 2, (*chaos).doubleAny},
	{"drop", 3, (*chaos).dropAny},
	{"crash", 1, (*chaos).crashAny},
	{"restart", 3, (*chaos).restartAny},
	{"cut", 1, (*chaos).cutAny},
	{"heal", 3, func(c *chaos) { c.heal() }},
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

// up chooses a running member, nil if the one chosen is down.
func (c *chaos) up() *member {
	m := c.members[c.choose("member", len(c.members))]
	if m.node == nil {
		return nil
	}
	return m
}

// leaderOrAny is mostly a leader, else any running member, or nil.
func (c *chaos) leaderOrAny() *member {
	if l := c.leader(); l != nil && c.choose("leader", 4) > 0 {
		return l
	}
	return c.up()
}

// travels are how long messages take, in milliseconds.
var travels = [...]raft.Duration{0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 5, 10}

// deliverAny delivers a message: mostly one of the oldest. If there is none,
// disks are synced, or time passes.
func (c *chaos) deliverAny() {
	if len(c.flight) == 0 {
		c.moveOn()
		return
	}
	i := c.choose("message", len(c.flight))
	if c.choose("early", 4) > 0 {
		i /= 4
	}
	travel := travels[c.choose("travel", len(travels))]
	if c.choose("late", 32) == 0 {
		travel = 120 // outlasts some election time-outs
	}
	c.pass(c.member(c.flight[i].to), travel*millisecond)
	c.deliver(i)
}

func (c *chaos) moveOn() {
	for _, m := range c.members {
		if m.node != nil && m.busy() {
			c.sync(m)
			return
		}
	}
	c.next()
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

// wakeLeader moves on to the next heartbeat.
func (c *chaos) wakeLeader() { c.wakeOne(c.leader()) }

// wakeAny moves on to the next appointment of a member.
func (c *chaos) wakeAny() { c.wakeOne(c.up()) }

func (c *chaos) wakeOne(m *member) {
	if m != nil {
		c.pass(m, max(0, raft.Duration(m.wake-m.clock)))
		c.step(m, raft.Wake{})
	}
}

// timeOutAny moves one member's clock past any time-out.
func (c *chaos) timeOutAny() {
	if m := c.up(); m != nil {
		c.pass(m, 200*millisecond)
		c.step(m, raft.Wake{})
	}
}

func (c *chaos) proposeAny() {
	if m := c.up(); m != nil {
		c.proposed++
		c.propose(m, fmt.Sprint(c.proposed))
	}
}

func (c *chaos) proposeSome() {
	if m := c.leaderOrAny(); m != nil {
		var batch raft.ProposeBatch
		for range 1 + c.choose("proposals", 4) {
			c.proposed++
			batch.Proposals = append(batch.Proposals, raft.Propose{Request: m.request(), Data: fmt.Sprint(c.proposed)})
		}
		c.step(m, batch)
	}
}

func (c *chaos) readAny() {
	if m := c.up(); m != nil {
		c.read(m)
	}
}

// changeAny asks for another configuration: one that differs a little from what
// a member sees, or any.
func (c *chaos) changeAny() {
	m := c.leaderOrAny()
	if m == nil {
		return
	}
	target := leave(m.node.Members())
	if c.choose("any change", 3) == 0 {
		target = raft.Configuration{}
		for _, id := range firstIDs(len(c.members)) {
			c.place(&target, id)
		}
	} else {
		c.place(&target, raft.ID(1+c.choose("member", len(c.members))))
	}
	c.step(m, raft.Change{Request: m.request(), Target: target})
}

// leave is what a joint configuration ends in.
func leave(c raft.Configuration) raft.Configuration {
	learners := append(slices.Clone(c.Learners), c.Demoting...)
	slices.Sort(learners)
	return raft.Configuration{Voters: slices.Clone(c.Voters), Learners: learners, Promoting: slices.Clone(c.Promoting)}
}

// place chooses what becomes of a member in a configuration.
func (c *chaos) place(target *raft.Configuration, id raft.ID) {
	is := func(x raft.ID) bool { return x == id }
	for _, list := range []*[]raft.ID{&target.Voters, &target.Learners, &target.Promoting} {
		*list = slices.DeleteFunc(*list, is)
	}
	add := func(list *[]raft.ID) {
		*list = append(*list, id)
		slices.Sort(*list)
	}
	switch c.choose("place", 5) {
	case 0, 1:
		add(&target.Voters)
	case 2:
		add(&target.Promoting)
		add(&target.Learners)
	case 3:
		add(&target.Learners)
	}
}

func (c *chaos) transferAny() {
	if m := c.leaderOrAny(); m != nil {
		c.step(m, raft.Transfer{To: raft.ID(c.choose("to", len(c.members)+1))})
	}
}

// snapshotAny lets a member keep its state, as it is or as it was lately.
func (c *chaos) snapshotAny() {
	m := c.leaderOrAny()
	if m == nil {
		return
	}
	if i := c.judge.applied[m.id] - c.choose("behind", 3); i > 0 {
		c.snapshot(m, raft.Index(i))
	}
}

// receiveAny ends the transfer of a snapshot, now and then with a damaged file.
func (c *chaos) receiveAny() {
	for _, m := range c.members {
		if m.node != nil && m.whole() {
			c.received(m, c.choose("damaged", 4) > 0)
			return
		}
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

// restartAny starts a member that is down. Its disk may have been compacted, or
// have lost something, if that of no other member has.
func (c *chaos) restartAny() {
	m := c.members[c.choose("member", len(c.members))]
	if m.node != nil {
		return
	}
	switch c.choose("disk", 8) {
	case 0, 1:
		m.rebase()
	case 2:
		if c.allRemember() && m.lose(1+c.choose("records", 6)) {
			c.judge.lose(m)
		}
	}
	c.mustStart(m)
}

// allRemember reports whether no member lacks what it lost.
func (c *chaos) allRemember() bool {
	return !slices.ContainsFunc(c.members, func(m *member) bool {
		base, tail := m.recover()
		return compacted(base, tail).Lost != raft.Position{}
	})
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
