package peer

import (
	"slices"

	castaway "github.com/castaway-kv/castaway/raft"
	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
)

// drain does what etcd's core asks for, until it asks for nothing.
func (c *Core) drain() {
	for c.node.HasReady() {
		ready := c.node.Ready()
		if commit := castaway.Index(ready.GetCommit()); ready.HardState != nil && commit > c.commit {
			c.commit, c.decided = commit, c.Members()
		}
		c.release(ready.ReadStates)
		c.carryOut(ready.Messages)
		c.askEarly()
	}
	c.abortReads()
}

// carryOut gives the messages of one Ready to the disk, the network and the state
// machine, in that order.
func (c *Core) carryOut(list []*pb.Message) {
	after := c.number
	for _, m := range list {
		if m.GetTo() == etcd.LocalAppendThread {
			after = c.store(m)
		}
	}
	if c.options.Eager {
		after = 0
	}
	for _, m := range list {
		switch m.GetTo() {
		case etcd.LocalAppendThread:
			c.respond(m.GetResponses())
		case etcd.LocalApplyThread:
			c.apply(m)
		default:
			c.send(m, after)
		}
	}
	c.answer()
}

// respond keeps the answers of a write until it is durable, and all before it.
func (c *Core) respond(list []*pb.Message) {
	after := c.number
	if c.options.Early {
		after = 0
	}
	for _, m := range list {
		if castaway.ID(m.GetTo()) == c.config.ID {
			c.waiting = append(c.waiting, answer{after, m})
		} else {
			c.send(m, after)
		}
	}
}

func (c *Core) send(m *pb.Message, after uint64) {
	if after <= c.written {
		after = 0
	}
	c.out.Sends = append(c.out.Sends, castaway.Send{To: castaway.ID(m.GetTo()), After: after, Message: c.toCastaway(m)})
}

// apply hands out committed entries; a configuration is in force from here on.
func (c *Core) apply(m *pb.Message) {
	for _, e := range m.GetEntries() {
		entry := toEntry(e)
		c.applied = entry.Index
		if entry.Kind == castaway.ConfigChange {
			c.applyChange(&entry)
		}
		c.out.Committed = append(c.out.Committed, entry)
	}
	for _, response := range m.GetResponses() {
		_ = c.node.Step(response)
	}
}

// release hands out what may be read.
func (c *Core) release(list []etcd.ReadState) {
	for _, r := range list {
		request := decodeRequest(r.RequestCtx)
		if i := slices.Index(c.reads, request); i >= 0 {
			c.reads = slices.Delete(c.reads, i, i+1)
			c.out.Reads = append(c.out.Reads, castaway.ReadReady{Request: request, Index: castaway.Index(r.Index)})
		}
	}
}

// abortReads refuses the reads that were asked of another leader than there is now.
func (c *Core) abortReads() {
	now := office{c.Term(), c.Leader()}
	if c.asked == now {
		return
	}
	c.asked, c.others = now, nil
	for _, request := range slices.Concat(c.reads, c.early) {
		c.refuse(request, castaway.LeaderChanged)
	}
	c.reads, c.early = nil, nil
}
