package replica

import "github.com/castaway-kv/castaway/raft"

// Core is what a member needs of a consensus core: a raft.Node, or another one that
// keeps the same promises. What a method means stands at raft.Node's of the same name.
type Core interface {
	Step(now raft.Time, in raft.Input) *raft.Output

	Term() raft.Term
	Role() raft.Role
	Leader() raft.ID
	Members() raft.Configuration

	// The log, and how far it is durable and committed; CommittedBy is the configuration
	// whose majority has decided on Commit.
	First() raft.Index
	Last() raft.Position
	Entry(raft.Index) (raft.Entry, bool)
	Durable() raft.Index
	Commit() raft.Index
	CommittedBy() raft.Configuration

	Snapshot() raft.Snapshot
	Snapshots() []raft.Snapshot
	Base() raft.Base
	State() raft.State
}

// Restore starts a core from what a disk holds, as raft.Restore does. It returns an
// error for what the core does not offer, and for a disk that it can't start from.
type Restore func(config raft.Config, base raft.Base, tail []raft.Record, life raft.Life) (Core, error)

// setCore starts the core: ours, unless the configuration says otherwise.
func (r *Replica) setCore(base raft.Base, tail []raft.Record) (err error) {
	if r.config.Core != nil {
		r.node, err = r.config.Core(r.config.Raft, base, tail, r.life)
		return err
	}
	r.own, err = raft.Restore(r.config.Raft, base, tail, r.life)
	r.node = r.own
	return err
}

// drive gives the core an input. Ours is called by its own name, and what others get is
// boxed anew: so only others' inputs go to the heap.
func (r *Replica) drive(now raft.Time, in raft.Input) *raft.Output {
	if r.own != nil {
		return r.own.Step(now, in)
	}
	return r.driveOther(now, in)
}

func (r *Replica) driveOther(now raft.Time, in raft.Input) *raft.Output {
	switch in := in.(type) {
	case raft.Wake:
		return r.node.Step(now, in)
	case raft.Campaign:
		return r.node.Step(now, in)
	case raft.Receive:
		return r.node.Step(now, in)
	case raft.Propose:
		return r.node.Step(now, in)
	case raft.Read:
		return r.node.Step(now, in)
	case raft.Change:
		return r.node.Step(now, in)
	case raft.Transfer:
		return r.node.Step(now, in)
	case raft.Written:
		return r.node.Step(now, in)
	case raft.SnapshotTaken:
		return r.node.Step(now, in)
	case raft.SnapshotReceived:
		return r.node.Step(now, in)
	}
	panic("replica: an input that no member gives its core")
}
