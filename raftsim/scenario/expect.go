package scenario

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raftsim"
)

// expectation is what `expect` says of the end of a run.
type expectation interface {
	statement
	// check says in a few words what is the case, and whether that was expected.
	check(*Result) (found string, holds bool)
}

// expectations by their word: each parser takes what stands behind it.
var expectations = []struct {
	word  string
	parse func(*reader) (expectation, error)
}{
	{"verdict", parseExpectVerdict},
	{"holds", parseExpectHolds},
	{"breaks", parseExpectBreaks},
	{"settled", func(*reader) (expectation, error) { return expectSettled{}, nil }},
	{"leader", parseExpectLeader},
	{"elections", parseExpectElections},
	{"count", parseExpectCount},
	{"goals", func(*reader) (expectation, error) { return expectGoals{}, nil }},
	{"value", parseExpectValue},
	{"absent", parseExpectAbsent},
	{"increments", parseExpectIncrements},
	{"bank", parseExpectBank},
	{"stale-writes", parseExpectStale},
}

func expectationNames() []string {
	var names []string
	for _, e := range expectations {
		names = append(names, e.word)
	}
	return names
}

func parseExpect(r *reader) (statement, error) {
	name, err := r.choice("expectation", expectationNames()...)
	if err != nil {
		return nil, err
	}
	for _, e := range expectations {
		if e.word == name {
			parsed, err := e.parse(r)
			if err != nil {
				err = fmt.Errorf("%s: %w", name, err)
			}
			return expectStatement{parsed}, err
		}
	}
	panic("scenario: no parser for the expectation " + name)
}

// expectStatement is `expect …`.
type expectStatement struct{ expectation }

func (e expectStatement) words() string { return "expect " + e.expectation.words() }

func (e expectStatement) apply(sc *Scenario) error {
	const most = 100
	if len(sc.expects) == most {
		return fmt.Errorf("more than %d expectations", most)
	}
	if sc.said[e.words()] {
		return fmt.Errorf("%s stands in a line before already", e.words())
	}
	if sc.said == nil {
		sc.said = map[string]bool{}
	}
	sc.said[e.words()] = true
	if err := e.expectation.apply(sc); err != nil {
		return err
	}
	sc.expects = append(sc.expects, e)
	return nil
}

// anywhere is embedded in expectations that fit in every scenario.
type anywhere struct{}

func (anywhere) apply(*Scenario) error { return nil }

// expectLeader is `expect leader [S2|any|none]`.
type expectLeader struct {
	anywhere
	who string
}

// Words of `expect leader` beside a member's name.
const (
	anyLeader = "any"
	noLeader  = "none"
)

func parseExpectLeader(r *reader) (expectation, error) {
	if r.empty() {
		return expectLeader{who: anyLeader}, nil
	}
	who, err := r.choice("leader", append(r.sc.memberNames(), anyLeader, noLeader)...)
	return expectLeader{who: who}, err
}

func (e expectLeader) words() string { return "leader " + e.who }

func (e expectLeader) check(r *Result) (string, bool) {
	found := noLeader
	if id := r.World.Leader(); id != 0 {
		found = raftsim.Name(id)
	}
	return found, found == e.who || found != noLeader && e.who == anyLeader
}

// expectElections is `expect elections AMOUNT`.
type expectElections struct {
	anywhere
	amount
}

// takeAmount takes 2, 1..3 or 2.. .
func (r *reader) amount() (amount, error) {
	return value(r, "how many, such as 2, 1..3 or 2..", parseAmount)
}

func parseExpectElections(r *reader) (expectation, error) {
	a, err := r.amount()
	return expectElections{amount: a}, err
}

func (e expectElections) words() string { return "elections " + e.String() }

func (e expectElections) check(r *Result) (string, bool) {
	return fmt.Sprintf("%d won", r.Elections), e.has(r.Elections)
}

// expectCount is `expect count PATTERN AMOUNT`.
type expectCount struct {
	pattern
	amount
	// number of the count in the result.
	number *int
}

func parseExpectCount(r *reader) (expectation, error) {
	p, err := parsePattern(r)
	if err != nil {
		return nil, err
	}
	a, err := r.amount()
	return expectCount{p, a, new(int)}, err
}

func (e expectCount) words() string { return "count " + e.pattern.words() + " " + e.String() }

func (e expectCount) apply(sc *Scenario) error {
	*e.number = len(sc.counts)
	sc.counts = append(sc.counts, e.pattern)
	return nil
}

func (e expectCount) check(r *Result) (string, bool) {
	n := r.counts[*e.number]
	return strconv.Itoa(n), e.has(n)
}

// expectGoals is `expect goals`: all of them are reached.
type expectGoals struct{}

func (expectGoals) words() string { return "goals" }

func (expectGoals) apply(sc *Scenario) error {
	if len(sc.goals) == 0 && !slices.ContainsFunc(sc.lines, func(l line) bool { return l.form != nil && l.form.word == "goal" }) {
		return fmt.Errorf("goals: there is no goal")
	}
	return nil
}

func (expectGoals) check(r *Result) (string, bool) {
	n := 0
	for _, g := range r.Goals {
		if g.Reached {
			n++
		}
	}
	return fmt.Sprintf("%d of %d reached", n, len(r.Goals)), n == len(r.Goals)
}

// expectValue is `expect value KEY VALUE`.
type expectValue struct {
	anywhere
	key, value string
}

func parseExpectValue(r *reader) (expectation, error) {
	key, err := r.text("a key and a value")
	if err != nil {
		return nil, err
	}
	value, err := r.next("a value")
	return expectValue{key: key, value: value}, err
}

func (e expectValue) words() string { return "value " + kv.Quote(e.key) + " " + kv.Quote(e.value) }

func (e expectValue) check(r *Result) (string, bool) {
	value, ok := r.value(e.key)
	if !ok {
		return "there is no such key", false
	}
	return "it is " + quote(value), value == e.value
}

// expectAbsent is `expect absent KEY`.
type expectAbsent struct {
	anywhere
	key string
}

func parseExpectAbsent(r *reader) (expectation, error) {
	key, err := r.text("a key")
	return expectAbsent{key: key}, err
}

func (e expectAbsent) words() string { return "absent " + kv.Quote(e.key) }

func (e expectAbsent) check(r *Result) (string, bool) {
	value, ok := r.value(e.key)
	if ok {
		return "it is " + quote(value), false
	}
	return "there is no such key", true
}
