package raft

import "fmt"

// Node is one member.
type Node struct {
	config Config
	life   Life

	// Persistent state (Figure 2), as of the newest write.
	term     Term
	vote     ID
	log      log
	snapshot Snapshot
	// lost is how far the log is known to have gone before the disk lost a part
	// of it; zero if nothing is missing. Invariant 14: then it is no candidate.
	lost Position
	// configurations in the log, by index; the first is the one at its base. The
	// newest is in force: members. Invariant 10: they ascend, none behind last.
	configurations []placedConfiguration
	members        Configuration
	// inForce is the index of that one.
	inForce Index

	// Volatile state.
	role Role
	// leader of this term, 0 if not heard of.
	leader ID
	// commit is the highest index known committed. Invariant 2: handed ≤ commit ≤ last.
	commit Index
	// handed is the highest index given out in Output.Committed.
	handed Index

	election election
	lead     leading
	reads    reads
	forwards forwards
	incoming incoming

	// now is the latest time seen: it never goes back.
	now Time
	// number of the newest write.
	number uint64
	// written is the newest write known durable.
	written uint64
	// termWrite is the write of this term and vote: all sends wait for it.
	termWrite uint64

	out Output
	// appends, replies and records are where the messages and records of
	// replication come from.
	appends slab[AppendEntries]
	replies slab[AppendEntriesReply]
	records slab[Append]
	// before is the state after the step before, for the invariants.
	before milestone
	// broken is a committed index that a leader asked to replace, 0 for none.
	broken Index
}

// Step does all that in calls for at time now. The first step of a life should
// be a Wake, which starts its timers. The output is the member's own, and valid
// until the next Step.
func (n *Node) Step(now Time, in Input) *Output {
	n.begin(now)
	switch in := in.(type) {
	case Wake:
		// What falls due is done at the end of every step.
	case Campaign:
		n.runOut()
	case Receive:
		n.receive(in.From, in.Message)
	case Propose:
		n.propose(in)
	case ProposeBatch:
		n.proposeBatch(in)
	case Read:
		n.read(in.Request)
	case Change:
		n.change(in)
	case Transfer:
		n.transferTo(in.To)
	case Written:
		n.writesDurable(in.Number)
	case SnapshotTaken:
		n.snapshotTaken(in)
	case SnapshotReceived:
		n.snapshotReceived(in)
	default:
		panic("raft: an input of no known type; is it nil?") // naming it would put every input on the heap
	}
	if n.now >= n.wake() {
		n.tick()
	}
	n.finish()
	return &n.out
}

// begin empties the output of the step before, but keeps its memory.
func (n *Node) begin(now Time) {
	n.now = max(n.now, now)
	n.out.reset()
	if n.election.deadline == 0 {
		n.wakeUp()
	}
}

// wakeUp starts the timers of a life.
func (n *Node) wakeUp() {
	n.setAttempt(0)
	n.armElection()
	n.election.heard = Time(-n.config.MinElectionTimeout) // never
	if n.config.Options.LeaseRead && n.life > 1 {
		// A leader may hold a lease that this member helped it to.
		n.election.quiet = n.now.Add(n.config.MinElectionTimeout)
	}
	// The crash may have come between the entries that were missing and the
	// record that says they are back.
	n.regain()
}

// finish hands out what was committed and says when to wake.
func (n *Node) finish() {
	if n.handed < n.commit {
		n.out.Committed = n.log.between(n.handed, n.commit)
		n.handed = n.commit
	}
	n.out.Wake = n.wake()
	if n.config.CheckInvariants {
		n.out.Violation = n.check()
	}
}

// wake is when something falls due.
func (n *Node) wake() Time {
	switch {
	case n.role == Leader:
		return n.lead.wake()
	case len(n.reads.asked) > 0:
		return min(n.election.deadline, n.reads.again)
	}
	return n.election.deadline
}

// maxTerm and maxIndex bound what is believed: nobody gets there by counting.
const (
	maxTerm  = Term(1) << 62
	maxIndex = Index(1) << 62
)

