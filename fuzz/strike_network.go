package fuzz

import (
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// cutOff cuts a member off from all others.
func cutOff(x who) strike {
	return on(x, func(a *adversary, id raftsim.Target, at raftsim.Time) {
		a.plan(at, raftsim.Cut{A: []raftsim.Target{id}})
	})
}

// cutBetween cuts the link between two members, in one direction or both.
func cutBetween(x, y who) strike {
	return func(a *adversary, c *cast, at raftsim.Time) {
		if from, to := x.of(a, c), y.of(a, c); from != to && from != 0 && to != 0 {
			a.plan(at, raftsim.Cut{A: []raftsim.Target{raftsim.Target(from)}, B: []raftsim.Target{raftsim.Target(to)}, OneWay: a.roll.yes("one way")})
		}
	}
}

// part cuts the links between two members.
func part(x, y who) strike {
	return func(a *adversary, c *cast, at raftsim.Time) {
		if one, two := x.of(a, c), y.of(a, c); one != two && one != 0 && two != 0 {
			a.plan(at, raftsim.Cut{A: []raftsim.Target{raftsim.Target(one)}, B: []raftsim.Target{raftsim.Target(two)}})
		}
	}
}

// deafen cuts the way from one member to another.
func deafen(from, to who) strike {
	return func(a *adversary, c *cast, at raftsim.Time) {
		if one, two := from.of(a, c), to.of(a, c); one != two && one != 0 && two != 0 {
			a.plan(at, raftsim.Cut{A: []raftsim.Target{raftsim.Target(one)}, B: []raftsim.Target{raftsim.Target(two)}, OneWay: true})
		}
	}
}

// cutFromSome cuts a member off from some of the others, chosen by chance, in one
// direction or both.
func cutFromSome(x who) strike {
	return on(x, func(a *adversary, id raftsim.Target, at raftsim.Time) {
		var some []raftsim.Target
		for _, other := range a.others(raft.ID(id)) {
			if a.roll.yes("cut") {
				some = append(some, raftsim.Target(other))
			}
		}
		if some != nil {
			a.plan(at, raftsim.Cut{A: []raftsim.Target{id}, B: some, OneWay: a.roll.yes("one way")})
		}
	})
}

// split cuts the members in two, a member and some others on the one side; what was cut
// before is healed.
func split(x who) strike {
	return on(x, func(a *adversary, id raftsim.Target, at raftsim.Time) {
		side := []raftsim.Target{id}
		for _, other := range a.others(raft.ID(id)) {
			if a.roll.seldom("side") {
				side = append(side, raftsim.Target(other))
			}
		}
		a.plan(at, raftsim.Heal{})
		a.plan(at, raftsim.Cut{A: side})
	})
}

// halve cuts the members in two halves: the first of the plot and its friend on the one
// side, another one on the other, and half of the founders on each.
func halve(x who) strike {
	return func(a *adversary, c *cast, at raftsim.Time) {
		one, two := c.first, x.of(a, c)
		if one == two || two == 0 {
			return
		}
		side, founders := []raftsim.Target{raftsim.Target(one)}, 1
		for _, other := range a.shuffled(a.others(one, two)) {
			joins := other == c.friend || other > a.founders && a.roll.yes("side") || other <= a.founders && founders < int(a.founders)/2
			if joins {
				side = append(side, raftsim.Target(other))
			}
			if joins && other <= a.founders {
				founders++
			}
		}
		a.plan(at, raftsim.Heal{})
		a.plan(at, raftsim.Cut{A: side})
	}
}

// cutFromOld cuts a member off from all but those that were not there at first.
func cutFromOld(x who) strike { return partFromOld(x, false) }

// deafenOld lets none of those hear it, though it hears them.
func deafenOld(x who) strike { return partFromOld(x, true) }

func partFromOld(x who, oneWay bool) strike {
	return on(x, func(a *adversary, id raftsim.Target, at raftsim.Time) {
		var old []raftsim.Target
		for i := range a.w.Config().Members {
			if other := raftsim.Target(i + 1); other != id {
				old = append(old, other)
			}
		}
		if old != nil {
			a.plan(at, raftsim.Cut{A: []raftsim.Target{id}, B: old, OneWay: oneWay})
		}
	})
}

func healAll(a *adversary, _ *cast, at raftsim.Time) { a.plan(at, raftsim.Heal{}) }
