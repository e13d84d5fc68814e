package replica

import (
	"cmp"
	"slices"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/replica/wal"
)

// disk is what is on its way to the log, by record number.
type disk struct {
	writer wal.Writer
	// started says that what Open wrote was handed out.
	started bool
	// offset is the record number before raft's first write of this life.
	offset uint64
	// durable is the last record known synced, syncing the last one that the
	// Sync under way covers, 0 if none is.
	durable, syncing uint64
	// base is the newest Base that is not known durable, 0 if there is none: once it
	// is, nothing before it is needed.
	base uint64
	// waiting are sends whose After is not durable yet, in order.
	waiting []raft.Send
}

// writeAll adds what the core asks to write.
func (r *Replica) writeAll(list []raft.Write) {
	if !r.config.Rules.TermFirst() {
		list = slices.Clone(list)
		slices.SortStableFunc(list, func(a, b raft.Write) int { return cmp.Compare(isTerm(a.Record), isTerm(b.Record)) })
	}
	for i := range list {
		r.write(list[i].Record)
	}
}

// write adds a record to what goes to the disk.
func (r *Replica) write(record raft.Record) {
	encoded := r.disk.writer.Append(record)
	r.out.Write = append(r.out.Write, encoded)
	switch x := record.(type) {
	case raft.Base:
		r.disk.base = encoded.Number
	case *raft.Append:
		if first := x.Entries[0].Index; r.out.Appended == 0 || first < r.out.Appended {
			r.out.Appended = first
		}
	}
}

// sync asks for all that was written to be made durable, unless a Sync is under
// way: then its end is waited for.
func (r *Replica) sync() {
	if d := &r.disk; d.syncing == 0 && d.writer.Number() > d.durable {
		d.syncing = d.writer.Number()
		r.out.Sync = true
	}
}

// synced takes note that the Sync under way is done.
func (r *Replica) synced(now raft.Time) {
	d := &r.disk
	d.durable, d.syncing = d.syncing, 0
	d.writer.Synced(d.durable)
	if d.base != 0 && d.base <= d.durable {
		r.out.Trim, d.base = d.base, 0
	}
	r.step(now, raft.Written{Number: d.durable - d.offset})
}

// await keeps what the core sends until what it promises is durable, the number of
// this life in any case.
func (d *disk) await(sends []raft.Send) {
	for _, s := range sends {
		s.After += d.offset
		d.waiting = append(d.waiting, s)
	}
}

// release lets go the sends that waited long enough.
func (r *Replica) release() {
	d := &r.disk
	if len(d.waiting) == 0 {
		return
	}
	kept := d.waiting[:0]
	for _, s := range d.waiting {
		if s.After > d.durable {
			kept = append(kept, s)
			continue
		}
		r.out.Sends = append(r.out.Sends, Envelope{s.To, s.Message})
	}
	clear(d.waiting[len(kept):])
	d.waiting = kept
}

// isTerm is 1 for a record of term and vote, else 0.
func isTerm(r raft.Record) int {
	if _, ok := r.(raft.TermVote); ok {
		return 1
	}
	return 0
}
