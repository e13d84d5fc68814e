package raft

import (
	"slices"

	"github.com/castaway-kv/castaway/internal/mix"
	castaway "github.com/castaway-kv/castaway/raft"
)

// Kind says whose core a member runs.
type Kind byte

// The kinds of cores.
const (
	KindCastaway Kind = 'c'
	KindEtcd     Kind = 'e'
)

// Cluster drives members in one thread. All clocks tick together; what the
// network does, and which member ticks first, is drawn from the seed.
type Cluster struct {
	// Network may be changed at any time.
	Network Network
	kinds   string
	members []*member
	dice    dice
	now     int
	// flight is what is under way, in the order in which it left.
	flight []flying
	cut    map[[2]castaway.ID]bool
	judge  *judge
}

type member struct {
	Core
	id castaway.ID
	up bool
}

// flying is a packet that arrives at a tick.
type flying struct {
	Packet
	at int
}

// Network says what happens to packets. The zero Network delivers all of them, in
// order, at once.
type Network struct {
	// Drop and Double are how many of 100 packets are lost, and come twice.
	Drop, Double int
	// Delay is how many ticks a packet may take at most. Packets that arrive in
	// the same tick come in any order if it is not 0.
	Delay int
}

// NewCluster returns members 1, 2, …, one of each kind in kinds, all running; the
// first few are voters. Jitter is as in NewCastaway; etcd's cores draw theirs from
// crypto/rand.Reader.
func NewCluster(kinds string, voters int, seed uint64, jitter Jitter) *Cluster {
	c := &Cluster{
		kinds: kinds, dice: dice(mix.Bits(seed)), cut: map[[2]castaway.ID]bool{}, judge: newJudge(),
	}
	hooks := Hooks{Send: c.send, Applied: c.judge.applied, Restored: c.judge.restored, Answered: c.judge.answered}
	for i, core := range newCores(kinds, voters, hooks, jitter) {
		c.members = append(c.members, &member{Core: core, id: castaway.ID(i + 1)})
	}
	for _, m := range c.members {
		c.start(m)
	}
	return c
}

// newCores returns one member of each kind in kinds; the first few are voters.
func newCores(kinds string, voters int, hooks Hooks, jitter Jitter) (list []Core) {
	var ids []castaway.ID
	for i := range kinds {
		ids = append(ids, castaway.ID(i+1))
	}
	foreign := func(id castaway.ID) bool { return Kind(kinds[id-1]) != KindEtcd }
	for i, kind := range []byte(kinds) {
		if Kind(kind) == KindEtcd {
			list = append(list, NewEtcd(ids[i], ids[:voters], hooks, foreign))
		} else {
			list = append(list, NewCastaway(ids[i], ids[:voters], hooks, jitter))
		}
	}
	return list
}

func (c *Cluster) start(m *member) {
	c.judge.started(m)
	m.up = true
	c.do(m, func() { m.Start() })
}

func (c *Cluster) crash(m *member) {
	m.up = false
	m.Crash()
}

// do lets something happen to a member that is up, and judges it.
func (c *Cluster) do(m *member, what func()) {
	if m.up {
		what()
		c.judge.look(m)
	}
}

// send puts a packet on the network.
func (c *Cluster) send(p Packet) {
	copies := 1
	switch n := c.dice.throw(100); {
	case n < c.Network.Drop:
		copies = 0
	case n < c.Network.Drop+c.Network.Double:
		copies = 2
	}
	for range copies {
		c.flight = append(c.flight, flying{p, c.now + c.dice.throw(c.Network.Delay+1)})
	}
}

// Tick lets a tick pass for everybody, and delivers what arrives in it.
func (c *Cluster) Tick() {
	c.now++
	first := c.dice.throw(len(c.members))
	for i := range c.members {
		m := c.members[(first+i)%len(c.members)]
		c.do(m, m.Tick)
	}
	c.deliver()
	if c.now%electionTicks == 0 {
		c.judge.compareLogs(c.members)
	}
}

// deliver hands over what arrives now, and what that causes to arrive now.
func (c *Cluster) deliver() {
	for {
		i := c.next()
		if i < 0 {
			return
		}
		p := c.flight[i].Packet
		c.flight = slices.Delete(c.flight, i, i+1)
		if m := c.member(p.To); !c.cut[link(p.From, p.To)] {
			c.do(m, func() { m.Receive(p) })
		}
	}
}

// next is a packet that arrives now: the first one, or any if packets overtake
// one another; -1 if there is none.
func (c *Cluster) next() int {
	due := func(f flying) bool { return f.at <= c.now }
	if c.Network.Delay > 0 {
		from := c.dice.throw(len(c.flight) + 1)
		if i := slices.IndexFunc(c.flight[from:], due); i >= 0 {
			return from + i
		}
	}
	return slices.IndexFunc(c.flight, due)
}

func (c *Cluster) member(id castaway.ID) *member { return c.members[id-1] }

// leader is the member that leads in the highest term, nil if none does.
func (c *Cluster) leader() *member {
	var leader *member
	var term castaway.Term
	for _, m := range c.members {
		if !m.up {
			continue
		}
		if s := m.Status(); s.Leads && s.Term >= term {
			leader, term = m, s.Term
		}
	}
	return leader
}

// current are the members of the configuration that the leader knows.
func (c *Cluster) current() (list []*member) {
	leader := c.leader()
	if leader == nil {
		return c.members
	}
	for _, id := range leader.Members().Members() {
		list = append(list, c.member(id))
	}
	return list
}

// sever cuts the links between a member and all others.
func (c *Cluster) sever(id castaway.ID) {
	for _, m := range c.members {
		if m.id != id {
			c.cut[link(id, m.id)] = true
		}
	}
}

func (c *Cluster) heal() { clear(c.cut) }

// link names the two ends of a link, in order.
func link(a, b castaway.ID) [2]castaway.ID { return [2]castaway.ID{min(a, b), max(a, b)} }

// dice are the chance of a run: they start from its seed.
type dice uint64

// throw returns a number below n.
func (d *dice) throw(n int) int {
	*d++
	return int(mix.Bits(uint64(*d)) % uint64(n))
}
