package replica

import (
	"errors"
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raft"
)

// Errors of changes of the members. After each of them nothing has changed.
var (
	// ErrMemberExists: a member that is to be added is one already.
	ErrMemberExists = errors.New("etcdserver: member ID already exist")
	// ErrChangePending: the change before is not finished, or the leader has not
	// committed anything yet in its term. Ask again.
	ErrChangePending = errors.New("etcdserver: a configuration change is pending")
	// ErrNoVoter: nobody would be left to vote.
	ErrNoVoter = errors.New("etcdserver: re-configuration failed due to not enough started members")
)

// Change is a change of the members; several parts of it happen as one (joint
// consensus, §6).
type Change struct {
	// Add is who begins as a learner, and votes as soon as it has caught up
	// (thesis §4.2.1).
	Add []raft.ID
	// AddLearner is who begins as a learner and stays one until it is promoted.
	AddLearner []raft.ID
	// Promote is which learners vote as soon as they have caught up.
	Promote []raft.ID
	// Remove is who leaves.
	Remove []raft.ID
}

// Target is the configuration that a change aims at, from one that is not joint.
func (c Change) Target(from raft.Configuration) (raft.Configuration, error) {
	to := raft.Configuration{
		Voters: slices.Clone(from.Voters), Learners: slices.Clone(from.Learners), Promoting: slices.Clone(from.Promoting),
	}
	for _, id := range slices.Concat(c.Add, c.AddLearner) {
		if from.IsMember(id) {
			return to, ErrMemberExists
		}
		to.Learners = append(to.Learners, id)
	}
	to.Promoting = append(to.Promoting, c.Add...)
	for _, id := range c.Promote {
		switch {
		case !from.IsMember(id):
			return to, kv.ErrMemberNotFound
		case from.IsVoter(id):
			return to, kv.ErrMemberNotLearner
		}
		to.Promoting = append(to.Promoting, id)
	}
	for _, id := range c.Remove {
		if !from.IsMember(id) {
			return to, kv.ErrMemberNotFound
		}
		for _, list := range []*[]raft.ID{&to.Voters, &to.Learners, &to.Promoting} {
			*list = slices.DeleteFunc(*list, func(x raft.ID) bool { return x == id })
		}
	}
	for _, list := range []*[]raft.ID{&to.Learners, &to.Promoting} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	if len(to.Voters) == 0 {
		return to, ErrNoVoter
	}
	return to, nil
}

// reconfigure proposes a change of the members.
func (r *Replica) reconfigure(now raft.Time, in Reconfigure) {
	from := r.node.Members()
	target, err := in.Change.Target(from)
	if r.node.Role() == raft.Leader && from.Joint() {
		err = ErrChangePending
	}
	if r.node.Role() == raft.Leader && err != nil {
		r.reply(Reply{Ticket: in.Ticket, Err: err})
		r.step(now, raft.Wake{})
		return
	}
	id := r.nextID()
	r.pending = append(r.pending, proposal{id.Sequence, in.Ticket, r.node.Term()})
	r.step(now, raft.Change{Request: id, Target: target})
}

// reconfigured answers a change that is applied: a joint configuration is only half
// of one.
func (r *Replica) reconfigured(e *raft.Entry) *raft.Configuration {
	members, err := raft.DecodeConfiguration(e.Data)
	if err != nil {
		panic(fmt.Sprintf("replica: the core has committed a configuration that is none: %v", err))
	}
	if !members.Joint() {
		r.answer(e, nil, nil)
	}
	return &members
}
