package raft

// transfer is a leader's attempt to hand over (thesis §3.10). While it lasts,
// proposals are refused, so that the other can catch up.
type transfer struct {
	// to is the member to hand over to, 0 for nobody.
	to ID
	// until is when the leader gives up and goes on leading.
	until Time
	// failed says that it once gave up in this term. Then it tries no more by
	// itself, or a member that can't take over would stop all proposals.
	failed bool
}

// transferTo starts to hand over, unless that is under way.
func (n *Node) transferTo(to ID) {
	if n.role != Leader || n.lead.transfer.to != 0 {
		return
	}
	if to == 0 {
		to = n.furthest()
	}
	if to == n.config.ID || !has(n.members.Voters, to) || n.progressOf(to) == nil {
		return
	}
	n.lead.transfer.to, n.lead.transfer.until = to, n.now.Add(n.config.MinElectionTimeout)
	p := n.progressOf(to)
	n.replicate(p)
	n.tryTransfer(p)
}

// furthest is the voter whose log agrees furthest, 0 if there is no other.
func (n *Node) furthest() ID {
	var best ID
	var match Index
	for i := range n.lead.progress {
		if p := &n.lead.progress[i]; has(n.members.Voters, p.id) && (best == 0 || p.match > match) {
			best, match = p.id, p.match
		}
	}
	return best
}

// tryTransfer tells the other to start an election once it has the whole log.
// The leader can't know when it will be deposed, so its lease ends here.
func (n *Node) tryTransfer(p *progress) {
	if p.match != n.log.last().Index {
		return
	}
	n.lead.leaseEnded = n.config.Rules.TransferEndsLease()
	n.send(p.id, &TimeoutNow{Term: n.term}, 0)
}

// timeoutNow starts an election on the leader's behalf.
func (n *Node) timeoutNow(from ID, m *TimeoutNow) {
	if m.Term != n.term || n.role == Leader || from != n.leader {
		n.ignore(Stale)
		return
	}
	if n.mayCampaign() {
		n.leader = 0
		n.abortReads()
		n.askVotes(true)
	}
}

// tickTransfer gives up when the time is over.
func (n *Node) tickTransfer() {
	if t := &n.lead.transfer; t.to != 0 && n.now >= t.until {
		*t = transfer{failed: true}
	}
}

// yieldToPriority hands over to the voter of the highest priority above this
// member's own that has the whole log and has answered within an election
// time-out.
func (n *Node) yieldToPriority() {
	if n.config.Priority == nil || n.lead.transfer.failed {
		return
	}
	caughtUp := func(p *progress) bool {
		return has(n.members.Voters, p.id) && p.match == n.log.last().Index &&
			n.now < p.heard.Add(n.config.MinElectionTimeout)
	}
	var best ID
	priority := n.config.Priority(n.config.ID)
	for i := range n.lead.progress {
		p := &n.lead.progress[i]
		if x := n.config.Priority(p.id); x > priority && caughtUp(p) {
			best, priority = p.id, x
		}
	}
	if best != 0 {
		n.transferTo(best)
	}
}
