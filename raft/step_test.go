package raft_test

import (
	"reflect"
	"testing"

	"github.com/castaway-kv/castaway/raft"
)

// elected returns a cluster of three whose first member leads.
func elected(t *testing.T) *cluster {
	t.Helper()
	var s script
	if _, err := s.run("> cluster 3 etcd\n> elect S1\n"); err != nil || s.c.leader() != s.c.members[0] {
		t.Fatal("no leader", err)
	}
	return s.c
}

// TestStrangersCountForNothing: messages from members that nobody knows change
// no tally, no progress and no round.
func TestStrangersCountForNothing(t *testing.T) {
	c := elected(t)
	leader := c.members[0].node
	candidate := c.members[1].node.Clone()
	candidate.Step(raft.Time(300*millisecond), raft.Wake{})
	for _, test := range []struct {
		name    string
		node    *raft.Node
		message raft.Message
	}{
		{"pre-vote", candidate, &raft.RequestPreVoteReply{Term: candidate.Term() + 1, Granted: true}},
		{"acknowledgement", leader, &raft.AppendEntriesReply{Term: 1, Success: true, Match: 1, Echo: raft.Echo{Round: 1}}},
		{"refusal", leader, &raft.AppendEntriesReply{Term: 1, Prev: 1, Conflict: raft.Position{Index: 1}}},
		{"answer to a read", leader, &raft.ReadIndexReply{Term: 1, Index: 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := test.node.State()
			for _, stranger := range []raft.ID{0, 7, 8, 9} {
				if out := test.node.Step(0, raft.Receive{From: stranger, Message: test.message}); len(out.Sends)+len(out.Writes) > 0 {
					t.Errorf("answered %d: %+v", stranger, out)
				}
			}
			if after := test.node.State(); !reflect.DeepEqual(after, before) {
				t.Errorf("changed from\n%v to\n%v", before, after)
			}
		})
	}
}

// TestStrangersAreServed: a member that is not among our voters yet, or no
// longer, gets answers all the same (thesis §4.1).
func TestStrangersAreServed(t *testing.T) {
	c := elected(t)
	follower := c.members[1].node
	out := follower.Step(raft.Time(300*millisecond), raft.Receive{From: 9, Message: &raft.AppendEntries{Term: 2}})
	if follower.Leader() != 9 || len(out.Sends) != 1 {
		t.Errorf("follows %d, answers %+v", follower.Leader(), out.Sends)
	}
}

// TestWrittenOfTheFuture: a driver can't report what it was not given; a vote
// given later still waits for its record.
func TestWrittenOfTheFuture(t *testing.T) {
	c := elected(t)
	voter := c.members[1].node
	voter.Step(0, raft.Written{Number: 1000})
	request := &raft.RequestVote{Term: 9, Last: raft.Position{Term: 1, Index: 1}}
	out := voter.Step(raft.Time(300*millisecond), raft.Receive{From: 3, Message: request})
	for _, s := range out.Sends {
		if s.After == 0 {
			t.Errorf("%s leaves before it is on disk", describe(s.Message))
		}
	}
	if len(out.Sends) == 0 {
		t.Error("no answer")
	}
}

// TestClockNeverGoesBack: an earlier time is taken for the latest one seen.
func TestClockNeverGoesBack(t *testing.T) {
	c := elected(t)
	m := c.members[0]
	late := m.clock.Add(90 * millisecond)
	wake := m.node.Step(late, raft.Wake{}).Wake
	if out := m.node.Step(0, raft.Wake{}); out.Wake != wake || len(out.Sends) > 0 {
		t.Errorf("at an earlier time: wake at %d instead of %d, sends %+v", out.Wake, wake, out.Sends)
	}
	out := m.node.Step(0, raft.Receive{From: 2, Message: &raft.AppendEntries{Term: 2}})
	if out.Wake < late.Add(100*millisecond) {
		t.Errorf("the election time-out counts from an earlier time: %d", out.Wake)
	}
}

// TestLeaseBindsVotesOfLaterTerms: a member's term can rise without an
// election. It gives no vote in the new term as long as its help may hold up
// the lease of a leader of the term before.
func TestLeaseBindsVotesOfLaterTerms(t *testing.T) {
	config := testConfig(leaseOptions(0b11111))
	config.ID = 3
	base := raft.Base{Snapshot: raft.Snapshot{Members: raft.Configuration{Voters: []raft.ID{1, 2, 3}}}}
	n, err := raft.Restore(config, base, nil, 1)
	if err != nil {
		t.Fatal(err)
	}
	at := func(ms raft.Duration, from raft.ID, m raft.Message) *raft.Output {
		return n.Step(raft.Time(ms*millisecond), raft.Receive{From: from, Message: m})
	}
	voted := func(out *raft.Output) bool {
		reply, ok := out.Sends[0].Message.(*raft.RequestVoteReply)
		return ok && reply.Granted
	}
	at(50, 1, &raft.AppendEntries{Term: 1})
	at(60, 2, &raft.RequestPreVoteReply{Term: 5})
	if n.Term() != 5 {
		t.Fatalf("term %d", n.Term())
	}
	request := &raft.RequestVote{Term: 5}
	if voted(at(149, 2, request)) {
		t.Error("votes while the lease may hold")
	}
	if !voted(at(150, 2, request)) {
		t.Error("gives no vote after the lease")
	}
}

// TestOldRoundsConfirmNothing: a snapshot began to arrive in one term and is
// whole in another. The answer carries no round and no time of the first, which
// the same leader could take for those of the second.
func TestOldRoundsConfirmNothing(t *testing.T) {
	c := elected(t)
	n := c.members[2].node
	s := raft.Snapshot{Last: raft.Position{Term: 1, Index: 9}, Members: raft.Configuration{Voters: []raft.ID{1, 2, 3}}, Size: 1}
	piece := &raft.InstallSnapshot{Term: 1, Snapshot: s, Length: 1, Data: "x", Round: 7, Sent: 70}
	n.Step(0, raft.Receive{From: 1, Message: piece})
	n.Step(0, raft.Receive{From: 1, Message: &raft.AppendEntries{Term: 2}})
	out := n.Step(0, raft.SnapshotReceived{Snapshot: s, OK: true})
	reply := out.Sends[len(out.Sends)-1].Message.(*raft.InstallSnapshotReply)
	if reply.Term != 2 || reply.Match != 9 || reply.Round != 0 || reply.Sent != 0 {
		t.Errorf("answers %+v", reply)
	}
}

// TestBackAfterALoss: a crash between the last missing entry and the record that
// says so leaves no member that waits for ever.
func TestBackAfterALoss(t *testing.T) {
	config := testConfig(raft.Etcd())
	config.ID = 1
	base := raft.Base{TermVote: raft.TermVote{Term: 1}, Snapshot: raft.Snapshot{Members: raft.Configuration{Voters: []raft.ID{1}}}}
	tail := []raft.Record{
		raft.Loss{Last: raft.Position{Term: 1, Index: 1}},
		&raft.Append{Entries: []raft.Entry{{Term: 1, Index: 1}}},
	}
	n, err := raft.Restore(config, base, tail, 2)
	if err != nil {
		t.Fatal(err)
	}
	out := n.Step(0, raft.Wake{})
	if n.State().Lost != (raft.Position{}) || len(out.Writes) != 1 || out.Writes[0].Record != (raft.Loss{}) {
		t.Errorf("lost up to %v, writes %v", n.State().Lost, out.Writes)
	}
}
