package raftsim

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/replica"
	"github.com/castaway-kv/castaway/replica/wal"
)

// storage is how a member uses its disk: a log in segments, each beginning with a
// Base, and files of snapshots.
type storage struct {
	disk disk
	// segment is the file that is written now.
	segment string
	// syncs counts those of the log in this life.
	syncs uint64
	// slow is the factor by which everything takes longer.
	slow int64
	// wake is when the replica wants to be woken, by its own clock.
	wake raft.Time
}

// The names of files begin with these.
const (
	logFiles      = "log/"
	snapshotFiles = "snapshot/"
)

func segmentName(number uint64) string { return fmt.Sprintf("%s%016x", logFiles, number) }

func snapshotName(s *raft.Snapshot) string {
	return fmt.Sprintf("%s%016x-%016x-%016x", snapshotFiles, uint64(s.Last.Index), uint64(s.Last.Term), s.Checksum)
}

func (s *storage) clone() storage {
	c := *s
	c.disk = s.disk.clone()
	return c
}

// stop forgets what only the process knew. Syncs that are under way go on without it.
func (s *storage) stop() {
	s.disk.synced("")
	s.segment, s.syncs, s.wake = "", 0, raft.Never
}

// found is what a member finds when it starts.
func (s *storage) found() (replica.Found, error) {
	f := replica.Found{Snapshot: func(name raft.Snapshot) (io.Reader, error) {
		data, err := s.disk.read(snapshotName(&name))
		return bytes.NewReader(data), err
	}}
	for _, name := range s.disk.list(logFiles) {
		data, err := s.disk.read(name)
		if err != nil {
			return f, err
		}
		f.Log = append(f.Log, data)
	}
	return f, nil
}

// reopen makes durable what the member has found, cuts off a torn tail, and goes on
// behind it.
func (s *storage) reopen(torn bool, c wal.Cut) {
	s.disk.sync(logFiles)
	s.disk.synced(logFiles)
	names := s.disk.list(logFiles)
	for i, name := range names {
		switch {
		case torn && i == c.Segment:
			_ = s.disk.truncate(name, c.Size) // the file was listed
		case torn && i > c.Segment:
			s.disk.remove(name)
			continue
		}
		s.segment = name
	}
}

// write appends records to the log.
func (s *storage) write(records []wal.Encoded) (n int, err error) {
	for _, r := range records {
		if r.Base || s.segment == "" {
			s.segment = segmentName(r.Number)
		}
		if err := s.disk.append(s.segment, r.Data); err != nil {
			return n, err
		}
		n += len(r.Data)
	}
	return n, nil
}

// keep appends a piece of another member's snapshot to its file.
func (s *storage) keep(c *raft.Chunk) error {
	name := snapshotName(&c.Snapshot)
	if c.Offset == 0 {
		s.disk.remove(name)
	}
	return s.disk.append(name, []byte(c.Data))
}

// trim removes the segments before a record, and the snapshots that are older than
// the newest and not needed for others.
func (s *storage) trim(number uint64, n replica.Core) {
	for _, name := range s.disk.list(logFiles) {
		if name < segmentName(number) {
			s.disk.remove(name)
		}
	}
	var needed []string
	for _, x := range n.Snapshots() {
		needed = append(needed, snapshotName(&x))
	}
	for _, name := range s.disk.list(snapshotFiles) {
		if name < needed[0] && !slices.Contains(needed, name) {
			s.disk.remove(name)
		}
	}
}

// piece is a part of a snapshot's file, false if that is damaged or gone.
func (s *storage) piece(m *raft.InstallSnapshot) (string, bool) {
	data, err := s.disk.read(snapshotName(&m.Snapshot))
	if err != nil || m.Offset+m.Length > uint64(len(data)) || m.Offset == 0 && !replica.IsWhole(&m.Snapshot, data) {
		return "", false
	}
	return string(data[m.Offset : m.Offset+m.Length]), true
}

// store does what a step asks of the disk.
func (w *World) store(h *host, e *replica.Effects) {
	s := &h.storage
	if len(e.Write) > 0 {
		n, err := s.write(e.Write)
		if err != nil {
			w.diskFailed(h, err)
			return
		}
		w.emit(Event{Kind: DiskWritten, Member: h.id, N: uint64(n)})
	}
	if e.Sync {
		s.disk.sync(logFiles)
		s.syncs++
		w.later(h, s.syncs, happening{kind: doSynced})
	}
	if e.Trim > 0 {
		s.trim(e.Trim, h.replica.Node())
	}
	for i := range e.Chunks {
		if w.receive(h, &e.Chunks[i]); h.replica == nil {
			return
		}
	}
	if e.Save != nil {
		w.save(h, e.Save)
	}
}

// later ends something on the disk after the time that a write and a sync take.
func (w *World) later(h *host, ordinal uint64, x happening) {
	k := Key{Draw: DrawWrite, From: uint16(h.id), Term: uint64(h.life), Ordinal: ordinal}
	span := w.chance.spread(k, w.config.Disk.Write)
	k.Draw = DrawSync
	span += w.chance.spread(k, w.config.Disk.Sync)
	x.member, x.life = h.id, h.life
	w.queue.add(w.now+span*Time(h.storage.slow), x)
}

