package raftsim

import (
	"fmt"
	"testing"
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

// BenchmarkClone: the copy of a world whose logs hold 10,000 entries.
func BenchmarkClone(b *testing.B) {
	w := busy(b)
	for w.checks.committed() < 10_000 {
		w.RunUntil(w.Now() + Second)
	}
	b.ReportAllocs()
	for b.Loop() {
		w.Clone()
	}
}
