package raft

import (
	"fmt"
	"slices"
	"strings"
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
	// First is the first index in the log, Snapshot the last one in the snapshot.
	First, Snapshot Index
	// Lost is how far the log went before a part of it was lost, zero if nothing
	// is missing.
	Lost    Position
	Members Configuration
	// MembersAt is the index of the entry that brought Members, 0 for the first ones.
	MembersAt Index
	// TransferTo is whom a leader hands over to, 0 for nobody.
	TransferTo ID
	// Followers is a leader's view of the others.
	Followers []FollowerState
	// Granted and Refused are who has answered a candidate so far.
	Granted, Refused []ID
	// Reads is how many reads wait for the leader, or at it.
	Reads int
}

// FollowerState is what a leader knows of one follower.
type FollowerState struct {
	ID ID
	// Life of the follower that Match is about, 0 until it has answered.
	Life  Life
	Match Index
	Next  Index
	// State is "probe", "replicate" or "snapshot".
	State    string
	Inflight int
}

// State returns the member's state.
func (n *Node) State() State {
	s := State{
		ID: n.config.ID, Life: n.life, Term: n.term, Vote: n.vote, Role: n.role, Leader: n.leader,
		Commit: n.commit, Durable: n.log.durable, Last: n.log.last(),
		TimerFrom: n.election.armed, TimerUntil: n.election.deadline,
		First: n.log.first(), Snapshot: n.snapshot.Last.Index, Lost: n.lost, Members: n.members, MembersAt: n.inForce,
		TransferTo: n.lead.transfer.to, Reads: len(n.reads.queue) + len(n.reads.asked),
	}
	if n.role == Candidate || n.role == PreCandidate {
		s.Granted, s.Refused = slices.Clone(n.election.granted), slices.Clone(n.election.refused)
	}
	if n.role == Leader {
		s.TimerUntil = n.lead.heartbeatDue
		s.TimerFrom = s.TimerUntil.Add(-n.config.HeartbeatInterval)
	}
	for i := range n.lead.progress {
		p := &n.lead.progress[i]
		s.Followers = append(s.Followers, FollowerState{p.id, p.life, p.match, p.next, p.state.String(), len(p.inflight)})
	}
	return s
}

func (s State) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "S%d %v term %d vote %d leader %d commit %d durable %d last %v",
		s.ID, s.Role, s.Term, s.Vote, s.Leader, s.Commit, s.Durable, s.Last)
	for _, f := range s.Followers {
		fmt.Fprintf(&b, "; S%d %s match %d next %d inflight %d", f.ID, f.State, f.Match, f.Next, f.Inflight)
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

// CommittedBy is the configuration that has decided on Commit: the one in force.
func (n *Node) CommittedBy() Configuration { return n.members }

// Last is where the log ends.
func (n *Node) Last() Position { return n.log.last() }

// First is the index of the first entry in the log, or of the next one if it is
// empty.
func (n *Node) First() Index { return n.log.first() }

// Entry returns the entry at index i; false if the log has none.
func (n *Node) Entry(i Index) (Entry, bool) {
	if i < n.log.first() || i > n.log.last().Index {
		return Entry{}, false
	}
	return n.log.at(i), true
}

// Durable is the end of the log on disk.
func (n *Node) Durable() Index { return n.log.durable }

// Snapshot describes the newest snapshot; its Last is zero if there is none.
func (n *Node) Snapshot() Snapshot { return n.snapshot }

// Members is the configuration in force.
func (n *Node) Members() Configuration { return n.members }
