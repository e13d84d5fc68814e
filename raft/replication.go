package raft

import "slices"

// leading is a leader's state, made anew for each term (Figure 2, volatile
// state on leaders).
type leading struct {
	// progress of the other members, by ascending id.
	progress []progress
	// heartbeatDue is when the followers must hear from the leader again (§5.2).
	heartbeatDue Time
	// quorumDue is when the leader looks next whether it hears a majority
	// (thesis §6.2), and whether somebody of higher priority should lead.
	quorumDue Time
	// round is the newest confirmation round (thesis §6.4).
	round uint64
	// uncommitted is the data in entries that are not committed, in bytes.
	// Invariant 13: ≥ 0, and 0 if all entries are committed.
	uncommitted int
	transfer    transfer
	// leaseEnded says that reads of this term must be confirmed.
	leaseEnded bool
}

// wake is when a leader has something to do.
func (l *leading) wake() Time {
	due := min(l.heartbeatDue, l.quorumDue)
	if l.transfer.to != 0 {
		due = min(due, l.transfer.until)
	}
	return due
}

// becomeLeader is Figure 2, Leaders, upon election: tell everybody at once. An
// empty entry of the new term commits what earlier terms left (§8).
func (n *Node) becomeLeader() {
	n.role, n.leader = Leader, n.config.ID
	n.forwards = nil
	n.lead = leading{
		quorumDue: n.now.Add(n.config.MinElectionTimeout),
		progress:  n.progressFor(n.members, nil, n.log.last().Index+1),
		// What earlier leaders left.
		uncommitted: n.log.bytes(n.commit, n.log.last().Index),
	}
	n.appendOwn(Entry{Kind: NoOp})
	n.heartbeat()
}

// appendOwn appends an entry of the leader's term.
func (n *Node) appendOwn(e Entry) {
	n.addOwn(e)
	n.writeOwn(n.log.last().Index)
}

// addOwn adds an entry of the leader's term to the log, but writes it not yet.
func (n *Node) addOwn(e Entry) {
	e.Term, e.Index = n.term, n.log.last().Index+1
	n.lead.uncommitted += len(e.Data)
	n.log.add(e)
}

// writeOwn writes the entries from i on that the leader has added.
func (n *Node) writeOwn(i Index) {
	for last := n.log.last().Index; i <= last; {
		entries := n.log.slice(i, int(last-i)+1)
		n.writeEntries(entries)
		i += Index(len(entries))
	}
}

// tickLeader does what a leader does by the clock.
func (n *Node) tickLeader() {
	n.tickTransfer()
	if n.now >= n.lead.quorumDue {
		n.lead.quorumDue = n.now.Add(n.config.MinElectionTimeout)
		n.checkQuorum()
	}
	if n.role == Leader && n.now >= n.lead.heartbeatDue {
		n.heartbeat()
	}
}

// checkQuorum steps down when no majority answered for an election time-out
// (thesis §6.2).
func (n *Node) checkQuorum() {
	heard := Time(n.quorumValue(measureHeard))
	if n.config.Options.CheckQuorum && n.now >= heard.Add(n.config.MinElectionTimeout) {
		n.follow(n.term, 0)
		return
	}
	n.yieldToPriority()
}

