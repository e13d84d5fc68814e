package raftsim

import (
	"testing"

	"github.com/castaway-kv/castaway/raft"
)

// A leader must hold what was committed in earlier terms. One of an earlier term,
// whose votes arrive late, need not: it can commit nothing any more.
func TestLateLeader(t *testing.T) {
	c := Default(3)
	c.Clients = []Client{{Name: "a", Timeout: Second, Workload: &putter{key: "k"}}}
	w := newWorld(t, c)
	w.RunUntil(Second)
	committed := w.checks.term
	if w.checks.committed() < 10 || committed == 0 {
		t.Fatalf("up to index %d is committed in term %d", w.checks.committed(), committed)
	}
	w.checks.chains[0].digests.Truncate(5)
	for _, step := range []struct {
		term raft.Term
		want string
	}{
		{committed - 1, ""},
		{committed, ""},
		{committed + 1, "LeaderCompleteness"},
	} {
		w.checkComplete(&host{id: 1, term: step.term})
		got := ""
		if v := w.Violation(); v != nil {
			got = v.Property
		}
		if got != step.want {
			t.Errorf("S1 leads term %d with a short log; committed in term %d: %q, want %q", step.term, committed, got, step.want)
		}
	}
}
