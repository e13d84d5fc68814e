package raft_test

import (
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/raft"
)

// replacements are rules that somebody might write instead of the right ones.
// Each is named Rule=what, as in a script's "cluster" line.
var replacements = map[string]func(*raft.Rules){
	"UpToDate=always":     func(r *raft.Rules) { r.UpToDate = func(_, _ raft.Position) bool { return true } },
	"UpToDate=by-length":  func(r *raft.Rules) { r.UpToDate = func(c, o raft.Position) bool { return c.Index >= o.Index } },
	"MayGrantVote=always": func(r *raft.Rules) { r.MayGrantVote = func(_, _ raft.ID) bool { return true } },
	"MayCommit=always":    func(r *raft.Rules) { r.MayCommit = func(_, _ raft.Term) bool { return true } },
	"MustTruncate=always": func(r *raft.Rules) { r.MustTruncate = func(_, _ raft.Term) bool { return true } },
	"MustTruncate=never":  func(r *raft.Rules) { r.MustTruncate = func(_, _ raft.Term) bool { return false } },
	"CommitBound=leader":  func(r *raft.Rules) { r.CommitBound = func(leader, _ raft.Index) raft.Index { return leader } },
	"MayRead=always":      func(r *raft.Rules) { r.MayRead = func(_, _ raft.Term) bool { return true } },
	"IsQuorum=half":       func(r *raft.Rules) { r.IsQuorum = func(votes, voters int) bool { return votes >= voters/2 } },
}

// TestReplacedRuleIsCaught: the chaos that finds nothing wrong with the right
// rules (TestSeededChaos) finds each wrong one, by a property that it may break.
func TestReplacedRuleIsCaught(t *testing.T) {
	for _, test := range []struct{ rule, breaks string }{
		{"UpToDate=always", "LeaderCompleteness"},
		{"UpToDate=by-length", "LeaderCompleteness"},
		{"MayGrantVote=always", "OneVote OneVotePerTerm ElectionSafety"},
		{"MayCommit=always", "LeaderCompleteness"},
		{"MustTruncate=always", "CommittedIsDurable CommittedIsKept"},
		{"MustTruncate=never", "StateMachineSafety LogMatching CommittedIsDurable RoleFitsVote"},
		{"CommitBound=leader", "StateMachineSafety CommittedIsDurable CommittedIsKept"},
		{"MayRead=always", "LinearizableRead"},
		{"IsQuorum=half", "CommittedIsDurable ElectionSafety LinearizableRead LeaderCompleteness"},
	} {
		t.Run(test.rule, func(t *testing.T) {
			seed, verdict := hunt(func(c *chaos) { replacements[test.rule](&c.config.Rules) })
			t.Logf("seed %d: %s", seed, verdict)
			property, _, _ := strings.Cut(verdict, ":")
			if property == "" || !strings.Contains(" "+test.breaks+" ", " "+property+" ") {
				t.Errorf("got %q, want one of %s", verdict, test.breaks)
			}
		})
	}
}

// TestLeakyDriverIsCaught: a driver that lets messages leave before their
// writes are durable breaks promises, and the judge sees it.
func TestLeakyDriverIsCaught(t *testing.T) {
	seed, verdict := hunt(func(c *chaos) { c.leaky = true })
	t.Logf("seed %d: %s", seed, verdict)
	if verdict == "" {
		t.Error("not caught")
	}
}

// hunt runs seeds on clusters spoilt by spoil until one breaks a property.
func hunt(spoil func(*chaos)) (seed uint64, verdict string) {
	for seed := range uint64(30_000) {
		choose := seeded(seed)
		n, config := []int{3, 3, 5}[choose("members", 3)], chaosConfig(choose)
		c := &chaos{cluster: newCluster(n, config), choose: choose}
		spoil(c)
		for _, m := range c.members {
			c.mustStart(m)
		}
		if v := c.run(1500); v != "" {
			return seed, v
		}
	}
	return 0, ""
}
