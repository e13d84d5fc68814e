package raft

import "slices"

// advanceCommit is Figure 2, Leaders, last rule: commit the highest index that
// a majority has, if its entry is of the current term (§5.3, §5.4.2). The
// leader counts itself only for what is durable here.
func (n *Node) advanceCommit() {
	v := n.lead.values[:0]
	if n.votes(n.config.ID) {
		v = append(v, uint64(n.log.durable))
	}
	for i := range n.lead.progress {
		v = append(v, uint64(n.lead.progress[i].match))
	}
	index := Index(n.quorumValue(v))
	if index <= n.commit {
		return
	}
	if t, _ := n.log.term(index); !n.config.Rules.MayCommit(t, n.term) {
		return
	}
	n.commit = index
	n.replicateAll()
	n.serveReads()
}

// confirmedRound is the newest round that a majority answered (thesis §6.4).
func (n *Node) confirmedRound() uint64 {
	v := n.lead.values[:0]
	if n.votes(n.config.ID) {
		v = append(v, n.lead.round)
	}
	for i := range n.lead.progress {
		v = append(v, n.lead.progress[i].round)
	}
	return n.quorumValue(v)
}

// quorumValue returns the highest value that a majority of the voters has
// reached. It sorts values and keeps them as scratch space.
func (n *Node) quorumValue(values []uint64) uint64 {
	n.lead.values = values
	slices.Sort(values)
	for k := 1; k <= len(values); k++ {
		if n.config.Rules.IsQuorum(k, len(n.members.Voters)) {
			return values[len(values)-k]
		}
	}
	return 0
}
