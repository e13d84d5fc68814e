package linearize

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Model is a sequential specification: S is the state, I what a client asks, O
// what it is answered. States must not be changed in place: Step returns new ones.
type Model[S, I, O any] struct {
	// Init is the state in the beginning; with Partition, of each part.
	Init S
	// Step is what an operation does: the state after it, and whether it can
	// have been answered so. A nil out stands for an unknown outcome, which
	// allows every answer; where an operation without an answer could not happen
	// at all (as a lock of what is locked), false says that it did nothing.
	Step func(state S, in I, out *O) (next S, ok bool)
	// Equal compares states; nil compares with ==, which S must then allow.
	Equal func(a, b S) bool
	// Hash gives equal states equal numbers; with it, a search that comes back to
	// a state knows it faster. It may be nil.
	Hash func(S) uint64
	// Partition, if not nil, names the part of the state that an operation is
	// about. Each part is judged alone, which is the same and much faster.
	Partition func(I) string
	// ReadOnly, if not nil, says that an operation that was answered so changes
	// nothing, whatever the state; out is nil as for Step. It makes searches short.
	ReadOnly func(in I, out *O) bool
	// Feasible, if not nil, is given the operations of a part and returns a test that each state on the way must pass, where the answers say more of
	// them than Step sees; or nil.
	Feasible func([]Event[I, O]) func(S) bool
	// Describe is an operation in words; nil prints its fields.
	Describe func(in I, out *O) string
}

// Event is one operation as a client saw it; see Operation for
// the fields that it shares with this one.
type Event[I, O any] struct {
	Client       int
	Call, Return int64
	Input        I
	Outcome      Outcome
	// Output counts if the outcome is Answered.
	Output O
}

// DefaultModelSteps is the budget for a history of n operations: about a second for
// small ones.
func DefaultModelSteps(n int) int64 { return 1<<22 + 64*int64(n) }

// CheckModel judges a history under a model. It needs no revisions, so it searches;
// Options bounds the search.
func CheckModel[S, I, O any](m Model[S, I, O], history []Event[I, O], opts Options) Verdict {
	v := Verdict{Judge: Porcupine, Why: "the answers carry no revisions"}
	for i := range history {
		op := &history[i]
		if err := op.validate(i); err != nil {
			v.Err, v.Reason = err, err.Error()
			return v
		}
		if op.Outcome == Refused {
			v.Refused++
		} else {
			v.Operations++
		}
	}
	j := &modelJudge[S, I, O]{Model: m, history: history, budget: opts.Steps, poll: opts.Poll}
	if j.budget <= 0 {
		j.budget = DefaultModelSteps(len(history))
	}
	j.run(&v)
	return v
}

func (op *Event[I, O]) validate(i int) error {
	switch {
	case op.Outcome > Refused:
		return fmt.Errorf("linearize: operation %d of client %d: %v is not one of unknown, answered and refused", i, op.Client, op.Outcome)
	case op.Outcome != Unknown && op.Return < op.Call:
		return fmt.Errorf("linearize: operation %d of client %d: it returns at %d, before its call at %d: stamps must come from one counter",
			i, op.Client, op.Return, op.Call)
	}
	return nil
}

// modelJudge is one run over a history.
type modelJudge[S, I, O any] struct {
	Model[S, I, O]
	history       []Event[I, O]
	budget, steps int64
	poll          func(steps int64) bool
	// stopped: the budget of a search is spent; ended: poll said so.
	stopped, ended bool
	// relaxed operations are judged as if they had no answer.
	relaxed []bool
}

// rounds: each part gets few steps at first, then more, so that one that is
// plainly wrong is found before one that is hard takes all the budget.
const (
	quickSteps = 48 // for each operation, in a round before the first
	firstRound = 4096
	nextRounds = 16
)

