package replica_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/machine"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/replica"
	"github.com/castaway-kv/castaway/replica/wal"
)

const millisecond = 1_000_000

// member is a replica with its disk, driven by hand.
type member struct {
	id      raft.ID
	replica *replica.Replica
	now     raft.Time
	wake    raft.Time
	// file is what was written, of which synced bytes are durable and syncing
	// bytes are meant by the Sync under way.
	file            []byte
	synced, syncing int
	busy            bool
}

// cluster drives members and judges what leaves them.
type cluster struct {
	members []*member
	flight  []packet
	replies map[uint64]replica.Reply
	applied map[uint64]replica.Applied
	// story is told if it is not nil.
	story *strings.Builder
	// wrong is the first thing that is.
	wrong string
}

type packet struct {
	from, to raft.ID
	message  raft.Message
}

func (c *cluster) fail(format string, args ...any) {
	if c.wrong == "" {
		c.wrong = fmt.Sprintf(format, args...)
	}
}

func (c *cluster) tell(format string, args ...any) {
	if c.story != nil {
		fmt.Fprintf(c.story, format+"\n", args...)
	}
}

func newCluster(n int, story *strings.Builder) *cluster {
	c := &cluster{replies: map[uint64]replica.Reply{}, applied: map[uint64]replica.Applied{}, story: story}
	for i := range n {
		c.members = append(c.members, &member{id: raft.ID(i + 1)})
	}
	for _, m := range c.members {
		c.start(m)
	}
	return c
}

// config gives the members election time-outs of 150 ms, 200 ms, …
func (c *cluster) config(id raft.ID) replica.Config {
	var members raft.Configuration
	for _, m := range c.members {
		members.Voters = append(members.Voters, m.id)
	}
	core := raft.Default(id)
	core.ElectionTimeout = func(id raft.ID, _ raft.Term, attempt int) raft.Duration {
		return raft.Duration(100+50*int(id)+10*attempt) * millisecond
	}
	core.MinElectionTimeout, core.HeartbeatInterval = 100*millisecond, 30*millisecond
	core.MaxEntries, core.MaxInflight, core.CheckInvariants = 4, 4, true
	return replica.Config{
		Members: members, Raft: core, New: true,
		Machine: machine.Default(uint64(id)), Wal: wal.StandardRules(), Rules: replica.StandardRules(),
	}
}

// found is a log in one segment, without snapshots.
func found(file []byte) replica.Found { return replica.Found{Log: [][]byte{file}} }

func (c *cluster) start(m *member) {
	r, opening, err := replica.Open(c.config(m.id), found(m.file))
	if err != nil {
		c.fail("S%d can't start: %v", m.id, err)
		return
	}
	m.file = m.file[:opening.Cut.Size:opening.Cut.Size]
	m.replica, m.synced, m.busy = r, len(m.file), false
	c.step(m, replica.Wake{})
}

// crash keeps what was synced and some bytes of the rest.
func (c *cluster) crash(m *member, more int) {
	m.file = slices.Clone(m.file[:min(len(m.file), m.synced+more)])
	m.replica = nil
}

func (c *cluster) step(m *member, in replica.Input) {
	c.tell("S%d %s", m.id, describe(in))
	e := m.replica.Step(m.now, in)
	if e.Violation != nil {
		c.fail("S%d: %v", m.id, e.Violation)
	}
	c.store(m, e)
	for _, s := range e.Sends {
		c.tell("   send S%d %s", s.To, words(s.Message))
		c.promised(m, s)
		c.flight = append(c.flight, packet{m.id, s.To, s.Message})
	}
	for _, a := range e.Applied {
		c.tell("   apply %v: %v → %v, revision %d", a.Position, a.Request, a.Response, a.Revision)
		if first, ok := c.applied[a.Ticket]; ok && a.Ticket > 0 && fmt.Sprint(first) != fmt.Sprint(a) {
			c.fail("S%d applies %v, another member %v", m.id, a, first)
		}
		c.applied[a.Ticket] = a
	}
	for _, r := range e.Replies {
		c.tell("   reply to %d: %v %v, index %d", r.Ticket, r.Response, r.Err, r.Index)
		if _, twice := c.replies[r.Ticket]; twice {
			c.fail("ticket %d is answered twice", r.Ticket)
		}
		c.replies[r.Ticket] = r
	}
	if m.wake = e.Wake; e.Wake <= m.now {
		c.fail("S%d wants to be woken at %d, at %d", m.id, e.Wake, m.now)
	}
}

