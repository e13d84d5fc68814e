package raft_test

import (
	"maps"
	"slices"

	"github.com/castaway-kv/castaway/internal/mix"
	"github.com/castaway-kv/castaway/raft"
)

// disk is what a member keeps: records, oldest first, and files of snapshots.
type disk struct {
	// records are those that a crash leaves, cache those that it may take.
	records []raft.Record
	cache   []raft.Write
	// synced is the newest write of this life on disk, told the newest that the
	// member was told of.
	synced, told uint64
	// files hold snapshots, by checksum.
	files map[uint64]string
	// partial is a snapshot that is coming.
	partial partial
}

type partial struct {
	snapshot raft.Snapshot
	data     string
}

func newDisk(base raft.Base) disk {
	return disk{records: []raft.Record{base}, files: map[uint64]string{}}
}

// digest is the checksum of a file.
func digest(data string) uint64 {
	var h mix.Hash
	h.String(data)
	return h.Sum()
}

// recover finds the last Base and what follows it.
func (d *disk) recover() (raft.Base, []raft.Record) {
	for i := len(d.records) - 1; ; i-- {
		if base, ok := d.records[i].(raft.Base); ok {
			return base, d.records[i+1:]
		}
	}
}

// forget drops what was not synced.
func (d *disk) forget() {
	d.cache, d.partial = nil, partial{}
	d.synced, d.told = 0, 0
}

// busy reports whether there is something to sync or to report.
func (d *disk) busy() bool { return len(d.cache) > 0 || d.told < d.synced || d.whole() }

// keep adds a piece to the snapshot that is coming.
func (d *disk) keep(c raft.Chunk) {
	if c.Offset == 0 {
		d.partial = partial{snapshot: c.Snapshot}
	}
	d.partial.data += c.Data
}

// whole reports whether all of a snapshot has come.
func (d *disk) whole() bool {
	s := d.partial.snapshot
	return s.Last.Index > 0 && uint64(len(d.partial.data)) == s.Size
}

// install keeps the file of a snapshot that is now in force.
func (d *disk) install(s raft.Snapshot) { d.files[s.Checksum] = d.partial.data }

// tidy removes all files but those of some snapshots.
func (d *disk) tidy(needed []raft.Snapshot) {
	maps.DeleteFunc(d.files, func(checksum uint64, _ string) bool {
		return !slices.ContainsFunc(needed, func(s raft.Snapshot) bool { return s.Checksum == checksum })
	})
}

// rebase replaces all records by one Base.
func (d *disk) rebase() {
	d.records = []raft.Record{compacted(d.recover())}
}

// compacted is one Base for a Base and its tail.
func compacted(base raft.Base, tail []raft.Record) raft.Base {
	base.Entries = slices.Clone(base.Entries)
	for _, r := range tail {
		switch r := r.(type) {
		case raft.TermVote:
			base.TermVote = r
		case *raft.Append:
			base.Entries = append(base.Entries, r.Entries...)
		case raft.Truncate:
			base.Entries = base.Entries[:r.Last.Index-base.Snapshot.Last.Index]
		case raft.Loss:
			base.Lost = r.Last
		}
	}
	return base
}

// lose takes the last n records behind the Base, of those that were synced. The
// disk proves it: records behind them show term and vote, and how far the log
// went. It reports whether entries are gone.
func (d *disk) lose(n int) bool {
	base, tail := d.recover()
	was := compacted(base, tail)
	n = min(n, len(tail))
	tail = tail[:len(tail)-n]
	now := compacted(base, tail)
	d.records = append([]raft.Record{base}, tail...)
	if was.TermVote != now.TermVote {
		d.records = append(d.records, was.TermVote)
	}
	if end(was) == end(now) && was.Lost == now.Lost {
		return false
	}
	d.records = append(d.records, raft.Loss{Last: later(end(was), was.Lost)})
	return true
}

// end is where a log ends.
func end(b raft.Base) raft.Position {
	if n := len(b.Entries); n > 0 {
		return b.Entries[n-1].Position()
	}
	return b.Snapshot.Last
}

func later(a, b raft.Position) raft.Position {
	if raft.UpToDate(a, b) {
		return a
	}
	return b
}
