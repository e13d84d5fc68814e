package raft

import (
	"cmp"
	"slices"
)

// leading is a leader's state, made anew for each term (Figure 2, volatile
// state on leaders).
type leading struct {
	// progress of the other voters, by ascending id.
	progress []progress
	// heartbeatDue is when the followers must hear from the leader again (§5.2).
	heartbeatDue Time
	// quorumDue is when the leader looks next whether it hears a majority
	// (thesis §6.2); Never if it does not.
	quorumDue Time
	// round is the newest confirmation round (thesis §6.4).
	round uint64
	// values is scratch space for quorumValue.
	values []uint64
}

// wake is when a leader has something to do.
func (l *leading) wake() Time { return min(l.heartbeatDue, l.quorumDue) }

// becomeLeader is Figure 2, Leaders, upon election: tell everybody at once. An
// empty entry of the new term commits what earlier terms left (§8).
func (n *Node) becomeLeader() {
	n.role, n.leader = Leader, n.config.ID
	n.forwards = nil
	n.lead = leading{quorumDue: Never}
	for _, id := range n.members.Voters {
		if id != n.config.ID {
			n.lead.progress = append(n.lead.progress, progress{id: id, next: n.log.last().Index + 1, heard: n.now})
		}
	}
	if n.config.Options.CheckQuorum {
		n.lead.quorumDue = n.now.Add(n.config.MinElectionTimeout)
	}
	n.appendOwn(Entry{Kind: NoOp})
	n.heartbeat()
}

// appendOwn appends an entry of the leader's term.
func (n *Node) appendOwn(e Entry) {
	e.Term, e.Index = n.term, n.log.last().Index+1
	entries := []Entry{e}
	n.log.append(n.write(Append{entries}), entries...)
}

// tickLeader does what a leader does by the clock.
func (n *Node) tickLeader() {
	if n.now >= n.lead.quorumDue {
		n.checkQuorum()
	}
	if n.role == Leader && n.now >= n.lead.heartbeatDue {
		n.heartbeat()
	}
}

// checkQuorum steps down when no majority answered for an election time-out
// (thesis §6.2).
func (n *Node) checkQuorum() {
	heard := 0
	if n.votes(n.config.ID) {
		heard++
	}
	for i := range n.lead.progress {
		if n.now < n.lead.progress[i].heard.Add(n.config.MinElectionTimeout) {
			heard++
		}
	}
	if !n.config.Rules.IsQuorum(heard, len(n.members.Voters)) {
		n.follow(n.term, 0)
		return
	}
	n.lead.quorumDue = n.now.Add(n.config.MinElectionTimeout)
}

// heartbeat sends every follower something: entries if it may have some, else
// an empty message (§5.2).
func (n *Node) heartbeat() {
	n.lead.heartbeatDue = n.now.Add(n.config.HeartbeatInterval)
	for i := range n.lead.progress {
		p := &n.lead.progress[i]
		p.paused = false
		if p.ready(n.config.MaxInflight) && p.next <= n.log.last().Index {
			n.replicate(p)
			continue
		}
		n.sendAppend(p, nil)
	}
}

// replicateAll sends every follower what it may have.
func (n *Node) replicateAll() {
	for i := range n.lead.progress {
		n.replicate(&n.lead.progress[i])
	}
}

// replicate sends a follower the entries it lacks, as far as the window goes,
// and news of the commit index if no entries carried it.
func (n *Node) replicate(p *progress) {
	for p.next <= n.log.last().Index && p.ready(n.config.MaxInflight) {
		entries := n.log.slice(p.next, n.config.MaxEntries)
		n.sendAppend(p, entries)
		p.sent(entries[len(entries)-1].Index)
	}
	if p.told < min(n.commit, p.match) {
		n.sendAppend(p, nil)
	}
}

// sendAppend sends an AppendEntries that starts at p.next.
func (n *Node) sendAppend(p *progress, entries []Entry) {
	prev := Position{Index: p.next - 1}
	prev.Term, _ = n.log.term(prev.Index)
	p.told = max(p.told, min(n.commit, prev.Index+Index(len(entries))))
	n.send(p.id, &AppendEntries{Term: n.term, Prev: prev, Entries: entries, Commit: n.commit, Round: n.lead.round}, 0)
}

