package raft

import "errors"

// Config of one member. All but ID and the time-outs of a cluster's members
// should be equal.
type Config struct {
	ID ID
	// ElectionTimeout is how long a member waits for a leader before attempt
	// number Attempt (from 0) of a term; it should differ between members (§5.2),
	// and what is below MinElectionTimeout counts as that. It must be a pure function.
	ElectionTimeout func(ID, Term, int) Duration
	// MinElectionTimeout is a lower bound of all election time-outs.
	MinElectionTimeout Duration
	// HeartbeatInterval is the leader's longest silence; an order of magnitude
	// below the election time-out, one above a round trip (§5.6).
	HeartbeatInterval Duration
	// MaxEntries bounds the entries of one message.
	MaxEntries int
	// MaxMessageBytes bounds the data in one message, but for a single entry.
	MaxMessageBytes int
	// MaxInflight and MaxInflightBytes bound the messages with entries on their
	// way to one follower.
	MaxInflight, MaxInflightBytes int
	// MaxUncommittedBytes bounds the data of a leader's uncommitted entries:
	// beyond it proposals are refused.
	MaxUncommittedBytes int
	// MaxChunk bounds the bytes of a snapshot in one message.
	MaxChunk int
	// KeepEntries is how many entries a member keeps behind a snapshot, for
	// followers that lag a little.
	KeepEntries int
	// ClockDrift is the largest difference between the rates of two members'
	// clocks, in millionths. Lease reads rest on it: an assumption, not a fact.
	ClockDrift int64
	// Priority of a member: a leader hands over to a voter of higher priority
	// that has caught up. Nil means that all are equal.
	Priority func(ID) int
	Options  Options
	Rules    Rules
	// CheckInvariants after every Step.
	CheckInvariants bool
}

// Options are the parts of Raft that the thesis makes optional.
type Options struct {
	// PreVote: ask before raising the term (thesis §9.6).
	PreVote bool
	// CheckQuorum: a leader that hears from no majority for an election
	// time-out steps down (thesis §6.2).
	CheckQuorum bool
	// Stickiness: who heard from a leader recently grants no vote (thesis §4.2.3).
	Stickiness bool
	// FastBacktrack: skip a whole conflicting term at a time (§5.3).
	FastBacktrack bool
	// LeaseRead: a leader that heard from a majority less than an election
	// time-out ago serves reads without asking again (thesis §6.4.1). It needs
	// CheckQuorum and Stickiness.
	LeaseRead bool
	// Forward: followers hand proposals and reads to the leader, where the
	// paper's refuse and name the leader (§8).
	Forward bool
	// EmptyHeartbeat: heartbeats, and the first message of a leader, carry no entries,
	// as in Figure 2 (Rules for Servers, Leaders); what a follower lacks goes once its
	// answer shows where the logs agree. Without it they carry what may go.
	EmptyHeartbeat bool
}

// Paper is Figure 2 and nothing more.
func Paper() Options { return Options{} }

// Etcd is what etcd's members do in production.
func Etcd() Options {
	return Options{PreVote: true, CheckQuorum: true, Stickiness: true, FastBacktrack: true, Forward: true}
}

// Default is a configuration with etcd's options for member id, but for its
// time-outs: those depend on the network.
func Default(id ID) Config {
	return Config{
		ID: id, Options: Etcd(), Rules: StandardRules(),
		MaxEntries: 1024, MaxMessageBytes: 1 << 20, MaxInflight: 256, MaxInflightBytes: 16 << 20,
		MaxUncommittedBytes: 1 << 30, MaxChunk: 1 << 20, KeepEntries: 5000,
	}
}

func (c *Config) validate() error {
	switch {
	case c.ID == 0:
		return errors.New("raft: Config.ID is 0, which means nobody")
	case c.ElectionTimeout == nil || c.MinElectionTimeout <= 0:
		return errors.New("raft: Config.ElectionTimeout and MinElectionTimeout must be set")
	case c.HeartbeatInterval <= 0 || c.HeartbeatInterval >= c.MinElectionTimeout:
		return errors.New("raft: Config.HeartbeatInterval must lie between 0 and MinElectionTimeout")
	case c.MaxEntries < 1 || c.MaxInflight < 1 || c.MaxMessageBytes < 1 || c.MaxInflightBytes < 1 ||
		c.MaxUncommittedBytes < 1 || c.MaxChunk < 1 || c.KeepEntries < 0:
		return errors.New("raft: the bounds in Config must be at least 1 (KeepEntries 0); see Default")
	case c.ClockDrift < 0 || c.ClockDrift >= million:
		return errors.New("raft: Config.ClockDrift must lie between 0 and a million millionths")
	case c.Options.LeaseRead && (!c.Options.CheckQuorum || !c.Options.Stickiness):
		return errors.New("raft: Options.LeaseRead needs CheckQuorum and Stickiness")
	case !c.Rules.complete():
		return errors.New("raft: Config.Rules must be set; see StandardRules")
	}
	return nil
}

// million is how many millionths make a whole.
const million = 1_000_000