// run judges one part after the other, so that the same history takes the same
// steps everywhere.
func (j *modelJudge[S, I, O]) run(v *Verdict) {
	parts := j.parts()
	single := len(parts) == 1
	placed := make([]placement, 0, len(j.history))
	for share := int64(0); len(parts) > 0; share = max(firstRound, share*nextRounds) {
		var left [][]int
		for _, part := range parts {
			s, ok := j.search(part, share)
			v.Steps = j.steps
			switch {
			case j.stopped && (j.ended || j.steps >= j.budget):
				v.Result, v.Order = Undecided, nil
				v.Reason = fmt.Sprintf("after %d steps, %d of %d operations were in order: give more steps or time, or check a shorter history",
					j.steps, s.deepest.placed, len(part))
				return
			case j.stopped:
				j.stopped = false
				left = append(left, part)
			case !ok:
				v.Result, v.Rule, v.Order = Violation, RuleNoOrder, s.order()
				v.Reason, v.Conflict = s.explain()
				return
			case single:
				v.Result, v.Order = Linearizable, s.order()
				return
			default:
				placed = append(placed, s.placements()...)
			}
		}
		parts = left
	}
	v.Result, v.Order = Linearizable, weave(placed)
}

// search looks for an order of a part: quickly in the round before the first, as
// looking at what an operation without an answer is needed for is not worth its
// time in the many histories that are easy.
func (j *modelJudge[S, I, O]) search(part []int, share int64) (*modelSearch[S, I, O], bool) {
	if share == 0 {
		s := newModelSearch(j, part, min(int64(quickSteps*len(part)), j.budget-j.steps))
		return s, s.quick()
	}
	s := newModelSearch(j, part, min(share, j.budget-j.steps))
	return s, s.run()
}

// parts lists the operations to judge, part by part.
func (j *modelJudge[S, I, O]) parts() [][]int {
	all := make([]int, 0, len(j.history))
	first, one := "", true
	for i := range j.history {
		op := &j.history[i]
		if op.Outcome == Refused || !j.known(i) && j.ReadOnly != nil && j.ReadOnly(op.Input, nil) {
			continue
		}
		all = append(all, i)
		if j.Partition != nil && one {
			name := j.Partition(op.Input)
			if len(all) == 1 {
				first = name
			}
			one = name == first
		}
	}
	switch {
	case len(all) == 0:
		return nil
	case one:
		return [][]int{all}
	}
	return j.split(all)
}

// split sorts operations into their parts.
func (j *modelJudge[S, I, O]) split(all []int) [][]int {
	var parts [][]int
	numbers := map[string]int{}
	for _, i := range all {
		name := j.Partition(j.history[i].Input)
		n, ok := numbers[name]
		if !ok {
			n = len(parts)
			numbers[name] = n
			parts = append(parts, nil)
		}
		parts[n] = append(parts[n], i)
	}
	return parts
}

// placement is an operation with a moment at which it may have taken effect.
type placement struct {
	index int
	at    int64
}

// weave makes one order of those of the parts: each operation takes effect at
// the latest call among those up to it in its part, or its own.
func weave(placed []placement) []int {
	slices.SortStableFunc(placed, func(a, b placement) int { return cmp.Compare(a.at, b.at) })
	order := make([]int, len(placed))
	for i, p := range placed {
		order[i] = p.index
	}
	return order
}

// interval of an operation in the search.
func (j *modelJudge[S, I, O]) interval(i int) (call, ret int64) {
	op := &j.history[i]
	if j.known(i) {
		return op.Call, op.Return
	}
	return op.Call, math.MaxInt64
}

// known says that the operation's answer counts.
func (j *modelJudge[S, I, O]) known(i int) bool {
	return j.history[i].Outcome == Answered && (j.relaxed == nil || !j.relaxed[i])
}

func (j *modelJudge[S, I, O]) words(i int) string {
	op := &j.history[i]
	var out *O
	if op.Outcome == Answered {
		out = &op.Output
	}
	if j.Describe != nil {
		return fmt.Sprintf("operation %d (client %d: %s)", i, op.Client, j.Describe(op.Input, out))
	}
	if out == nil {
		return fmt.Sprintf("operation %d (client %d: %v: no answer)", i, op.Client, op.Input)
	}
	return fmt.Sprintf("operation %d (client %d: %v: %v)", i, op.Client, op.Input, *out)
}
