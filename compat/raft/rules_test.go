package raft

import (
	"fmt"
	"strings"
	"testing"

	castaway "github.com/castaway-kv/castaway/raft"
)

// TestBrokenRulesAreFound takes a rule away from our members, and wants the runs of
// TestFaults to notice, whether all members are ours or only some.
func TestBrokenRulesAreFound(t *testing.T) {
	for name, breakRule := range map[string]func(*castaway.Rules){
		"UpToDate":      func(r *castaway.Rules) { r.UpToDate = func(_, _ castaway.Position) bool { return true } },
		"MayGrantVote":  func(r *castaway.Rules) { r.MayGrantVote = func(_, _ castaway.ID) bool { return true } },
		"IsQuorum":      func(r *castaway.Rules) { r.IsQuorum = func(votes, _ int) bool { return votes > 0 } },
		"MustTruncate":  func(r *castaway.Rules) { r.MustTruncate = func(_, _ castaway.Term) bool { return false } },
		"ReadConfirmed": func(r *castaway.Rules) { r.ReadConfirmed = func(_, _ uint64) bool { return true } },
	} {
		for _, kinds := range []string{"ccc", "cceee"} {
			t.Run(name+"/"+kinds, func(t *testing.T) { wantNoticed(t, kinds, len(kinds), breakRule) })
		}
	}
}

// TestBrokenMembershipIsFound does the same with the runs of TestMembership.
func TestBrokenMembershipIsFound(t *testing.T) {
	for name, breakRule := range map[string]func(*castaway.Rules){
		"MayChange": func(r *castaway.Rules) { r.MayChange = func(bool, castaway.Term, castaway.Term) bool { return true } },
		"ConfigurationCounts": func(r *castaway.Rules) {
			r.ConfigurationCounts = func(i, commit castaway.Index) bool { return i <= commit }
		},
	} {
		t.Run(name, func(t *testing.T) { wantNoticed(t, "ccccc", 3, breakRule) })
	}
}

// wantNoticed looks for a run that notices that our members lack a rule.
func wantNoticed(t *testing.T, kinds string, voters int, breakRule func(*castaway.Rules)) {
	for seed := range uint64(2000) {
		if why := broken(t, kinds, voters, seed, breakRule); why != "" {
			t.Logf("seed %d: %s", seed, why)
			return
		}
	}
	t.Error("not noticed")
}

// broken runs a war in which our members lack a rule, and says what was noticed
// first: by the judge, or by a core that could not go on.
func broken(t *testing.T, kinds string, voters int, seed uint64, breakRule func(*castaway.Rules)) (why string) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			why, _, _ = strings.Cut(fmt.Sprint(p), "\n")
		}
	}()
	c := NewCluster(kinds, voters, seed, seeded(t, seed))
	for _, m := range c.members {
		if ours, ok := m.Core.(*Castaway); ok {
			breakRule(&ours.config.Rules)
			c.crash(m)
			c.start(m)
		}
	}
	w := &workload{Cluster: c, changes: voters < len(kinds)}
	for range warTicks {
		w.disturb()
		if len(c.judge.broken) > 0 {
			return c.judge.broken[0]
		}
	}
	return ""
}
