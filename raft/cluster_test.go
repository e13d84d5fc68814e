package raft_test

import (
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/raft"
)

const millisecond = raft.Duration(1_000_000)

// cluster drives members by hand. Nothing happens by itself: whoever holds the
// cluster decides which message arrives, what reaches a disk, and when time
// passes. Each member has a clock of its own.
type cluster struct {
	config  raft.Config
	members []*member
	// flight holds the messages under way, in the order in which they left.
	flight []packet
	cut    map[[2]raft.ID]bool
	judge  *judge
	// timed says that time passes for all members at once, for each at its own
	// rate; else each clock is moved alone.
	timed bool
	// leaky lets messages leave before the writes they wait for: a broken
	// driver, to see that the judge notices.
	leaky bool
	// watch, if set, sees every step.
	watch func(m *member, before raft.State, out *raft.Output)
}

type packet struct {
	from, to raft.ID
	message  raft.Message
}

// member is one member, its clock, its disk, and the messages that wait for
// the disk.
type member struct {
	id    raft.ID
	node  *raft.Node // nil while crashed
	clock raft.Time
	// rate of the clock in a timed cluster, in millionths of true time.
	rate int64
	wake raft.Time
	life raft.Life
	// stalled: the process is stopped, time goes on, and nothing reaches it.
	stalled bool
	disk
	waiting []raft.Send
	// sequence of the newest request given to this life.
	sequence uint64
}

// newCluster returns members 1..n, not started yet; the first few are voters.
func newCluster(n, voters int, config raft.Config) *cluster {
	c := &cluster{config: config, cut: map[[2]raft.ID]bool{}}
	base := raft.Base{Snapshot: raft.Snapshot{Members: raft.Configuration{Voters: firstIDs(voters)}}}
	for _, id := range firstIDs(n) {
		c.members = append(c.members, &member{id: id, rate: million, disk: newDisk(base)})
	}
	c.judge = newJudge(base.Snapshot.Members)
	return c
}

const million = 1_000_000

// firstIDs are 1..n.
func firstIDs(n int) (list []raft.ID) {
	for i := range n {
		list = append(list, raft.ID(i+1))
	}
	return list
}

// testConfig has time-outs of 100 to 199 ms that differ between members, terms
// and attempts, and heartbeats every 20 ms.
func testConfig(options raft.Options) raft.Config {
	return raft.Config{
		ElectionTimeout: func(id raft.ID, term raft.Term, attempt int) raft.Duration {
			x := uint64(id)*31 + uint64(term)*17 + uint64(attempt)*(7+5*uint64(id))
			return (100 + raft.Duration(x*x%100)) * millisecond
		},
		MinElectionTimeout:  100 * millisecond,
		HeartbeatInterval:   20 * millisecond,
		MaxEntries:          4,
		MaxMessageBytes:     1 << 20,
		MaxInflight:         3,
		MaxInflightBytes:    1 << 20,
		MaxUncommittedBytes: 1 << 20,
		MaxChunk:            1 << 10,
		Options:             options,
		Rules:               raft.StandardRules(),
		CheckInvariants:     true,
	}
}

func (c *cluster) member(id raft.ID) *member { return c.members[id-1] }

// start starts or restarts a member from its disk, one life later.
func (c *cluster) start(m *member) error {
	config := c.config
	config.ID = m.id
	m.life++
	base, tail := m.recover()
	node, err := raft.Restore(config, base, tail, m.life)
	if err != nil {
		return err
	}
	m.node, m.sequence = node, 0
	c.judge.started(m, base, tail)
	c.step(m, raft.Wake{})
	return nil
}

// crash stops a member. Of the records not synced yet the disk keeps the first few.
func (c *cluster) crash(m *member, keep int) {
	c.persist(m, keep)
	m.node, m.waiting = nil, nil
	m.forget()
}

// step gives one input to a running member, and sorts its output.
func (c *cluster) step(m *member, in raft.Input) {
	before := m.node.State()
	c.judge.before(in)
	out := m.node.Step(m.clock, in)
	m.wake = out.Wake
	m.cache = append(m.cache, out.Writes...)
	for _, x := range out.Chunks {
		m.keep(x)
	}
	if out.Installed != nil {
		m.install(*out.Installed)
	}
	c.judge.stepped(m, before, out)
	if c.watch != nil {
		c.watch(m, before, out)
	}
	for _, s := range out.Sends {
		if s.After <= m.synced || c.leaky {
			c.leave(m, s)
		} else {
			m.waiting = append(m.waiting, s)
		}
	}
}

// leave puts a message on the network; a piece of a snapshot gets its data, and is
// not sent if the file is gone.
func (c *cluster) leave(m *member, s raft.Send) {
	c.judge.left(m.id, s)
	if x, ok := s.Message.(*raft.InstallSnapshot); ok {
		file, ok := m.files[x.Snapshot.Checksum]
		if !ok {
			return
		}
		full := *x
		full.Data = file[x.Offset : x.Offset+x.Length]
		s.Message = &full
	}
	c.flight = append(c.flight, packet{m.id, s.To, s.Message})
}

