package replica

import (
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/kv/lease"
	"github.com/castaway-kv/castaway/kv/machine"
	"github.com/castaway-kv/castaway/kv/mvcc"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/replica/wal"
)

// Config of one member.
type Config struct {
	Raft raft.Config
	// Core starts the member's core; nil means raft.Restore.
	Core Restore
	// Members is the configuration that the cluster began with; one that joins later
	// is not in it.
	Members raft.Configuration
	// New says that this member has never been started before. Another one whose
	// disk is empty must not start: it may have promised what it can't remember.
	New     bool
	Machine machine.Config
	Wal     wal.Rules
	Rules   Rules
	// SnapshotEvery is how many entries are applied between snapshots; 0 means that
	// there are none.
	SnapshotEvery int
}

// Replica is one member. Make one with Open.
type Replica struct {
	config Config
	id     raft.ID
	life   raft.Life
	// node is the core; own is the same if it is ours, else nil.
	node    Core
	own     *raft.Node
	machine *machine.Machine
	// applied is the position of the last entry applied.
	applied raft.Position
	// primary is the term in which this member's clock decides when leases end, 0 if
	// it does not.
	primary raft.Term

	disk    disk
	pending []proposal
	reads   []read
	streams []stream
	// sequence numbers this life's proposals and reads.
	sequence uint64
	// saving says that a Save is under way, wanted that one is needed in any case.
	saving, wanted bool
	// received is the state of a snapshot that is about to be installed.
	received *machine.Machine

	out Effects
}

// Step does all that in calls for at time now of the member's monotonic clock.
func (r *Replica) Step(now raft.Time, in Input) *Effects {
	r.begin()
	switch in := in.(type) {
	case Wake:
		r.step(now, raft.Wake{})
	case Campaign:
		r.step(now, raft.Campaign{})
	case Receive:
		r.step(now, raft.Receive(in))
	case Request:
		r.request(now, in)
	case Reconfigure:
		r.reconfigure(now, in)
	case Transfer:
		r.step(now, raft.Transfer(in))
	case Synced:
		r.synced(now)
	case Saved:
		r.saved(now, in)
	case Unreadable:
		r.wanted = true
		r.step(now, raft.Wake{})
	case Received:
		r.receivedSnapshot(now, in)
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
	r.finish(now)
	return &r.out
}

// begin empties the effects of the step before, but keeps their memory; what Open
// has written comes with the first step.
func (r *Replica) begin() {
	o := &r.out
	if r.disk.started {
		o.Write = o.Write[:0]
	}
	r.disk.started = true
	o.Sync, o.Trim, o.Save, o.Installed = false, 0, nil, nil
	o.Sends, o.Replies, o.Watched, o.Chunks = o.Sends[:0], o.Replies[:0], o.Watched[:0], o.Chunks[:0]
	clear(o.Applied)
	o.Applied, o.Appended = o.Applied[:0], 0
	o.Ignored, o.Violation = raft.Heeded, nil
}

// finish does what follows from whatever happened.
func (r *Replica) finish(now raft.Time) {
	r.propose(now)
	r.serveReads(now)
	r.deliver()
	r.save()
	r.out.Wake = min(r.out.Wake, raft.Time(r.machine.Wake()))
	r.sync()
}

// step drives the core and takes over what it asks for.
func (r *Replica) step(now raft.Time, in raft.Input) {
	out := r.drive(now, in)
	r.writeAll(out.Writes)
	r.disk.await(out.Sends)
	r.release()
	r.out.Chunks = append(r.out.Chunks, out.Chunks...)
	if out.Installed != nil {
		r.install(out.Installed)
	}
	for i := range out.Committed {
		r.apply(now, &out.Committed[i])
	}
	for _, x := range out.Refused {
		r.refused(x)
	}
	for _, x := range out.Reads {
		r.readReady(x)
	}
	r.out.Wake = out.Wake
	if r.out.Ignored == raft.Heeded {
		r.out.Ignored = out.Ignored
	}
	if r.out.Violation == nil {
		r.out.Violation = out.Violation
	}
	r.follow()
}

// follow stops this member's clock from ending leases when another leads.
func (r *Replica) follow() {
	if r.primary != 0 && !r.isPrimary() {
		r.primary = 0
		r.machine.Demote()
	}
}

func (r *Replica) isPrimary() bool {
	return r.config.Rules.MayExpire(r.node.Role() == raft.Leader, r.primary, r.node.Term())
}

// lead makes this member's clock the one that ends leases, once it has applied the
// first entry of the term that it leads: then it has all that came before.
func (r *Replica) lead(now raft.Time, e *raft.Entry) {
	if r.node.Role() == raft.Leader && e.Term == r.node.Term() && r.primary != e.Term {
		r.primary = e.Term
		r.machine.Promote(lease.Time(now), lease.Duration(r.config.Raft.MinElectionTimeout))
	}
}

// Clone returns a copy that goes on independently; nil if the core is not ours, for
// others can't be copied.
func (r *Replica) Clone() *Replica {
	if r.own == nil {
		return nil
	}
	c := *r
	c.own = r.own.Clone()
	c.node = c.own
	c.machine = r.machine.Clone()
	c.disk.waiting = slices.Clone(r.disk.waiting)
	c.pending = slices.Clone(r.pending)
	c.reads = slices.Clone(r.reads)
	c.streams = slices.Clone(r.streams)
	c.out = Effects{}
	if !r.disk.started {
		c.out.Write = slices.Clone(r.out.Write)
	}
	return &c
}

// Node is the member's core, to look at.
func (r *Replica) Node() Core { return r.node }

// Machine is the member's state machine, to look at.
func (r *Replica) Machine() *machine.Machine { return r.machine }

// Store is the member's store, to look at.
func (r *Replica) Store() *mvcc.Store { return r.machine.Store() }

// Applied is the index of the last entry applied.
func (r *Replica) Applied() raft.Index { return r.applied.Index }
