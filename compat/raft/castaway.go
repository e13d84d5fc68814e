package raft

import (
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/internal/mix"
	castaway "github.com/castaway-kv/castaway/raft"
)

// Castaway is a member that runs our core.
type Castaway struct {
	machine
	config castaway.Config
	// records are the disk: a Base and what follows it.
	records []castaway.Record
	// files are snapshots, by checksum; coming is one of which pieces have come.
	files  map[uint64]string
	coming coming
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

// coming is a snapshot that a leader sends.
type coming struct {
	castaway.Snapshot
	data string
}

// Jitter is by how many ticks, less than electionTicks, an election time-out is
// longer than the shortest. It is a pure function.
type Jitter func(id castaway.ID, term castaway.Term, attempt int) int

// NewCastaway returns member id of a cluster of voters.
func NewCastaway(id castaway.ID, voters []castaway.ID, hooks Hooks, jitter Jitter) *Castaway {
	config := castaway.Default(id)
	config.MinElectionTimeout = electionTicks * tick
	config.HeartbeatInterval = heartbeatTicks * tick
	config.KeepEntries = 0
	config.ElectionTimeout = func(id castaway.ID, term castaway.Term, attempt int) castaway.Duration {
		return (electionTicks + castaway.Duration(jitter(id, term, attempt))) * tick
	}
	base := castaway.Base{Snapshot: castaway.Snapshot{Members: castaway.Configuration{Voters: voters}}}
	return &Castaway{
		machine: machine{id: id, hooks: hooks}, config: config,
		records: []castaway.Record{base}, files: map[uint64]string{},
	}
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
	c.node, c.sequence, c.coming = node, 0, coming{}
	c.start()
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
	return castaway.Propose{Request: c.request(), Data: command}
}

func (c *Castaway) request() castaway.RequestID {
	c.sequence++
	return castaway.RequestID{Member: c.id, Life: c.life, Sequence: c.sequence}
}

// Read implements Core.
func (c *Castaway) Read(request uint64) {
	c.step(castaway.Read{Request: castaway.RequestID{Member: c.id, Life: c.life, Sequence: request}})
}

// Transfer implements Core.
func (c *Castaway) Transfer(to castaway.ID) { c.step(castaway.Transfer{To: to}) }

// Change implements Core.
func (c *Castaway) Change(target castaway.Configuration) {
	c.step(castaway.Change{Request: c.request(), Target: target})
}

// Compact implements Core.
func (c *Castaway) Compact() {
	if index := castaway.Index(len(c.applied)); index > c.node.Snapshot().Last.Index {
		file := string(c.save())
		c.files[checksum(file)] = file
		c.step(castaway.SnapshotTaken{Index: index, Size: uint64(len(file)), Checksum: checksum(file)})
	}
}

func checksum(file string) uint64 {
	var h mix.Hash
	h.String(file)
	return h.Sum()
}

// Members implements Core.
func (c *Castaway) Members() castaway.Configuration { return c.node.Members() }

// Status implements Core.
func (c *Castaway) Status() Status {
	n := c.node
	return Status{Term: n.Term(), Leads: n.Role() == castaway.Leader, Commit: n.Commit(), Last: n.Last()}
}

// Log implements Core.
func (c *Castaway) Log() []Entry {
	log := slices.Clip(c.saved)
	for _, r := range c.records {
		switch r := r.(type) {
		case castaway.Base:
			log = appendOurs(log, r.Entries)
		case *castaway.Append:
			log = appendOurs(log, r.Entries)
		case castaway.Truncate:
			log = log[:r.Last.Index]
		}
	}
	return log
}

func appendOurs(log []Entry, entries []castaway.Entry) []Entry {
	for i := range entries {
		log = append(log, fromOurs(&entries[i]))
	}
	return log
}

// step gives the member an input, and then tells it that its writes are durable,
// until there is none, and that a snapshot has come.
func (c *Castaway) step(in castaway.Input) {
	out := c.node.Step(c.now, in)
	c.heed(out)
	for n := len(out.Writes); n > 0; n = len(out.Writes) {
		out = c.node.Step(c.now, castaway.Written{Number: out.Writes[n-1].Number})
		c.heed(out)
	}
	if c.coming.whole() {
		c.received()
	}
}

// whole reports whether all of a snapshot has come.
func (x *coming) whole() bool { return x.Last.Index > 0 && uint64(len(x.data)) == x.Size }

// received tells the member that a snapshot has come.
func (c *Castaway) received() {
	x := c.coming
	c.coming = coming{}
	c.files[x.Checksum] = x.data
	c.step(castaway.SnapshotReceived{Snapshot: x.Snapshot, OK: true})
}

// heed does what the member asks for.
func (c *Castaway) heed(out *castaway.Output) {
	if out.Violation != nil {
		panic(out.Violation)
	}
	c.wake = out.Wake
	if !c.diskless {
		c.keep(out)
	}
	for i := range out.Sends {
		m := out.Sends[i].Message
		if piece, ok := m.(*castaway.InstallSnapshot); ok {
			m = c.complete(piece)
		}
		c.hooks.Send(Packet{From: c.id, To: out.Sends[i].To, Message: m})
	}
	if c.hooks.Applied != nil {
		for i := range out.Committed {
			c.apply(fromOurs(&out.Committed[i]))
		}
	}
	for _, r := range out.Reads {
		c.hooks.Answered(c.id, r.Request.Sequence, r.Index)
	}
}

// keep does what the member asks of its disk.
func (c *Castaway) keep(out *castaway.Output) {
	for i := range out.Writes {
		if _, ok := out.Writes[i].Record.(castaway.Base); ok {
			c.records = nil // it stands for them
		}
		c.records = append(c.records, out.Writes[i].Record)
	}
	for _, x := range out.Chunks {
		if x.Offset == 0 {
			c.coming = coming{Snapshot: x.Snapshot}
		}
		c.coming.data += x.Data
	}
	if out.Installed != nil {
		c.install([]byte(c.files[out.Installed.Checksum]))
	}
}

// complete fills in what a piece of a snapshot holds.
func (c *Castaway) complete(piece *castaway.InstallSnapshot) *castaway.InstallSnapshot {
	full := *piece
	full.Data = c.files[full.Snapshot.Checksum][full.Offset : full.Offset+full.Length]
	return &full
}

func fromOurs(e *castaway.Entry) Entry {
	return Entry{e.Position(), e.Data, e.Kind == castaway.ConfigChange}
}
