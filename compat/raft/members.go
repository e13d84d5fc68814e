package raft

import (
	"slices"

	castaway "github.com/castaway-kv/castaway/raft"
	pb "go.etcd.io/raft/v3/raftpb"
	"google.golang.org/protobuf/proto"
)

// Change implements Core. Etcd's core is told what differs; a joint configuration
// it is told to leave. It may leave one by itself, but that would be a change
// before all have applied the one before (etcd#11284).
func (e *Etcd) Change(target castaway.Configuration) {
	now := e.Members()
	change := &pb.ConfChangeV2{}
	if !now.Joint() {
		change = Difference(now, target)
	}
	_ = e.node.ProposeConfChange(change)
	e.drain()
}

// Difference is what to do to get from one configuration to another.
func Difference(now, target castaway.Configuration) *pb.ConfChangeV2 {
	change := &pb.ConfChangeV2{}
	add := func(kind pb.ConfChangeType, ids, except []castaway.ID) {
		for _, id := range ids {
			if !slices.Contains(except, id) {
				change.Changes = append(change.Changes, &pb.ConfChangeSingle{Type: kind.Enum(), NodeId: new(uint64(id))})
			}
		}
	}
	add(pb.ConfChangeAddNode, target.Voters, now.Voters)
	add(pb.ConfChangeAddLearnerNode, target.Learners, now.Learners)
	add(pb.ConfChangeRemoveNode, now.Members(), target.Members())
	if len(change.Changes) > 1 {
		change.Transition = pb.ConfChangeTransitionJointExplicit.Enum()
	}
	return change
}

// applyChange puts a configuration in force, if the entry brings one.
func (e *Etcd) applyChange(entry *pb.Entry) {
	if entry.GetType() != pb.EntryConfChangeV2 {
		return
	}
	change := &pb.ConfChangeV2{}
	must(proto.Unmarshal(entry.GetData(), change))
	e.members = e.node.ApplyConfChange(change)
}

// Members implements Core.
func (e *Etcd) Members() castaway.Configuration { return fromConfState(e.members) }

func fromConfState(s *pb.ConfState) castaway.Configuration {
	return castaway.Configuration{
		Voters: fromNumbers(s.GetVoters()), Outgoing: fromNumbers(s.GetVotersOutgoing()),
		Learners: fromNumbers(s.GetLearners()), Demoting: fromNumbers(s.GetLearnersNext()),
	}
}

// ConfState is a configuration in etcd's words. Who is to be promoted is a learner.
func ConfState(c castaway.Configuration) *pb.ConfState {
	return &pb.ConfState{
		Voters: toNumbers(c.Voters), VotersOutgoing: toNumbers(c.Outgoing),
		Learners: toNumbers(c.Learners), LearnersNext: toNumbers(c.Demoting),
	}
}

func fromNumbers(numbers []uint64) (ids []castaway.ID) {
	for _, x := range numbers {
		ids = append(ids, castaway.ID(x))
	}
	slices.Sort(ids)
	return ids
}

func toNumbers(ids []castaway.ID) (numbers []uint64) {
	for _, id := range ids {
		numbers = append(numbers, uint64(id))
	}
	return numbers
}