// filesOrdinal keeps the draws for snapshot files apart from those for the log.
const filesOrdinal = 1 << 40

// save writes a snapshot of the member's own.
func (w *World) save(h *host, save *replica.Save) {
	var file bytes.Buffer
	size, checksum, _ := save.To(&file) // memory takes all
	name := raft.Snapshot{Last: save.Last, Size: size, Checksum: checksum}
	w.copied += int64(file.Len())
	w.writeFile(h, &name, file.Bytes(), doSaved)
}

// receive keeps a piece of another member's snapshot.
func (w *World) receive(h *host, c *raft.Chunk) {
	if err := h.storage.keep(c); err != nil {
		w.diskFailed(h, err)
		return
	}
	if c.Offset+uint64(len(c.Data)) == c.Snapshot.Size {
		w.syncFile(h, &c.Snapshot, doReceived)
	}
}

// writeFile writes a whole file and makes it durable.
func (w *World) writeFile(h *host, name *raft.Snapshot, data []byte, then happeningKind) {
	file := snapshotName(name)
	h.storage.disk.remove(file)
	if err := h.storage.disk.append(file, data); err != nil {
		h.storage.disk.remove(file)
		w.diskFailed(h, err)
		return
	}
	w.syncFile(h, name, then)
}

func (w *World) syncFile(h *host, name *raft.Snapshot, then happeningKind) {
	h.storage.disk.sync(snapshotName(name))
	w.later(h, filesOrdinal+uint64(name.Last.Index), happening{kind: then, snapshot: name})
}

// synced ends a sync of the log.
func (w *World) synced(x happening) {
	h := w.host(x.member)
	if !w.persisted(h, &x, logFiles) || h.defers(x) {
		return
	}
	h.promised.any = true
	w.step(h, replica.Synced{})
}

// saved ends the making of a snapshot.
func (w *World) saved(x happening) {
	h := w.host(x.member)
	name := snapshotName(x.snapshot)
	if !w.persisted(h, &x, name) || h.defers(x) {
		return
	}
	w.checkSaved(h, x.snapshot)
	w.emit(Event{Kind: SnapshotSaved, Member: h.id, Term: x.snapshot.Last.Term, Index: x.snapshot.Last.Index, N: x.snapshot.Size})
	w.step(h, replica.Saved{Index: x.snapshot.Last.Index, Size: x.snapshot.Size, Checksum: x.snapshot.Checksum})
}

// received ends the reception of a snapshot.
func (w *World) received(x happening) {
	h := w.host(x.member)
	name := snapshotName(x.snapshot)
	if !w.persisted(h, &x, name) || h.defers(x) {
		return
	}
	data, err := h.storage.disk.read(name) // empty if the file was trimmed meanwhile: then it is not wanted
	if err != nil && !errors.Is(err, errNoFile) {
		w.diskFailed(h, err)
		return
	}
	w.step(h, replica.Received{Snapshot: *x.snapshot, File: bytes.NewReader(data)})
}

// persisted ends a sync, and reports whether the member lives to hear of it.
func (w *World) persisted(h *host, x *happening, files string) bool {
	if h.replica == nil || h.life != x.life {
		return false
	}
	if x.heard {
		return true // the member was paused when it ended
	}
	x.heard = true
	if h.storage.disk.syncFails() {
		h.storage.disk.syncFailed(files, w.sectors(h))
		if w.config.Rules.Host.TrustsDisk(errSync) {
			w.emit(Event{Kind: DiskSynced, Member: h.id, N: bit(files != logFiles)})
			return true
		}
		w.diskFailed(h, errSync)
		w.powerLoss(h, false) // the cache is not trusted any more
		h.atRest = w.rest(h)
		return false
	}
	h.storage.disk.synced(files)
	w.emit(Event{Kind: DiskSynced, Member: h.id, N: bit(files != logFiles)})
	return true
}

// diskFailed stops a member whose disk has failed: what it knows of the disk can't
// be trusted any more.
func (w *World) diskFailed(h *host, err error) {
	w.emit(Event{Kind: DiskFailed, Member: h.id, Err: err})
	w.stop(h)
}

// powerLoss keeps what was synced and some of the rest.
func (w *World) powerLoss(h *host, torn bool) {
	var kept func(i, n int) int
	if torn {
		kept = func(i, n int) int {
			k := Key{Draw: DrawTorn, From: uint16(h.id), Term: uint64(h.life), Ordinal: uint64(i)}
			return n - int(w.chance.choose(k, uint64(n)+1))
		}
	}
	h.storage.disk.crash(w.sectors(h), kept)
}

// sectors draws which sectors were lost.
func (w *World) sectors(h *host) func(i int) bool {
	return func(i int) bool {
		k := Key{Draw: DrawSector, From: uint16(h.id), Term: uint64(h.life), Ordinal: uint64(i)}
		return w.chance.choose(k, 2) == 1
	}
}
