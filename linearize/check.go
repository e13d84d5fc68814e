package linearize

import "fmt"

// Result says what a check found.
type Result uint8

const (
	// Undecided: the budget was spent, or the history is not well formed. It
	// is not a pass.
	Undecided Result = iota
	// Linearizable: one order of effect explains every answer.
	Linearizable
	// Violation: no order does.
	Violation
)

// String returns the result in lower case.
func (r Result) String() string {
	switch r {
	case Undecided:
		return "undecided"
	case Linearizable:
		return "linearizable"
	case Violation:
		return "violation"
	}
	return fmt.Sprintf("result %d", uint8(r))
}

// Options of a check. The zero value has the defaults.
type Options struct {
	// Steps is the budget, in steps of the model: the same history and budget
	// give the same verdict on every machine. Zero or less means DefaultSteps.
	// A step that succeeds counts once more for every 512 bytes that the search
	// remembers for it, so the budget bounds time and memory.
	Steps int64
	// Poll, if not nil, is called from time to time with the steps taken; false
	// ends the check, undecided. It is how a caller shows progress and keeps to a
	// time of its own.
	Poll func(steps int64) bool
}

// DefaultSteps is the budget for a history of n operations: some tenths of a
// second for 10,000 of them.
func DefaultSteps(n int) int64 { return 1<<19 + 64*int64(n) }

// Judge is a way to find a verdict.
type Judge uint8

const (
	// NoJudge: the history never came before one.
	NoJudge Judge = iota
	// Witness follows the revisions in the answers, which tell the order of
	// writes (Gibbons and Korach, "Testing Shared Memories", 1997).
	Witness
	// Porcupine searches for an order.
	Porcupine
)

// String returns the judge's name.
func (j Judge) String() string {
	switch j {
	case NoJudge:
		return "none"
	case Witness:
		return "revision witness"
	case Porcupine:
		return "porcupine"
	}
	return fmt.Sprintf("judge %d", uint8(j))
}

// Verdict is the outcome of a check.
type Verdict struct {
	Result Result
	// Judge that found it, and why it was the one to ask.
	Judge Judge
	Why   string
	// Rule that a violation breaks.
	Rule Rule
	// Operations that were judged: the answered and unknown ones that did not
	// ask for a serializable answer.
	Operations int
	// Serializable counts the operations left out because they asked for an
	// answer that may be stale.
	Serializable int
	// Refused counts the operations left out because they did not happen.
	Refused int
	// Steps of the budget that were used.
	Steps int64
	// Order of effect, as indices of the history: complete if linearizable,
	// else the longest one that was found. Operations without an answer are in
	// it only where some answer depends on them.
	Order []int
	// Conflict names, for a violation, the operations that the reason is about.
	Conflict []int
	// Reason is one sentence that says why the result is not Linearizable.
	Reason string
	// Err says what is wrong with a history that is not well formed.
	Err error
}

// String is the verdict on one line.
func (v Verdict) String() string {
	if v.Result == Linearizable {
		return fmt.Sprintf("%v (%d operations)", v.Result, v.Operations)
	}
	return fmt.Sprintf("%v (%d operations): %s", v.Result, v.Operations, v.Reason)
}

// Check decides whether a history is linearizable. An operation refused with a
// definite error takes no part, nor does one that asked for a serializable
// answer; the verdict counts them. Everything that a client saw is compared:
// values, counts, and every revision.
//
// A history is checked within a budget of steps; more than that gives
// Undecided, as does a history that History.Validate refuses.
func Check(h History, opts Options) Verdict {
	var v Verdict
	if err := h.Validate(); err != nil {
		v.Err, v.Reason = err, err.Error()
		return v
	}
	answered, writers := v.sortOut(h)
	p, found := makePlan(h, answered, writers)
	if found != nil {
		v.Result, v.Reason, v.Conflict = Violation, found.reason, found.conflict
		return v
	}
	budget := opts.Steps
	if budget <= 0 {
		budget = DefaultSteps(len(h))
	}
	s := newSearch(p, budget)
	ordered := s.run()
	v.Steps, v.Order = s.steps, s.order()
	switch {
	case s.spent:
		v.Reason = fmt.Sprintf("the budget of %d steps ended with %d of %d operations in order: give more steps, or check a shorter history",
			budget, s.deepest.placed, len(s.candidates))
	case ordered:
		v.Result = Linearizable
	default:
		v.Result = Violation
		v.Reason, v.Conflict = s.explain()
	}
	return v
}

// sortOut counts the operations and lists those that a search is about: the
// answered ones, and those without an answer that may have changed something.
func (v *Verdict) sortOut(h History) (answered, writers []int) {
	for i, op := range h {
		switch {
		case op.Outcome == Refused:
			v.Refused++
		case serializable(op.Request):
			v.Serializable++
		case op.Outcome == Answered:
			v.Operations++
			answered = append(answered, i)
		default:
			v.Operations++
			if mayWrite(op.Request) {
				writers = append(writers, i)
			}
		}
	}
	return answered, writers
}
