package raft

import (
	"flag"
	"fmt"
	"runtime"
	"strings"
	"syscall"
	"testing"

	castaway "github.com/castaway-kv/castaway/raft"
)

// Each benchmark measures etcd's core and ours in turn, through the same driver:
// packets go from hand to hand, disks take no time, and both logs stay in memory,
// once: etcd's in what stands for its disk, ours in the core itself, so that our
// members get no disk beside it.
// The times are those of the processor, garbage collection included, so that
// other programs on the machine count less; and of one processor, as idle ones
// would collect garbage more eagerly than needed. medians turns the output into
// ratios.
var rounds = flag.Int("rounds", 1, "how often to measure etcd and castaway in turn")

func inTurn(b *testing.B, measure func(b *testing.B, kind Kind)) {
	on := func(kind Kind) func(b *testing.B) {
		return func(b *testing.B) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
			runtime.GC()
			measure(b, kind)
		}
	}
	for range *rounds {
		b.Run("etcd", on(KindEtcd))
		b.Run("castaway", on(KindCastaway))
	}
}

// bench is a cluster whose network is a queue.
type bench struct {
	cores []Core
	queue []Packet
}

// newBench returns n members of which the first leads.
func newBench(b *testing.B, kind Kind, n int) *bench {
	c := &bench{}
	hooks := Hooks{Send: func(p Packet) { c.queue = append(c.queue, p) }}
	c.cores = newCores(strings.Repeat(string(kind), n), n, hooks, longest)
	for _, core := range c.cores {
		if ours, ok := core.(*Castaway); ok {
			ours.diskless = true
		}
		core.Start()
	}
	c.cores[0].Campaign()
	c.drain()
	if !c.cores[0].Status().Leads {
		b.Fatal("no leader")
	}
	return c
}

func (c *bench) drain() {
	for i := 0; i < len(c.queue); i++ {
		c.cores[c.queue[i].To-1].Receive(c.queue[i])
	}
	c.queue = c.queue[:0]
}

// replicate proposes commands to the leader, until everybody has committed them.
func (c *bench) replicate(commands []string) {
	c.cores[0].Propose(commands...)
	c.drain()
}

// renewal is after how many entries a cluster begins anew, so that its logs don't
// fill the memory.
const renewal = 50_000

func benchmarkReplicate(b *testing.B, members, batch int) {
	commands := make([]string, batch)
	for i := range commands {
		commands[i] = fmt.Sprintf("%016d", i)
	}
	inTurn(b, func(b *testing.B, kind Kind) {
		var cpu meter
		c := newBench(b, kind, members)
		entries := 0
		b.ReportAllocs()
		cpu.start()
		for b.Loop() {
			if entries += batch; entries%renewal < batch {
				b.StopTimer()
				cpu.stop()
				c = newBench(b, kind, members)
				cpu.start()
				b.StartTimer()
			}
			c.replicate(commands)
		}
		cpu.stop()
		if last := c.cores[members-1].Status(); last.Commit != last.Last.Index || last.Commit < castaway.Index(batch) {
			b.Fatalf("not all is committed: %+v", last)
		}
		cpu.report(b, batch, "entries/s")
	})
}

// BenchmarkReplicate has one proposal of 16 bytes under way in three members.
func BenchmarkReplicate(b *testing.B) { benchmarkReplicate(b, 3, 1) }

// BenchmarkReplicateBatch has 64 in one message.
func BenchmarkReplicateBatch(b *testing.B) { benchmarkReplicate(b, 3, 64) }

// BenchmarkReplicateFive has one under way in five members.
func BenchmarkReplicateFive(b *testing.B) { benchmarkReplicate(b, 5, 1) }

// BenchmarkIdle lets a heartbeat interval pass for three members with nothing to do.
func BenchmarkIdle(b *testing.B) {
	inTurn(b, func(b *testing.B, kind Kind) {
		var cpu meter
		c := newBench(b, kind, 3)
		b.ReportAllocs()
		cpu.start()
		for b.Loop() {
			for _, core := range c.cores {
				core.Tick()
			}
			c.drain()
		}
		cpu.stop()
		if !c.cores[0].Status().Leads || c.cores[0].Status().Term != 1 {
			b.Fatal("the leader is gone")
		}
		cpu.report(b, 1, "rounds/s")
	})
}

// meter adds up the time of the processor that this process takes.
type meter struct{ began, total int64 }

func (m *meter) start() { m.began = processorTime() }
func (m *meter) stop()  { m.total += processorTime() - m.began }

// report replaces the time by the clock, and says how many things of which each
// round makes n were done in a second.
func (m *meter) report(b *testing.B, n int, unit string) {
	b.ReportMetric(float64(m.total)/float64(b.N), "ns/op")
	b.ReportMetric(float64(b.N*n)*1e9/float64(m.total), unit)
}

// processorTime in nanoseconds.
func processorTime() int64 {
	var usage syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return usage.Utime.Nano() + usage.Stime.Nano()
}
