package peer

import (
	"encoding/binary"

	compat "github.com/castaway-kv/castaway/compat/raft"
	castaway "github.com/castaway-kv/castaway/raft"
	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
	"go.etcd.io/raft/v3/tracker"
)

type progress = tracker.Progress

var stateNames = map[tracker.StateType]string{
	tracker.StateProbe: "probe", tracker.StateReplicate: "replicate", tracker.StateSnapshot: "snapshot",
}

// A snapshot's data, for etcd's core, is what describes its file. Its members stand in the
// ConfState too, but for who is to be promoted.

func encodeSnapshot(s *castaway.Snapshot) []byte {
	var b []byte
	for _, x := range []uint64{uint64(s.Last.Term), uint64(s.Last.Index), s.Size, s.Checksum} {
		b = binary.BigEndian.AppendUint64(b, x)
	}
	return append(b, s.Members.Encode()...)
}

func decodeSnapshot(b []byte) (s castaway.Snapshot) {
	word := func(i int) uint64 { return binary.BigEndian.Uint64(b[8*i:]) }
	s.Last = castaway.Position{Term: castaway.Term(word(0)), Index: castaway.Index(word(1))}
	s.Size, s.Checksum = word(2), word(3)
	var err error
	s.Members, err = castaway.DecodeConfiguration(string(b[32:]))
	must(err)
	return s
}

func toSnapshot(s *castaway.Snapshot) *pb.Snapshot {
	return &pb.Snapshot{Data: encodeSnapshot(s), Metadata: &pb.SnapshotMetadata{
		Index: new(uint64(s.Last.Index)), Term: new(uint64(s.Last.Term)), ConfState: compat.ConfState(s.Members),
	}}
}

// snapshotTaken compacts the log.
func (c *Core) snapshotTaken(in castaway.SnapshotTaken) {
	if in.Index > c.applied || in.Index <= c.snapshot.Last.Index {
		c.out.Ignored = castaway.Stale
		return
	}
	k := c.at(in.Index)
	c.configurations = c.configurations[k:]
	c.snapshot = castaway.Snapshot{
		Last: c.position(in.Index), Members: c.configurations[0].Configuration, Size: in.Size, Checksum: in.Checksum,
	}
	_, err := c.storage.CreateSnapshot(uint64(in.Index), compat.ConfState(c.snapshot.Members), encodeSnapshot(&c.snapshot))
	must(err)
	c.write(c.Base())
	if keep := castaway.Index(c.config.KeepEntries); in.Index > keep && in.Index-keep >= c.First() {
		must(c.storage.Compact(uint64(in.Index - keep)))
	}
}

// coming is a snapshot whose file is on its way to the disk.
type coming struct {
	castaway.Snapshot
	message *pb.Message
}

// installSnapshot keeps another member's file, if it may be needed; etcd's core hears of
// it when it is durable.
func (c *Core) installSnapshot(from castaway.ID, m *castaway.InstallSnapshot) {
	s := toSnapshot(&m.Snapshot)
	if !m.Snapshot.Members.IsMember(c.config.ID) {
		// Etcd's core takes no snapshot that is older than its membership; etcd's servers
		// make one anew for each receiver. It will be added as a learner.
		state := s.GetMetadata().GetConfState()
		state.Learners = append(state.Learners, uint64(c.config.ID))
	}
	x := &pb.Message{
		Type: pb.MsgSnap.Enum(), From: new(uint64(from)), To: new(uint64(c.config.ID)), Term: new(uint64(m.Term)), Snapshot: s,
	}
	switch {
	case m.Snapshot.Last.Index <= c.commit:
		c.take(x)
	case c.coming != nil && c.coming.Last == m.Snapshot.Last && c.coming.Checksum == m.Snapshot.Checksum:
		c.out.Ignored = castaway.Doubled
	default:
		c.coming = &coming{m.Snapshot, x}
		c.out.Chunks = append(c.out.Chunks, castaway.Chunk{Snapshot: m.Snapshot, Data: m.Data})
	}
}

func (c *Core) snapshotReceived(in castaway.SnapshotReceived) {
	x := c.coming
	if x == nil || x.Last != in.Snapshot.Last || x.Checksum != in.Snapshot.Checksum {
		c.out.Ignored = castaway.Stale
		return
	}
	c.coming = nil
	if in.OK {
		c.take(x.message)
	}
}

// install begins the log anew behind a snapshot.
func (c *Core) install(s *pb.Snapshot) {
	must(c.storage.ApplySnapshot(s))
	c.snapshot = decodeSnapshot(s.GetData())
	last := c.snapshot.Last.Index
	c.hard.commit = max(c.hard.commit, last)
	c.commit = max(c.commit, last)
	c.applied = last
	c.configurations = []placed{{index: last, Configuration: c.snapshot.Members}}
	c.decided = c.snapshot.Members
	c.write(c.Base())
	c.log = track{pending: []write{{c.number, last}}}
	c.commits.writing(c.number, last)
	c.out.Installed = &c.snapshot
}

// patience is for how many election time-outs a snapshot may be under way.
const patience = 4

// doubtSnapshots takes snapshots that are long under way for lost: etcd's core never sends
// one again unless it is told so, as etcd's servers do when a transfer has failed.
func (c *Core) doubtSnapshots() {
	if c.Role() != castaway.Leader {
		c.sending = 0
		return
	}
	if c.sending++; c.sending < patience*int(c.config.MinElectionTimeout/tick) {
		return
	}
	c.sending = 0
	for _, f := range c.followers() {
		if f.State == "snapshot" {
			c.node.ReportSnapshot(uint64(f.ID), etcd.SnapshotFailure)
		}
	}
}
