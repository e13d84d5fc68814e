package raftsim

import (
	"fmt"

	"github.com/castaway-kv/castaway/kv/lease"
	"github.com/castaway-kv/castaway/kv/machine"
	"github.com/castaway-kv/castaway/kv/watch"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/replica"
	"github.com/castaway-kv/castaway/replica/wal"
)

// Time is a virtual moment or span, in nanoseconds; a run begins at 0.
type Time int64

// Units of virtual time.
const (
	Nanosecond  Time = 1
	Microsecond      = 1000 * Nanosecond
	Millisecond      = 1000 * Microsecond
	Second           = 1000 * Millisecond
)

// Bounds of a configuration.
const (
	MaxMembers = 9
	MaxClients = 100
	// MaxBatch bounds the entries of one message.
	MaxBatch = 1024
	// MinLatency keeps a run from going on for ever at one moment.
	MinLatency = Microsecond
	// MinHeartbeat keeps a run from being nothing but heartbeats.
	MinHeartbeat = Millisecond
	// MaxIDs is how many members a run may have in all, those removed included.
	MaxIDs = 32
	// MaxDrift bounds the rates of clocks, in millionths.
	MaxDrift = 900_000
	// MaxSpan bounds every span of time.
	MaxSpan = 3600 * Second
)

// never is later than any moment of a run.
const never = Time(1<<63 - 1)

// Config describes a run: everything that happens in it follows from it.
type Config struct {
	// Members is the size of the cluster at first, 1 to MaxMembers. They are named
	// S1, S2, …
	Members int
	// Seed of all chance in the run.
	Seed uint64
	// Choices replace what the seed would choose: sparse, in any order, each key once.
	Choices []Choice
	// Benign makes every choice that Choices does not name the benign one, 0, instead
	// of asking the seed.
	Benign bool
	// Choose, if set, is asked first what Choices do not name: a fuzzer's bytes may
	// decide so. It returns a number below n; false leaves the choice to Seed and Benign.
	// The same key must always get the same answer, in clones of the world too.
	Choose func(k Key, n uint64) (value uint64, ok bool)
	// Chosen, if set, is told every choice that is not the benign one, also when it is
	// asked for again.
	Chosen func(Choice)
	// Options of the Raft core: raft.Etcd() or raft.Paper().
	Options raft.Options
	Rules   Rules
	// Batch is how many entries go in one message at most, 1 to MaxBatch.
	Batch int
	// Core is the consensus core of the members; nil means ours. It is no part of a
	// scenario, as the rules are not. A world with another core can't be cloned.
	Core   replica.Restore
	Timing Timing
	Clocks Clocks
	// Network is how every link between members is, unless SetLink says otherwise.
	Network   Link
	Disk      Disk
	Snapshots Snapshots
	// Machine is a state machine of the user's own, which the cluster replicates beside
	// the store: clients reach it by kv.CommandRequest. Nil if there is none.
	Machine  machine.StateMachine
	Clients  []Client
	Schedule []Scheduled
	// BeyondModel lets faults happen that no replication can survive, such as a disk
	// that forgets what it had reported durable without leaving a trace. What breaks
	// then is excused by them: see Violation.Excuse.
	BeyondModel bool
	// SkipInvariants leaves out the core's own invariants, which notice many a replaced
	// rule long before anything is lost: so that the run goes on to what the rule is
	// there to prevent. The properties of the whole cluster are checked in any case.
	SkipInvariants bool
}

// Rules are those of every part of a member, and of the clients; StandardRules, or one
// of them replaced.
type Rules struct {
	Raft    raft.Rules
	Replica replica.Rules
	Wal     wal.Rules
	Lease   lease.Rules
	Watch   watch.Rules
	Client  ClientRules
	Host    HostRules
}

// StandardRules are those that keep all promises.
func StandardRules() Rules {
	return Rules{
		Raft: raft.StandardRules(), Replica: replica.StandardRules(), Wal: wal.StandardRules(),
		Lease: lease.StandardRules(), Watch: watch.StandardRules(), Client: StandardClientRules(), Host: StandardHostRules(),
	}
}

// Spread is a span of time drawn evenly from Min to Max, both included.
type Spread struct{ Min, Max Time }

// Chance is a probability in millionths.
type Chance uint32

// Always is the Chance of what is certain.
const Always Chance = 1_000_000

