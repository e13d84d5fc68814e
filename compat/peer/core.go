package peer

import (
	"fmt"

	castaway "github.com/castaway-kv/castaway/raft"
	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
)

// Core is a member's consensus core: etcd's RawNode, with asynchronous storage writes.
type Core struct {
	config  castaway.Config
	options Options
	life    castaway.Life
	storage *etcd.MemoryStorage
	node    *etcd.RawNode
	clock   clock
	dice    dice
	// sending counts the ticks until snapshots are taken for lost.
	sending int

	// hard is the hard state of the newest write, number that write's number, and
	// written the newest one that is durable.
	hard            hardState
	number, written uint64
	// log and commits say how far the log and the commit index on disk go.
	log, commits track
	// waiting are answers of the disk that etcd's core gets once a write is durable.
	waiting []answer

	// configurations are those applied, by index, from that of the snapshot on; decided
	// is the one by which commit was decided.
	configurations []placed
	decided        castaway.Configuration
	commit         castaway.Index
	applied        castaway.Index
	snapshot       castaway.Snapshot
	coming         *coming

	// others are how far others have applied, as told in this term.
	others []other
	// reads are those under way, asked of a leader in a term.
	reads []castaway.RequestID
	asked office
	// early are those that a leader has to keep waiting.
	early []castaway.RequestID

	out castaway.Output
	// died is what etcd's core said when it gave up.
	died *castaway.Violation
}

// office is who leads in a term.
type office struct {
	term   castaway.Term
	leader castaway.ID
}

// answer is a message to this member that waits for a write.
type answer struct {
	after   uint64
	message *pb.Message
}

// Step implements replica.Core.
func (c *Core) Step(now castaway.Time, in castaway.Input) *castaway.Output {
	defer c.draws()()
	c.out = castaway.Output{Wake: castaway.Never, Violation: c.died}
	if c.died != nil {
		return &c.out
	}
	defer c.survive()
	c.heed(in)
	for range c.clock.ticks(now) {
		c.node.Tick()
		c.doubtSnapshots()
	}
	c.drain()
	if c.reconfigure() {
		c.drain()
	}
	c.out.Wake = c.clock.next
	return &c.out
}

// survive makes a panic of etcd's core a broken invariant.
func (c *Core) survive() {
	if p := recover(); p != nil {
		c.died = &castaway.Violation{Name: "Survival", Detail: fmt.Sprintf("S%d: etcd's core gives up: %v", c.config.ID, p)}
		c.out.Violation = c.died
	}
}

func (c *Core) heed(in castaway.Input) {
	switch in := in.(type) {
	case castaway.Wake:
	case castaway.Campaign:
		_ = c.node.Campaign() // a leader, and who has no vote, does nothing
	case castaway.Receive:
		c.receive(in.From, in.Message)
	case castaway.Propose:
		c.propose(in)
	case castaway.Read:
		c.read(in.Request)
	case castaway.Change:
		c.change(in)
	case castaway.Transfer:
		c.transfer(in.To)
	case castaway.Written:
		c.durable(in.Number)
	case castaway.SnapshotTaken:
		c.snapshotTaken(in)
	case castaway.SnapshotReceived:
		c.snapshotReceived(in)
	default:
		panic(fmt.Sprintf("unknown input %T", in))
	}
}

// propose appends a command as leader. Nothing is handed on: a proposal in etcd's words
// has no term and no name, so that it may be taken late, and twice.
func (c *Core) propose(in castaway.Propose) {
	if c.leads(in.Request) {
		c.append(in.Request, &pb.Entry{Data: encodeCommand(in.Request, in.Data)})
	}
}

// leads reports whether this member leads, and refuses the request if not.
func (c *Core) leads(request castaway.RequestID) bool {
	switch {
	case c.Leader() == 0:
		c.refuse(request, castaway.NoLeader)
	case c.Role() != castaway.Leader:
		c.refuse(request, castaway.NotLeader)
	default:
		return true
	}
	return false
}

func (c *Core) append(request castaway.RequestID, e *pb.Entry) {
	m := &pb.Message{Type: pb.MsgProp.Enum(), From: new(uint64(c.config.ID)), Entries: []*pb.Entry{e}}
	if err := c.node.Step(m); err == nil {
		return
	}
	if c.node.BasicStatus().LeadTransferee != 0 || !c.Members().IsMember(c.config.ID) {
		c.refuse(request, castaway.Transferring)
	} else {
		c.refuse(request, castaway.TooMuchUncommitted)
	}
}

func (c *Core) refuse(request castaway.RequestID, why castaway.RefusalReason) {
	c.out.Refused = append(c.out.Refused, castaway.Refusal{Request: request, Reason: why, Leader: c.Leader()})
}

// read asks for an index. Followers ask their leader, unless the options say no.
func (c *Core) read(request castaway.RequestID) {
	switch {
	case c.Leader() == 0:
		c.refuse(request, castaway.NoLeader)
	case c.Role() != castaway.Leader && !c.config.Options.Forward:
		c.refuse(request, castaway.NotLeader)
	case c.isEarly():
		c.early = append(c.early, request)
	default:
		c.ask(request)
	}
}

func (c *Core) ask(request castaway.RequestID) {
	c.reads = append(c.reads, request)
	c.node.ReadIndex(encodeRequest(request))
}

// isEarly reports whether this leader has not committed anything in its term yet: then it
// does not know what is committed (§8). Etcd's core asks that itself, but not of a leader
// that is the only voter.
func (c *Core) isEarly() bool {
	return c.Role() == castaway.Leader && c.position(c.commit).Term != c.Term() && !c.options.Alone
}

// askEarly asks what had to wait for that.
func (c *Core) askEarly() {
	if len(c.early) == 0 || c.isEarly() {
		return
	}
	for _, request := range c.early {
		c.ask(request)
	}
	c.early = nil
}

// transfer hands over; to whom the log agrees furthest with, if nobody is named.
func (c *Core) transfer(to castaway.ID) {
	if c.Role() != castaway.Leader {
		return
	}
	if to == 0 {
		var match castaway.Index
		for _, f := range c.followers() {
			if c.Members().IsVoter(f.ID) && (to == 0 || f.Match > match) {
				to, match = f.ID, f.Match
			}
		}
	}
	if to != 0 {
		c.node.TransferLeader(uint64(to))
	}
}

// receive takes a message of another member.
func (c *Core) receive(from castaway.ID, m castaway.Message) {
	switch m := m.(type) {
	case *castaway.InstallSnapshot:
		c.installSnapshot(from, m)
		return
	case *castaway.AppendEntriesReply:
		c.hear(from, m)
	case *castaway.ReadIndex:
		if c.isEarly() {
			c.out.Ignored = castaway.Stale
			return
		}
	}
	c.take(toEtcd(from, c.config.ID, m))
}

// take steps a message. The errors say that it is of no use.
func (c *Core) take(m *pb.Message) {
	if err := c.node.Step(m); err != nil {
		c.out.Ignored = castaway.Stranger
	}
}