// persist moves the first n records of the cache to the disk, and lets the
// messages leave that waited for them.
func (c *cluster) persist(m *member, n int) {
	for _, w := range m.cache[:n] {
		m.records = append(m.records, w.Record)
		m.synced = w.Number
		c.judge.persisted(m, w.Record)
	}
	m.cache = slices.Delete(m.cache, 0, n)
	waiting := m.waiting
	m.waiting = nil
	for _, s := range waiting {
		if s.After <= m.synced {
			c.leave(m, s)
		} else {
			m.waiting = append(m.waiting, s)
		}
	}
}

// report tells a member what its disk holds.
func (c *cluster) report(m *member) {
	m.told = m.synced
	c.step(m, raft.Written{Number: m.synced})
	if len(m.cache) == 0 {
		m.tidy(m.node.Snapshots())
	}
}

// sync writes everything, and says so; a snapshot that has come whole, too.
func (c *cluster) sync(m *member) {
	c.persist(m, len(m.cache))
	c.report(m)
	if m.whole() {
		c.received(m, true)
	}
}

// received tells a member what became of the snapshot that has come.
func (c *cluster) received(m *member, ok bool) {
	s := m.partial.snapshot
	ok = ok && digest(m.partial.data) == s.Checksum
	c.step(m, raft.SnapshotReceived{Snapshot: s, OK: ok})
	m.partial = partial{}
}

// take removes message i from those under way.
func (c *cluster) take(i int) packet {
	p := c.flight[i]
	c.flight = slices.Delete(c.flight, i, i+1)
	return p
}

// deliver hands message i to its receiver. It is lost if the link is cut or
// the receiver is down.
func (c *cluster) deliver(i int) {
	p := c.take(i)
	if m := c.member(p.to); m.node != nil && !m.stalled && !c.severed(p.from, p.to) {
		c.step(m, raft.Receive{From: p.from, Message: p.message})
	}
}

func (c *cluster) sever(a, b raft.ID)        { c.cut[[2]raft.ID{min(a, b), max(a, b)}] = true }
func (c *cluster) severed(a, b raft.ID) bool { return c.cut[[2]raft.ID{min(a, b), max(a, b)}] }
func (c *cluster) heal()                     { clear(c.cut) }

// request returns a new request ID of a member.
func (m *member) request() raft.RequestID {
	m.sequence++
	return raft.RequestID{Member: m.id, Life: m.life, Sequence: m.sequence}
}

func (c *cluster) propose(m *member, data string) raft.RequestID {
	id := m.request()
	c.step(m, raft.Propose{Request: id, Data: data})
	return id
}

func (c *cluster) read(m *member) raft.RequestID {
	id := m.request()
	c.step(m, raft.Read{Request: id})
	return id
}

// snapshot lets a member keep its state after applying index i in a file, and
// compact its log.
func (c *cluster) snapshot(m *member, i raft.Index) {
	data := c.judge.stateAt(i)
	m.files[digest(data)] = data
	c.step(m, raft.SnapshotTaken{Index: i, Size: uint64(len(data)), Checksum: digest(data)})
}

// settle syncs disks and delivers messages, oldest first, until nothing is
// under way. It reports false if that never happens.
func (c *cluster) settle() bool {
	for range 10_000 {
		for _, m := range c.members {
			if m.node != nil && m.busy() {
				c.sync(m)
			}
		}
		if len(c.flight) == 0 && c.idle() {
			return true
		}
		if len(c.flight) > 0 {
			c.deliver(0)
		}
	}
	return false
}

// idle reports whether all disks have all writes.
func (c *cluster) idle() bool {
	return !slices.ContainsFunc(c.members, func(m *member) bool { return m.node != nil && m.busy() })
}

// pass moves a member's clock on; in a timed cluster all clocks, each by what
// it shows when that one has moved so far.
func (c *cluster) pass(m *member, d raft.Duration) {
	if !c.timed {
		m.clock += raft.Time(d)
		return
	}
	micros := (int64(d) + m.rate - 1) / m.rate
	for _, other := range c.members {
		other.clock += raft.Time(micros * other.rate)
	}
}

// next moves all clocks to where the first member wakes, and wakes it.
func (c *cluster) next() {
	first, wait := c.members[0], raft.Never
	for _, m := range c.members {
		if m.node != nil && !m.stalled && m.wake-m.clock < wait {
			first, wait = m, m.wake-m.clock
		}
	}
	if wait == raft.Never {
		return // nobody is up
	}
	if c.timed {
		c.pass(first, raft.Duration(max(0, wait)))
	} else {
		for _, m := range c.members {
			m.clock += max(0, wait)
		}
	}
	c.step(first, raft.Wake{})
}

// leader returns the member that leads in the highest term, nil if none does.
func (c *cluster) leader() *member {
	var leader *member
	for _, m := range c.members {
		if m.node != nil && m.node.Role() == raft.Leader && (leader == nil || m.node.Term() > leader.node.Term()) {
			leader = m
		}
	}
	return leader
}

func (m *member) String() string { return fmt.Sprintf("S%d", m.id) }
