package replica

import (
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/mvcc"
	"github.com/castaway-kv/castaway/kv/watch"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/replica/wal"
)

// Config of one member.
type Config struct {
	Raft raft.Config
	// Members is the configuration that a new log starts with.
	Members raft.Configuration
}

// Replica is one member.
type Replica struct {
	id    raft.ID
	life  raft.Life
	node  *raft.Node
	store *mvcc.Store
	hub   *watch.Hub
	// told is the last revision that the hub was told of.
	told kv.Revision
	// streams of clients, in the order in which they were opened.
	streams []stream
	// applied is the index of the last entry applied to the store.
	applied raft.Index

	disk    disk
	pending []proposal
	reads   []read
	// sequence numbers this life's proposals and reads.
	sequence uint64

	out Effects
}

// disk is what is on its way to the log, by record number.
type disk struct {
	writer wal.Writer
	// offset is the record number before raft's first write of this life.
	offset uint64
	// durable is the last record known synced, syncing the last one that the
	// Sync under way covers, 0 if none is.
	durable, syncing uint64
	// waiting are sends whose After is not durable yet, in order.
	waiting []raft.Send
}

// Open starts a member from what its disk holds. The driver must cut the log
// file to the returned size and sync that before it writes anything. Every
// start of a member is a new life, and its first step must follow.
//
// It returns a *wal.LossError when synced records are gone: such a member must
// stay down, or it would break promises it can't remember.
func Open(config Config, log []byte) (*Replica, int64, error) {
	recovered, err := wal.Recover(log)
	if err != nil {
		return nil, 0, err
	}
	r := &Replica{
		id: config.Raft.ID, life: recovered.Life + 1, store: mvcc.New(),
		disk: disk{writer: recovered.Writer, durable: recovered.Writer.Number()},
	}
	r.hub = watch.New(watch.Config{Buffer: watch.DefaultBuffer, Rules: watch.StandardRules()}, r.store)
	r.out.Write = r.disk.writer.AppendStart(nil, wal.Start{Life: r.life})
	base := recovered.Base
	if base == nil {
		base = &raft.Base{Snapshot: raft.Snapshot{Members: config.Members}}
		r.out.Write = r.disk.writer.Append(r.out.Write, *base)
	}
	r.disk.offset = r.disk.writer.Number()
	if r.node, err = raft.Restore(config.Raft, *base, recovered.Tail, r.life); err != nil {
		return nil, 0, fmt.Errorf("replica: %w", err)
	}
	return r, recovered.Valid, nil
}

// Step does all that in calls for at time now of the member's clock.
func (r *Replica) Step(now raft.Time, in Input) Effects {
	switch in := in.(type) {
	case Wake:
		r.step(now, raft.Wake{})
	case Receive:
		r.step(now, raft.Receive(in))
	case Request:
		r.request(now, in)
	case Synced:
		r.synced(now)
	case Watch:
		r.watch(in)
		r.step(now, raft.Wake{})
	case Pull:
		r.pull(in)
		r.step(now, raft.Wake{})
	case Progress:
		r.progress(in)
		r.step(now, raft.Wake{})
	case Unwatch:
		r.unwatch(in)
		r.step(now, raft.Wake{})
	default:
		panic(fmt.Sprintf("replica: unknown input %T", in))
	}
	if len(r.out.Write) > 0 && r.disk.syncing == 0 {
		r.disk.syncing = r.disk.writer.Number()
		r.out.Sync = true
	}
	return r.emit()
}

// emit hands the effects out and starts afresh, keeping the memory of slices
// that the driver may only read until the next Step.
func (r *Replica) emit() Effects {
	out := r.out
	r.out = Effects{Sends: out.Sends[:0], Replies: out.Replies[:0], Applied: out.Applied[:0]}
	return out
}

// step drives the core and takes over what it asks for.
func (r *Replica) step(now raft.Time, in raft.Input) {
	out := r.node.Step(now, in)
	for _, w := range out.Writes {
		r.write(w.Record)
	}
	for _, s := range out.Sends {
		s.After += r.disk.offset
		r.disk.waiting = append(r.disk.waiting, s)
	}
	r.release()
	for i := range out.Committed {
		r.apply(&out.Committed[i])
	}
	for _, x := range out.Refused {
		r.refused(x)
	}
	for _, x := range out.Reads {
		r.readReady(x)
	}
	r.serveReads()
	r.deliver()
	r.out.Wake = out.Wake
	if r.out.Violation == nil {
		r.out.Violation = out.Violation
	}
}

// write adds a record to what goes to the disk.
func (r *Replica) write(record raft.Record) {
	r.out.Write = r.disk.writer.Append(r.out.Write, record)
	if a, ok := record.(raft.Append); ok && (r.out.Appended == 0 || a.Entries[0].Index < r.out.Appended) {
		r.out.Appended = a.Entries[0].Index
	}
}

// synced takes note that the Sync under way is done.
func (r *Replica) synced(now raft.Time) {
	d := &r.disk
	d.durable, d.syncing = d.syncing, 0
	d.writer.Synced(d.durable)
	r.step(now, raft.Written{Number: d.durable - d.offset})
	if d.writer.Number() > d.durable {
		d.syncing = d.writer.Number()
		r.out.Sync = true
	}
}

// release lets go the sends that waited long enough.
func (r *Replica) release() {
	d := &r.disk
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

// Clone returns a copy that goes on independently.
func (r *Replica) Clone() *Replica {
	c := *r
	c.node = r.node.Clone()
	c.store = r.store.Clone()
	c.hub = r.hub.Clone(c.store)
	c.streams = slices.Clone(r.streams)
	c.disk.waiting = slices.Clone(r.disk.waiting)
	c.pending = slices.Clone(r.pending)
	c.reads = slices.Clone(r.reads)
	c.out = Effects{Write: slices.Clone(r.out.Write)}
	return &c
}

// Node is the member's core, to look at.
func (r *Replica) Node() *raft.Node { return r.node }

// Store is the member's store, to look at.
func (r *Replica) Store() *mvcc.Store { return r.store }

// Applied is the index of the last entry applied to the store.
func (r *Replica) Applied() raft.Index { return r.applied }
