package raft

import (
	castaway "github.com/castaway-kv/castaway/raft"
	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
	"go.etcd.io/raft/v3/tracker"
)

// Compact implements Core.
func (e *Etcd) Compact() {
	if first, err := e.storage.FirstIndex(); err != nil || uint64(len(e.applied)) < first {
		return // nothing to compact
	}
	index := uint64(len(e.applied))
	_, err := e.storage.CreateSnapshot(index, e.members, e.save())
	must(err)
	must(e.storage.Compact(index))
}

// doubtSnapshots takes snapshots that were not answered in an election time-out for
// lost: etcd's core never sends one again unless it is told so. The next one is made
// afresh, as etcd's servers do it, for a member refuses one that is older than its
// membership.
func (e *Etcd) doubtSnapshots() {
	if e.sending++; e.sending%electionTicks != 0 {
		return
	}
	var to []uint64
	e.node.WithProgress(func(id uint64, _ etcd.ProgressType, p tracker.Progress) {
		if p.State == tracker.StateSnapshot {
			to = append(to, id)
		}
	})
	if len(to) == 0 {
		e.sending = 0
		return
	}
	e.Compact()
	for _, id := range to {
		e.node.ReportSnapshot(id, etcd.SnapshotFailure)
	}
}

// snapshotToEtcd makes a snapshot in one piece a MsgSnap. Only the answer to a
// heartbeat hands Round and Sent back.
func snapshotToEtcd(m *castaway.InstallSnapshot, envelope func(pb.MessageType, castaway.Term) *pb.Message) []*pb.Message {
	if m.Length < m.Snapshot.Size {
		panic("a mixed cluster sends its snapshots in one piece")
	}
	snap := envelope(pb.MsgSnap, m.Term)
	snap.Snapshot = &pb.Snapshot{Data: []byte(m.Data), Metadata: &pb.SnapshotMetadata{
		Index: new(uint64(m.Snapshot.Last.Index)), Term: new(uint64(m.Snapshot.Last.Term)),
		ConfState: &pb.ConfState{Voters: toNumbers(m.Snapshot.Members.Voters)},
	}}
	return []*pb.Message{snap, heartbeatToEtcd(envelope(pb.MsgHeartbeat, m.Term), m.Round, m.Sent)}
}

// snapshotReplyToEtcd tells etcd's leader only of a snapshot that is in force.
func snapshotReplyToEtcd(m *castaway.InstallSnapshotReply, envelope func(pb.MessageType, castaway.Term) *pb.Message) []*pb.Message {
	if m.Match == 0 {
		return nil
	}
	reply := envelope(pb.MsgAppResp, m.Term)
	reply.Index = new(uint64(m.Match))
	return []*pb.Message{reply}
}

// snapshotToCastaway makes a MsgSnap a snapshot in one piece. Etcd's answer, MsgAppResp,
// is understood without more.
func snapshotToCastaway(m *pb.Message) castaway.Message {
	data, meta := string(m.GetSnapshot().GetData()), m.GetSnapshot().GetMetadata()
	return &castaway.InstallSnapshot{
		Term: castaway.Term(m.GetTerm()), Data: data, Length: uint64(len(data)),
		Snapshot: castaway.Snapshot{
			Last:    castaway.Position{Term: castaway.Term(meta.GetTerm()), Index: castaway.Index(meta.GetIndex())},
			Members: fromConfState(meta.GetConfState()), Size: uint64(len(data)), Checksum: checksum(data),
		},
	}
}
