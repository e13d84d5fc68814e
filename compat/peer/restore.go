package peer

import (
	"errors"
	"fmt"

	compat "github.com/castaway-kv/castaway/compat/raft"
	castaway "github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/replica"
	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
)

// Options take away what keeps the peer's promises, to see that it is noticed. With the
// zero Options it keeps them all.
type Options struct {
	// Eager sends what does not answer before the hard state and the entries of earlier
	// Readys are durable, as etcd's documentation allows it with asynchronous writes.
	Eager bool
	// Early tells etcd's core, and others, that everything is durable at once.
	Early bool
	// Hasty begins a change of the members before all have applied the one before.
	Hasty bool
	// Resigns lets a leader remove itself, and step down at once.
	Resigns bool
	// Alone lets a leader that is the only voter answer reads before it has committed
	// anything in its term.
	Alone bool
	// Lease allows lease reads (ReadOnlyLeaseBased), which know no bound on clocks.
	Lease bool
}

// ErrLost: etcd's core demands that a disk keeps what it has reported durable.
var ErrLost = errors.New("peer: the disk has lost what it had reported durable")

// Restore starts etcd's core from what a disk holds. It is a replica.Restore.
func (o Options) Restore(config castaway.Config, base castaway.Base, tail []castaway.Record, life castaway.Life) (replica.Core, error) {
	if err := o.validate(&config); err != nil {
		return nil, err
	}
	c := &Core{config: config, options: o, life: life, storage: etcd.NewMemoryStorage()}
	c.dice.config = &c.config
	if err := c.replay(base, tail); err != nil {
		return nil, err
	}
	defer c.draws()()
	node, err := etcd.NewRawNode(c.etcdConfig())
	if err != nil {
		return nil, fmt.Errorf("peer: %w", err)
	}
	c.node = node
	return c, nil
}

func (o Options) validate(config *castaway.Config) error {
	switch options := config.Options; {
	case options.CheckQuorum != options.Stickiness:
		return errors.New("peer: etcd's CheckQuorum is stickiness too")
	case options.LeaseRead && !o.Lease:
		return errors.New("peer: etcd's lease reads know no bound on the drift of clocks")
	case config.HeartbeatInterval < tick || config.MinElectionTimeout < config.HeartbeatInterval+tick:
		return errors.New("peer: the times are too short for ticks of 10 ms")
	}
	return nil
}

func (c *Core) etcdConfig() *etcd.Config {
	options := c.config.Options
	config := &etcd.Config{
		ID: uint64(c.config.ID), Storage: c.storage, Applied: uint64(c.applied), AsyncStorageWrites: true,
		ElectionTick: int(c.config.MinElectionTimeout / tick), HeartbeatTick: int(c.config.HeartbeatInterval / tick),
		PreVote: options.PreVote, CheckQuorum: options.CheckQuorum,
		MaxCommittedSizePerReady: uint64(c.config.MaxMessageBytes), MaxInflightMsgs: c.config.MaxInflight,
		MaxUncommittedEntriesSize: uint64(c.config.MaxUncommittedBytes),
		DisableProposalForwarding: true, StepDownOnRemoval: c.options.Resigns, Logger: compat.Silence(),
	}
	if c.config.MaxEntries > 1 { // else 0, which is one entry
		config.MaxSizePerMsg = uint64(c.config.MaxMessageBytes)
	}
	if options.LeaseRead {
		config.ReadOnlyOption = etcd.ReadOnlyLeaseBased
	}
	return config
}

// replay fills the storage with what the disk holds.
func (c *Core) replay(base castaway.Base, tail []castaway.Record) error {
	if base.Lost != (castaway.Position{}) {
		return ErrLost
	}
	c.snapshot, c.hard = base.Snapshot, toHardState(base.TermVote)
	must(c.storage.ApplySnapshot(toSnapshot(&c.snapshot)))
	must(c.storage.Append(fromEntries(base.Entries)))
	for _, r := range tail {
		switch r := r.(type) {
		case castaway.TermVote:
			c.hard = toHardState(r)
		case *castaway.Append:
			must(c.storage.Append(fromEntries(r.Entries)))
		case castaway.Truncate:
			c.truncate(r.Last.Index)
		default:
			return ErrLost
		}
	}
	last := c.snapshot.Last.Index
	c.hard.commit = max(c.hard.commit, last)
	c.applied, c.commit = last, c.hard.commit
	c.configurations = []placed{{index: last, Configuration: c.snapshot.Members}}
	c.decided = c.snapshot.Members
	c.log.durable, c.commits.durable = c.Last().Index, c.hard.commit
	if c.hard != (hardState{}) {
		must(c.storage.SetHardState(&pb.HardState{
			Term: new(uint64(c.hard.term)), Vote: new(uint64(c.hard.vote)), Commit: new(uint64(c.hard.commit)),
		}))
	}
	return nil
}

// truncate removes the entries behind last: etcd's storage knows only how to replace them.
func (c *Core) truncate(last castaway.Index) {
	kept := c.entries(c.First(), last)
	c.storage = etcd.NewMemoryStorage()
	must(c.storage.ApplySnapshot(toSnapshot(&c.snapshot)))
	must(c.storage.Append(fromEntries(kept)))
}
