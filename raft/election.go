package raft

import "slices"

// election is a member's view of the present or next election.
type election struct {
	// deadline is when this member campaigns unless it hears of a leader.
	deadline Time
	// armed is when the deadline was set.
	armed Time
	// attempt counts campaigns in this term, for fresh time-outs after split votes.
	attempt int
	// heard is when a leader was last heard of, 0 for never.
	heard Time
	// granted and refused are the voters that answered, in ascending order.
	granted, refused []ID
}

// armElection starts the election timer afresh (§5.2).
func (n *Node) armElection() {
	e := &n.election
	e.armed = n.now
	e.deadline = n.now.Add(n.config.ElectionTimeout(n.config.ID, n.term, e.attempt))
}

// campaign starts an election, or asks first whether it could be won.
func (n *Node) campaign() {
	n.election.attempt++
	if !n.votes(n.config.ID) {
		n.armElection()
		return
	}
	n.leader = 0
	n.abortReads()
	n.election.granted, n.election.refused = n.election.granted[:0], n.election.refused[:0]
	if n.config.Options.PreVote {
		n.askPreVotes()
		return
	}
	n.askVotes()
}

// askPreVotes campaigns without raising the term (thesis §9.6).
func (n *Node) askPreVotes() {
	n.role = PreCandidate
	n.armElection()
	n.broadcast(&RequestPreVote{Term: n.term + 1, Last: n.log.last()})
	n.countPreVote(n.config.ID, true)
}

// askVotes is Figure 2, Candidates: increment the term, vote for self, reset
// the timer, ask all others. Its own vote counts once it is durable.
func (n *Node) askVotes() {
	n.role = Candidate
	n.election.granted, n.election.refused = n.election.granted[:0], n.election.refused[:0]
	n.setTermVote(n.term+1, n.config.ID)
	n.armElection()
	n.broadcast(&RequestVote{Term: n.term, Last: n.log.last()})
}

// requestVote is Figure 2, RequestVote RPC, receiver.
func (n *Node) requestVote(from ID, m *RequestVote) {
	if m.Term > n.term {
		return // we hear a leader, and did not heed it
	}
	granted := m.Term == n.term &&
		n.config.Rules.MayGrantVote(n.vote, from) && n.config.Rules.UpToDate(m.Last, n.log.last())
	if granted {
		n.grantVote(from)
	}
	n.send(from, &RequestVoteReply{Term: n.term, Granted: granted}, 0)
}

// grantVote votes for a candidate, durably before anybody hears of it (§5.2).
func (n *Node) grantVote(candidate ID) {
	if n.vote != candidate {
		n.setTermVote(n.term, candidate)
	}
	n.follow(n.term, n.leader)
	n.armElection()
}

// requestPreVote answers whether a vote would be granted; nothing changes here
// (thesis §9.6).
func (n *Node) requestPreVote(from ID, m *RequestPreVote) {
	if m.Term > n.term && !n.sticks() && n.config.Rules.UpToDate(m.Last, n.log.last()) {
		n.send(from, &RequestPreVoteReply{Term: m.Term, Granted: true}, 0)
		return
	}
	n.send(from, &RequestPreVoteReply{Term: n.term}, 0)
}

// requestVoteReply is Figure 2, Candidates: votes from a majority make a leader.
func (n *Node) requestVoteReply(from ID, m *RequestVoteReply) {
	if n.role == Candidate && m.Term == n.term {
		n.countVote(from, m.Granted)
	}
}

func (n *Node) requestPreVoteReply(from ID, m *RequestPreVoteReply) {
	if n.role == PreCandidate && (!m.Granted || m.Term == n.term+1) {
		n.countPreVote(from, m.Granted)
	}
}

func (n *Node) countVote(from ID, granted bool) {
	if n.tally(from, granted) {
		n.becomeLeader()
	}
}

func (n *Node) countPreVote(from ID, granted bool) {
	if n.tally(from, granted) {
		n.askVotes()
	}
}

// tally notes a voter's answer, each voter's once, and reports whether a
// majority has granted.
func (n *Node) tally(from ID, granted bool) bool {
	e := &n.election
	if !n.votes(from) || slices.Contains(e.granted, from) || slices.Contains(e.refused, from) {
		return false
	}
	if !granted {
		e.refused = insert(e.refused, from)
		return false
	}
	e.granted = insert(e.granted, from)
	return n.config.Rules.IsQuorum(len(e.granted), len(n.members.Voters))
}

// sticks reports whether this member has heard from a leader so recently that
// it takes no part in an election (thesis §4.2.3).
func (n *Node) sticks() bool {
	if !n.config.Options.Stickiness {
		return false
	}
	return n.role == Leader || n.leader != 0 && n.now < n.election.heard.Add(n.config.MinElectionTimeout)
}

// broadcast sends m to all other voters.
func (n *Node) broadcast(m Message) {
	for _, id := range n.members.Voters {
		if id != n.config.ID {
			n.send(id, m, 0)
		}
	}
}

// votes reports whether a member is a voter.
func (n *Node) votes(id ID) bool {
	_, found := slices.BinarySearch(n.members.Voters, id)
	return found
}

// insert adds id to a list in ascending order.
func insert(list []ID, id ID) []ID {
	i, _ := slices.BinarySearch(list, id)
	return slices.Insert(list, i, id)
}
