package raft_test

import (
	"os"
	"path/filepath"
	"slices"
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
// Two are rare, and caught by a story (TestTranscripts): MayCommit needs Figure
// 8; CommitBound needs a leader that sends an empty message in the midst of its
// log, as the paper allows and ours never does before entries.
func TestReplacedRuleIsCaught(t *testing.T) {
	tests := map[string]struct{ story, breaks string }{
		"UpToDate=always":     {breaks: "LeaderCompleteness"},
		"UpToDate=by-length":  {breaks: "LeaderCompleteness"},
		"MayGrantVote=always": {breaks: "OneVote OneVotePerTerm ElectionSafety"},
		"MayCommit=always":    {breaks: "LeaderCompleteness", story: "rule-may-commit"},
		"MustTruncate=always": {breaks: "CommittedIsDurable CommittedIsKept"},
		"MustTruncate=never":  {breaks: "StateMachineSafety LogMatching CommittedIsDurable"},
		"CommitBound=leader":  {breaks: "StateMachineSafety", story: "rule-commit-bound"},
		"MayRead=always":      {breaks: "LinearizableRead"},
		"IsQuorum=half":       {breaks: "CommittedIsDurable ElectionSafety LeaderCompleteness LinearizableRead"},
	}
	for rule, replace := range replacements {
		t.Run(rule, func(t *testing.T) {
			verdict := caught(t, tests[rule].story, replace)
			property, _, _ := strings.Cut(verdict, ":")
			if !slices.Contains(strings.Fields(tests[rule].breaks), property) {
				t.Errorf("got %q, want one of %s", verdict, tests[rule].breaks)
			}
		})
	}
}

// caught returns what breaks with a rule replaced: in a story if there is one,
// else in the first seed that breaks anything.
func caught(t *testing.T, story string, replace func(*raft.Rules)) string {
	if story == "" {
		seed, verdict := hunt(func(c *chaos) { replace(&c.config.Rules) })
		t.Logf("seed %d: %s", seed, verdict)
		return verdict
	}
	text, err := os.ReadFile(filepath.Join("testdata", story+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	_, verdict := tell(t, string(text), false)
	return verdict
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
	for seed := range uint64(10_000) {
		c := newChaos(seeded(seed))
		spoil(c)
		c.startAll()
		if v := c.run(1500); v != "" {
			return seed, v
		}
	}
	return 0, ""
}
