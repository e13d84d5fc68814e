package fuzz

import "github.com/castaway-kv/castaway/raftsim"

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

// tear lets power fail in the middle of a write, and come back at once.
func tear(x who) strike {
	return on(x, func(a *adversary, id raftsim.Target, at raftsim.Time) {
		a.plan(at, raftsim.Crash{Member: id, Torn: true})
		a.plan(at+ms, raftsim.Restart{Member: id})
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

// after puts a strike off for some time.
func after(by raftsim.Time, do strike) strike {
	return func(a *adversary, c *cast, at raftsim.Time) { do(a, c, at+by) }
}

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

// several strikes at once.
func several(list ...strike) strike {
	return func(a *adversary, c *cast, at raftsim.Time) {
		for _, do := range list {
			do(a, c, at)
		}
	}
}
