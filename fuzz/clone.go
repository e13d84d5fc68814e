package fuzz

import "slices"

// clone is a copy that shares nothing that changes.
func (c *Case) clone() Case {
	x := *c
	x.Config.Choices = slices.Clone(c.Config.Choices)
	x.Config.Schedule = slices.Clone(c.Config.Schedule)
	x.Config.Clients = slices.Clone(c.Config.Clients)
	for i := range x.Config.Clients {
		client := &x.Config.Clients[i]
		if client.Workload != nil {
			client.Workload = client.Workload.Clone()
		}
		if client.Watch != nil {
			watch := *client.Watch
			client.Watch = &watch
		}
	}
	return x
}
