package raftsim

import (
	"fmt"
	"testing"

	"github.com/castaway-kv/castaway/linearize"
)

// BenchmarkJudge: what it costs to judge runs of several lengths, in microseconds an operation.
func BenchmarkJudge(b *testing.B) {
	for _, load := range []string{"counter", "mixed"} {
		c := Default(5)
		for i := range 5 {
			var w Workload = &CASCounter{Key: "n"}
			if load == "mixed" {
				w = &Mixed{Prefix: "k/", Keys: 5, TTL: 2, Leases: Always / 10, Compact: Always / 50, Serializable: Always / 5}
			}
			c.Clients = append(c.Clients, Client{Name: fmt.Sprint(i), Timeout: Second, Workload: w, Think: Spread{10 * Millisecond, 40 * Millisecond}})
		}
		w := newWorld(b, c)
		for _, n := range []int{500, 2000, 8000, 32000} {
			for w.Ops() < n {
				w.Step()
			}
			b.Run(fmt.Sprintf("%s/ops=%d", load, n), func(b *testing.B) {
				for b.Loop() {
					if v := w.Judge(linearize.Options{}); v.Result != linearize.Linearizable {
						b.Fatal(v)
					}
				}
				b.ReportMetric(b.Elapsed().Seconds()*1e6/float64(b.N)/float64(n), "µs/op")
			})
		}
	}
}
