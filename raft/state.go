package raft

import (
	"fmt"
	"slices"
	"strings"

	"github.com/castaway-kv/castaway/internal/mix"
)

// State is a member's state for views and tests: a copy.
type State struct {
	ID     ID
	Life   Life
	Term   Term
	Vote   ID
	Role   Role
	Leader ID
	Commit Index
	// Durable is the end of the log on disk.
	Durable Index
	Last    Position
	// TimerFrom and TimerUntil bound the timer that runs: to the election, or to
	// a leader's next heartbeat.
	TimerFrom, TimerUntil Time
	// Followers is a leader's view of the others.
	Followers []FollowerState
}

// FollowerState is what a leader knows of one follower.
type FollowerState struct {
	ID          ID
	Match       Index
	Next        Index
	Replicating bool
	Inflight    int
}

// State returns the member's state.
func (n *Node) State() State {
	s := State{
		ID: n.config.ID, Life: n.life, Term: n.term, Vote: n.vote, Role: n.role, Leader: n.leader,
		Commit: n.commit, Durable: n.log.durable, Last: n.log.last(),
		TimerFrom: n.election.armed, TimerUntil: n.election.deadline,
	}
	if n.role == Leader {
		s.TimerUntil = n.lead.heartbeatDue
		s.TimerFrom = s.TimerUntil.Add(-n.config.HeartbeatInterval)
	}
	for i := range n.lead.progress {
		p := &n.lead.progress[i]
		s.Followers = append(s.Followers, FollowerState{p.id, p.match, p.next, p.replicating, len(p.inflight)})
	}
	return s
}

func (s State) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "S%d %v term %d vote %d leader %d commit %d durable %d last %v",
		s.ID, s.Role, s.Term, s.Vote, s.Leader, s.Commit, s.Durable, s.Last)
	for _, f := range s.Followers {
		mode := "probe"
		if f.Replicating {
			mode = "replicate"
		}
		fmt.Fprintf(&b, "; S%d %s match %d next %d inflight %d", f.ID, mode, f.Match, f.Next, f.Inflight)
	}
	return b.String()
}

// ID of the member.
func (n *Node) ID() ID { return n.config.ID }

// Term is the member's current term.
func (n *Node) Term() Term { return n.term }

// Role is the member's current role.
func (n *Node) Role() Role { return n.role }

// Leader is whom the member takes for the leader of its term, 0 for nobody.
func (n *Node) Leader() ID { return n.leader }

// Commit is the highest index known to be committed.
func (n *Node) Commit() Index { return n.commit }

// Last is where the log ends.
func (n *Node) Last() Position { return n.log.last() }

// Entry returns the entry at index i; false if the log has none.
func (n *Node) Entry(i Index) (Entry, bool) {
	if i == 0 || i > n.log.last().Index {
		return Entry{}, false
	}
	return n.log.entries.At(int(i - 1)), true
}

// Clone returns a copy that goes on independently. They share the entries.
func (n *Node) Clone() *Node {
	c := *n
	c.log = n.log.clone()
	c.election.granted = slices.Clone(n.election.granted)
	c.election.refused = slices.Clone(n.election.refused)
	c.lead.progress = slices.Clone(n.lead.progress)
	for i := range c.lead.progress {
		c.lead.progress[i].inflight = slices.Clone(n.lead.progress[i].inflight)
	}
	c.lead.values = nil
	c.reads = reads{slices.Clone(n.reads.queue), slices.Clone(n.reads.asked)}
	c.forwards = slices.Clone(n.forwards)
	c.out = Output{}
	return &c
}

// Hash of the state: two members with equal configurations and equal states
// have equal hashes, whatever path led there.
func (n *Node) Hash() uint64 {
	var h mix.Hash
	for _, w := range []uint64{
		uint64(n.life), uint64(n.term), uint64(n.vote), uint64(n.role), uint64(n.leader), uint64(n.commit), uint64(n.handed),
		uint64(n.log.durable), uint64(n.now), n.number, n.written, n.termWrite, uint64(n.broken),
		uint64(n.election.deadline), uint64(n.election.armed), uint64(n.election.attempt), uint64(n.election.heard),
		uint64(n.lead.heartbeatDue), uint64(n.lead.quorumDue), n.lead.round,
	} {
		h.Word(w)
	}
	n.log.hash(&h)
	hashIDs(&h, n.election.granted)
	hashIDs(&h, n.election.refused)
	hashIDs(&h, n.members.Voters)
	n.hashLists(&h)
	return h.Sum()
}

func (n *Node) hashLists(h *mix.Hash) {
	h.Word(uint64(len(n.lead.progress)))
	for i := range n.lead.progress {
		n.lead.progress[i].hash(h)
	}
	h.Word(uint64(len(n.reads.queue)))
	for _, r := range n.reads.queue {
		h.Word(uint64(r.from))
		r.request.hash(h)
		h.Word(uint64(r.index))
		h.Word(r.round)
	}
	h.Word(uint64(len(n.reads.asked)))
	for _, id := range n.reads.asked {
		id.hash(h)
	}
	h.Word(uint64(len(n.forwards)))
	for _, o := range n.forwards {
		RequestID{o.member, o.life, o.newest}.hash(h)
		h.Word(o.taken)
	}
}

func (id RequestID) hash(h *mix.Hash) {
	h.Word(uint64(id.Member))
	h.Word(uint64(id.Life))
	h.Word(id.Sequence)
}

func (p *progress) hash(h *mix.Hash) {
	flags := uint64(0)
	if p.replicating {
		flags |= 1
	}
	if p.paused {
		flags |= 2
	}
	for _, w := range []uint64{uint64(p.id), uint64(p.match), uint64(p.next), flags, uint64(p.told), p.round, uint64(p.heard)} {
		h.Word(w)
	}
	h.Word(uint64(len(p.inflight)))
	for _, i := range p.inflight {
		h.Word(uint64(i))
	}
}

func (l *log) hash(h *mix.Hash) {
	h.Word(uint64(l.entries.Len()))
	for i := range l.entries.Len() {
		e := l.entries.At(i)
		e.Hash(h)
	}
	h.Word(uint64(len(l.pending)))
	for _, p := range l.pending {
		h.Word(p.number)
		h.Word(uint64(p.last))
	}
}

// Hash adds the entry to h.
func (e *Entry) Hash(h *mix.Hash) {
	h.Word(uint64(e.Term))
	h.Word(uint64(e.Index))
	h.Word(uint64(e.Kind))
	e.Request.hash(h)
	h.String(e.Data)
}

func hashIDs(h *mix.Hash, ids []ID) {
	h.Word(uint64(len(ids)))
	for _, id := range ids {
		h.Word(uint64(id))
	}
}

// Durable is the end of the log on disk.
func (n *Node) Durable() Index { return n.log.durable }
