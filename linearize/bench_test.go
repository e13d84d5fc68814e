package linearize

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func seeded(seed uint64) chooser { return rand.New(rand.NewPCG(seed, 0)).IntN }

func BenchmarkCheck(b *testing.B) {
	for _, operations := range []int{1_000, 10_000} {
		for _, clients := range []int{3, 8} {
			for _, lost := range []int{0, 1, 5} {
				b.Run(fmt.Sprintf("operations=%d/clients=%d/unknown=%d%%", operations, clients, lost), func(b *testing.B) {
					h := generate(seeded(1), recipe{operations: operations, clients: clients, keys: 8, unknown: lost})
					var v Verdict
					b.ReportAllocs()
					for b.Loop() {
						v = Check(h, Options{})
					}
					b.ReportMetric(float64(v.Steps), "steps")
					if v.Result != Linearizable {
						b.Log(v)
						b.ReportMetric(1, "undecided")
					}
				})
			}
		}
	}
}
