package raft

import (
	"cmp"
	"slices"
)

// propose appends a command as leader, or hands it to the leader.
func (n *Node) propose(in Propose) {
	switch {
	case n.role == Leader || n.config.Rules.FollowerAppends(n.leader):
		if n.mayAppend(in.Request, len(in.Data)) {
			n.appendOwn(Entry{Request: in.Request, Data: in.Data})
			n.replicateAll()
		}
	case n.mayForward(in.Request):
		n.forward(in)
	}
}

// proposeBatch appends several commands, and sends them together.
func (n *Node) proposeBatch(in ProposeBatch) {
	if n.role != Leader {
		for _, p := range in.Proposals {
			n.propose(p)
		}
		return
	}
	last := n.log.last().Index
	for i := range in.Proposals {
		p := &in.Proposals[i]
		if n.mayAppend(p.Request, len(p.Data)) {
			n.addOwn(Entry{Request: p.Request, Data: p.Data})
		}
	}
	if n.log.last().Index > last {
		n.writeOwn(last + 1)
		n.replicateAll()
	}
}

// mayAppend reports whether a leader takes another request of that many bytes,
// and refuses it if not.
func (n *Node) mayAppend(request RequestID, bytes int) bool {
	switch {
	case n.lead.transfer.to != 0:
		n.refuse(request, Transferring)
	case !n.hasRoom(bytes):
		n.refuse(request, TooMuchUncommitted)
	default:
		return true
	}
	return false
}

// hasRoom reports whether the bound on uncommitted data allows for more. If
// none is uncommitted, a proposal of any size is taken.
func (n *Node) hasRoom(bytes int) bool {
	return n.lead.uncommitted == 0 || n.lead.uncommitted+bytes <= n.config.MaxUncommittedBytes
}

func (n *Node) forward(in Propose) {
	n.send(n.leader, &ForwardProposal{Term: n.term, Leader: n.leader, Request: in.Request, Data: in.Data}, 0)
}

// mayForward reports whether there is a leader to hand a request to, and
// refuses the request if not.
func (n *Node) mayForward(request RequestID) bool {
	switch {
	case n.leader == 0:
		n.refuse(request, NoLeader)
	case !n.config.Options.Forward:
		n.refuse(request, NotLeader)
	default:
		return true
	}
	return false
}

func (n *Node) refuse(request RequestID, reason RefusalReason) {
	n.out.Refused = append(n.out.Refused, Refusal{request, reason, n.leader})
}

// forwardedProposal takes a follower's proposal: once, and only in the term it
// names, or a message doubled or delayed by the network would apply twice.
func (n *Node) forwardedProposal(from ID, m *ForwardProposal) {
	switch {
	case from != m.Request.Member:
		n.ignore(Malformed)
	case n.role != Leader || m.Term != n.term || m.Leader != n.config.ID:
		n.ignore(Stale)
	case !n.forwards.take(m.Request):
		n.ignore(Doubled)
	case n.lead.transfer.to != 0 || !n.hasRoom(len(m.Data)):
		// Its member refuses it when an entry of a later term is applied.
	default:
		n.appendOwn(Entry{Request: m.Request, Data: m.Data})
		n.replicateAll()
	}
}

// forwards remembers which forwarded proposals a leader has taken in its term.
type forwards []origin

// origin is one member that forwards: its life, the newest sequence number
// taken, and which of the 64 up to that one were.
type origin struct {
	member ID
	life   Life
	newest uint64
	taken  uint64
}

// take notes a request and reports whether it is new. One that is 64 or more
// behind the newest can't be told from an old one, and is not taken; nor is
// one of an earlier life.
func (f *forwards) take(id RequestID) bool {
	i, known := slices.BinarySearchFunc(*f, id.Member, func(o origin, m ID) int { return cmp.Compare(o.member, m) })
	if !known {
		*f = slices.Insert(*f, i, origin{member: id.Member})
	}
	o := &(*f)[i]
	if id.Life < o.life {
		return false
	}
	if id.Life > o.life {
		*o = origin{member: id.Member, life: id.Life}
	}
	if id.Sequence > o.newest {
		o.taken = o.taken<<min(id.Sequence-o.newest, 64) | 1
		o.newest = id.Sequence
		return true
	}
	behind := o.newest - id.Sequence
	if behind >= 64 || o.taken&(1<<behind) != 0 {
		return false
	}
	o.taken |= 1 << behind
	return true
}
