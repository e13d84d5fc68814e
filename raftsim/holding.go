package raftsim

import "github.com/castaway-kv/castaway/internal/cow"

// Holding is a time in which a client believed that it held a lock.
type Holding struct {
	// Client is the client's number, and Name its name.
	Client int
	Name   string
	Claim
	// From and Until are stamps, of the same counter as those of the history, between
	// which it believed so; Until is 0 while it does.
	From, Until int64
	// Since and To are the times of the two.
	Since, To Time
}

// Holdings are the times in which clients believed that they held locks, in the
// order in which they began.
func (w *World) Holdings() []Holding { return collect(&w.holdings) }

// claimOf is what a client believes to hold.
func (w *World) claimOf(c *client) Claim {
	if c.claim < 0 {
		return Claim{}
	}
	return w.holdings.At(c.claim).Claim
}

// claim notes what a client believes to hold from now on.
func (w *World) claim(c *client, i int, claim Claim) {
	if w.claimOf(c) == claim {
		return
	}
	if c.claim >= 0 {
		held := w.holdings.At(c.claim)
		held.Until, held.To = w.stamp(), w.now
		w.holdings.Set(c.claim, held)
		w.emit(Event{Kind: LockGivenUp, Client: held.Name, Claim: &held.Claim})
		c.claim = -1
	}
	if claim != (Claim{}) {
		c.claim = w.holdings.Len()
		held := Holding{Client: i, Name: w.config.Clients[i].Name, Claim: claim, From: w.stamp(), Since: w.now}
		w.holdings.Append(held)
		w.emit(Event{Kind: LockClaimed, Client: held.Name, Claim: &held.Claim})
	}
}

// collect is a copy of a vector.
func collect[T any](v *cow.Vector[T]) []T {
	list := make([]T, v.Len())
	for i := range list {
		list[i] = v.At(i)
	}
	return list
}
