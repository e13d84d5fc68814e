package fuzz

import "github.com/castaway-kv/castaway/raftsim"

// add adds a member, or two of them one after the other.
func add(a *adversary, _ *cast, at raftsim.Time) {
	for range 1 + a.roll("two", 2) {
		if a.newest+1 >= raftsim.MaxIDs {
			return
		}
		a.newest++
		a.plan(at, raftsim.Reconfigure{Add: []raftsim.Target{raftsim.Target(a.newest)}})
	}
}

// addTwo adds two members at once.
func addTwo(a *adversary, _ *cast, at raftsim.Time) {
	if a.newest+2 < raftsim.MaxIDs {
		a.newest += 2
		a.plan(at, raftsim.Reconfigure{Add: []raftsim.Target{raftsim.Target(a.newest - 1), raftsim.Target(a.newest)}})
	}
}

// addFar adds two members at once that nobody reaches at first: the others know of them
// before they have heard anything.
func addFar(a *adversary, c *cast, at raftsim.Time) {
	before := a.newest
	if addTwo(a, c, at); a.newest == before {
		return
	}
	far := []raftsim.Target{raftsim.Target(a.newest - 1), raftsim.Target(a.newest)}
	a.plan(at+1, raftsim.Cut{A: far})
	a.plan(at+a.w.Config().Timing.Heartbeat+a.span(200*ms), raftsim.Heal{A: far})
}

// remove takes a member away, where the rules let that be.
func remove(x who) strike {
	return on(x, func(a *adversary, id raftsim.Target, at raftsim.Time) {
		if a.mayRemove {
			a.plan(at, raftsim.Reconfigure{Remove: []raftsim.Target{id}})
		}
	})
}

// replace puts a new member in the place of one.
func replace(x who) strike {
	return on(x, func(a *adversary, id raftsim.Target, at raftsim.Time) {
		if a.mayRemove && a.newest+1 < raftsim.MaxIDs {
			a.newest++
			a.plan(at, raftsim.Reconfigure{Add: []raftsim.Target{raftsim.Target(a.newest)}, Remove: []raftsim.Target{id}})
		}
	})
}
