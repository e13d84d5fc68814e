package linearize

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// coreIsRight: by brute force, a core contradicts itself whatever the others
// did, and if it is minimal, no part of it does.
func coreIsRight(t tester, h History) bool {
	t.Helper()
	v := Check(h, Options{})
	if v.Result != Violation {
		return false
	}
	c := Core(h, v, Options{})
	k := &kernel{history: h}
	if len(c.Operations) == 0 || explainable(k.relaxed(c.Operations)) {
		t.Fatalf("core %v is no contradiction: %v\n%s", c.Operations, v, historyWords(h))
	}
	if !c.Minimal || c.Open {
		return true // an open one is not about what else was recorded
	}
	for i := range c.Operations {
		if rest := slices.Delete(slices.Clone(c.Operations), i, i+1); !explainable(k.relaxed(rest)) {
			t.Fatalf("core %v is wrong without %d: %v\n%s", c.Operations, c.Operations[i], v, historyWords(h))
		}
	}
	return true
}

func TestCores(t *testing.T) {
	cores, minimal := 0, 0
	for f := noFault + 1; f < faults; f++ {
		for seed := range uint64(300) {
			choose := seeded(seed<<8 | uint64(f))
			h := generate(choose, recipe{operations: 2 + choose(6), clients: 1 + choose(3), keys: 1 + choose(2), unknown: 15 * choose(2), fault: f})
			if coreIsRight(t, h) {
				cores++
				if Core(h, Check(h, Options{}), Options{}).Minimal {
					minimal++
				}
			}
		}
	}
	t.Logf("%d cores, %d of them minimal", cores, minimal)
	if cores < 100 || minimal < cores {
		t.Errorf("%d cores, %d of them minimal", cores, minimal)
	}
}

func TestExplanation(t *testing.T) {
	h := History{
		answered(1, 1, 2, put("x", "1"), done(2)),
		answered(1, 3, 4, put("x", "2"), done(3)),
		answered(2, 5, 6, put("y", "9"), done(4)),
		answered(2, 7, 8, get("x"), one(4, "x", "1", 2, 1)),
		answered(3, 9, 10, get("y"), one(4, "y", "9", 4, 1)),
	}
	v := Check(h, Options{})
	e := Explain(h, v, Options{})
	want := `violation (5 operations)
judge: revision witness, because each answer carries a revision, which tells the order of writes
rule: an answer shows what the store held at its revision
reason: operation 3 (client 2: get x: x=1 at revision 4): at revision 4 the answer would be x=2 at revision 4
these contradict each other, whatever else happened; each could be right without the other:
  operation 1 of client 1, from 3 to 4: put x 2: OK at revision 3
  operation 3 of client 2, from 7 to 8: get x: x=1 at revision 4
the values alone: violation`
	if e.String() != want {
		t.Errorf("%s\nwant\n%s", e, want)
	}
	text, err := json.Marshal(e)
	if err != nil || !strings.Contains(string(text), `"core":[{"op":1,"client":"1","call":3,"return":4,"words":"put x 2: OK at revision 3"}`) {
		t.Errorf("%s, %v", text, err)
	}
	right := History{h[0], h[1], h[2], h[4]}
	if e := Explain(right, Check(right, Options{}), Options{}); !slices.Equal(e.Order, []int{0, 1, 2, 3}) || len(e.Core) > 0 || e.Values != "" {
		t.Errorf("%+v", e)
	}
}

// A long history with a wrong answer in it has a core of two.
func TestCoreOfLongHistory(t *testing.T) {
	h, _ := busy(3, 20_000, 16, 50, 10)
	r := &Record{History: h}
	if !r.spoilRead(func(op *Operation) bool { return op.Call > 30_000 }) {
		t.Fatal("no read")
	}
	v := Check(h, Options{})
	e := Explain(h, v, Options{})
	if v.Result != Violation || len(e.Core) == 0 || len(e.Core) > 2 || !e.Minimal {
		t.Errorf("%v", e)
	}
}
