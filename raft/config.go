package raft

// Config of one member. All but ID and the time-outs of a cluster's members
// should be equal.
type Config struct {
	ID ID
	// ElectionTimeout is how long a member waits for a leader before attempt
	// number Attempt (from 0) of a term; it must be at least MinElectionTimeout,
	// and should differ between members (§5.2). It must be a pure function.
	ElectionTimeout func(ID, Term, int) Duration
	// MinElectionTimeout is a lower bound of all election time-outs.
	MinElectionTimeout Duration
	// HeartbeatInterval is the leader's longest silence; an order of magnitude
	// below the election time-out, one above a round trip (§5.6).
	HeartbeatInterval Duration
	// MaxEntries bounds the entries of one message.
	MaxEntries int
	// MaxInflight bounds the messages with entries on their way to one follower.
	MaxInflight int
	Options     Options
	Rules       Rules
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
	// Forward: followers hand proposals and reads to the leader, where the
	// paper's refuse and name the leader (§8).
	Forward bool
}

// Paper is Figure 2 and nothing more.
func Paper() Options { return Options{} }

// Etcd is what etcd's members do in production.
func Etcd() Options {
	return Options{PreVote: true, CheckQuorum: true, Stickiness: true, FastBacktrack: true, Forward: true}
}
