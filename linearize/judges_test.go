package linearize

import (
	"testing"

	"pgregory.net/rapid"
)

// theWitness and thePorcupine are the two judges, each alone.
func theWitness(h History, steps int64) Result {
	var v Verdict
	c := &checker{verdict: &v, plan: makePlan(h, &v)}
	c.budget.limit = steps
	if c.contradiction() != nil || c.findGaps(c.expiries()) != nil {
		return Violation
	}
	w := newWitness(c.plan, &c.budget, nil)
	w.bySearch(nil)
	ok := w.run()
	switch {
	case c.budget.spent:
		return Undecided
	case ok:
		return Linearizable
	}
	return Violation
}

func thePorcupine(h History, steps int64) Result {
	var v Verdict
	p := makePlan(h, &v)
	if p.findGaps(len(p.writers)+len(h)) != nil {
		return Violation
	}
	return byPorcupine(p, &budget{limit: steps}).Result
}

// agree: both judges say the same of a history that is small enough for both.
func agree(t tester, h History) Result {
	t.Helper()
	a, b := theWitness(h, 1<<20), thePorcupine(h, 1<<20)
	if a != b && a != Undecided && b != Undecided {
		t.Fatalf("the witness says %v, porcupine %v\n%s", a, b, historyWords(h))
	}
	return a
}

// judgesRecipe is what histories the judges are compared on.
func judgesRecipe(choose chooser, f fault) recipe {
	return recipe{
		operations: 1 + choose(24), clients: 1 + choose(6), keys: 1 + choose(4), unknown: 15 * choose(4), fault: f, pasts: choose(2) == 0,
	}
}

// Both judges agree on 20,000 small histories, right or corrupted in a named way.
func TestJudgesAgree(t *testing.T) {
	n := judgesCount(t)
	for f := noFault; f < faults; f++ {
		t.Run(f.String(), func(t *testing.T) {
			results := [3]int{}
			for seed := range uint64(n) / uint64(faults) {
				choose := seeded(seed<<8 | uint64(f))
				results[agree(t, generate(choose, judgesRecipe(choose, f)))]++
			}
			t.Logf("%d linearizable, %d violations, %d undecided", results[Linearizable], results[Violation], results[Undecided])
			if (f == noFault) != (results[Violation] == 0) || results[Linearizable] == 0 {
				t.Errorf("%v", results)
			}
		})
	}
}

func FuzzJudgesAgree(f *testing.F) {
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) {
		choose := rapidChooser(t)
		agree(t, generate(choose, judgesRecipe(choose, fault(choose(int(faults))))))
	}))
}
