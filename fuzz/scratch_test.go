package fuzz

import (
	"flag"
	"fmt"
	"testing"
	"time"

	"github.com/castaway-kv/castaway/raftsim/bugs"
)

var scratchN = flag.Int("sn", 300, "")
var scratchP = flag.String("sp", "everything", "")
var scratchB = flag.String("sb", "", "")

func TestScratch(t *testing.T) {
	p, _ := FindProfile(*scratchP)
	list := bugs.All()
	if *scratchB == "none" {
		list = []bugs.Bug{{Name: "none"}}
	}
	for _, b := range list {
		if *scratchB != "" && *scratchB != b.Name {
			continue
		}
		start := time.Now()
		found := map[string]int{}
		first := 0
		var sim int64
		n := 0
		for ; n < *scratchN; n++ {
			c := Draw(&p, Seeded(uint64(n)))
			if b.Name != "none" {
				b.Apply(&c.Config)
			}
			o, err := Run(&c, nil)
			if err != nil {
				t.Fatal(n, err)
			}
			sim += int64(o.At)
			if o.Property != "" {
				found[o.Property]++
				if first == 0 {
					first = n + 1
				}
				if b.Name == "none" {
					fmt.Println(n, o.Property, o.Detail)
				}
				if o.Property == b.Breaks {
					break
				}
			}
			if o.Undecided {
				found["undecided"]++
			}
		}
		fmt.Printf("%-26s wants %-20s runs %d %v sim %.0fs in %v\n", b.Name, b.Breaks, n, found, float64(sim)/1e9, time.Since(start).Round(time.Millisecond))
	}
}
