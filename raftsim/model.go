package raftsim

import (
	"errors"
	"fmt"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/replica"
	"github.com/castaway-kv/castaway/replica/wal"
)

// The fault model (docs/FAULTS.md): a member may lose what it has promised if its
// disk proves that, for then it takes care of it. What it forgets without a trace no
// single disk can tell; so that happens only where the cluster can stand it, else
// the world undoes the damage and says so, unless the run asked for BeyondModel.

// promise is what a member has told others that it will remember.
type promise struct {
	// any says that something of the log was ever durable.
	any bool
	// term is the highest one that it has spoken in, vote its vote there, 0 if it has
	// granted none.
	term raft.Term
	vote raft.ID
	// index is how far its log was durable, digest that of the log up to there.
	index  raft.Index
	digest uint64
}

// note takes over what a message promises.
func (p *promise) note(self raft.ID, s *replica.Envelope) {
	voted := raft.ID(0)
	switch m := s.Message.(type) {
	case *raft.RequestPreVote, *raft.RequestPreVoteReply:
		return // questions, and answers that bind nobody
	case *raft.RequestVote:
		voted = self
	case *raft.RequestVoteReply:
		if m.Granted {
			voted = s.To
		}
	}
	if term := s.Message.MessageTerm(); term > p.term {
		p.term, p.vote = term, 0
	}
	if voted != 0 {
		p.vote = voted
	}
}

// open starts a member from its disk. If it has forgotten something that it has
// promised, without noticing, and the cluster can't stand that, its disk gets it back.
func (w *World) open(h *host) (*replica.Replica, replica.Opening, error) {
	r, opening, err := w.openAsIs(h)
	if err != nil || !w.hasForgotten(h, r) || w.isAware(h, r, &opening) {
		return r, opening, err
	}
	if w.mayForget(h, r) {
		h.storage.disk.accept()
		w.emit(Event{Kind: Forgotten, Member: h.id, Term: h.promised.term, Index: h.promised.index})
		h.promised = promise{any: true, term: r.Node().Term(), vote: r.Node().State().Vote}
		return r, opening, nil
	}
	if w.beyond(h, "it forgot what it had promised, and could not know it") {
		h.storage.disk.accept()
		h.promised = promise{any: true}
		return r, opening, nil
	}
	w.emit(Event{Kind: FaultSkipped, Member: h.id, Cause: CauseModel})
	h.storage.disk.repair()
	return w.openAsIs(h)
}

// isAware reports whether a member that lacks something knows all that it lacks: its
// term, its vote, and how far its log went. Damage in several places can prove that
// something is lost, and hide how much.
func (w *World) isAware(h *host, r *replica.Replica, opening *replica.Opening) bool {
	if opening.Loss == nil && opening.SnapshotErr == nil {
		return w.isProvable(h) // a replaced rule does not see it
	}
	p, s := &h.promised, r.Node().State()
	known := max(opening.Lost.Index, s.Lost.Index, r.Node().Last().Index)
	return s.Term >= p.term && (s.Term > p.term || p.vote == 0 || s.Vote == p.vote) && known >= p.index
}

func (w *World) openAsIs(h *host) (*replica.Replica, replica.Opening, error) {
	found, err := h.storage.found()
	if err != nil {
		return nil, replica.Opening{}, err
	}
	return replica.Open(w.replicaConfig(h), found)
}

// isProvable reports whether a member's disk proves that something is lost, whatever
// the rules are that the member goes by.
func (w *World) isProvable(h *host) bool {
	found, err := h.storage.found()
	if err != nil {
		return true
	}
	log, err := wal.Recover(found.Log, wal.StandardRules())
	return err != nil || log.Loss != nil
}

// isDead reports whether a member can never start again.
func isDead(err error) bool {
	var noBase *wal.NoBaseError
	return errors.Is(err, replica.ErrWiped) || errors.As(err, &noBase)
}

// hasForgotten reports whether a member that starts lacks something it promised.
func (w *World) hasForgotten(h *host, r *replica.Replica) bool {
	p, s := &h.promised, r.Node().State()
	return s.Term < p.term || s.Term == p.term && p.vote != 0 && s.Vote != p.vote || w.lacks(h, r)
}

// lacks reports whether the log of a member that starts is not what it promised.
func (w *World) lacks(h *host, r *replica.Replica) bool {
	p := &h.promised
	return p.index > 0 && w.digestOf(r.Node(), p.index) != p.digest
}

// mayForget reports whether the cluster stands it that a member forgets its promise:
// everything must hold without it. That is a stricter question than needed, for it
// takes no account of what nobody counts on any more.
func (w *World) mayForget(h *host, r *replica.Replica) bool {
	p := &h.promised
	term := r.Node().Term() < p.term
	vote := p.vote != 0 && (term || r.Node().State().Vote != p.vote)
	if w.lacks(h, r) && !w.standsWithout(h, func(x *host) bool {
		return x.promised.index >= p.index && w.digest(x.id, p.index) == p.digest
	}) {
		return false
	}
	if term && !w.standsWithout(h, func(x *host) bool { return x.promised.term >= p.term }) {
		return false
	}
	return !vote || w.voteIsMoot(h)
}

// voteIsMoot reports whether a member may vote again in the term of its promise: its
// candidate has given up, or has been elected by others.
func (w *World) voteIsMoot(h *host) bool {
	p := &h.promised
	if candidate := w.host(p.vote); candidate == h || candidate.replica == nil {
		return true // its own candidacy ended with the crash, as the other's did
	}
	n := w.host(p.vote).replica.Node()
	if n.Term() != p.term || n.Role() == raft.Follower || n.Role() == raft.PreCandidate {
		return true
	}
	return n.Role() == raft.Leader && w.standsWithout(h, func(x *host) bool {
		return x.promised.term > p.term || x.promised.term == p.term && x.promised.vote == p.vote
	})
}

// standsWithout reports whether the members for which something holds, without h,
// are a quorum of the members as committed, and of every configuration that any
// member goes by.
func (w *World) standsWithout(h *host, holds func(*host) bool) bool {
	var list []raft.ID
	for i := range w.hosts {
		if x := &w.hosts[i]; x != h && holds(x) {
			list = append(list, x.id)
		}
	}
	if !isQuorum(list, w.checks.members) {
		return false
	}
	for i := range w.hosts {
		if n := w.hosts[i].node(); n != nil && !isQuorum(list, n.Members()) {
			return false
		}
	}
	return true
}

// isQuorum reports whether members are a majority of the voters; in a joint
// configuration, of both sets.
func isQuorum(list []raft.ID, c raft.Configuration) bool {
	return isMajority(list, c.Voters) && (!c.Joint() || isMajority(list, c.Outgoing))
}

func isMajority(list, voters []raft.ID) bool {
	n := 0
	for _, id := range voters {
		for _, x := range list {
			if x == id {
				n++
			}
		}
	}
	return n > len(voters)/2
}

// beyond lets a fault happen that is beyond the model, if the run asked for such:
// what breaks from now on is excused by it.
func (w *World) beyond(h *host, what string) bool {
	if !w.config.BeyondModel {
		return false
	}
	if w.excuse == "" {
		w.excuse = fmt.Sprintf("%s: %s", Name(h.id), what)
	}
	w.emit(Event{Kind: BeyondModel, Member: h.id})
	return true
}
