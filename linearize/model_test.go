package linearize

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// cellInput is what a test model is asked: of a cell that is read, written,
// swapped, locked by a write of 1 over 0, or emptied.
type cellInput struct{ f, arg, old int }

const (
	cellRead = iota
	cellWrite
	cellSwap
	cellLock // only if it is 0: else it can't happen
)

// cellModel is a register with a lock, with all that narrows a search or without.
func cellModel(narrow bool) Model[int, cellInput, int] {
	m := Model[int, cellInput, int]{
		Step: func(s int, in cellInput, out *int) (int, bool) {
			switch in.f {
			case cellWrite:
				return in.arg, true
			case cellSwap:
				if s == in.old {
					return in.arg, out == nil || *out == 1
				}
				return s, out == nil || *out == 0
			case cellLock:
				return 1, s == 0
			}
			return s, out == nil || *out == s
		},
	}
	if narrow {
		m.Hash = func(s int) uint64 { return uint64(s) }
		m.ReadOnly = func(in cellInput, out *int) bool {
			return in.f == cellRead || in.f == cellSwap && out != nil && *out == 0
		}
	}
	return m
}

// cellHistory is a random history, mostly right: operations take effect at
// moments within their intervals, and some answers are spoilt.
func cellHistory(choose chooser) []Event[cellInput, int] {
	var h []Event[cellInput, int]
	s, m := 0, cellModel(false)
	for i := range 1 + choose(7) {
		in := cellInput{choose(4), choose(3), choose(3)}
		moment := int64(10 * i)
		e := Event[cellInput, int]{Client: i, Call: moment - int64(choose(25)), Return: moment + int64(choose(25)), Input: in, Outcome: Answered}
		switch in.f {
		case cellRead:
			e.Output = s
		case cellSwap:
			if s == in.old {
				e.Output = 1
			}
		}
		next, ok := m.Step(s, in, &e.Output)
		if !ok {
			e.Outcome = Refused
		} else if choose(4) > 0 {
			s = next
		} else if e.Outcome = Unknown; choose(2) == 0 {
			s = next
		}
		if choose(12) == 0 {
			e.Output = choose(3)
		}
		h = append(h, e)
	}
	return h
}

// bruteModel tries every order that real time allows, with every subset of the
// operations without an answer.
func bruteModel(m Model[int, cellInput, int], h []Event[cellInput, int], relaxed []bool, done []bool, s int) bool {
	counts := func(i int) bool { return h[i].Outcome == Answered && !relaxed[i] }
	left, soonest := false, int64(0)
	for i, e := range h {
		if !done[i] && counts(i) && (!left || e.Return < soonest) {
			left, soonest = true, e.Return
		}
	}
	if !left {
		return true
	}
	for i, e := range h {
		if done[i] || e.Outcome == Refused || e.Call > soonest {
			continue
		}
		var out *int
		if counts(i) {
			out = &e.Output
		}
		next, ok := m.Step(s, e.Input, out)
		if !ok {
			continue
		}
		done[i] = true
		if bruteModel(m, h, relaxed, done, next) {
			return true
		}
		done[i] = false
	}
	return false
}

// modelIsRight: the verdict is that of brute force, in the quick round as in the
// others, with and without what narrows the search; the order explains all
// answers; and a core is a minimal contradiction.
func modelIsRight(t tester, choose chooser) Result {
	t.Helper()
	h := cellHistory(choose)
	none := make([]bool, len(h))
	want := Violation
	if bruteModel(cellModel(false), h, none, make([]bool, len(h)), 0) {
		want = Linearizable
	}
	for _, narrow := range []bool{false, true} {
		m := cellModel(narrow)
		v := CheckModel(m, h, Options{})
		if v.Result != want {
			t.Fatalf("brute force says %v, the check %v (narrowed: %v)\n%+v", want, v, narrow, h)
		}
		for _, quick := range []bool{false, true} {
			j := &modelJudge[int, cellInput, int]{Model: m, history: h, budget: 1 << 30}
			ok := true
			for _, part := range j.parts() {
				s := newModelSearch(j, part, 1<<30)
				if quick {
					ok = s.quick()
				} else {
					ok = s.run()
				}
			}
			if ok != (want == Linearizable) {
				t.Fatalf("brute force says %v, a search (quick: %v) %v\n%+v", want, quick, ok, h)
			}
		}
		if want == Linearizable {
			explains(t, m, h, v.Order)
			continue
		}
		c := ModelCore(m, h, v, Options{})
		relaxed := func(kept []int) []bool {
			r := slices.Repeat([]bool{true}, len(h))
			for _, i := range kept {
				r[i] = false
			}
			return r
		}
		if bruteModel(m, h, relaxed(c.Operations), make([]bool, len(h)), 0) {
			t.Fatalf("core %v is no contradiction\n%+v", c, h)
		}
		for k := range c.Operations {
			if !bruteModel(m, h, relaxed(slices.Delete(slices.Clone(c.Operations), k, k+1)), make([]bool, len(h)), 0) {
				t.Fatalf("core %v is not minimal\n%+v", c, h)
			}
		}
	}
	return want
}

// explains replays an order.
func explains(t tester, m Model[int, cellInput, int], h []Event[cellInput, int], order []int) {
	t.Helper()
	s := m.Init
	for n, i := range order {
		for _, later := range order[n:] {
			if h[later].Outcome == Answered && h[later].Return < h[i].Call {
				t.Fatalf("order %v is against real time\n%+v", order, h)
			}
		}
		var out *int
		if h[i].Outcome == Answered {
			out = &h[i].Output
		}
		next, ok := m.Step(s, h[i].Input, out)
		if !ok && out != nil {
			t.Fatalf("order %v does not explain %d\n%+v", order, i, h)
		}
		if ok {
			s = next
		}
	}
}

func TestModelsAgainstBruteForce(t *testing.T) {
	results := [3]int{}
	for seed := range uint64(6000) {
		results[modelIsRight(t, seeded(seed))]++
	}
	if results[Linearizable] < 1000 || results[Violation] < 300 {
		t.Errorf("%v", results)
	}
}

func FuzzModels(f *testing.F) {
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) { modelIsRight(t, rapidChooser(t)) }))
}
