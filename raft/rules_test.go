package raft_test

import (
	"maps"
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
	"VoteCounts=copies":   func(r *raft.Rules) { r.VoteCounts = func(a, b raft.Term, _ bool) bool { return a == b } },
	"VoteCounts=stale":    func(r *raft.Rules) { r.VoteCounts = func(_, _ raft.Term, counted bool) bool { return !counted } },
	"MayCampaign=learner": func(r *raft.Rules) { r.MayCampaign = func(_, lost bool) bool { return !lost } },
	"MayCampaign=lost":    func(r *raft.Rules) { r.MayCampaign = func(voter, _ bool) bool { return voter } },
	"IsQuorum=half":       func(r *raft.Rules) { r.IsQuorum = func(votes, voters int) bool { return votes >= voters/2 } },
	"Waits=contents":      func(r *raft.Rules) { r.Waits = func(contents, _ uint64) uint64 { return contents } },
	"Waits=term":          func(r *raft.Rules) { r.Waits = func(_, termVote uint64) uint64 { return termVote } },

	"MustTruncate=always": func(r *raft.Rules) { r.MustTruncate = func(_, _ raft.Term) bool { return true } },
	"MustTruncate=never":  func(r *raft.Rules) { r.MustTruncate = func(_, _ raft.Term) bool { return false } },
	"Acknowledges=last":   func(r *raft.Rules) { r.Acknowledges = func(_, last raft.Index) raft.Index { return last } },
	"CommitBound=leader":  func(r *raft.Rules) { r.CommitBound = func(leader, _ raft.Index) raft.Index { return leader } },
	"MayCommit=always":    func(r *raft.Rules) { r.MayCommit = func(_, _ raft.Term) bool { return true } },

	"MayRead=always":       func(r *raft.Rules) { r.MayRead = func(_, _ raft.Term) bool { return true } },
	"ReadConfirmed=always": func(r *raft.Rules) { r.ReadConfirmed = func(_, _ uint64) bool { return true } },
	"LeaseHolds=always": func(r *raft.Rules) {
		r.LeaseHolds = func(_, _ raft.Time, _ raft.Duration, _ int64) bool { return true }
	},
	"LeaseHolds=without-drift": func(r *raft.Rules) {
		r.LeaseHolds = func(asked, now raft.Time, d raft.Duration, _ int64) bool { return now < asked.Add(d) }
	},
	"TransferEndsLease=never": func(r *raft.Rules) { r.TransferEndsLease = func() bool { return false } },

	"MayChange=pending": func(r *raft.Rules) {
		r.MayChange = func(_ bool, committed, current raft.Term) bool { return committed == current }
	},
	"MayChange=any-term": func(r *raft.Rules) {
		r.MayChange = func(newestCommitted bool, _, _ raft.Term) bool { return newestCommitted }
	},
	"ConfigurationCounts=committed": func(r *raft.Rules) {
		r.ConfigurationCounts = func(index, commit raft.Index) bool { return index <= commit }
	},
	"MustStepDown=never": func(r *raft.Rules) { r.MustStepDown = func(bool) bool { return false } },

	"SnapshotIsRedundant=never":  func(r *raft.Rules) { r.SnapshotIsRedundant = func(bool) bool { return false } },
	"SnapshotIsRedundant=always": func(r *raft.Rules) { r.SnapshotIsRedundant = func(bool) bool { return true } },
}

// TestReplacedRuleIsCaught: the chaos that finds nothing wrong with the right
// rules (TestSeededChaos) finds each wrong one, by a property that it may break.
// What is rare is caught by a story (TestTranscripts).
func TestReplacedRuleIsCaught(t *testing.T) {
	tests := map[string]struct{ story, breaks string }{
		"UpToDate=always":     {breaks: "LeaderCompleteness CommittedIsDurable"},
		"UpToDate=by-length":  {breaks: "LeaderCompleteness CommittedIsDurable"},
		"MayGrantVote=always": {breaks: "OneVote OneVotePerTerm ElectionSafety"},
		"VoteCounts=copies":   {breaks: "ElectionSafety"},
		"VoteCounts=stale":    {breaks: "ElectionSafety"},
		"MayCampaign=learner": {breaks: "LeaderIsVoter"},
		"MayCampaign=lost":    {breaks: "LostNeverLeads"},
		"IsQuorum=half":       {breaks: "CommittedIsDurable ElectionSafety LeaderCompleteness LinearizableRead"},
		"Waits=contents":      {breaks: "PromisesWait OneVotePerTerm"},
		"Waits=term":          {breaks: "CommittedIsDurable"},

		"MustTruncate=always": {breaks: "CommittedIsDurable CommittedIsKept"},
		"MustTruncate=never":  {breaks: "StateMachineSafety LogMatching CommittedIsDurable"},
		"Acknowledges=last":   {breaks: "CommittedIsDurable", story: "rule-acknowledges"},
		"CommitBound=leader":  {breaks: "StateMachineSafety", story: "rule-commit-bound"},
		"MayCommit=always":    {breaks: "NeverCommitPrevTerms", story: "rule-may-commit"},

		"MayRead=always":           {breaks: "LinearizableRead"},
		"ReadConfirmed=always":     {breaks: "LinearizableRead"},
		"LeaseHolds=always":        {breaks: "LinearizableRead"},
		"LeaseHolds=without-drift": {breaks: "LinearizableRead", story: "rule-lease-drift"},
		"TransferEndsLease=never":  {breaks: "LinearizableRead", story: "rule-transfer-ends-lease"},

		"MayChange=pending":             {breaks: "OneChangeAtATime"},
		"MayChange=any-term":            {breaks: "OneChangeAtATime"},
		"ConfigurationCounts=committed": {breaks: "LeaderCompleteness CommittedIsDurable"},
		"MustStepDown=never":            {breaks: "RemovedLeaderGoes"},

		"SnapshotIsRedundant=never":  {breaks: "CommittedIsDurable", story: "rule-snapshot-is-redundant"},
		"SnapshotIsRedundant=always": {breaks: "StateMachineSafety CommittedIsDurable"},
	}
	if len(tests) != len(replacements) {
		t.Errorf("%d rules are replaced, %d tested", len(replacements), len(tests))
	}
	for _, rule := range slices.Sorted(maps.Keys(replacements)) {
		t.Run(rule, func(t *testing.T) {
			verdict := caught(t, tests[rule].story, replacements[rule])
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
	for seed := range uint64(3000) {
		c := newChaos(seeded(seed))
		spoil(c)
		c.startAll()
		if v := c.run(1500); v != "" {
			return seed, v
		}
	}
	return 0, ""
}
