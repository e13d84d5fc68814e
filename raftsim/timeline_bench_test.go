package raftsim

import (
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/castaway-kv/castaway/internal/mix"
)

// longTimeline is a timeline of a million events under load, with its size in megabytes.
func longTimeline(b *testing.B) (*Timeline, float64) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	tl := NewTimeline(busy(b))
	tl.SeekEvent(1_000_000, 1_000_000)
	runtime.GC()
	runtime.ReadMemStats(&after)
	return tl, float64(after.HeapAlloc-before.HeapAlloc) / (1 << 20)
}

// BenchmarkSeek: to any moment of a million events, with the processor time of the slowest
// seeks and the memory of the whole timeline.
func BenchmarkSeek(b *testing.B) {
	tl, size := longTimeline(b)
	draw := mix.Hash(1)
	var took []time.Duration
	for b.Loop() {
		draw.Word(1)
		began := processorTime(b)
		tl.Seek(Time(draw.Sum()%uint64(tl.Head())), 0)
		took = append(took, processorTime(b)-began)
	}
	slices.Sort(took)
	b.ReportMetric(took[len(took)*95/100].Seconds()*1000, "ms-p95")
	b.ReportMetric(took[len(took)-1].Seconds()*1000, "ms-max")
	b.ReportMetric(size, "MB")
	b.ReportMetric(float64(len(tl.branch.checkpoints)), "checkpoints")
}

// BenchmarkStepBack: one event back, again and again, at the end of a million.
func BenchmarkStepBack(b *testing.B) {
	tl, _ := longTimeline(b)
	for b.Loop() {
		if tl.World().Count() < 500_000 {
			tl.Seek(tl.Head(), 0)
		}
		tl.Step(-1)
	}
}
