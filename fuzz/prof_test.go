package fuzz

import (
	"testing"
)

func BenchmarkStep(b *testing.B) {
	c := Campaign{Profile: &Profiles[len(Profiles)-1], Shard: Shard{0, 1}}
	for b.Loop() {
		if f, err := c.Step(); err != nil || f != nil {
			b.Fatal(err, f)
		}
	}
	b.ReportMetric(float64(c.Simulated)/1e9/float64(c.Runs), "simsec/run")
}