// appendEntries is Figure 2, AppendEntries RPC, receiver.
func (n *Node) appendEntries(from ID, m *AppendEntries) {
	if m.Term < n.term {
		n.send(from, &AppendEntriesReply{Term: n.term, Prev: m.Prev.Index}, 0)
		return
	}
	if n.role == Leader || !m.wellFormed() {
		return // no honest sender does this
	}
	n.follow(m.Term, from)
	n.election.heard = n.now
	n.armElection()
	if !n.log.holds(m.Prev) {
		conflict := n.log.conflict(m.Prev.Index)
		n.send(from, &AppendEntriesReply{Term: n.term, Prev: m.Prev.Index, Conflict: conflict, Round: m.Round}, 0)
		return
	}
	if !n.merge(m.Entries) {
		return
	}
	match := m.Prev.Index + Index(len(m.Entries))
	n.commit = max(n.commit, min(n.config.Rules.CommitBound(m.Commit, match), n.log.last().Index))
	reply := &AppendEntriesReply{Term: n.term, Success: true, Prev: m.Prev.Index, Match: match, Round: m.Round}
	n.send(from, reply, n.log.writeOf(match))
}

// wellFormed reports whether the entries follow on Prev and one another.
func (m *AppendEntries) wellFormed() bool {
	at := m.Prev
	for i := range m.Entries {
		e := &m.Entries[i]
		if e.Index != at.Index+1 || e.Term < at.Term || e.Term > m.Term {
			return false
		}
		at = e.Position()
	}
	return true
}

// merge is Figure 2, AppendEntries 3 and 4: remove what conflicts, add what is
// new, leave the rest alone. It refuses to remove a committed entry.
func (n *Node) merge(entries []Entry) bool {
	for i := range entries {
		e := &entries[i]
		t, ok := n.log.term(e.Index)
		if ok && !n.config.Rules.MustTruncate(t, e.Term) {
			continue
		}
		if ok {
			if e.Index <= n.commit {
				n.broken = e.Index
				return false
			}
			n.log.truncate(e.Index - 1)
			n.write(Truncate{n.log.last()})
		}
		n.log.append(n.write(Append{entries[i:]}), entries[i:]...)
		return true
	}
	return true
}

// appendEntriesReply is Figure 2, Leaders: on success advance, on failure look
// further back.
func (n *Node) appendEntriesReply(from ID, m *AppendEntriesReply) {
	p := n.progressOf(from)
	if p == nil || m.Term != n.term || m.Match > n.log.last().Index {
		return
	}
	p.heard = n.now
	p.round = max(p.round, min(m.Round, n.lead.round))
	if m.Success {
		p.accept(m.Match)
		n.advanceCommit()
	} else {
		n.backtrack(p, m)
	}
	n.serveReads()
	n.replicate(p)
}

// backtrack moves next back after a rejection, unless a later answer has
// overtaken it (§5.3).
func (n *Node) backtrack(p *progress, m *AppendEntriesReply) {
	if m.Prev <= p.match || m.Prev >= p.next {
		return
	}
	if !p.replicating && m.Prev != p.next-1 {
		return
	}
	next := m.Prev
	if n.config.Options.FastBacktrack {
		next = min(next, n.skipConflict(m.Conflict))
	}
	p.reject(next)
}

// skipConflict finds where to try next: behind our last entry of the
// conflicting term, or where the follower's begins if we have none (§5.3).
func (n *Node) skipConflict(c Position) Index {
	if c.Term == 0 {
		return c.Index
	}
	behind := n.log.firstOfTerm(c.Term + 1)
	if t, _ := n.log.term(behind - 1); t == c.Term {
		return behind
	}
	return c.Index
}

// progressOf returns the progress of a voter, nil if this member does not lead
// or knows no such voter.
func (n *Node) progressOf(id ID) *progress {
	list := n.lead.progress
	i, ok := slices.BinarySearchFunc(list, id, func(p progress, id ID) int {
		return cmp.Compare(p.id, id)
	})
	if n.role != Leader || !ok {
		return nil
	}
	return &list[i]
}
