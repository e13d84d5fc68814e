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

// measured returns a measure of one member. The leader counts itself only for
// what is durable here.
func (n *Node) measured(id ID, m measure) uint64 {
	if id == n.config.ID {
		return [...]uint64{uint64(n.log.durable), n.lead.round, uint64(n.now), uint64(n.now)}[m]
	}
	p := n.progressOf(id)
	if p == nil {
		return 0
	}
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
	values := n.lead.values[:0]
	for _, id := range voters {
		values = append(values, n.measured(id, m))
	}
	n.lead.values = values
	slices.Sort(values)
	for k := 1; k <= len(values); k++ {
		if n.config.Rules.IsQuorum(k, len(values)) {
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
	for i := n.commit + 1; i <= index; i++ {
		e := n.log.at(i)
		n.lead.uncommitted -= len(e.Data)
	}
	n.commit = index
	n.refreshMembers()
	n.reconfigure()
	if n.role != Leader {
		return
	}
	n.replicateAll()
	n.serveReads()
}
