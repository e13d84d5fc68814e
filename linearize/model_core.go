package linearize

import (
	"slices"
)

// coreSteps bounds each of the questions of ModelCore, where the verdict itself
// did not take more, and coreTotal all of them. A core that is not minimal is
// worth showing up to coreMost operations.
const (
	coreSteps = 20_000
	coreTotal = 1_500_000
	coreMost  = 20
)

// ModelCore finds, for a violation, operations whose answers contradict each
// other: even if all others had no answer, there would be no order.
func ModelCore[S, I, O any](m Model[S, I, O], history []Event[I, O], v Verdict, opts Options) Contradiction {
	if v.Result != Violation || len(v.Conflict) == 0 {
		return Contradiction{}
	}
	c := &modelCore[S, I, O]{model: m, left: coreTotal, each: max(coreSteps, min(v.Steps, coreTotal/10)), poll: opts.Poll}
	c.ops = c.shortest(part(m, history, v.Conflict[0]))
	c.relax()
	found := Contradiction{Minimal: c.exact}
	for n, op := range c.ops {
		if !c.relaxed[n] {
			found.Operations = append(found.Operations, op.index)
		}
	}
	if !found.Minimal && len(found.Operations) > coreMost {
		found.Operations = slices.Clone(v.Conflict)
	}
	slices.Sort(found.Operations)
	return found
}

// modelCore is a history under reduction.
type modelCore[S, I, O any] struct {
	model   Model[S, I, O]
	ops     []indexed[I, O]
	relaxed []bool
	// left of all steps, and the most for each question.
	left, each int64
	poll       func(int64) bool
	// exact: no question was left open.
	exact bool
}

type indexed[I, O any] struct {
	Event[I, O]
	index int
}

// part is what the operation i is judged with.
func part[S, I, O any](m Model[S, I, O], history []Event[I, O], i int) []indexed[I, O] {
	var ops []indexed[I, O]
	for n := range history {
		op := &history[n]
		if op.Outcome == Refused || m.Partition != nil && m.Partition(op.Input) != m.Partition(history[i].Input) {
			continue
		}
		ops = append(ops, indexed[I, O]{*op, n})
	}
	return ops
}

// shortest cuts the history after the first answer that can't be: an operation
// that returned later has no answer yet, one called later is not there.
func (c *modelCore[S, I, O]) shortest(ops []indexed[I, O]) []indexed[I, O] {
	var returns []int64
	for _, op := range ops {
		if op.Outcome == Answered {
			returns = append(returns, op.Return)
		}
	}
	slices.Sort(returns)
	// The whole history is wrong; find the first return up to which it is.
	low, high := 0, len(returns)-1
	for low < high {
		mid := (low + high) / 2
		if c.wrong(until(ops, returns[mid]), nil) {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return until(ops, returns[high])
}

func until[I, O any](ops []indexed[I, O], stamp int64) []indexed[I, O] {
	var cut []indexed[I, O]
	for _, op := range ops {
		if op.Call > stamp {
			continue
		}
		if op.Outcome == Answered && op.Return > stamp {
			op.Outcome = Unknown
		}
		cut = append(cut, op)
	}
	return cut
}

// wrong says whether operations surely have no order; false if that was too
// much to ask.
func (c *modelCore[S, I, O]) wrong(ops []indexed[I, O], relaxed []bool) bool {
	if c.left <= 0 {
		return false
	}
	history := make([]Event[I, O], len(ops))
	for i := range ops {
		history[i] = ops[i].Event
	}
	j := &modelJudge[S, I, O]{Model: c.model, history: history, budget: min(c.each, c.left), poll: c.poll, relaxed: relaxed}
	var v Verdict
	j.run(&v)
	c.left -= max(1, j.steps)
	if v.Result == Undecided {
		c.exact = false
	}
	return v.Result == Violation
}

// relax lets go of as many operations as it can, in halves, quarters, and so on
// to single ones. Letting go of more never makes a history wrong, so one pass
// over single ones is enough for a minimal core.
func (c *modelCore[S, I, O]) relax() {
	c.relaxed = make([]bool, len(c.ops))
	var kept []int
	for i, op := range c.ops {
		if op.Outcome == Answered {
			kept = append(kept, i)
		} else {
			c.relaxed[i] = true
		}
	}
	for size := max(1, len(kept)/2); ; size /= 2 {
		c.exact = true
		kept = c.pass(kept, size)
		if size == 1 {
			break
		}
	}
	if c.left <= 0 {
		c.exact = false
	}
}

// pass tries to let go of each run of operations of a size; it returns those
// that stay.
func (c *modelCore[S, I, O]) pass(kept []int, size int) []int {
	var stay []int
	for chunk := range slices.Chunk(kept, max(1, size)) {
		trial := slices.Clone(c.relaxed)
		for _, i := range chunk {
			trial[i] = true
		}
		if c.wrong(c.ops, trial) {
			c.relaxed = trial
		} else {
			stay = append(stay, chunk...)
		}
	}
	return stay
}
