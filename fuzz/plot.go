package fuzz

import (
	"slices"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// plot is what an adversary is up to: moves, each of which waits for its moment after
// the one before.
type plot struct {
	moves []move
	// again is how often it begins anew after its last move.
	again int
	// lapse is how long a move waits for its moment: then the plot begins anew. 0 is for
	// ever.
	lapse raftsim.Time

	// since is when the latest move was made.
	since raftsim.Time
	// next is the move that waits, passed how many of its moments have gone by.
	next, passed int
	cast         cast
}

// move is a moment, and what is done then.
type move struct {
	when  trigger
	about about
	// sameTerm says that it must be a moment of the term of the one before.
	sameTerm bool
	// skip is how many such moments go by before.
	skip int
	// within is how long after the moment it happens at the latest.
	within raftsim.Time
	do     []strike
	// meanwhile is done at each of its own moments until this one comes; nil for nothing.
	meanwhile *move
}

// cast are the members that a plot is about: the one that its latest moment was about
// and that one's peer, the one of the moment before, and the two of the first.
type cast struct {
	me, peer, before, first, friend raft.ID
	// client that the latest moment was about, "" if none, and its term.
	client string
	term   raft.Term
	// message is the number of the latest moment's message.
	message uint64
	// held are the messages that the plot keeps under way.
	held []raftsim.MessageName
}

// begin makes the two of this moment the first two.
func begin(_ *adversary, c *cast, _ raftsim.Time) { c.first, c.friend = c.me, c.peer }

func (c *cast) enter(me, peer raft.ID, first bool) {
	if first {
		c.first, c.friend = me, peer
	}
	if c.me == 0 {
		c.me = me
	}
	c.before, c.me, c.peer = c.me, me, peer
}

// about says which member a moment must be about.
type about uint8

const (
	anybody about = iota
	theFirst
	theSame
	somebodyElse
	thePeer
	theAddressee
	theFirstTwo
)

func (x about) holds(c *cast, me, peer raft.ID) bool {
	switch x {
	case theFirstTwo:
		return me == c.first && peer == c.friend
	case theFirst:
		return me == c.first
	case theSame:
		return me == c.me
	case somebodyElse:
		return me != c.me
	case thePeer:
		return me == c.peer
	case theAddressee:
		return slices.ContainsFunc(c.held, func(m raftsim.MessageName) bool { return m.To == me })
	default:
		return true
	}
}

// who is a member of the cast, or another one.
type who uint8

const (
	me who = iota
	peer
	before
	first
	friend
	leader
	other
	founder
	newest
	someone
)

// of is the member that is meant; 0 if there is none.
func (x who) of(a *adversary, c *cast) raft.ID {
	switch x {
	case me:
		return c.me
	case peer:
		return c.peer
	case before:
		return c.before
	case first:
		return c.first
	case friend:
		return c.friend
	case leader:
		return a.w.Leader()
	case other:
		if list := a.others(c.me, c.peer, c.first, c.before); len(list) > 0 {
			return a.one(list)
		}
		return a.one(a.others(c.me, c.before))
	case founder:
		return a.one(slices.DeleteFunc(a.others(c.me, c.peer, c.first), func(id raft.ID) bool { return id > a.founders }))
	case newest:
		return a.newest
	default:
		return a.one(a.others(c.me))
	}
}

// trigger is a moment: a kind of event, and whom such an event is about, if it is one.
type trigger struct {
	kind  raftsim.EventKind
	match func(a *adversary, e *raftsim.Event) (me, peer raft.ID, ok bool)
}

// role is the moment when a member takes a role.
func role(is func(e *raftsim.Event) bool) trigger {
	return trigger{raftsim.RoleChanged, func(_ *adversary, e *raftsim.Event) (me, peer raft.ID, ok bool) {
		return e.Member, 0, is(e)
	}}
}

// at is the moment of an event at a member.
func at(kind raftsim.EventKind) trigger {
	return trigger{kind, func(_ *adversary, e *raftsim.Event) (me, peer raft.ID, ok bool) {
		return e.Member, e.Peer, e.Member > 0
	}}
}

// sends is the moment when a member sends a message.
func sends[M raft.Message](is func(M) bool) trigger {
	return trigger{raftsim.MessageSent, func(_ *adversary, e *raftsim.Event) (me, peer raft.ID, ok bool) {
		m, ok := e.Message.(M)
		return e.Member, e.Peer, ok && e.Cause == raftsim.NoCause && (is == nil || is(m))
	}}
}

// hears is the moment when a member has received a message, and answered to it what need
// not wait.
func hears[M raft.Message](is func(M) bool) trigger {
	return trigger{raftsim.MessageDelivered, func(_ *adversary, e *raftsim.Event) (me, peer raft.ID, ok bool) {
		m, ok := e.Message.(M)
		return e.Peer, e.Member, ok && (is == nil || is(m))
	}}
}
