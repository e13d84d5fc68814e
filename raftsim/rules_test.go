package raftsim

import (
	"errors"
	"slices"
	"testing"

	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/raft"
)

// Each check is proven by something it catches: a rule of the paper is replaced,
// and rough runs are tried until the property breaks that the rule is for.
//
// Two rules are missing here, for they are rare: MayCommit takes Figure 8 with
// disks that are slow in just the right places, CommitBound an empty message in
// the midst of entries. Package raft tells both as transcripts.
func TestReplacedRules(t *testing.T) {
	tests := []struct {
		name   string
		change func(*raft.Rules)
		breaks string
	}{
		{"half is a quorum", func(r *raft.Rules) {
			r.IsQuorum = func(votes, voters int) bool { return votes >= voters/2 }
		}, "CommittedIsDurable"},
		{"one is a quorum", func(r *raft.Rules) {
			r.IsQuorum = func(votes, _ int) bool { return votes > 0 }
		}, "ElectionSafety"},
		{"any log is up to date", func(r *raft.Rules) {
			r.UpToDate = func(_, _ raft.Position) bool { return true }
		}, "LeaderCompleteness"},
		{"the longer log is up to date", func(r *raft.Rules) {
			r.UpToDate = func(candidate, own raft.Position) bool { return candidate.Index >= own.Index }
		}, "LeaderCompleteness"},
		{"votes for everybody", func(r *raft.Rules) {
			r.MayGrantVote = func(_, _ raft.ID) bool { return true }
		}, "OneVote"},
		{"conflicts stay", func(r *raft.Rules) {
			r.MustTruncate = func(_, _ raft.Term) bool { return false }
		}, "LogMatching"},
		{"conflicts stay, and are applied", func(r *raft.Rules) {
			r.MustTruncate = func(_, _ raft.Term) bool { return false }
		}, "StateMachineSafety"},
		{"every append truncates", func(r *raft.Rules) {
			r.MustTruncate = func(_, _ raft.Term) bool { return true }
		}, "CommittedIsKept"},
		{"a new leader reads at once", func(r *raft.Rules) {
			r.MayRead = func(_, _ raft.Term) bool { return true }
		}, "linearizability"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			const seeds = 400
			for seed := range uint64(seeds) {
				c := roughConfig(seededDice(seed))
				test.change(&c.Rules.Raft)
				if breaks(t, c) != test.breaks {
					continue
				}
				c.Rules = StandardRules()
				if got := breaks(t, c); got != "" {
					t.Errorf("seed %d breaks %s with the right rules", seed, got)
				}
				return
			}
			t.Errorf("%d runs did not break %s", seeds, test.breaks)
		})
	}
}

// breaks runs a configuration and names the property that breaks, if any.
func breaks(t *testing.T, c Config) string {
	w := newWorld(t, c)
	w.RunUntil(rough + Second)
	if v := w.Violation(); v != nil {
		told := slices.ContainsFunc(w.Events(), func(e Event) bool { return e.Kind == PropertyBroken && errors.Is(e.Err, v) })
		if !told {
			t.Errorf("the trace does not tell that %s broke", v.Property)
		}
		if _, more := w.Next(); more {
			t.Error("the run goes on after a violation")
		}
		return v.Property
	}
	if linearize.Check(w.History(), linearize.Options{}).Result == linearize.Violation {
		return "linearizability"
	}
	return ""
}
