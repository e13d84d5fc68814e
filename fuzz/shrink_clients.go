package fuzz

import (
	"slices"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/raftsim/scenario"
)

func (s *Shrinking) fewerClients() {
	minimise(s.Best.Config.Clients, func(list []raftsim.Client) bool {
		return s.try(func(c *Case) {
			c.Config.Clients = slices.Clone(list)
			c.dropStrangers()
		})
	})
}

// simpleClients makes clients as they are by default.
func (s *Shrinking) simpleClients() {
	for i := range s.Best.Config.Clients {
		for _, simple := range []func(*raftsim.Client){
			func(x *raftsim.Client) { x.Retries = 0 },
			func(x *raftsim.Client) { x.Entry = 0 },
			func(x *raftsim.Client) { x.Timeout = raftsim.Second },
			func(x *raftsim.Client) {
				if x.Workload != nil {
					x.Think = raftsim.Spread{Min: 20 * ms, Max: 80 * ms}
				}
			},
			func(x *raftsim.Client) {
				if usual := usualWorkload(x.Workload); usual != nil {
					x.Workload = usual
				}
			},
			func(x *raftsim.Client) {
				if x.Workload != nil {
					x.Workload = &raftsim.CASCounter{Key: "n"}
				}
			},
			func(x *raftsim.Client) {
				if x.Workload != nil {
					x.Workload = &raftsim.Register{Prefix: "k", Keys: 1, Writes: raftsim.Always / 2}
				}
			},
			func(x *raftsim.Client) {
				if x.Watch != nil {
					x.Think = raftsim.Spread{}
				}
			},
			func(x *raftsim.Client) {
				if x.Watch != nil {
					x.Watch.Window, x.Watch.Progress, x.Watch.PrevKV = 0, false, false
				}
			},
		} {
			change := func(c *Case) { simple(&c.Config.Clients[i]) }
			if s.makesShorter(change) {
				s.try(change)
			}
		}
	}
}

// usualWorkload is a workload of the same kind with the settings that it has if a
// scenario does not say, nil if there is none.
func usualWorkload(w raftsim.Workload) raftsim.Workload {
	words := ""
	switch w := w.(type) {
	case *raftsim.Bank:
		words = "bank " + kv.Quote(w.Prefix)
	case *raftsim.Lock:
		words = "lock " + kv.Quote(w.Key) + " " + kv.Quote(w.Resource)
		if w.Fenced {
			words = "fenced-" + words
		}
	case *raftsim.Election:
		words = "election " + kv.Quote(w.Prefix)
	case *raftsim.Lease:
		words = "lease " + kv.Quote(w.Prefix)
	case *raftsim.Mixed:
		words = "mixed " + kv.Quote(w.Prefix)
	case *raftsim.Register:
		words = "register " + kv.Quote(w.Prefix)
	default:
		return nil
	}
	c, err := Parse("castaway 1\nclient x " + words + "\nrun 1s\n")
	if err != nil {
		return nil
	}
	return c.Config.Clients[0].Workload
}

// shortNames gives clients short names, in order.
func (s *Shrinking) shortNames() {
	s.attempt(func(c *Case) {
		next := 'A'
		for i := range c.Config.Clients {
			if x := &c.Config.Clients[i]; !x.Manual && next <= 'Z' {
				old := x.Name
				x.Name = string(next)
				c.renameClient(old, x.Name)
				next++
			}
		}
	})
}

// renameClient gives the actions about a client its new name.
func (c *Case) renameClient(old, name string) {
	for i := range c.Config.Schedule {
		if pause, ok := c.Config.Schedule[i].Action.(raftsim.PauseClient); ok && pause.Client == old {
			c.Config.Schedule[i].Action = raftsim.PauseClient{Client: name, For: pause.For}
		}
	}
}

// mostOperations is how many requests are better named one by one than left to a client.
const mostOperations = 2

// operations puts the few requests that matter in the place of a client that goes on
// and on.
func (s *Shrinking) operations() {
	for i := 0; i < len(s.Best.Config.Clients); i++ {
		if s.Best.Config.Clients[i].Workload == nil {
			continue
		}
		kept := *s
		requests := s.Best.requests(i)
		if len(requests) > 200 || !s.attempt(func(c *Case) { c.replaceClient(i, requests) }) {
			continue
		}
		minimise(requests, func(list []raftsim.Scheduled) bool {
			return s.attempt(func(c *Case) {
				*c = kept.Best.clone()
				c.replaceClient(i, list)
			})
		})
		if len(s.Best.Config.Schedule) > len(kept.Best.Config.Schedule)+mostOperations {
			s.Best, s.Outcome = kept.Best, kept.Outcome
			continue
		}
		s.simpleRequests()
		i--
	}
}

// requests are what a client asks in the run, with their moments.
func (c *Case) requests(client int) (list []raftsim.Scheduled) {
	planted := c.planted()
	w, err := raftsim.New(planted.Config)
	if err != nil {
		return nil
	}
	w.RunUntil(c.Length)
	for i := range w.Ops() {
		op := w.Op(i)
		if op.Client == client {
			list = append(list, raftsim.Scheduled{
				At: op.Called, Action: raftsim.Invoke{Client: scenario.You, Member: raftsim.Target(op.Member), Request: op.Request},
			})
		}
	}
	return list
}

// replaceClient puts requests of the client of the console in the place of a client.
func (c *Case) replaceClient(client int, requests []raftsim.Scheduled) {
	name := c.Config.Clients[client].Name
	c.Config.Clients = slices.Delete(c.Config.Clients, client, client+1)
	if !slices.ContainsFunc(c.Config.Clients, func(x raftsim.Client) bool { return x.Name == scenario.You }) {
		c.Config.Clients = append(c.Config.Clients, raftsim.Client{Name: scenario.You, Manual: true, Timeout: raftsim.Second})
	}
	c.Config.Schedule = slices.DeleteFunc(c.Config.Schedule, func(x raftsim.Scheduled) bool {
		pause, ok := x.Action.(raftsim.PauseClient)
		return ok && pause.Client == name
	})
	c.Config.Schedule = append(c.Config.Schedule, requests...)
	slices.SortStableFunc(c.Config.Schedule, byTime)
}

// simpleRequests makes requests as short as they can be.
func (s *Shrinking) simpleRequests() {
	for i := range s.Best.Config.Schedule {
		a, ok := s.Best.Config.Schedule[i].Action.(raftsim.Invoke)
		if !ok {
			continue
		}
		for _, simple := range []kv.Request{kv.PutRequest{Key: "x", Value: "1"}, kv.RangeRequest{Span: kv.Span{Key: "x"}}} {
			for _, member := range []raftsim.Target{raftsim.TheLeader, a.Member} {
				change := func(c *Case) {
					c.Config.Schedule[i].Action = raftsim.Invoke{Client: a.Client, Member: member, Request: simple}
				}
				if s.makesShorter(change) && s.attempt(change) {
					break
				}
			}
		}
	}
}
