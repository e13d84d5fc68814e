package raft

import "slices"

// measure is something that a leader knows of every member, and of which it
// wants to know how far a majority has come.
type measure uint8

const (
	// measureMatch: how far logs agree, durably.
	measureMatch measure = iota
	// measureRound: the newest confirmation round answered.
	measureRound
	// measureHeard: when a member was last heard of.
	measureHeard
	// measureSent: when the latest answered message was sent.
	measureSent
)

// own is what a leader knows of itself: it counts only for what is durable here.
func (n *Node) own(m measure) uint64 {
	switch m {
	case measureMatch:
		return uint64(n.config.Rules.CountsOwn(n.log.durable, n.log.last().Index))
	case measureRound:
		return n.lead.round
	case measureHeard, measureSent:
		return uint64(n.now)
	}
	panic("raft: unknown measure")
}

// measured is what a leader knows of a follower.
func (p *progress) measured(m measure) uint64 {
	switch m {
	case measureMatch:
		return uint64(p.match)
	case measureRound:
		return p.round
	case measureHeard:
		return uint64(p.heard)
	case measureSent:
		return uint64(p.sent)
	}
	panic("raft: unknown measure")
}

// quorumValue returns the highest value that a majority of the voters has
// reached; in a joint configuration, a majority of both (§6).
func (n *Node) quorumValue(m measure) uint64 {
	value := n.majorityValue(n.members.Voters, m)
	if n.members.Joint() {
		value = min(value, n.majorityValue(n.members.Outgoing, m))
	}
	return value
}

func (n *Node) majorityValue(voters []ID, m measure) uint64 {
	var space [8]uint64
	values := space[:0]
	if has(voters, n.config.ID) {
		values = append(values, n.own(m))
	}
	for i := range n.lead.progress {
		if p := &n.lead.progress[i]; has(voters, p.id) {
			values = append(values, p.measured(m))
		}
	}
	slices.Sort(values)
	for k := 1; k <= len(values); k++ {
		if n.config.Rules.IsQuorum(k, len(voters)) {
			return values[len(values)-k]
		}
	}
	return 0
}

// hasQuorum reports whether the members of a list, in ascending order, are a
// majority; in a joint configuration, of both.
func (n *Node) hasQuorum(list []ID) bool {
	return n.isMajority(list, n.members.Voters) &&
		(!n.members.Joint() || n.isMajority(list, n.members.Outgoing))
}

func (n *Node) isMajority(list, voters []ID) bool {
	count := 0
	for _, id := range list {
		if has(voters, id) {
			count++
		}
	}
	return n.config.Rules.IsQuorum(count, len(voters))
}

// advanceCommit is Figure 2, Leaders, last rule: commit the highest index that
// a majority has, if its entry is of the current term (§5.3, §5.4.2).
func (n *Node) advanceCommit() {
	index := Index(n.quorumValue(measureMatch))
	if index <= n.commit {
		return
	}
	if t, _ := n.log.term(index); !n.config.Rules.MayCommit(t, n.term) {
		return
	}
	n.lead.uncommitted -= n.log.bytes(n.commit, index)
	n.commit = index
	n.refreshMembers()
	n.reconfigure()
	if n.role != Leader {
		return
	}
	n.replicateAll()
	if len(n.reads.queue) > 0 {
		n.serveReads()
	}
}
