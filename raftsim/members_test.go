package raftsim

import (
	"fmt"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/raft"
)

// changing is a cluster under load whose members change; snapshots are frequent, so
// that new members get one.
func changing(members int, changes ...Action) Config {
	c := Default(members)
	c.Snapshots = Snapshots{Every: 20, Keep: 5, Chunk: 500}
	c.Clients = []Client{{Name: "a", Timeout: Second, Workload: &putter{key: "k"}, Think: Spread{5 * Millisecond, 10 * Millisecond}}}
	for i, a := range changes {
		c.Schedule = append(c.Schedule, Scheduled{Time(i+1) * Second, a})
	}
	c.Schedule = append(c.Schedule, Scheduled{Time(len(changes)+2) * Second, Settle{20 * Second}})
	return c
}

// runSettled runs a world to its end and returns what it told, in words.
func runSettled(t *testing.T, c Config) (*World, string) {
	t.Helper()
	w := newWorld(t, c)
	var story strings.Builder
	end := false
	for next, ok := w.Next(); ok && next <= 60*Second && !end; next, ok = w.Next() {
		w.Step()
		for i := range w.Events() {
			e := &w.Events()[i]
			end = end || e.Kind == Settled
			if text, ok := e.Sentence(); ok && e.Client == "" {
				fmt.Fprintln(&story, text)
			}
		}
	}
	if w.Violation() != nil || !end {
		t.Fatalf("%v\n%s", w.Violation(), &story)
	}
	checkHistory(t, w)
	return w, story.String()
}

// A cluster grows from one member to nine and shrinks to one again, while a client
// writes; those who join get a snapshot, and leaders that leave hand over.
func TestGrowAndShrink(t *testing.T) {
	var changes []Action
	for id := Target(2); id <= MaxMembers; id++ {
		changes = append(changes, Reconfigure{Add: []Target{id}})
	}
	for id := Target(1); id < MaxMembers; id++ {
		changes = append(changes, Reconfigure{Remove: []Target{id}})
	}
	w, story := runSettled(t, changing(1, changes...))
	members := w.Member(MaxMembers).Members
	if len(members.Voters) != 1 || members.Voters[0] != MaxMembers || w.Leader() != MaxMembers {
		t.Errorf("%v; S%d leads", members, w.Leader())
	}
	if !strings.Contains(story, "the members are now S1 S2 S3 S4 S5 S6 S7 S8 S9\n") || !strings.Contains(story, "S9 takes over a snapshot") {
		t.Error(story)
	}
	if !w.Member(1).Removed || w.Member(9).Removed {
		t.Error("who is removed?")
	}
}

// Several parts of a change are one: they go through a joint configuration.
func TestReplaceAll(t *testing.T) {
	w, story := runSettled(t, changing(3,
		Reconfigure{Add: []Target{4, 5, 6}},
		Reconfigure{Remove: []Target{1, 2, 3}},
	))
	if got := fmt.Sprint(w.Member(6).Members.Voters); got != "[4 5 6]" {
		t.Errorf("the voters are %s\n%s", got, story)
	}
	if !strings.Contains(story, "and as long as both count S1 S2 S3 S4 S5 S6") {
		t.Errorf("no joint configuration:\n%s", story)
	}
}

// A learner has no vote until it is promoted.
func TestLearner(t *testing.T) {
	c := changing(3, Reconfigure{AddLearner: []Target{4}})
	w, _ := runSettled(t, c)
	if m := w.Member(4); m.Members.IsVoter(4) || m.Applied == 0 {
		t.Errorf("%v", m.State)
	}
	w, _ = runSettled(t, changing(3, Reconfigure{AddLearner: []Target{4}}, Reconfigure{Promote: []Target{4}}))
	if m := w.Member(4); !m.Members.IsVoter(4) {
		t.Errorf("%v, members %v", m.State, m.Members)
	}
}

// Changes that make no sense are skipped, with the reason.
func TestChangesSkipped(t *testing.T) {
	_, story := runSettled(t, changing(3,
		Reconfigure{Add: []Target{4}},
		Reconfigure{Add: []Target{4}},
		Reconfigure{Promote: []Target{1}},
		Reconfigure{Remove: []Target{4}},
		Reconfigure{Remove: []Target{4}},
		Reconfigure{Add: []Target{10, 11, 12, 13, 14, 15, 16}},
		Reconfigure{Remove: []Target{1, 2, 3}},
	))
	for _, want := range []string{
		"skipped: members add S4: there is such a member already",
		"skipped: members add S10 S11 S12 S13 S14 S15 S16: there would be more than 9 members",
		"skipped: members remove S1 S2 S3: the members can't change so: etcdserver: re-configuration failed",
	} {
		if !strings.Contains(story, want) {
			t.Errorf("nobody says %q in\n%s", want, story)
		}
	}
}

// The leader hands over when it is asked to, and goes on if the other can't.
func TestTransferLeadership(t *testing.T) {
	c := changing(3)
	c.Schedule = []Scheduled{{Second, Transfer{1}}, {2 * Second, Transfer{2}}, {3 * Second, Crash{Member: 3}}, {3*Second + 1, Transfer{3}}}
	w := newWorld(t, c)
	for i, want := range []raft.ID{1, 2, 2} {
		if w.RunUntil(Time(i+1)*Second + 900*Millisecond); w.Leader() != want {
			t.Errorf("at %d: S%d leads, want S%d", w.Now(), w.Leader(), want)
		}
	}
	ops := w.Ops()
	if w.RunUntil(5 * Second); w.Violation() != nil || w.Ops() < ops+10 {
		t.Errorf("%v; %d operations, %d a second later", w.Violation(), ops, w.Ops())
	}
}
