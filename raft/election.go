package raft

import "slices"

// election is a member's view of the present or next election.
type election struct {
	// deadline is when this member campaigns unless it hears of a leader.
	deadline Time
	// armed is when the deadline was set.
	armed Time
	// attempt counts campaigns in this term, for fresh time-outs after split votes:
	// timeout is this one's.
	attempt int
	timeout Duration
	// heard is when a leader was last heard of.
	heard Time
	// quiet is until when a restarted member takes no part in elections.
	quiet Time
	// granted and refused are the members that answered, in ascending order.
	granted, refused []ID
}

// armElection starts the election timer afresh (§5.2).
func (n *Node) armElection() {
	n.election.armed = n.now
	n.election.deadline = n.now.Add(n.election.timeout)
}

// setAttempt chooses the election time-out for a campaign of this term (§5.2).
func (n *Node) setAttempt(attempt int) {
	timeout := n.config.ElectionTimeout(n.config.ID, n.term, attempt)
	n.election.attempt, n.election.timeout = attempt, max(timeout, n.config.MinElectionTimeout)
}

// runOut lets the election time-out end now, but for who must not be a candidate before
// it has ended by itself: its leader's lease counts on that (thesis §6.4.1).
func (n *Node) runOut() {
	if n.bound() {
		n.ignore(Sticky)
		return
	}
	n.election.deadline = n.now
}

// mayCampaign reports whether this member may ask for votes.
func (n *Node) mayCampaign() bool {
	return n.config.Rules.MayCampaign(n.mayBeVoter(), n.isLost())
}

// mayBeVoter reports whether this member has a vote, or had one and does not
// know its removal to be committed: then it may be the only one whose log is
// good enough to lead, though its own vote does not count (thesis §4.2.2).
func (n *Node) mayBeVoter() bool {
	if n.members.IsVoter(n.config.ID) {
		return true
	}
	for k := len(n.configurations) - 1; k >= 0; k-- {
		if n.configurations[k].IsVoter(n.config.ID) {
			return true
		}
		if n.configurations[k].index <= n.commit {
			break
		}
	}
	return false
}

// campaign starts an election, or asks first whether it could be won.
func (n *Node) campaign() {
	n.setAttempt(n.election.attempt + 1)
	if !n.mayCampaign() {
		n.armElection()
		return
	}
	n.leader = 0
	n.abortReads()
	if n.config.Options.PreVote {
		n.askPreVotes()
		return
	}
	n.askVotes(false)
}

// askPreVotes campaigns without raising the term (thesis §9.6).
func (n *Node) askPreVotes() {
	n.role = PreCandidate
	n.election.granted, n.election.refused = n.election.granted[:0], n.election.refused[:0]
	n.armElection()
	n.broadcast(&RequestPreVote{Term: n.term + 1, Last: n.log.last()})
	n.countPreVote(n.config.ID, true)
}

// askVotes is Figure 2, Candidates: increment the term, vote for self, reset
// the timer, ask all others. Its own vote counts once it is durable.
func (n *Node) askVotes(transfer bool) {
	n.role = Candidate
	n.election.granted, n.election.refused = n.election.granted[:0], n.election.refused[:0]
	n.setTermVote(n.term+1, n.config.ID)
	n.setAttempt(0)
	n.armElection()
	n.broadcast(&RequestVote{Term: n.term, Last: n.log.last(), Transfer: transfer})
}

// requestVote is Figure 2, RequestVote RPC, receiver. Strangers are answered
// too: they may be voters by an entry that has not come here (thesis §4.1).
func (n *Node) requestVote(from ID, m *RequestVote) {
	if m.Term > n.term {
		n.ignore(Sticky)
		return
	}
	granted := m.Term == n.term && (m.Transfer || !n.bound()) && n.config.Rules.MayAnswer(n.mayBeVoter()) &&
		n.config.Rules.MayGrantVote(n.vote, from) && n.config.Rules.UpToDate(m.Last, n.promised())
	if granted {
		n.grantVote(from)
	}
	n.send(from, &RequestVoteReply{Term: n.term, Granted: granted}, 0)
}

