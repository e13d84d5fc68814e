package raftsim

import (
	"fmt"
	"testing"

	"github.com/castaway-kv/castaway/kv"
)

// idle is a cluster of five at rest, one second after its start.
func idle(b *testing.B) *World {
	w := newWorld(b, Default(5))
	w.RunUntil(Second)
	return w
}

// BenchmarkIdle: simulated seconds per second, five members with heartbeats.
func BenchmarkIdle(b *testing.B) {
	w := idle(b)
	b.ReportAllocs()
	for b.Loop() {
		w.RunUntil(w.Now() + Second)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "sim-s/s")
}

// busy is a cluster of five with ten clients that put as fast as they can.
func busy(b *testing.B) *World {
	c := Default(5)
	for i := range 10 {
		c.Clients = append(c.Clients, Client{Name: fmt.Sprint(i), Timeout: Second, Workload: &putter{key: fmt.Sprint("k", i)}})
	}
	return newWorld(b, c)
}

// BenchmarkBusy: events per second under load. Each round is a fresh run, for
// the log grows.
func BenchmarkBusy(b *testing.B) {
	b.ReportAllocs()
	events, ops := int64(0), 0
	for b.Loop() {
		w := busy(b)
		w.RunUntil(2 * Second)
		events += w.Count()
		ops += w.Ops()
	}
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(ops)/b.Elapsed().Seconds(), "ops/s")
}

// BenchmarkFaults: simulated seconds per second of five members and eight clients
// that make about 100 requests a simulated second, while everything goes wrong that can.
func BenchmarkFaults(b *testing.B) {
	const length = 20 * Second
	b.ReportAllocs()
	events, ops, seed := int64(0), 0, uint64(0)
	for b.Loop() {
		seed++
		w := newWorld(b, faulty(seed, length))
		w.RunUntil(length)
		if w.Violation() != nil {
			b.Fatal(w.Violation())
		}
		events += w.Count()
		ops += w.Ops()
	}
	runs := float64(length/Second) * float64(b.N)
	b.ReportMetric(runs/b.Elapsed().Seconds(), "sim-s/s")
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(ops)/runs, "ops/sim-s")
}

// faulty is a long run with a fault or a repair five times a second.
func faulty(seed uint64, length Time) Config {
	roll := seededDice(seed)
	c := Default(5)
	c.Seed = seed
	c.Options.LeaseRead = true
	c.Clocks = Clocks{Offset: Second, Drift: 1000}
	c.Network.Drop, c.Network.Duplicate, c.Network.Reorder = 10_000, 10_000, Always/2
	c.Snapshots = Snapshots{Every: 200, Keep: 20, Chunk: 4096}
	for i := range 8 {
		c.Clients = append(c.Clients, Client{
			Name: fmt.Sprint("c", i), Timeout: 500 * Millisecond, Think: Spread{40 * Millisecond, 60 * Millisecond},
			Workload: &CASCounter{Key: fmt.Sprint("k", i/2)},
		})
	}
	c.Schedule = harshSchedule(roll, &c, length)
	return c
}

// large is a world whose members have 10,000 keys and as many log entries.
func large(b *testing.B) *World {
	c := Default(5)
	c.Snapshots.Every = 0
	for i := range 8 {
		c.Clients = append(c.Clients, Client{Name: fmt.Sprint(i), Timeout: Second, Workload: &filler{prefix: fmt.Sprint("k", i, "/")}})
	}
	w := newWorld(b, c)
	for w.checks.committed() < 10_000 {
		w.RunUntil(w.Now() + 100*Millisecond)
	}
	if n := w.CommittedStore().Revision(); n < 10_000 {
		b.Fatalf("%d revisions", n)
	}
	return w
}

// filler is a client that puts one key after the other.
type filler struct {
	prefix string
	n      int
}

// Next implements Workload.
func (f *filler) Next(*Turn) (kv.Request, bool) {
	f.n++
	return kv.PutRequest{Key: fmt.Sprint(f.prefix, f.n), Value: "0123456789abcdef"}, true
}

// Clone implements Workload.
func (f *filler) Clone() Workload {
	c := *f
	return &c
}

// BenchmarkClone: the copy of a world whose members have 10,000 keys and as many log
// entries.
func BenchmarkClone(b *testing.B) {
	w := large(b)
	b.ReportAllocs()
	for b.Loop() {
		w.Clone()
	}
}

// BenchmarkCheckpoint: what it costs to keep a copy of the same world and to go on, for
// 256 events: the bytes are in proportion to what changed.
func BenchmarkCheckpoint(b *testing.B) {
	w := large(b)
	b.ReportAllocs()
	for b.Loop() {
		checkpoints = append(checkpoints[:0], w.Clone())
		for range 256 {
			w.Step()
		}
	}
}

var checkpoints []*World
