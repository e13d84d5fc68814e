package fuzz

import (
	"fmt"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raftsim"
)

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
