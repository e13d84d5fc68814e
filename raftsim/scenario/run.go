package scenario

import (
	"slices"
	"strconv"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/raftsim"
)

// Options of a run. The zero value has the defaults.
type Options struct {
	// Observe is told every event, in order; the event is valid during the call.
	Observe func(*raftsim.Event)
	// Look is told the world after every event, which it must not change.
	Look func(*raftsim.World)
	// Check are the options of the judge.
	Check linearize.Options
}

// Result is what became of a run.
type Result struct {
	// World at the end of the run, for everything that is not below.
	World *raftsim.World
	// History is what the clients saw; Verdict is the judge's word on it.
	History linearize.History
	Verdict linearize.Verdict
	// Beyond are the checks beyond linearizability.
	Beyond []linearize.Property
	// Elections counts those that were won.
	Elections int
	// Counters are those that clients of the scenario increment.
	Counters []Counter
	// Expectations are those of the scenario, in order.
	Expectations []Expectation
	// Goals are those of the scenario, in order.
	Goals []GoalResult
	// Settled is when the cluster came to rest after its faults; 0 if it did not, or
	// was not asked to.
	Settled raftsim.Time

	// expects and counts are those of the scenario.
	expects []expectation
	counts  []int
}

// GoalResult is a goal, and when it was reached.
type GoalResult struct {
	Text    string
	Reached bool
	At      raftsim.Time
}

// Counter is the account of one counter: in every run Final is Acknowledged +
// TookEffect, or an increment was lost or doubled.
type Counter struct {
	Key string
	// Final is the value at the end: "" if there is no key.
	Final string
	// Acknowledged counts the increments that were answered with success, and
	// LostRaces those that were answered with a failed compare.
	Acknowledged, LostRaces int64
	// Unknown counts the increments without an answer, TookEffect those of them
	// that happened nevertheless.
	Unknown, TookEffect int64
}

// Expectation is what a scenario expects of its end, and what was found.
type Expectation struct {
	// Text is the line in canonical form, such as `expect value k 5`.
	Text  string
	Holds bool
	// Found says in a few words what is the case.
	Found string
}

// Run runs a scenario to its end, or to the first check of the cluster that
// fails, and judges what the clients saw. A broken expectation is no error: see
// Result.OK.
func Run(s *Scenario, options Options) (*Result, error) {
	world, err := raftsim.New(s.Config())
	if err != nil {
		return nil, err
	}
	r := &Result{World: world, counts: make([]int, len(s.counts))}
	watch := newWatchman(s, r)
	for next, ok := world.Next(); ok && next <= s.length; next, ok = world.Next() {
		world.Step()
		for i := range world.Events() {
			watch.see(&world.Events()[i], options.Observe)
		}
		if options.Look != nil {
			options.Look(world)
		}
	}
	world.RunUntil(s.length)
	if options.Check.Steps == 0 {
		options.Check.Steps = int64(s.steps)
	}
	whole := world.Judge(options.Check)
	r.History, r.Verdict, r.Beyond = whole.History, whole.Store, whole.Beyond
	r.count(s)
	for _, e := range s.expects {
		r.expects = append(r.expects, e.(expectStatement).expectation)
		found, holds := e.check(r)
		r.Expectations = append(r.Expectations, Expectation{e.words(), holds, found})
	}
	return r, nil
}

// count fills in the counters.
func (r *Result) count(s *Scenario) {
	for _, c := range s.config.Clients {
		w, ok := c.Workload.(*raftsim.CASCounter)
		if ok && !slices.ContainsFunc(r.Counters, func(c Counter) bool { return c.Key == w.Key }) {
			r.Counters = append(r.Counters, r.counter(w.Key))
		}
	}
}

func (r *Result) counter(key string) Counter {
	c := Counter{Key: key}
	c.Final, _ = r.value(key)
	for i, op := range r.History {
		if !raftsim.IsIncrement(op.Request, key) {
			continue
		}
		switch op.Outcome {
		case linearize.Answered:
			if succeeded(op.Response) {
				c.Acknowledged++
			} else {
				c.LostRaces++
			}
		case linearize.Unknown:
			c.Unknown++
			if effect := r.World.Op(i).Effect; effect.Applied && succeeded(effect.Response) {
				c.TookEffect++
			}
		case linearize.Refused: // it did not happen
		}
	}
	return c
}

func succeeded(r kv.Response) bool {
	txn, ok := r.(kv.TxnResponse)
	return ok && txn.Succeeded
}

// value of a key at the end, in the store that has applied the most.
func (r *Result) value(key string) (string, bool) {
	response, err := r.World.CommittedStore().Range(kv.RangeRequest{Span: kv.Span{Key: key}})
	if err != nil || len(response.KVs) == 0 {
		return "", false
	}
	return response.KVs[0].Value, true
}

// Judgement is the verdict on the whole run: a violation also when a property
// of the cluster broke though no client could see it.
func (r *Result) Judgement() linearize.Result {
	if r.World.Violation() != nil || linearize.FirstBroken(r.Beyond) != nil {
		return linearize.Violation
	}
	return r.Verdict.Result
}

// VerdictWord is the Judgement in a word, which is "excused" if it is a violation
// after a fault that no replication survives.
func (r *Result) VerdictWord() string {
	if r.Judgement() == linearize.Violation && r.World.Excuse() != "" {
		return excused
	}
	return r.Judgement().String()
}

// OK says that all expectations hold and the run is linearizable, unless another
// verdict was expected, or that something breaks.
func (r *Result) OK() bool {
	asExpected := r.Judgement() == linearize.Linearizable
	for i, e := range r.Expectations {
		if !e.Holds {
			return false
		}
		switch r.expects[i].(type) {
		case expectVerdict, expectBreaks:
			asExpected = true
		}
	}
	return asExpected
}

// Hash of all events, 16 hex digits.
func (r *Result) Hash() string {
	digits := strconv.FormatUint(r.World.Hash(), 16)
	return "0000000000000000"[len(digits):] + digits
}
