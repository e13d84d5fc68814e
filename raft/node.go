package raft

import (
	"errors"
	"fmt"
)

// Node is one member.
type Node struct {
	config Config
	life   Life

	// Persistent state (Figure 2), as of the newest write.
	term    Term
	vote    ID
	log     log
	members Configuration

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

	// now is the latest time seen: it never goes back.
	now Time
	// number of the newest write.
	number uint64
	// written is the newest write known durable.
	written uint64
	// termWrite is the write of this term and vote: all sends wait for it.
	termWrite uint64

	out Output
	// before is the state after the step before, for the invariants.
	before milestone
	// broken is a committed index that a leader asked to replace, 0 for none.
	broken Index
}

// Restore starts a member from what its disk holds: the last Base record, and
// the records after it, oldest first. A new member's disk holds a Base with
// the first configuration. Life must be higher than in any start before.
func Restore(config Config, base Base, tail []Record, life Life) (*Node, error) {
	if err := config.validate(base.Members); err != nil {
		return nil, err
	}
	n := &Node{config: config, life: life, term: base.Term, vote: base.Vote, members: base.Members}
	for i, r := range tail {
		if err := n.replay(r); err != nil {
			return nil, fmt.Errorf("raft: record %d after the base: %w", i+1, err)
		}
	}
	n.log.written(0)
	n.before = n.milestone()
	return n, nil
}

func (c *Config) validate(members Configuration) error {
	switch {
	case c.ID == 0:
		return errors.New("raft: Config.ID is 0, which means nobody")
	case c.ElectionTimeout == nil || c.MinElectionTimeout <= 0:
		return errors.New("raft: Config.ElectionTimeout and MinElectionTimeout must be set")
	case c.HeartbeatInterval <= 0 || c.HeartbeatInterval >= c.MinElectionTimeout:
		return errors.New("raft: Config.HeartbeatInterval must lie between 0 and MinElectionTimeout")
	case c.MaxEntries < 1 || c.MaxInflight < 1:
		return errors.New("raft: Config.MaxEntries and MaxInflight must be at least 1")
	case !c.Rules.complete():
		return errors.New("raft: Config.Rules must be set; see StandardRules")
	case !members.valid():
		return fmt.Errorf("raft: voters %v must be one or more different IDs in ascending order", members.Voters)
	}
	return nil
}

// valid reports whether there is a voter, none is nobody, and none is named twice.
func (c Configuration) valid() bool {
	before := ID(0)
	for _, id := range c.Voters {
		if id <= before {
			return false
		}
		before = id
	}
	return before > 0
}

// replay applies a record of an earlier life: it is durable.
func (n *Node) replay(r Record) error {
	switch r := r.(type) {
	case TermVote:
		if r.Term < n.term {
			return fmt.Errorf("term %d after term %d", r.Term, n.term)
		}
		n.term, n.vote = r.Term, r.Vote
	case Append:
		for i := range r.Entries {
			if e := &r.Entries[i]; e.Index != n.log.last().Index+1 || e.Term < n.log.last().Term || e.Term > n.term {
				return fmt.Errorf("entry %v after %v in term %d", e.Position(), n.log.last(), n.term)
			}
			n.log.append(0, r.Entries[i])
		}
	case Truncate:
		if !n.log.holds(r.Last) {
			return fmt.Errorf("truncation to %v, which the log up to %v does not hold", r.Last, n.log.last())
		}
		n.log.truncate(r.Last.Index)
	default:
		return fmt.Errorf("unexpected %T", r)
	}
	return nil
}

// Step does all that in calls for at time now. The first step of a life should
// be a Wake, which starts its timers.
func (n *Node) Step(now Time, in Input) Output {
	n.begin(now)
	switch in := in.(type) {
	case Wake:
		// What falls due is done at the end of every step.
	case Receive:
		n.receive(in.From, in.Message)
	case Propose:
		n.propose(in)
	case Read:
		n.read(in.Request)
	case Written:
		n.writesDurable(in.Number)
	default:
		panic(fmt.Sprintf("raft: unknown input %T", in))
	}
	n.tick()
	n.finish()
	return n.out
}

// begin empties the output of the step before, but keeps its memory.
func (n *Node) begin(now Time) {
	if n.election.deadline == 0 {
		n.now = now
		n.armElection()
	}
	n.now = max(n.now, now)
	n.out.Writes = n.out.Writes[:0]
	n.out.Sends = n.out.Sends[:0]
	n.out.Committed = n.out.Committed[:0]
	n.out.Reads = n.out.Reads[:0]
	n.out.Refused = n.out.Refused[:0]
}

// finish hands out what was committed and says when to wake.
func (n *Node) finish() {
	for n.handed < n.commit {
		entries := n.log.slice(n.handed+1, int(n.commit-n.handed))
		n.out.Committed = append(n.out.Committed, entries...)
		n.handed += Index(len(entries))
	}
	n.out.Wake = n.election.deadline
	if n.role == Leader {
		n.out.Wake = n.lead.wake()
	}
	n.out.Violation = nil
	if n.config.CheckInvariants {
		n.out.Violation = n.check()
	}
}

// receive dispatches a message. A message of a later term ends ours; one of an
// earlier term is answered with ours, so that its sender learns (§5.1).
func (n *Node) receive(from ID, m Message) {
	if n.term < m.MessageTerm() && n.heeds(m) {
		n.follow(m.MessageTerm(), 0)
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
	case *ForwardProposal:
		n.forwardedProposal(m)
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
		return !n.sticks()
	}
	return true
}

// follow becomes a follower of leader (0: not known) in term.
func (n *Node) follow(term Term, leader ID) {
	wasLeader := n.role == Leader
	if term > n.term {
		n.setTermVote(term, 0)
		n.election.attempt = 0
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

// setTermVote changes term and vote, and writes both as one record.
func (n *Node) setTermVote(term Term, vote ID) {
	n.term, n.vote = term, vote
	n.termWrite = n.write(TermVote{term, vote})
}

// write hands out a record and returns its number.
func (n *Node) write(r Record) uint64 {
	n.number++
	n.out.Writes = append(n.out.Writes, Write{n.number, r})
	return n.number
}

// send hands out a message that leaves once write number after and the record
// of this term are durable.
func (n *Node) send(to ID, m Message, after uint64) {
	after = max(after, n.termWrite)
	if after <= n.written {
		after = 0
	}
	n.out.Sends = append(n.out.Sends, Send{to, after, m})
}

// writesDurable counts this member in where it now may be counted: its vote
// for itself, its own copy of entries.
func (n *Node) writesDurable(number uint64) {
	n.written = max(n.written, min(number, n.number))
	n.log.written(n.written)
	switch {
	case n.role == Candidate && n.written >= n.termWrite:
		n.countVote(n.config.ID, true)
	case n.role == Leader:
		n.advanceCommit()
	}
}

// tick does what has fallen due.
func (n *Node) tick() {
	switch {
	case n.role == Leader:
		n.tickLeader()
	case n.now >= n.election.deadline:
		n.campaign()
	}
}
