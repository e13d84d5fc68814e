package raftsim

import "github.com/castaway-kv/castaway/kv"

// Workload decides what a client does: it is asked for one request after the other.
// It must be a pure function of its own state and of its turns: no clock, no chance
// of its own. A field that can't be is reported before a run begins if the workload
// also has a method
//
//	Validate() error // names the field
//
// To show what a client is about, its workload is printed with %v.
type Workload interface {
	// Next returns the client's next request; false when it has nothing more to do,
	// ever. A nil request with true means that there is nothing to ask now: the next
	// turn comes after the pause, or after 10 ms if there is none.
	Next(t *Turn) (kv.Request, bool)
	// Clone returns a copy that goes on independently.
	Clone() Workload
}

// Turn is a moment in which a client decides what to do next: what it knows, and
// what it may say beside its request.
type Turn struct {
	// Client is the number of the client, from 0, and Name its name.
	Client int
	Name   string
	Now    Time
	// Last is how the client's last request ended; nil if there was none since the
	// turn before. What the schedule makes the client do besides is not told.
	Last *Ending

	// Pause, if set, is how long the client waits before it sends the request that is
	// returned: a time in which it works, say, and may fall asleep.
	Pause Time
	// Claim is the lock that the client believes to hold from this turn on, the zero
	// Claim if none. It stays from turn to turn until it is changed.
	Claim Claim

	source *source
}

// Ending is how a request of a client ended.
type Ending struct {
	Request kv.Request
	// Called is when it was sent first.
	Called Time
	// Response, nil if there was none.
	Response kv.Response
	// Err is a definite error: the request did not happen. With neither
	// Response nor Err the outcome is unknown.
	Err error
}

// Unknown says that the request may have happened or not, or may happen yet.
func (e *Ending) Unknown() bool { return e.Response == nil && e.Err == nil }

// Claim is a lock in the eyes of its holder.
type Claim struct {
	// Key of the lock.
	Key string
	// Token is the fencing token: the revision that created the key. It grows from
	// holder to holder.
	Token kv.Revision
}

// source is where the chance and the ids of a client come from.
type source struct {
	chance  *chooser
	client  int
	choices uint64
	ids     int64
}

// NewTurn is a first turn with chance of its own, to try a workload without a
// world: change Now and Last, and use it again.
func NewTurn(seed uint64) *Turn {
	return &Turn{Name: "client", source: &source{chance: &chooser{seed: seed}}}
}

// Choose draws a number below n, which must be more than 0. Where one choice is
// more harmless than the others, it should be 0: a run that goes wrong is shrunk
// towards it.
func (t *Turn) Choose(n uint64) uint64 {
	t.source.choices++
	return t.source.chance.choose(Key{Draw: DrawWorkload, From: uint16(t.source.client), Ordinal: t.source.choices}, n)
}

// Happens draws whether something of that chance happens.
func (t *Turn) Happens(chance Chance) bool {
	return chance > 0 && t.Choose(uint64(Always)) >= uint64(Always-chance)
}

// Spread draws a span of time.
func (t *Turn) Spread(s Spread) Time { return s.Min + Time(t.Choose(uint64(s.Max-s.Min)+1)) }

// ID is a number above 0 that no other client gets, nor this one again, in the run:
// for a lease, say.
func (t *Turn) ID() int64 {
	t.source.ids++
	return int64(t.source.client+1)<<32 + t.source.ids
}
