package raft

import "fmt"

// Violation is a broken invariant: a bug, or a rule replaced on purpose.
type Violation struct {
	// Number and Name identify the invariant.
	Number int
	Name   string
	// Detail says how it is broken.
	Detail string
}

func (v *Violation) Error() string {
	return fmt.Sprintf("raft: invariant %d, %s: %s", v.Number, v.Name, v.Detail)
}

// milestone is what the invariants compare with: the state after the step before.
type milestone struct {
	term   Term
	vote   ID
	role   Role
	last   Position
	commit Index
}

func (n *Node) milestone() milestone {
	return milestone{n.term, n.vote, n.role, n.log.last(), n.commit}
}

// check tests the invariants of one member.
//
//  1. MonotonicTerm: the term never decreases.
//  2. CommitInLog: handed out ≤ commit ≤ last, and commit never decreases.
//  3. OneVote: a vote cast stays for the whole term (§5.2).
//  4. DurableInLog: what is durable is in the log.
//  5. ProgressInLog: match < next, and match is in the leader's log.
//  6. LeaderAppendOnly: a leader never removes entries of its log (Figure 3).
//  7. RoleFitsVote: candidates and leaders voted for themselves; no entry is of
//     a later term than the member's.
//  8. CommittedIsKept: no leader asked to remove a committed entry.
//  9. PromisesWait: no send precedes the record of its term. (A step that
//     answers and then campaigns sends the answer in the term before.)
func (n *Node) check() *Violation {
	before := n.before
	n.before = n.milestone()
	last := n.log.last()
	switch {
	case n.term < before.term:
		return broken(1, "MonotonicTerm", "term %d after %d", n.term, before.term)
	case n.handed > n.commit || n.commit > last.Index || n.commit < before.commit:
		return broken(2, "CommitInLog", "handed out %d, commit %d after %d, last %d", n.handed, n.commit, before.commit, last.Index)
	case n.term == before.term && before.vote != 0 && n.vote != before.vote:
		return broken(3, "OneVote", "voted for %d, then for %d in term %d", before.vote, n.vote, n.term)
	case n.log.durable > last.Index:
		return broken(4, "DurableInLog", "durable %d, last %d", n.log.durable, last.Index)
	case n.role == Leader && before.role == Leader && n.term == before.term && !n.keeps(before.last):
		return broken(6, "LeaderAppendOnly", "%v is gone from the leader's log", before.last)
	case n.role >= Candidate && n.vote != n.config.ID || last.Term > n.term:
		return broken(7, "RoleFitsVote", "%v in term %d with vote for %d and last %v", n.role, n.term, n.vote, last)
	case n.broken != 0:
		return broken(8, "CommittedIsKept", "asked to replace entry %d, though %d is committed", n.broken, n.commit)
	}
	return n.checkLists()
}

// keeps reports whether an entry is in the log or was compacted.
func (n *Node) keeps(p Position) bool { return p.Index < n.log.base.Index || n.log.holds(p) }

// checkLists tests the invariants that look at every follower and send.
func (n *Node) checkLists() *Violation {
	for i := range n.lead.progress {
		if p := &n.lead.progress[i]; p.match >= p.next || p.match > n.log.last().Index {
			return broken(5, "ProgressInLog", "member %d: match %d, next %d, last %d", p.id, p.match, p.next, n.log.last().Index)
		}
	}
	for i := range n.out.Sends {
		s := &n.out.Sends[i]
		if !hypothetical(s.Message) && s.Message.MessageTerm() >= n.term && s.After < n.termWrite && n.written < n.termWrite {
			return broken(9, "PromisesWait", "%T waits for write %d, its term for %d", s.Message, s.After, n.termWrite)
		}
	}
	return nil
}

// hypothetical reports whether a message speaks of a term that nobody has
// entered: it promises nothing.
func hypothetical(m Message) bool {
	switch m := m.(type) {
	case *RequestPreVote:
		return true
	case *RequestPreVoteReply:
		return m.Granted
	}
	return false
}

func broken(number int, name, format string, args ...any) *Violation {
	return &Violation{number, name, fmt.Sprintf(format, args...)}
}
