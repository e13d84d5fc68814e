package replica

import (
	"errors"
	"fmt"
	"hash/crc64"
	"io"

	"github.com/castaway-kv/castaway/kv/machine"
	"github.com/castaway-kv/castaway/raft"
)

// ErrChecksum: the file of a snapshot is not the one that its name means.
var ErrChecksum = errors.New("replica: size or checksum of the snapshot is not what the log says: the file is damaged")

var crcTable = crc64.MakeTable(crc64.ECMA)

// To writes the snapshot, and returns its size in bytes and its checksum. It may
// run while the member goes on. The only errors are those of w.
func (s *Save) To(w io.Writer) (size, checksum uint64, err error) {
	sum := &summer{}
	err = s.machine.Save(io.MultiWriter(w, sum))
	return sum.size, sum.crc, err
}

// summer adds up what goes through it.
type summer struct{ size, crc uint64 }

func (s *summer) Write(b []byte) (int, error) {
	s.size += uint64(len(b))
	s.crc = crc64.Update(s.crc, crcTable, b)
	return len(b), nil
}

// IsWhole reports whether a file is the one that a snapshot means.
func IsWhole(s *raft.Snapshot, file []byte) bool {
	return uint64(len(file)) == s.Size && crc64.Checksum(file, crcTable) == s.Checksum
}

// WithData is an InstallSnapshot with its piece of the file.
func WithData(m *raft.InstallSnapshot, data string) *raft.InstallSnapshot {
	filled := *m
	filled.Data = data
	return &filled
}

// save asks for a snapshot when enough was applied since the one before.
func (r *Replica) save() {
	since := r.applied.Index - r.node.Snapshot().Last.Index
	due := r.config.SnapshotEvery > 0 && since >= raft.Index(r.config.SnapshotEvery)
	if r.saving || !due && !r.wanted {
		return
	}
	r.saving, r.wanted = true, false
	r.out.Save = &Save{Last: r.applied, machine: r.machine.Clone()}
}

// saved lets the core drop what the snapshot covers.
func (r *Replica) saved(now raft.Time, in Saved) {
	r.saving = false
	r.step(now, raft.SnapshotTaken(in))
}

// receivedSnapshot checks another member's snapshot, and offers it to the core.
func (r *Replica) receivedSnapshot(now raft.Time, in Received) {
	m, err := r.load(in.Snapshot, in.File)
	r.received = m
	r.step(now, raft.SnapshotReceived{Snapshot: in.Snapshot, OK: err == nil})
	r.received = nil
}

// load reads the state in a snapshot's file.
func (r *Replica) load(s raft.Snapshot, file io.Reader) (*machine.Machine, error) {
	sum := &summer{}
	m := machine.New(r.config.Machine)
	if err := m.Restore(io.TeeReader(file, sum)); err != nil {
		return nil, fmt.Errorf("replica: %w", err)
	}
	if sum.size != s.Size || sum.crc != s.Checksum {
		return nil, ErrChecksum
	}
	return m, nil
}

// install takes over the state that was received. Watchers go on from where they
// were. What this member had proposed may be in that state or not: those clients
// get no answer.
func (r *Replica) install(s *raft.Snapshot) {
	r.out.Installed = s
	r.machine.Adopt(r.received)
	r.applied, r.primary = s.Last, 0
	r.forgetPending(s.Last.Term)
}
