package raftsim

import (
	"fmt"

	"github.com/castaway-kv/castaway/raft"
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
	// MinLatency keeps a run from going on for ever at one moment.
	MinLatency = Microsecond
	// MinHeartbeat keeps a run from being nothing but heartbeats.
	MinHeartbeat = Millisecond
	// MaxSpan bounds every span of time.
	MaxSpan = 3600 * Second
)

// never is later than any moment of a run.
const never = Time(1<<63 - 1)

// Config describes a run: everything that happens in it follows from it.
type Config struct {
	// Members is the size of the cluster, 1 to MaxMembers. They are named S1, S2, …
	Members int
	// Seed of all chance in the run.
	Seed uint64
	// Options of the Raft core: raft.Etcd() or raft.Paper().
	Options raft.Options
	// Rules of the Raft core: raft.StandardRules(), or one of them replaced.
	Rules   raft.Rules
	Timing  Timing
	Network Network
	Disk    Disk
	Clients []Client
	// ClientRules of all clients: StandardClientRules(), or one of them replaced.
	ClientRules ClientRules
	Schedule    []Scheduled
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

// Network between members; clients reach every member, and their requests are
// not dropped.
type Network struct {
	// Latency of each message, on every link in both directions.
	Latency Spread
	// Drop is the chance that a message between members is lost.
	Drop Chance
}

// Disk of each member.
type Disk struct {
	// Write is how long a write to the page cache takes, Sync an fsync.
	Write, Sync Spread
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
		Members: members,
		Options: raft.Etcd(),
		Rules:   raft.StandardRules(),
		Timing:  Timing{Election: Spread{150 * Millisecond, 300 * Millisecond}, Heartbeat: 50 * Millisecond},
		Network: Network{Latency: Spread{1 * Millisecond, 5 * Millisecond}},
		Disk:    Disk{Write: Spread{10 * Microsecond, 50 * Microsecond}, Sync: Spread{500 * Microsecond, 2 * Millisecond}},

		ClientRules: StandardClientRules(),
	}
}

// Validate returns an error that names the field which can't be.
func (c *Config) Validate() error {
	if c.Members < 1 || c.Members > MaxMembers {
		return fmt.Errorf("members: %d is not between 1 and %d", c.Members, MaxMembers)
	}
	if c.Network.Drop > Always {
		return fmt.Errorf("network drop: %d millionths are more than all", c.Network.Drop)
	}
	if c.Timing.Heartbeat < MinHeartbeat || c.Timing.Heartbeat >= c.Timing.Election.Min {
		return fmt.Errorf("timing: the heartbeat must lie between 1ms and the shortest election time-out")
	}
	for _, s := range []struct {
		name   string
		spread Spread
	}{
		{"timing election", c.Timing.Election},
		{"network latency", c.Network.Latency},
		{"disk write", c.Disk.Write},
		{"disk sync", c.Disk.Sync},
	} {
		if err := s.spread.validate(); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	if c.Network.Latency.Min < MinLatency {
		return fmt.Errorf("network latency: a message takes at least %d ns", MinLatency)
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