// store takes what a step wrote. All that is written is synced sooner or later,
// by one Sync at a time.
func (c *cluster) store(m *member, e *replica.Effects) {
	before := len(m.file)
	for _, r := range e.Write {
		m.file = append(m.file, r.Data...)
	}
	if len(m.file) > before {
		c.tell("   write %d bytes", len(m.file)-before)
	}
	if e.Sync {
		c.tell("   sync")
		if m.busy {
			c.fail("S%d asks for a Sync while another one is under way", m.id)
		}
		m.busy, m.syncing = true, len(m.file)
	}
	if !m.busy && m.synced < len(m.file) {
		c.fail("S%d leaves %d bytes that nobody syncs", m.id, len(m.file)-m.synced)
	}
}

func (c *cluster) sync(m *member) {
	m.synced, m.busy = m.syncing, false
	c.step(m, replica.Synced{})
}

// promised checks that a member that crashes now still keeps what it says in a
// message that leaves now.
func (c *cluster) promised(m *member, s replica.Envelope) {
	r, _, err := replica.Open(c.config(m.id), found(m.file[:m.synced]))
	if err != nil {
		c.fail("S%d can't start from what is synced: %v", m.id, err)
		return
	}
	after := r.Node().State()
	if life := m.replica.Node().State().Life; after.Life <= life {
		c.fail("S%d sends in life %d, and would begin life %d after a crash", m.id, life, after.Life)
	}
	switch s.Message.(type) {
	case *raft.RequestPreVote, *raft.RequestPreVoteReply:
		return // questions, and answers that bind nobody
	}
	term := s.Message.MessageTerm()
	if after.Term < term {
		c.fail("S%d sends %s and may forget term %d", m.id, words(s.Message), term)
	}
	if after.Term > term {
		return // a later term has released it from what it said
	}
	switch x := s.Message.(type) {
	case *raft.RequestVote:
		c.mustHaveVoted(m, after, m.id)
	case *raft.RequestVoteReply:
		if x.Granted {
			c.mustHaveVoted(m, after, s.To)
		}
	case *raft.AppendEntries:
		c.mustHaveVoted(m, after, m.id)
	case *raft.AppendEntriesReply:
		for i := raft.Index(1); x.Success && i <= x.Match; i++ {
			want, _ := m.replica.Node().Entry(i)
			if got, ok := r.Node().Entry(i); !ok || got != want {
				c.fail("S%d acknowledges index %d and may lose %d", m.id, x.Match, i)
			}
		}
	}
}

func (c *cluster) mustHaveVoted(m *member, after raft.State, candidate raft.ID) {
	if after.Vote != candidate {
		c.fail("S%d may forget that it voted for S%d in term %d", m.id, candidate, after.Term)
	}
}

func (c *cluster) deliver(i int) {
	p := c.flight[i]
	c.flight = slices.Delete(c.flight, i, i+1)
	if to := c.members[p.to-1]; to.replica != nil {
		c.step(to, replica.Receive{From: p.from, Message: p.message})
	}
}

// settle syncs and delivers until nothing is under way.
func (c *cluster) settle() {
	for busy := true; busy; {
		busy = false
		for _, m := range c.members {
			if m.replica != nil && m.busy {
				c.sync(m)
				busy = true
			}
		}
		if len(c.flight) > 0 {
			c.deliver(0)
			busy = true
		}
	}
}

// elect lets time pass until a member leads.
func (c *cluster) elect(m *member) {
	for range 5 {
		if m.replica.Node().Role() == raft.Leader {
			return
		}
		m.now = m.wake
		c.step(m, replica.Wake{})
		c.settle()
	}
	c.fail("S%d does not lead", m.id)
}

func put(key, value string) kv.Request { return kv.PutRequest{Key: key, Value: value} }

func getX() kv.Request { return kv.RangeRequest{Span: kv.Span{Key: "x"}} }

func describe(in replica.Input) string {
	switch in := in.(type) {
	case replica.Wake:
		return "wakes"
	case replica.Receive:
		return fmt.Sprintf("receives from S%d %s", in.From, words(in.Message))
	case replica.Request:
		return fmt.Sprintf("is asked, ticket %d: %v", in.Ticket, in.Request)
	case replica.Synced:
		return "has synced"
	}
	panic(fmt.Sprintf("unknown input %T", in))
}

// words is a message in short.
func words(m raft.Message) string {
	name := strings.TrimPrefix(fmt.Sprintf("%T", m), "*raft.")
	if a, ok := m.(*raft.AppendEntries); ok {
		return fmt.Sprintf("%s term %d prev %v, %d entries, commit %d", name, a.Term, a.Prev, len(a.Entries), a.Commit)
	}
	return name + strings.TrimPrefix(fmt.Sprintf("%+v", m), "&")
}
