package replica

import (
	"errors"
	"fmt"
	"io"

	"github.com/castaway-kv/castaway/kv/machine"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/replica/wal"
)

// ErrWiped: the disk of a member that was started before is empty. What it has
// promised is forgotten, so the member must stay silent: it is replaced by a new
// one under another id.
var ErrWiped = errors.New("replica: the disk is empty, but this member has been started before: " +
	"its votes and its log are gone, and it must be replaced under a new id")

// Found is what a member finds on its disk when it starts.
type Found struct {
	// Log is its segments, oldest first.
	Log [][]byte
	// Snapshot opens the file of a snapshot.
	Snapshot func(raft.Snapshot) (io.Reader, error)
}

// Opening is what Open has to say besides the member.
type Opening struct {
	// Torn says that the driver must cut the log at Cut, durably, before it writes
	// anything.
	Torn bool
	Cut  wal.Cut
	// Loss is the proof that synced records are gone, nil if none are.
	Loss *wal.Loss
	// Lost is how far the log is known to have gone, if that is further than it goes
	// now. Such a member takes part, but promises nothing that it can't keep until it
	// has got back what it lost.
	Lost raft.Position
	// SnapshotErr says why the snapshot can't be read, nil if it can.
	SnapshotErr error
}

// Open starts a member from what its disk holds. Every start is a new life, and
// its first step must follow.
//
// The errors are ErrWiped, those of wal.Recover, and those of a configuration that
// can't be. All mean that this member must stay down.
func Open(config Config, found Found) (*Replica, Opening, error) {
	if !config.Rules.complete() {
		return nil, Opening{}, errors.New("replica: Config.Rules must be set; see StandardRules")
	}
	log, err := wal.Recover(found.Log, config.Wal)
	if err != nil {
		return nil, Opening{}, err
	}
	if !config.Rules.MayStart(log.Base == nil, !config.New) {
		return nil, Opening{}, ErrWiped
	}
	r := &Replica{
		config: config, id: config.Raft.ID, life: log.Life + 1, machine: machine.New(config.Machine),
		disk: disk{writer: log.Writer, durable: log.Writer.Number()},
	}
	opening := Opening{Torn: log.Torn, Cut: log.Cut, Loss: log.Loss, Lost: log.Lost}
	if err := r.restore(log, found, &opening); err != nil {
		return nil, Opening{}, fmt.Errorf("replica: %w", err)
	}
	r.begun(log.Base == nil || log.Loss != nil || opening.SnapshotErr != nil)
	return r, opening, nil
}

// restore brings the core to where the log ends, and the machine to where the
// snapshot ends.
func (r *Replica) restore(log *wal.Recovery, found Found, opening *Opening) (err error) {
	base := log.Base
	if base == nil {
		base = &raft.Base{Snapshot: raft.Snapshot{Members: r.config.Members}}
	}
	if err = r.setCore(*base, log.Tail); err != nil {
		return err
	}
	if base.Snapshot.Last.Index > 0 {
		opening.SnapshotErr = r.readSnapshot(base.Snapshot, found)
	}
	if opening.SnapshotErr == nil {
		return nil
	}
	return r.forget(opening)
}

// readSnapshot takes the state from the file of a snapshot.
func (r *Replica) readSnapshot(s raft.Snapshot, found Found) error {
	file, err := found.Snapshot(s)
	if err == nil {
		r.machine, err = r.load(s, file)
	}
	if err != nil {
		r.machine = machine.New(r.config.Machine)
	}
	if !r.config.Rules.HasState(err) {
		return err
	}
	r.applied = s.Last
	return nil
}

// forget starts over without the log, whose beginning is in a snapshot that can't
// be read: the member has lost all, and knows that it has.
func (r *Replica) forget(opening *Opening) (err error) {
	whole := r.node.Base()
	lost := whole.Lost
	if last := r.node.Last(); raft.UpToDate(last, lost) {
		lost = last
	}
	opening.Lost = lost
	empty := raft.Base{TermVote: whole.TermVote, Lost: lost, Snapshot: raft.Snapshot{Members: r.node.Members()}}
	return r.setCore(empty, nil)
}

// begun writes that a life has begun: behind all of the log anew if it has no Base,
// or if a part of it is lost.
func (r *Replica) begun(anew bool) {
	if anew {
		r.write(r.node.Base())
	}
	r.out.Write = append(r.out.Write, r.disk.writer.AppendStart(r.life))
	r.disk.offset = r.disk.writer.Number()
}