// grantVote votes for a candidate, durably before anybody hears of it (§5.2).
func (n *Node) grantVote(candidate ID) {
	n.follow(n.term, n.leader)
	if n.vote != candidate {
		n.setTermVote(n.term, candidate)
	}
	n.armElection()
}

// requestPreVote answers whether a vote would be granted; nothing changes here
// (thesis §9.6).
func (n *Node) requestPreVote(from ID, m *RequestPreVote) {
	if m.Term > n.term && !n.sticks() && n.config.Rules.MayAnswer(n.mayBeVoter()) && n.config.Rules.UpToDate(m.Last, n.promised()) {
		n.send(from, &RequestPreVoteReply{Term: m.Term, Granted: true}, 0)
		return
	}
	n.send(from, &RequestPreVoteReply{Term: n.term}, 0)
}

// requestVoteReply is Figure 2, Candidates: votes from a majority make a leader.
func (n *Node) requestVoteReply(from ID, m *RequestVoteReply) {
	if n.role != Candidate {
		n.ignore(Stale)
		return
	}
	n.countVote(from, m.Term, m.Granted)
}

func (n *Node) requestPreVoteReply(from ID, m *RequestPreVoteReply) {
	if n.role != PreCandidate || m.Granted && m.Term != n.term+1 {
		n.ignore(Stale)
		return
	}
	n.countPreVote(from, m.Granted)
}

func (n *Node) countVote(from ID, term Term, granted bool) {
	if n.tally(from, term, granted) {
		n.becomeLeader()
	}
}

func (n *Node) countPreVote(from ID, granted bool) {
	if n.tally(from, n.term, granted) {
		n.askVotes(false)
	}
}

// tally notes an answer of a member and reports whether a majority has granted.
func (n *Node) tally(from ID, term Term, granted bool) bool {
	e := &n.election
	counted := has(e.granted, from) || has(e.refused, from)
	if !n.members.IsVoter(from) || !n.config.Rules.VoteCounts(term, n.term, counted) {
		n.ignoreVote(from, counted)
		return false
	}
	if !granted {
		e.refused = insert(e.refused, from)
		return false
	}
	e.granted = insert(e.granted, from)
	return n.hasQuorum(e.granted)
}

func (n *Node) ignoreVote(from ID, counted bool) {
	switch {
	case from == n.config.ID:
		// Its own vote may be reported durable more than once.
	case !n.members.IsVoter(from):
		n.ignore(Stranger)
	case counted:
		n.ignore(Doubled)
	default:
		n.ignore(Stale)
	}
}

// sticks reports whether this member has heard from a leader so recently that
// it takes no part in an election (thesis §4.2.3), or is not allowed to yet.
func (n *Node) sticks() bool {
	if !n.config.Options.Stickiness {
		return false
	}
	return n.role == Leader || n.bound() ||
		n.leader != 0 && n.now < n.election.heard.Add(n.config.MinElectionTimeout)
}

// bound reports whether a leader may hold a lease with the help of this member,
// of an earlier term too: a term can rise without an election, and a vote in
// the new one would end the lease early (thesis §6.4.1).
func (n *Node) bound() bool {
	e := &n.election
	return n.config.Options.LeaseRead &&
		(n.now < e.quiet || n.now < e.heard.Add(n.config.MinElectionTimeout))
}

// broadcast sends m to all other voters.
func (n *Node) broadcast(m Message) {
	for _, id := range n.members.Voters {
		if id != n.config.ID {
			n.send(id, m, 0)
		}
	}
	for _, id := range n.members.Outgoing {
		if id != n.config.ID && !slices.Contains(n.members.Voters, id) {
			n.send(id, m, 0)
		}
	}
}
