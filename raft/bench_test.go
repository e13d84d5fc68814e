package raft_test

import (
	"testing"

	"github.com/castaway-kv/castaway/raft"
)

// bench is a cluster as lean as can be: disks and network take no time.
type bench struct {
	nodes []*raft.Node
	now   raft.Time
	queue []packet
	// applied counts the entries that the leader has committed.
	applied int
}

// newBench returns n members of which the first leads.
func newBench(b *testing.B, n int, change func(*raft.Config)) *bench {
	config := testConfig(raft.Etcd())
	config.CheckInvariants = false
	config.MaxEntries = 64
	change(&config)
	var voters []raft.ID
	for i := range n {
		voters = append(voters, raft.ID(i+1))
	}
	c := &bench{}
	for _, config.ID = range voters {
		node, err := raft.Restore(config, raft.Base{Snapshot: raft.Snapshot{Members: raft.Configuration{Voters: voters}}}, nil, 1)
		if err != nil {
			b.Fatal(err)
		}
		c.nodes = append(c.nodes, node)
		c.step(config.ID, raft.Wake{})
	}
	c.now += raft.Time(200 * millisecond)
	c.step(1, raft.Wake{})
	c.drain()
	if c.nodes[0].Role() != raft.Leader {
		b.Fatal("no leader")
	}
	return c
}

func (c *bench) step(id raft.ID, in raft.Input) {
	n := c.nodes[id-1]
	out := n.Step(c.now, in)
	for {
		for i := range out.Sends {
			c.queue = append(c.queue, packet{id, out.Sends[i].To, out.Sends[i].Message})
		}
		if id == 1 {
			c.applied += len(out.Committed)
		}
		if len(out.Writes) == 0 {
			return
		}
		out = n.Step(c.now, raft.Written{Number: out.Writes[len(out.Writes)-1].Number})
	}
}

func (c *bench) drain() {
	for i := 0; i < len(c.queue); i++ {
		p := c.queue[i]
		c.step(p.to, raft.Receive{From: p.from, Message: p.message})
	}
	c.queue = c.queue[:0]
}

// compact lets all members drop what they have applied, or the growing logs are
// all that is measured.
func (c *bench) compact() {
	for _, n := range c.nodes {
		c.step(n.ID(), raft.SnapshotTaken{Index: n.Commit(), Size: 1, Checksum: 1})
	}
}

// benchmarkReplicate proposes some entries of 16 bytes at once, and waits until
// all members have them.
func benchmarkReplicate(b *testing.B, members, batch int, change func(*raft.Config)) {
	c := newBench(b, members, change)
	c.applied = 0
	sequence, rounds := uint64(0), 0
	proposals := make([]raft.Propose, batch)
	b.ReportAllocs()
	for b.Loop() {
		for i := range proposals {
			sequence++
			proposals[i] = raft.Propose{Request: raft.RequestID{Member: 1, Life: 1, Sequence: sequence}, Data: "0123456789abcdef"}
		}
		if batch == 1 {
			c.step(1, proposals[0])
		} else {
			c.step(1, raft.ProposeBatch{Proposals: proposals})
		}
		c.drain()
		if rounds++; rounds%1024 == 0 {
			c.compact()
		}
	}
	if uint64(c.applied) != sequence {
		b.Fatalf("%d of %d committed", c.applied, sequence)
	}
	b.ReportMetric(float64(c.applied)/b.Elapsed().Seconds(), "entries/s")
}

func BenchmarkReplicate(b *testing.B) {
	same := func(*raft.Config) {}
	checked := func(c *raft.Config) { c.CheckInvariants = true }
	b.Run("members=3/batch=1", func(b *testing.B) { benchmarkReplicate(b, 3, 1, same) })
	b.Run("members=3/batch=1/checked", func(b *testing.B) { benchmarkReplicate(b, 3, 1, checked) })
	b.Run("members=5/batch=1", func(b *testing.B) { benchmarkReplicate(b, 5, 1, same) })
	b.Run("members=3/batch=64", func(b *testing.B) { benchmarkReplicate(b, 3, 64, same) })
}

// BenchmarkIdle makes heartbeat rounds: the leader wakes, all answer.
func BenchmarkIdle(b *testing.B) {
	c := newBench(b, 3, func(*raft.Config) {})
	b.ReportAllocs()
	for b.Loop() {
		c.now += raft.Time(20 * millisecond)
		c.step(1, raft.Wake{})
		c.drain()
	}
	if c.nodes[0].Role() != raft.Leader {
		b.Fatal("the leader is gone")
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rounds/s")
}

// BenchmarkClone copies a leader whose log has 10,000 entries.
func BenchmarkClone(b *testing.B) {
	c := newBench(b, 3, func(*raft.Config) {})
	for i := range uint64(10_000) {
		c.step(1, raft.Propose{Request: raft.RequestID{Member: 1, Life: 1, Sequence: i + 1}})
		c.drain()
	}
	b.ReportAllocs()
	for b.Loop() {
		c.nodes[0].Clone()
	}
}