// heartbeat sends every follower something: entries if it may have some, else
// an empty message (§5.2); or with EmptyHeartbeat always that.
func (n *Node) heartbeat() {
	n.lead.heartbeatDue = n.now.Add(n.config.HeartbeatInterval)
	for i := range n.lead.progress {
		p := &n.lead.progress[i]
		p.paused = false
		if p.next < n.log.first() || !n.config.Options.EmptyHeartbeat && p.ready(&n.config) && p.next <= n.log.last().Index {
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
// or the snapshot that replaces them, and news of the commit index if no entries
// carried it.
func (n *Node) replicate(p *progress) {
	if p.next < n.log.first() {
		n.sendChunk(p)
		return
	}
	for p.ready(&n.config) && p.next <= n.log.last().Index {
		entries, bytes := n.batch(p.next)
		n.sendAppend(p, entries)
		p.sentEntries(entries[len(entries)-1].Index, bytes)
	}
	if p.told < min(n.commit, p.match) {
		n.sendAppend(p, nil)
	}
}

// batch returns the entries of one message from i on, and the bytes of data in
// them.
func (n *Node) batch(i Index) (entries []Entry, bytes int) {
	entries = n.log.slice(i, n.config.MaxEntries)
	for k := range entries {
		bytes += len(entries[k].Data)
		if bytes > n.config.MaxMessageBytes && k > 0 {
			return entries[:k:k], bytes - len(entries[k].Data)
		}
	}
	return entries, bytes
}

// sendAppend sends an AppendEntries that starts at p.next.
func (n *Node) sendAppend(p *progress, entries []Entry) {
	prev := Position{Index: p.next - 1}
	prev.Term, _ = n.log.term(prev.Index)
	p.told = max(p.told, min(n.commit, prev.Index+Index(len(entries))))
	n.send(p.id, n.appendMessage(prev, entries), 0)
}

// appendMessage returns a message to be sent to a follower. Followers that are
// equally far share one: within a term what stands behind prev never changes.
func (n *Node) appendMessage(prev Position, entries []Entry) *AppendEntries {
	m := n.appends.newest()
	if m == nil || m.Term != n.term || m.Prev != prev || len(m.Entries) != len(entries) ||
		m.Commit != n.commit || m.Round != n.lead.round || m.Sent != n.now {
		m = n.appends.take()
		m.Term, m.Prev, m.Entries, m.Commit, m.Round, m.Sent = n.term, prev, entries, n.commit, n.lead.round, n.now
	}
	return m
}

// hearLeader follows a leader and starts the election timer afresh (§5.2).
func (n *Node) hearLeader(term Term, leader ID) {
	if n.term != term || n.leader != leader || n.role != Follower {
		n.follow(term, leader)
	}
	n.election.heard = n.now
	n.armElection()
}

// appendEntries is Figure 2, AppendEntries RPC, receiver.
func (n *Node) appendEntries(from ID, m *AppendEntries) {
	if m.Term < n.term {
		n.ignore(Stale)
		if !n.config.Rules.Corrects() {
			return
		}
		n.send(from, &AppendEntriesReply{Term: n.term, Prev: m.Prev.Index, Echo: n.echo(m.Round, m.Sent)}, 0)
		return
	}
	if n.role == Leader || !m.wellFormed() {
		n.ignore(Malformed)
		return
	}
	n.hearLeader(m.Term, from)
	if m.Prev.Index < n.log.base.Index {
		n.acknowledge(from, m, n.commit) // a late message: all this is committed here
		return
	}
	if !n.log.holds(m.Prev) {
		n.send(from, &AppendEntriesReply{
			Term: n.term, Prev: m.Prev.Index, Conflict: n.log.conflict(m.Prev.Index), Echo: n.echo(m.Round, m.Sent),
		}, 0)
		return
	}
	if len(m.Entries) > 0 && !n.merge(m.Entries) {
		return
	}
	verified := m.Prev.Index + Index(len(m.Entries))
	if verified < n.log.last().Index && n.config.Rules.CutsBehind(len(m.Entries)) {
		n.truncate(verified)
	}
	n.learnCommit(min(n.config.Rules.CommitBound(m.Commit, verified), n.log.last().Index))
	n.acknowledge(from, m, n.config.Rules.Acknowledges(verified, n.log.last().Index))
}

// learnCommit is Figure 2, AppendEntries 5.
func (n *Node) learnCommit(i Index) {
	if i > n.commit {
		n.commit = i
		n.refreshMembers()
	}
}

// acknowledge answers that the log agrees up to match, once that is durable. A
// heartbeat is answered at once, for what is durable now: a slow disk must not
// look like a dead member.
func (n *Node) acknowledge(from ID, m *AppendEntries, match Index) {
	if len(m.Entries) == 0 {
		match = min(match, n.log.durable)
	}
	reply := n.replies.take()
	reply.Term, reply.Success, reply.Prev, reply.Match = n.term, true, m.Prev.Index, match
	reply.Echo = n.echo(m.Round, m.Sent)
	n.send(from, reply, n.log.writeOf(match))
}

// wellFormed reports whether the entries follow on Prev and one another, and
// configurations in them can be read.
func (m *AppendEntries) wellFormed() bool {
	at := m.Prev
	for i := range m.Entries {
		e := &m.Entries[i]
		if e.Index != at.Index+1 || e.Term < at.Term || e.Term > m.Term {
			return false
		}
		if e.validate() != nil {
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
			entries = n.withTail(entries)
			n.truncate(e.Index - 1)
		}
		n.log.append(entries[i:])
		n.writeEntries(entries[i:])
		n.noteConfigurations(entries[i:])
		return true
	}
	return true
}

// withTail adds to entries that conflict with the log what follows them there, if that
// is to stay.
func (n *Node) withTail(entries []Entry) []Entry {
	last := entries[len(entries)-1].Index
	if n.config.Rules.ConflictTakesTail() || n.log.last().Index <= last {
		return entries
	}
	return slices.Concat(entries, n.log.between(last, n.log.last().Index))
}

// truncate removes the entries behind last.
func (n *Node) truncate(last Index) {
	n.log.truncate(last)
	n.write(Truncate{n.log.last()})
	n.forgetConfigurations(last)
}

// appendEntriesReply is Figure 2, Leaders: on success advance, on failure look
// further back.
func (n *Node) appendEntriesReply(from ID, m *AppendEntriesReply) {
	p := n.heedReply(from, m.Term, m.Echo)
	if p == nil {
		return
	}
	switch {
	case m.Match > n.log.last().Index:
		n.ignore(Malformed)
		return
	case m.Success:
		p.accept(m.Match, n.log.first())
	default:
		n.backtrack(p, m)
	}
	n.afterReply(p)
}

// heedReply takes note of what every answer to a leader says; nil if the answer
// does not count.
func (n *Node) heedReply(from ID, term Term, e Echo) *progress {
	p := n.progressOf(from)
	switch {
	case term != n.term || n.role != Leader:
		n.ignore(Stale)
		return nil
	case p == nil:
		n.ignore(Stranger)
		return nil
	case !p.relive(e):
		n.ignore(Stale)
		return nil
	}
	p.heard = n.now
	p.round = max(p.round, min(e.Round, n.lead.round))
	p.sent = max(p.sent, min(e.Sent, n.now))
	return p
}

// afterReply does what an answer may have made possible.
func (n *Node) afterReply(p *progress) {
	id := p.id
	if p.match > n.commit {
		n.advanceCommit()
	}
	if len(n.reads.queue) > 0 {
		n.serveReads()
	}
	if len(n.members.Promoting) > 0 {
		n.reconfigure()
	}
	if p = n.progressOf(id); p == nil {
		return // this member stepped down, or the other was removed
	}
	n.replicate(p)
	if p.id == n.lead.transfer.to {
		n.tryTransfer(p)
	}
}

// backtrack moves next back after a rejection, unless a later answer has
// overtaken it (§5.3).
func (n *Node) backtrack(p *progress, m *AppendEntriesReply) {
	if p.state == snapshotting || m.Prev <= p.match || m.Prev >= p.next ||
		p.state == probing && m.Prev != p.next-1 {
		n.ignore(Stale)
		return
	}
	next := m.Prev
	if n.config.Options.FastBacktrack {
		next = min(next, n.skipConflict(m.Conflict))
	}
	p.probe(next)
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

// progressOf returns the progress of a member, nil if this one does not lead or
// knows no such member.
func (n *Node) progressOf(id ID) *progress {
	if n.role != Leader {
		return nil
	}
	for i := range n.lead.progress {
		if p := &n.lead.progress[i]; p.id == id {
			return p
		}
	}
	return nil
}
