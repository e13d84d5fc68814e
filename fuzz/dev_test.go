package fuzz

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"
)

func TestDev(t *testing.T) {
	mi, _ := strconv.Atoi(os.Getenv("MOTIF"))
	n, _ := strconv.Atoi(os.Getenv("N"))
	p := &Profiles[len(Profiles)-1]
	hist := map[string]int{}
	found := map[string]int{}
	began := time.Now()
	for i := range n {
		roll := Seeded(uint64(i)*7919 + 13)
		x := Draw(p, roll)
		x.Config.Schedule = x.Config.Schedule[len(x.Config.Schedule)-1:]
		m := &motifs[mi]
		if m.stage != nil {
			m.stage(roll, &x)
		}
		a := &adversary{roll: roll, plots: m.plots(roll)}
		x.Bug = os.Getenv("BUG")
		o, err := run(&x, nil, a)
		if err != nil {
			t.Fatal(err)
		}
		for k := range a.plots {
			hist[fmt.Sprintf("%d:%d", k, a.plots[k].next)]++
		}
		if o.Property != "" && IsInnocent(&x) {
			found[o.Property]++
			if found[o.Property] == 1 && os.Getenv("SHOW") != "" {
				fmt.Println(x.Told())
			}
		}
	}
	fmt.Println(hist, found, time.Since(began))
}
