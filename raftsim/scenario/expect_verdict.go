package scenario

import (
	"fmt"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/raftsim"
)

// excused is the verdict on a run that broke by a fault which no replication
// survives.
const excused = "excused"

// verdicts in words.
var verdicts = []string{linearize.Linearizable.String(), linearize.Violation.String(), excused, linearize.Undecided.String()}

// expectVerdict is `expect verdict linearizable|violation|excused|undecided`.
type expectVerdict struct {
	anywhere
	verdict string
}

func parseExpectVerdict(r *reader) (expectation, error) {
	verdict, err := r.choice("verdict", verdicts...)
	return expectVerdict{verdict: verdict}, err
}

func (e expectVerdict) words() string { return "verdict " + e.verdict }

func (e expectVerdict) check(r *Result) (string, bool) {
	return r.VerdictWord(), r.VerdictWord() == e.verdict
}

// linearizability is the property that the clients' histories have.
const linearizability = "Linearizability"

// properties that may hold or break, by name: those that end a run first.
func properties() []string {
	return append(append(raftsim.Properties(), linearizability), beyondNames...)
}

// beyondNames are the checks beyond linearizability.
var beyondNames = namesOf(linearize.CheckRecord(&linearize.Record{}), func(p linearize.Property) string { return p.Name })

// expectHolds is `expect holds PROPERTY`.
type expectHolds struct {
	anywhere
	property string
}

func parseExpectHolds(r *reader) (expectation, error) {
	property, err := r.choice("property", properties()...)
	return expectHolds{property: property}, err
}

func (e expectHolds) words() string { return "holds " + kv.Quote(e.property) }

// check: what was not looked at does not hold.
func (e expectHolds) check(r *Result) (string, bool) {
	if p := r.beyond(e.property); p != nil {
		return p.String(), p.Result == linearize.Holds
	}
	found, broken := r.breaks(e.property)
	return found, !broken
}

// expectBreaks is `expect breaks PROPERTY`.
type expectBreaks struct {
	anywhere
	property string
}

func parseExpectBreaks(r *reader) (expectation, error) {
	property, err := r.choice("property", properties()...)
	return expectBreaks{property: property}, err
}

func (e expectBreaks) words() string { return "breaks " + kv.Quote(e.property) }

func (e expectBreaks) check(r *Result) (string, bool) {
	if p := r.beyond(e.property); p != nil {
		return p.String(), p.Result == linearize.Broken
	}
	return r.breaks(e.property)
}

// beyond is the check beyond linearizability of that name, nil if there is none.
func (r *Result) beyond(name string) *linearize.Property {
	for i := range r.Beyond {
		if r.Beyond[i].Name == name {
			return &r.Beyond[i]
		}
	}
	return nil
}

// breaks says whether a property broke, and what is known about it. A run ends with
// the first property of the cluster that breaks.
func (r *Result) breaks(property string) (string, bool) {
	broken := r.World.Violation()
	switch {
	case property == linearizability && r.Verdict.Result == linearize.Violation:
		return r.Verdict.Reason, true
	case property == linearizability && r.Verdict.Result == linearize.Undecided:
		return "undecided", false
	case broken != nil && broken.Property == property:
		return broken.Detail, true
	case broken != nil && property != linearizability:
		return fmt.Sprintf("it holds as far as the run goes: %s breaks", broken.Property), false
	default:
		return "it holds", false
	}
}

// expectSettled is `expect settled`.
type expectSettled struct{ anywhere }

func (expectSettled) words() string { return "settled" }

func (expectSettled) check(r *Result) (string, bool) {
	if r.Settled == 0 {
		return "the cluster did not come to rest", false
	}
	return fmt.Sprintf("at %v", r.Settled), true
}
