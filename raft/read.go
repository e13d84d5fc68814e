package raft

import "slices"

// reads are the linearizable reads under way (ReadIndex, thesis §6.4).
type reads struct {
	// queue of a leader, oldest first. A read waits there for a round: a
	// heartbeat, begun after the read, that a majority answers.
	queue []queuedRead
	// asked are this member's reads that the leader was asked for, and again is
	// when it is asked again: question or answer may have been lost.
	asked []RequestID
	again Time
}

// queuedRead is one read at the leader. Round 0 means that it has none yet.
type queuedRead struct {
	from    ID
	request RequestID
	index   Index
	round   uint64
}

// read asks for the index at which a linearizable read may be served.
func (n *Node) read(request RequestID) {
	if n.role == Leader {
		n.queueRead(n.config.ID, request)
		return
	}
	if n.mayForward(request) {
		if len(n.reads.asked) == 0 {
			n.reads.again = n.now.Add(n.config.MinElectionTimeout)
		}
		n.reads.asked = append(n.reads.asked, request)
		n.send(n.leader, &ReadIndex{Term: n.term, Request: request}, 0)
	}
}

// askAgain repeats the questions that the leader has not answered for long.
func (n *Node) askAgain() {
	n.reads.again = n.now.Add(n.config.MinElectionTimeout)
	for _, request := range n.reads.asked {
		n.send(n.leader, &ReadIndex{Term: n.term, Request: request}, 0)
	}
}

// readIndex serves a follower's read.
func (n *Node) readIndex(from ID, m *ReadIndex) {
	if n.role != Leader || m.Term != n.term {
		n.ignore(Stale)
		return
	}
	n.queueRead(from, m.Request)
}

// readIndexReply releases a read that this member asked the leader for.
func (n *Node) readIndexReply(m *ReadIndexReply) {
	i := slices.Index(n.reads.asked, m.Request)
	if i < 0 || m.Term != n.term {
		n.ignore(Stale)
		return
	}
	n.reads.asked = slices.Delete(n.reads.asked, i, i+1)
	n.out.Reads = append(n.out.Reads, ReadReady{m.Request, m.Index})
}

func (n *Node) queueRead(from ID, request RequestID) {
	if n.mayRead() && n.holdsLease() {
		n.releaseRead(queuedRead{from: from, request: request, index: n.commit})
		return
	}
	n.reads.queue = append(n.reads.queue, queuedRead{from: from, request: request})
	n.serveReads()
}

// holdsLease reports whether nobody else can be leading yet (thesis §6.4.1).
func (n *Node) holdsLease() bool {
	if !n.config.Options.LeaseRead || n.lead.leaseEnded {
		return false
	}
	asked := Time(n.quorumValue(measureSent))
	return n.config.Rules.LeaseHolds(asked, n.now, n.config.MinElectionTimeout, n.config.ClockDrift)
}

// serveReads releases the reads whose round a majority has answered, and starts
// a round for all that wait as soon as the one before is answered: so reads
// are batched.
func (n *Node) serveReads() {
	n.releaseReads()
	if len(n.reads.queue) > 0 && n.reads.queue[0].round == 0 && n.mayRead() {
		n.startRound()
		n.releaseReads()
	}
}

// mayRead reports whether this leader knows what is committed (§8).
func (n *Node) mayRead() bool {
	t, _ := n.log.term(n.commit)
	return n.config.Rules.MayRead(t, n.term)
}

// startRound asks all followers to confirm that this member still leads. The
// reads of the round will see all that is committed now.
func (n *Node) startRound() {
	n.lead.round++
	for i := range n.reads.queue {
		n.reads.queue[i].round, n.reads.queue[i].index = n.lead.round, n.commit
	}
	n.heartbeat()
}

func (n *Node) releaseReads() {
	confirmed := n.quorumValue(measureRound)
	k := 0
	for ; k < len(n.reads.queue); k++ {
		r := n.reads.queue[k]
		if r.round == 0 || !n.config.Rules.ReadConfirmed(r.round, confirmed) {
			break
		}
		n.releaseRead(r)
	}
	n.reads.queue = slices.Delete(n.reads.queue, 0, k)
}

func (n *Node) releaseRead(r queuedRead) {
	if r.from == n.config.ID {
		n.out.Reads = append(n.out.Reads, ReadReady{r.request, r.index})
		return
	}
	n.send(r.from, &ReadIndexReply{Term: n.term, Request: r.request, Index: r.index}, 0)
}

// abortReads refuses this member's reads when the leader changes; those of
// others are refused by their own members.
func (n *Node) abortReads() {
	for _, r := range n.reads.queue {
		if r.from == n.config.ID {
			n.refuse(r.request, LeaderChanged)
		}
	}
	for _, id := range n.reads.asked {
		n.refuse(id, LeaderChanged)
	}
	n.reads = reads{}
}
