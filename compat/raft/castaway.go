package raft

import (
	"fmt"

	castaway "github.com/castaway-kv/castaway/raft"
)

// Castaway is a member that runs our core.
type Castaway struct {
	config castaway.Config
	hooks  Hooks
	// records are the disk: a Base and what follows it.
	records []castaway.Record
	// diskless says that nothing is kept there, and the member can't start again.
	diskless bool
	life     castaway.Life
	node     *castaway.Node
	// now is the member's clock, wake when it has something to do.
	now, wake castaway.Time
	sequence  uint64
	// batch is space for proposals, which the core reads only while it steps.
	batch []castaway.Propose
}

// Jitter is by how many ticks, less than electionTicks, an election time-out is
// longer than the shortest. It is a pure function.
type Jitter func(id castaway.ID, term castaway.Term, attempt int) int

// NewCastaway returns member id of a cluster of voters.
func NewCastaway(id castaway.ID, voters []castaway.ID, hooks Hooks, jitter Jitter) *Castaway {
	config := castaway.Default(id)
	config.MinElectionTimeout = electionTicks * tick
	config.HeartbeatInterval = heartbeatTicks * tick
	config.ElectionTimeout = func(id castaway.ID, term castaway.Term, attempt int) castaway.Duration {
		return (electionTicks + castaway.Duration(jitter(id, term, attempt))) * tick
	}
	base := castaway.Base{Snapshot: castaway.Snapshot{Members: castaway.Configuration{Voters: voters}}}
	return &Castaway{config: config, hooks: hooks, records: []castaway.Record{base}}
}

// tick is one tick by a member's clock.
const tick = castaway.Duration(1_000_000)

// Start implements Core.
func (c *Castaway) Start() {
	c.life++
	node, err := castaway.Restore(c.config, c.records[0].(castaway.Base), c.records[1:], c.life)
	if err != nil {
		panic(fmt.Sprintf("member %d can't start from its disk: %v", c.config.ID, err))
	}
	c.node, c.sequence = node, 0
	c.step(castaway.Wake{})
}

// Crash implements Core.
func (c *Castaway) Crash() { c.node = nil }

// Tick implements Core.
func (c *Castaway) Tick() {
	c.now = c.now.Add(tick)
	if c.now >= c.wake {
		c.step(castaway.Wake{})
	}
}

// Campaign implements Core: the member's own clock jumps.
func (c *Castaway) Campaign() {
	if c.node.Role() != castaway.Leader {
		c.now = max(c.now, c.wake)
		c.step(castaway.Wake{})
	}
}

// Receive implements Core.
func (c *Castaway) Receive(p Packet) {
	c.step(castaway.Receive{From: p.From, Message: p.Message.(castaway.Message)})
}

// Propose implements Core.
func (c *Castaway) Propose(commands ...string) {
	if len(commands) == 1 {
		c.step(c.proposal(commands[0]))
		return
	}
	c.batch = c.batch[:0]
	for _, command := range commands {
		c.batch = append(c.batch, c.proposal(command))
	}
	c.step(castaway.ProposeBatch{Proposals: c.batch})
}

func (c *Castaway) proposal(command string) castaway.Propose {
	c.sequence++
	request := castaway.RequestID{Member: c.config.ID, Life: c.life, Sequence: c.sequence}
	return castaway.Propose{Request: request, Data: command}
}

// Read implements Core.
func (c *Castaway) Read(request uint64) {
	c.step(castaway.Read{Request: castaway.RequestID{Member: c.config.ID, Life: c.life, Sequence: request}})
}

// Transfer implements Core.
func (c *Castaway) Transfer(to castaway.ID) { c.step(castaway.Transfer{To: to}) }

// Status implements Core.
func (c *Castaway) Status() Status {
	n := c.node
	return Status{Term: n.Term(), Leads: n.Role() == castaway.Leader, Commit: n.Commit(), Last: n.Last()}
}

// Log implements Core.
func (c *Castaway) Log() []Entry {
	var log []Entry
	for _, r := range c.records {
		switch r := r.(type) {
		case *castaway.Append:
			for i := range r.Entries {
				log = append(log, fromOurs(&r.Entries[i]))
			}
		case castaway.Truncate:
			log = log[:r.Last.Index]
		}
	}
	return log
}

// step gives the member an input, and then tells it that its writes are durable,
// until there is none.
func (c *Castaway) step(in castaway.Input) {
	out := c.node.Step(c.now, in)
	c.heed(out)
	for n := len(out.Writes); n > 0; n = len(out.Writes) {
		out = c.node.Step(c.now, castaway.Written{Number: out.Writes[n-1].Number})
		c.heed(out)
	}
}

// heed does what the member asks for.
func (c *Castaway) heed(out *castaway.Output) {
	if out.Violation != nil {
		panic(out.Violation)
	}
	c.wake = out.Wake
	if !c.diskless {
		for i := range out.Writes {
			c.records = append(c.records, out.Writes[i].Record)
		}
	}
	for i := range out.Sends {
		c.hooks.Send(Packet{From: c.config.ID, To: out.Sends[i].To, Message: out.Sends[i].Message})
	}
	if c.hooks.Applied != nil {
		for i := range out.Committed {
			c.hooks.Applied(c.config.ID, fromOurs(&out.Committed[i]))
		}
	}
	for _, r := range out.Reads {
		c.hooks.Answered(c.config.ID, r.Request.Sequence, r.Index)
	}
}

func fromOurs(e *castaway.Entry) Entry { return Entry{e.Position(), e.Data} }