// Timing of the Raft cores.
type Timing struct {
	// Election time-outs are drawn from here, afresh for each attempt.
	Election Spread
	// Heartbeat is the leader's longest silence.
	Heartbeat Time
}

// Clocks of the members.
type Clocks struct {
	// Offset is by how much their readings may differ at the start.
	Offset Time
	// Drift is the largest difference between the rates of two clocks, in millionths.
	// Lease reads rely on it. Each clock's rate is drawn from half of it, either way.
	Drift int64
}

// Disk of each member.
type Disk struct {
	// Write is how long a write to the page cache takes, Sync an fsync.
	Write, Sync Spread
}

// Snapshots says when members drop the beginning of their logs.
type Snapshots struct {
	// Every is how many entries are applied between snapshots; 0 means that there are
	// none.
	Every int
	// Keep is how many entries a member keeps before its snapshot, for followers that
	// lag a little.
	Keep int
	// Chunk is how many bytes of a snapshot go in one message.
	Chunk int
}

// Scheduled is an action at a moment. It comes before all other events of that moment.
type Scheduled struct {
	At     Time
	Action Action
}

// Default is a cluster of n members with the time-outs of the paper (§9.3) on
// a network and on disks as in a data center.
func Default(members int) Config {
	return Config{
		Members:   members,
		Options:   raft.Etcd(),
		Rules:     StandardRules(),
		Batch:     64,
		Timing:    Timing{Election: Spread{150 * Millisecond, 300 * Millisecond}, Heartbeat: 50 * Millisecond},
		Network:   Link{Latency: Latency{Spread: Spread{1 * Millisecond, 5 * Millisecond}}, Reorder: Always},
		Disk:      Disk{Write: Spread{10 * Microsecond, 50 * Microsecond}, Sync: Spread{500 * Microsecond, 2 * Millisecond}},
		Snapshots: Snapshots{Every: 1000, Keep: 100, Chunk: 64 << 10},
	}
}

// Validate returns an error that names the field which can't be.
func (c *Config) Validate() error {
	if c.Members < 1 || c.Members > MaxMembers {
		return fmt.Errorf("members: %d is not between 1 and %d", c.Members, MaxMembers)
	}
	if c.Batch < 1 || c.Batch > MaxBatch {
		return fmt.Errorf("batch: %d entries in a message are not between 1 and %d", c.Batch, MaxBatch)
	}
	if c.Timing.Heartbeat < MinHeartbeat || c.Timing.Heartbeat >= c.Timing.Election.Min {
		return fmt.Errorf("timing: the heartbeat must lie between 1ms and the shortest election time-out")
	}
	if c.Clocks.Offset < 0 || c.Clocks.Offset > MaxSpan {
		return fmt.Errorf("clocks offset: %d ns is not between 0 and 1 h", c.Clocks.Offset)
	}
	if c.Clocks.Drift < 0 || c.Clocks.Drift > MaxDrift {
		return fmt.Errorf("clocks drift: %d millionths are not between 0 and %d", c.Clocks.Drift, MaxDrift)
	}
	if s := c.Snapshots; s.Every < 0 || s.Keep < 0 || s.Chunk < 1 {
		return fmt.Errorf("snapshots: every %d entries, keeping %d, in pieces of %d bytes: at least 0, 0 and 1", s.Every, s.Keep, s.Chunk)
	}
	for _, s := range []struct {
		name   string
		spread Spread
	}{
		{"timing election", c.Timing.Election},
		{"disk write", c.Disk.Write},
		{"disk sync", c.Disk.Sync},
	} {
		if err := s.spread.validate(); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	if err := c.Network.validate(); err != nil {
		return fmt.Errorf("network %w", err)
	}
	if err := c.validateClients(); err != nil {
		return err
	}
	return c.validateSchedule()
}

func (c *Config) validateSchedule() error {
	for _, s := range c.Schedule {
		if s.At < 0 {
			return fmt.Errorf("schedule: %d ns lies before the beginning", s.At)
		}
		if s.Action == nil {
			return fmt.Errorf("schedule: at %d ns there is no action", s.At)
		}
		if err := s.Action.validate(c); err != nil {
			return fmt.Errorf("schedule: %w", err)
		}
	}
	return nil
}

func (s Spread) validate() error {
	if s.Min < 0 || s.Max < s.Min || s.Max > MaxSpan {
		return fmt.Errorf("%d to %d ns is not a span of time between 0 and 1 h", s.Min, s.Max)
	}
	return nil
}
