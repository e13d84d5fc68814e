package fuzz

import (
	"fmt"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// strike is what an adversary does about a plot's cast at a moment.
type strike func(a *adversary, c *cast, at raftsim.Time)

// on is a strike against one member, if there is such a one.
func on(x who, do func(a *adversary, id raftsim.Target, at raftsim.Time)) strike {
	return func(a *adversary, c *cast, at raftsim.Time) {
		if id := x.of(a, c); id != 0 {
			do(a, raftsim.Target(id), at)
		}
	}
}

// crash lets power fail, and come back at once or later.
func crash(x who, most raftsim.Time) strike {
	return on(x, func(a *adversary, id raftsim.Target, at raftsim.Time) {
		a.plan(at, raftsim.Crash{Member: id, Torn: a.roll("torn", 4) > 0})
		a.plan(at+ms+a.span(most), raftsim.Restart{Member: id})
	})
}

// crashForGood leaves the member down, until somebody starts it again.
func crashForGood(x who) strike {
	return on(x, func(a *adversary, id raftsim.Target, at raftsim.Time) { a.plan(at, raftsim.Crash{Member: id}) })
}

func kill(x who, most raftsim.Time) strike {
	return on(x, func(a *adversary, id raftsim.Target, at raftsim.Time) {
		a.plan(at, raftsim.Kill{Member: id})
		a.plan(at+ms+a.span(most), raftsim.Restart{Member: id})
	})
}

func restartAll(a *adversary, _ *cast, at raftsim.Time) { a.plan(at, raftsim.Restart{}) }

func pause(x who, most raftsim.Time) strike {
	return on(x, func(a *adversary, id raftsim.Target, at raftsim.Time) {
		a.plan(at, raftsim.Pause{Member: id})
		a.plan(at+ms+a.span(most), raftsim.Resume{Member: id})
	})
}

func timeOut(x who) strike {
	return on(x, func(a *adversary, id raftsim.Target, at raftsim.Time) { a.plan(at, raftsim.TimeOut{Member: id}) })
}

func transferTo(x who) strike {
	return on(x, func(a *adversary, id raftsim.Target, at raftsim.Time) { a.plan(at, raftsim.Transfer{To: id}) })
}

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
func cutFromOld(x who) strike {
	return on(x, func(a *adversary, id raftsim.Target, at raftsim.Time) {
		var old []raftsim.Target
		for i := range a.w.Config().Members {
			if other := raftsim.Target(i + 1); other != id {
				old = append(old, other)
			}
		}
		if old != nil {
			a.plan(at, raftsim.Cut{A: []raftsim.Target{id}, B: old})
		}
	})
}

func healAll(a *adversary, _ *cast, at raftsim.Time) { a.plan(at, raftsim.Heal{}) }

// later puts a strike off for some time, any up to a bound.
func later(most raftsim.Time, do strike) strike {
	return func(a *adversary, c *cast, at raftsim.Time) {
		do(a, c, at+raftsim.Time(a.roll("later", int(most/raftsim.Microsecond)))*raftsim.Microsecond)
	}
}

// afterTimeout puts a strike off for about the shortest election time-out.
func afterTimeout(do strike) strike {
	return func(a *adversary, c *cast, at raftsim.Time) {
		shortest := a.w.Config().Timing.Election.Min
		do(a, c, at+shortest/2+raftsim.Time(a.roll("around", int(shortest/raftsim.Microsecond)))*raftsim.Microsecond)
	}
}

// maybe strikes or not.
func maybe(do strike) strike {
	return func(a *adversary, c *cast, at raftsim.Time) {
		if a.roll.yes("maybe") {
			do(a, c, at)
		}
	}
}

// slowDisk makes a member wait for its disk for some time.
func slowDisk(x who, most raftsim.Time) strike {
	return on(x, func(a *adversary, id raftsim.Target, at raftsim.Time) {
		a.plan(at, raftsim.SlowDisk{Member: id, Factor: int64(5 << a.roll("factor", 6))})
		a.plan(at+ms+a.span(most), raftsim.SlowDisk{Member: id, Factor: 1})
	})
}

func failSync(x who, most raftsim.Time) strike {
	return on(x, func(a *adversary, id raftsim.Target, at raftsim.Time) {
		a.plan(at, raftsim.FailSync{Member: id})
		a.plan(at+ms+a.span(most), raftsim.Restart{Member: id})
	})
}

// lie makes a sync a lie, which is seen only if power fails.
func lie(x who, most raftsim.Time) strike {
	return on(x, func(a *adversary, id raftsim.Target, at raftsim.Time) {
		a.plan(at, raftsim.LoseSync{Member: id})
		a.plan(at+ms+a.span(most), raftsim.Crash{Member: id})
		a.plan(at+2*ms+a.span(most), raftsim.Restart{Member: id})
	})
}

// damageDisk flips a bit and lets the member start again, which finds it.
func damageDisk(x who, most raftsim.Time) strike {
	return on(x, func(a *adversary, id raftsim.Target, at raftsim.Time) {
		part, place := raftsim.Damaged(a.roll("part", 2)), int64(a.roll("bit", 2)*(1+a.roll("byte", 800)))-1
		a.plan(at, raftsim.FlipBit{Member: id, Part: part, FromEnd: place})
		a.plan(at+a.span(most), raftsim.Crash{Member: id})
		a.plan(at+ms+a.span(most), raftsim.Restart{Member: id})
	})
}

func wipe(x who) strike {
	return on(x, func(a *adversary, id raftsim.Target, at raftsim.Time) {
		a.plan(at, raftsim.Wipe{Member: id})
		a.plan(at+ms, raftsim.Restart{Member: id})
	})
}

// skew lets a member's clock go as wrong as clocks may: slow or fast.
func skew(x who) strike {
	return func(a *adversary, c *cast, at raftsim.Time) { []strike{slow(x), fast(x)}[a.roll("fast", 2)](a, c, at) }
}

func slow(x who) strike { return rate(x, -1) }

func fast(x who) strike { return rate(x, 1) }

func rate(x who, sign int64) strike {
	return on(x, func(a *adversary, id raftsim.Target, at raftsim.Time) {
		a.plan(at, raftsim.ClockRate{Member: id, Rate: sign * max(a.w.Config().Clocks.Drift/2, 1000)})
	})
}

// delay lets the message of the moment come late.
func delay(most raftsim.Time) strike {
	return func(a *adversary, c *cast, at raftsim.Time) {
		a.edit(c, at, raftsim.EditMessage{Edit: raftsim.DelayIt, By: a.span(most)})
	}
}

// double lets a copy of it come late.
func double(most raftsim.Time) strike {
	return func(a *adversary, c *cast, at raftsim.Time) {
		a.edit(c, at, raftsim.EditMessage{Edit: raftsim.DoubleIt, By: a.span(most)})
	}
}

func drop(a *adversary, c *cast, at raftsim.Time) {
	a.edit(c, at, raftsim.EditMessage{Edit: raftsim.DropIt})
}

// hold keeps it under way until it is let go, or for longer than most runs last.
func hold(a *adversary, c *cast, at raftsim.Time) {
	if name, ok := a.w.NameOf(c.message); ok {
		c.held = append(c.held, name)
		a.plan(at, raftsim.EditMessage{Edit: raftsim.DelayIt, Message: name, By: 2 * raftsim.Second})
	}
}

// letGo delivers what is held, and lets the two talk.
func letGo(a *adversary, c *cast, at raftsim.Time) {
	for _, name := range c.held {
		a.plan(at, raftsim.Heal{A: []raftsim.Target{raftsim.Target(name.From)}, B: []raftsim.Target{raftsim.Target(name.To)}})
		a.plan(at, raftsim.EditMessage{Edit: raftsim.DeliverIt, Message: name})
	}
	c.held = nil
}

func (a *adversary) edit(c *cast, at raftsim.Time, e raftsim.EditMessage) {
	if name, ok := a.w.NameOf(c.message); ok {
		e.Message = name
		a.plan(at, e)
	}
}

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

// hands are the clients that do what the adversary says.
var hands = []string{"h1", "h2", "h3"}

// readAt has somebody read at a member, whoever leads.
func readAt(x who) strike {
	return on(x, func(a *adversary, id raftsim.Target, at raftsim.Time) {
		a.ask(id, at, kv.RangeRequest{Span: kv.Span{Key: "k0"}})
	})
}

// writeAt has somebody write at a member.
func writeAt(x who) strike {
	return on(x, func(a *adversary, id raftsim.Target, at raftsim.Time) {
		a.written++
		a.ask(id, at, kv.PutRequest{Key: "k0", Value: fmt.Sprint("by hand ", a.written)})
	})
}

func (a *adversary) ask(id raftsim.Target, at raftsim.Time, r kv.Request) {
	a.plan(at, raftsim.Invoke{Client: hands[a.roll("hand", len(hands))], Member: id, Request: r})
}

// sleep stops the client of the moment for some time, or any.
func sleep(most raftsim.Time) strike {
	return func(a *adversary, c *cast, at raftsim.Time) {
		client := c.client
		if client == "" {
			all := a.w.Config().Clients
			client = all[a.roll("sleeper", len(all))].Name
		}
		a.plan(at, raftsim.PauseClient{Client: client, For: ms + raftsim.Time(a.roll("asleep", int(most/ms)))*ms})
	}
}

// several strikes at once.
func several(list ...strike) strike {
	return func(a *adversary, c *cast, at raftsim.Time) {
		for _, do := range list {
			do(a, c, at)
		}
	}
}
