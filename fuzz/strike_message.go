package fuzz

import (
	"slices"

	"github.com/castaway-kv/castaway/raftsim"
)

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
func letGo(a *adversary, c *cast, at raftsim.Time) { a.letGo(c, at, c.held) }

// letGoTo does so with what is held for one member only.
func letGoTo(x who) strike {
	return func(a *adversary, c *cast, at raftsim.Time) {
		id := x.of(a, c)
		a.letGo(c, at, slices.DeleteFunc(slices.Clone(c.held), func(m raftsim.MessageName) bool { return m.To != id }))
	}
}

// letGo delivers messages; from then on none is held.
func (a *adversary) letGo(c *cast, at raftsim.Time, list []raftsim.MessageName) {
	for _, name := range list {
		a.plan(at, raftsim.Heal{A: []raftsim.Target{raftsim.Target(name.From)}, B: []raftsim.Target{raftsim.Target(name.To)}})
		a.plan(at, raftsim.EditMessage{Edit: raftsim.DeliverIt, Message: name})
	}
	c.held = nil
}

// healHeld lets a member talk to those for whom something is held.
func healHeld(x who) strike {
	return func(a *adversary, c *cast, at raftsim.Time) {
		for _, name := range c.held {
			a.plan(at, raftsim.Heal{A: []raftsim.Target{raftsim.Target(x.of(a, c))}, B: []raftsim.Target{raftsim.Target(name.To)}})
		}
	}
}

func (a *adversary) edit(c *cast, at raftsim.Time, e raftsim.EditMessage) {
	if name, ok := a.w.NameOf(c.message); ok {
		e.Message = name
		a.plan(at, e)
	}
}
