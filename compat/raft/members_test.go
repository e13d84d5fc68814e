package raft

import (
	"slices"
	"testing"

	castaway "github.com/castaway-kv/castaway/raft"
)

// TestMembership lets clusters of one core go through the same faults, and through
// changes of membership: learners come, are promoted and demoted, voters come and
// go, one or two at a time.
//
// Our leaders are asked for a change at any time. Etcd's core puts a configuration in
// force when it is applied, which alone is not safe (etcd#11284): its leaders are asked
// only after all members have applied the change before. Nor do they survive their own
// removal: a leader that goes hands over first.
func TestMembership(t *testing.T) {
	for _, kinds := range []string{"ccccc", "eeeee"} {
		t.Run(kinds, func(t *testing.T) {
			var sum tally
			for seed := range *seeds {
				sum.add(faults(t, kinds, 3, seed))
			}
			t.Logf("%+v", sum)
			sum.check(t)
			if sum.Changes < 5*int(*seeds) {
				t.Errorf("too few changes: %+v", sum)
			}
		})
	}
}

// change asks the leader for another configuration, or to leave a joint one.
func (w *workload) change() {
	leader := w.leader()
	if leader == nil {
		return
	}
	now := leader.Members()
	target := w.draw(now)
	switch isEtcd := Kind(w.kinds[leader.id-1]) == KindEtcd; {
	case isEtcd && !w.allApplied(leader):
	case isEtcd && !slices.Contains(now.Voters, leader.id):
		w.do(leader, func() { leader.Transfer(now.Voters[0]) })
	case isEtcd && !now.Joint() && !slices.Contains(target.Voters, leader.id):
	case now.Joint() || len(target.Voters) > 1 && !target.Equal(now):
		w.do(leader, func() { leader.Change(target) })
	}
}

// leave lets etcd's leader leave a joint configuration, or its office if it is no
// voter any more.
func (w *workload) leave() {
	leader := w.leader()
	if leader != nil && (leader.Members().Joint() || !slices.Contains(leader.Members().Voters, leader.id)) {
		w.change()
	}
}

// allApplied reports whether all members of the leader's configuration have it too.
func (c *Cluster) allApplied(leader *member) bool {
	for _, m := range c.current() {
		if !m.up || !m.Members().Equal(leader.Members()) {
			return false
		}
	}
	return true
}

// draw gives one or two members another role.
func (w *workload) draw(now castaway.Configuration) (target castaway.Configuration) {
	const stranger, learner, voter = 0, 1, 2
	roles := make([]int, len(w.members))
	for i, m := range w.members {
		switch {
		case now.IsVoter(m.id):
			roles[i] = voter
		case now.IsMember(m.id):
			roles[i] = learner
		}
	}
	for range 1 + w.dice.throw(2) {
		roles[w.dice.throw(len(roles))] = []int{stranger, learner, voter, voter}[w.dice.throw(4)]
	}
	for i, m := range w.members {
		switch roles[i] {
		case voter:
			target.Voters = append(target.Voters, m.id)
		case learner:
			target.Learners = append(target.Learners, m.id)
		}
	}
	return target
}