// receive dispatches a message. A message of a later term ends ours; one of an
// earlier term is answered with ours, so that its sender learns (§5.1).
func (n *Node) receive(from ID, m Message) {
	term := m.MessageTerm()
	if term > maxTerm || from == 0 || from == n.config.ID {
		n.ignore(Malformed)
		return
	}
	if n.term < term && n.heeds(m) {
		n.follow(term, 0)
	}
	switch m := m.(type) {
	case *RequestVote:
		n.requestVote(from, m)
	case *RequestVoteReply:
		n.requestVoteReply(from, m)
	case *RequestPreVote:
		n.requestPreVote(from, m)
	case *RequestPreVoteReply:
		n.requestPreVoteReply(from, m)
	case *AppendEntries:
		n.appendEntries(from, m)
	case *AppendEntriesReply:
		n.appendEntriesReply(from, m)
	case *InstallSnapshot:
		n.installSnapshot(from, m)
	case *InstallSnapshotReply:
		n.installSnapshotReply(from, m)
	case *TimeoutNow:
		n.timeoutNow(from, m)
	case *ForwardProposal:
		n.forwardedProposal(from, m)
	case *ReadIndex:
		n.readIndex(from, m)
	case *ReadIndexReply:
		n.readIndexReply(m)
	default:
		panic(fmt.Sprintf("raft: unknown message %T", m))
	}
}

// heeds reports whether a message's later term becomes ours (§5.1). A pre-vote
// is only a question; a candidate is not heard while we hear a leader (thesis §4.2.3).
func (n *Node) heeds(m Message) bool {
	switch m := m.(type) {
	case *RequestPreVote:
		return false
	case *RequestPreVoteReply:
		return !m.Granted
	case *RequestVote:
		return m.Transfer || !n.sticks()
	}
	return true
}

// ignore notes that the input is not heeded; the first reason counts.
func (n *Node) ignore(why Ignored) {
	if n.out.Ignored == Heeded {
		n.out.Ignored = why
	}
}

// follow becomes a follower of leader (0: not known) in term.
func (n *Node) follow(term Term, leader ID) {
	wasLeader := n.role == Leader
	if n.config.Rules.ForgetsVote(term, n.term) {
		n.enterTerm(term)
	}
	changed := wasLeader || leader != n.leader
	n.role, n.leader = Follower, leader
	if changed {
		n.abortReads()
	}
	if wasLeader {
		n.lead = leading{}
		n.armElection()
	}
}

// enterTerm begins a term without a vote (§5.1).
func (n *Node) enterTerm(term Term) {
	n.setTermVote(term, 0)
	n.setAttempt(0)
	if n.config.Rules.RollsBack() && n.log.last().Index > n.commit {
		n.truncate(n.commit)
	}
}

// setTermVote changes term and vote, and writes both as one record: one for all
// changes of a step that follow on each other.
func (n *Node) setTermVote(term Term, vote ID) {
	if n.config.Rules.VoteIsApart() {
		n.write(TermVote{n.term, vote})
	}
	n.term, n.vote = term, vote
	if k := len(n.out.Writes); k > 0 && n.out.Writes[k-1].Number == n.termWrite {
		n.out.Writes[k-1].Record = TermVote{term, vote}
		return
	}
	n.termWrite = n.write(TermVote{term, vote})
}

// write hands out a record and returns its number.
func (n *Node) write(r Record) uint64 {
	n.number++
	n.out.Writes = append(n.out.Writes, Write{n.number, r})
	return n.number
}

// writeEntries hands out the record of entries that were added to the log.
func (n *Node) writeEntries(entries []Entry) {
	r := n.records.take()
	r.Entries = entries
	n.log.writing(n.write(r), entries[len(entries)-1].Index)
}

// send hands out a message that leaves once write number after and the record
// of this term are durable.
func (n *Node) send(to ID, m Message, after uint64) {
	after = n.config.Rules.Waits(after, n.termWrite)
	if after <= n.written {
		after = 0
	}
	n.out.Sends = append(n.out.Sends, Send{to, after, m})
}

// echo is what an answer to a leader carries.
func (n *Node) echo(round uint64, sent Time) Echo {
	return Echo{Round: round, Sent: sent, Life: n.life, Lost: n.isLost()}
}

// writesDurable counts this member in where it now may be counted: its vote
// for itself, its own copy of entries.
func (n *Node) writesDurable(number uint64) {
	n.written = max(n.written, min(number, n.number))
	n.log.written(n.written)
	n.regain()
	switch {
	case n.role == Candidate && n.written >= n.termWrite:
		n.countVote(n.config.ID, n.term, true)
	case n.role == Leader && n.log.durable > n.commit:
		n.advanceCommit()
	}
}

// tick does what has fallen due by now.
func (n *Node) tick() {
	if n.role == Leader {
		n.tickLeader()
		return
	}
	if n.now >= n.election.deadline {
		n.campaign()
	}
	if len(n.reads.asked) > 0 && n.now >= n.reads.again {
		n.askAgain()
	}
}
