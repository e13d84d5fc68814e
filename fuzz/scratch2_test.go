package fuzz

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/castaway-kv/castaway/raftsim/bugs"
)

func TestStories(t *testing.T) {
	for _, b := range bugs.All() {
		if *scratchB != "" && *scratchB != b.Name {
			continue
		}
		start := time.Now()
		best, bestLines := Case{}, 1000
		found, n := 0, 0
		for ; n < *scratchN && found < 3; n++ {
			p := &Profiles[n%len(Profiles)]
			c := Draw(p, Seeded(uint64(n)))
			c.Bug = b.Name
			o, err := Run(&c, nil)
			if err != nil {
				t.Fatal(n, err)
			}
			if o.Property != b.Breaks || !isInnocent(&c) {
				continue
			}
			found++
			s := NewShrinking(&c, o)
			s.Innocent = true
			until := time.Now().Add(30 * time.Second)
			s.Stop = func() bool { return time.Now().After(until) }
			s.Run()
			fmt.Printf("%-26s seed %d: %d lines after %d runs, %v\n", b.Name, n, s.Lines(), s.Runs, time.Since(start).Round(time.Millisecond))
			if s.Lines() < bestLines {
				best, bestLines = s.Best, s.Lines()
			}
		}
		if bestLines < 1000 {
			os.WriteFile("/tmp/stories/"+b.Name+".scenario", []byte(best.Text()), 0o644)
		} else {
			fmt.Printf("%-26s NOT FOUND in %d\n", b.Name, n)
		}
	}
}
