package scenario

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/raftsim"
)

// expectation is what `expect` says of the end of a run.
type expectation interface {
	statement
	// check says in a few words what is the case, and whether that was expected.
	check(*Result) (found string, holds bool)
}

var expectations = []string{"verdict", "value", "increments", "leader"}

// expectVerdict is `expect verdict linearizable|violation`.
type expectVerdict linearize.Result

// expectValue is `expect value KEY VALUE`.
type expectValue struct{ key, value string }

// expectIncrements is `expect increments KEY`.
type expectIncrements string

// expectLeader is `expect leader [S2|any|none]`.
type expectLeader string

func parseExpect(r *reader) (statement, error) {
	name, err := r.choice("expectation", expectations...)
	if err != nil {
		return nil, err
	}
	switch name {
	case "verdict":
		return parseExpectVerdict(r)
	case "value":
		return parseExpectValue(r)
	case "increments":
		key, err := r.next("the counter's key")
		return expectIncrements(key), err
	default:
		return parseExpectLeader(r)
	}
}

func parseExpectVerdict(r *reader) (statement, error) {
	results := []linearize.Result{linearize.Linearizable, linearize.Violation}
	text, err := r.choice("verdict", results[0].String(), results[1].String())
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(results, func(v linearize.Result) bool { return v.String() == text })
	return expectVerdict(results[i]), nil
}

func parseExpectValue(r *reader) (statement, error) {
	key, err := r.next("a key and a value")
	if err != nil {
		return nil, err
	}
	value, err := r.next("a value")
	return expectValue{key, value}, err
}

// Words of `expect leader` beside a member's name.
const (
	anyLeader = "any"
	noLeader  = "none"
)

func parseExpectLeader(r *reader) (statement, error) {
	if r.empty() {
		return expectLeader(anyLeader), nil
	}
	text, err := r.next("")
	return expectLeader(text), err
}

func (e expectVerdict) words() string { return "expect verdict " + linearize.Result(e).String() }

func (e expectValue) words() string { return "expect value " + spell(e.key) + " " + spell(e.value) }

func (e expectIncrements) words() string { return "expect increments " + spell(string(e)) }

func (e expectLeader) words() string { return "expect leader " + string(e) }

func (e expectVerdict) apply(sc *Scenario) error { return sc.expect(e) }

func (e expectValue) apply(sc *Scenario) error { return sc.expect(e) }

func (e expectIncrements) apply(sc *Scenario) error {
	increments := func(c raftsim.Client) bool {
		w, ok := c.Workload.(*raftsim.CASCounter)
		return ok && w.Key == string(e)
	}
	if !slices.ContainsFunc(sc.config.Clients, increments) {
		return fmt.Errorf("increments: no client increments %s", quote(string(e)))
	}
	return sc.expect(e)
}

func (e expectLeader) apply(sc *Scenario) error {
	valid := append(memberNames(sc.config.Members), anyLeader, noLeader)
	if !slices.Contains(valid, string(e)) {
		return unknown("leader", string(e), valid)
	}
	return sc.expect(e)
}

func (s *Scenario) expect(e expectation) error {
	const most = 100
	if len(s.expects) == most {
		return fmt.Errorf("more than %d expectations", most)
	}
	if slices.Contains(s.expects, e) {
		return fmt.Errorf("%s stands in a line before already", e.words())
	}
	s.expects = append(s.expects, e)
	return nil
}

func (e expectVerdict) check(r *Result) (string, bool) {
	return r.Judgement().String(), r.Judgement() == linearize.Result(e)
}

func (e expectValue) check(r *Result) (string, bool) {
	value, ok := r.value(e.key)
	if !ok {
		return "there is no such key", false
	}
	return "it is " + quote(value), value == e.value
}

// check: every increment that was acknowledged counts once, every one with an
// unknown outcome at most once, and nothing else counts.
func (e expectIncrements) check(r *Result) (string, bool) {
	i := slices.IndexFunc(r.Counters, func(c Counter) bool { return c.Key == string(e) })
	c := r.Counters[i]
	final, err := int64(0), error(nil)
	if c.Final != "" {
		final, err = strconv.ParseInt(c.Final, 10, 64)
	}
	found := fmt.Sprintf("%d acknowledged + %d unknown that took effect, and it is %s", c.Acknowledged, c.TookEffect, cmp.Or(c.Final, "0"))
	return found, err == nil && final == c.Acknowledged+c.TookEffect
}

func (e expectLeader) check(r *Result) (string, bool) {
	found := noLeader
	if id := r.World.Leader(); id != 0 {
		found = raftsim.Name(id)
	}
	return found, found == string(e) || found != noLeader && e == anyLeader
}
