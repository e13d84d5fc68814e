package raftsim

import (
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/raft"
)

// settleStep is how often a settling cluster is looked at.
const settleStep = 50 * Millisecond

// cripplePatience is how long a cluster gets to come to rest that has no intact quorum:
// it need not be able to, so that more time would show nothing.
const cripplePatience = 5 * Second

// actSettle ends all faults.
func (w *World) actSettle(a Settle) Cause {
	w.done(a)
	w.settling, w.calm = w.now+a.Within, true
	w.crippled = min(w.settling, w.now+cripplePatience)
	w.network.setCut(sides{everyone, everyone}, false, false)
	w.network.flaps = nil
	calm := w.config.Network
	calm.Drop, calm.Duplicate = 0, 0
	w.network.setQuality(sides{everyone, everyone}, false, &calm)
	for i := range w.hosts {
		if h := &w.hosts[i]; !h.absent {
			w.revive(h)
		}
	}
	w.wakeAll()
	w.queue.add(w.now+settleStep, happening{kind: doSettle})
	return NoCause
}

// revive lets a member work as it should.
func (w *World) revive(h *host) {
	w.mendDisk(h)
	h.clock.setRate(w.now, 0)
	switch {
	case h.paused:
		w.resume(h)
	case h.replica == nil && h.dead == nil:
		w.start(h)
	default:
		w.arm(h)
	}
	w.replaceIfDead(h)
}

// replaceIfDead puts a new member in the place of one that can never start again. One may
// become a member only later, by a change that was asked for before.
func (w *World) replaceIfDead(h *host) {
	if h.dead != nil && !h.replaced && w.checks.members.IsMember(h.id) && len(w.hosts) < MaxIDs {
		next := Reconfigure{Add: []Target{Target(len(w.hosts) + 1)}, Remove: []Target{Target(h.id)}}
		id, cause := h.id, w.try(next)         // more hosts may come to lie elsewhere in memory
		w.host(id).replaced = cause == NoCause // else changes that were asked for before come first
	}
}

// settle looks whether the cluster has come to rest. It must have when the time is
// over.
func (w *World) settle() {
	for i := range w.hosts {
		w.replaceIfDead(w.host(raft.ID(i + 1)))
	}
	missing := w.unsettled()
	switch {
	case missing == "":
		w.emit(Event{Kind: Settled, Member: w.Leader(), N: uint64(w.now)})
		w.settling = 0
	case w.now >= w.crippled && !w.hasIntactQuorum():
		w.emit(Event{Kind: QuorumLost})
		w.settling = 0
	case w.now >= w.settling:
		w.broken("Liveness", w.present(), "no faults any more, and yet %s", missing)
	default:
		w.queue.add(min(w.now+settleStep, w.settling), happening{kind: doSettle})
	}
}

// hasIntactQuorum reports whether enough voters have kept, or got back, all that they
// ever promised. Without them a cluster may have to stand still: provable loss costs
// availability, so as not to cost safety.
func (w *World) hasIntactQuorum() bool {
	var intact []raft.ID
	for i := range w.hosts {
		if h := &w.hosts[i]; h.replica != nil && h.replica.Node().State().Lost == (raft.Position{}) {
			intact = append(intact, h.id)
		}
	}
	for i := range w.hosts {
		if n := w.hosts[i].node(); n != nil && !isQuorum(intact, n.Members()) {
			return false
		}
	}
	return w.Leader() != 0 || slices.ContainsFunc(intact, func(id raft.ID) bool { return w.canWin(id, intact) })
}

// canWin reports whether the logs allow a member to be elected by the intact ones. While
// members change, it may be that nobody can, though each configuration has its majority:
// a learner got the newest entries, and the leader who sent them is gone. A learner does
// not campaign, as it can't know that another member counts on its vote (etcd#10998);
// who was removed and may not know it does (thesis §4.2.2).
func (w *World) canWin(id raft.ID, intact []raft.ID) bool {
	n := w.host(id).replica.Node()
	var votes []raft.ID
	for _, other := range intact {
		if raft.UpToDate(n.Last(), w.host(other).replica.Node().Last()) {
			votes = append(votes, other)
		}
	}
	return !slices.Contains(n.Members().Learners, id) && isQuorum(votes, n.Members())
}

// unsettled says what is missing until the cluster is at rest; empty if nothing is.
func (w *World) unsettled() string {
	leader := w.Leader()
	switch {
	case leader == 0:
		return "nobody leads"
	case !w.checks.members.IsVoter(leader) && w.checks.term >= w.host(leader).term:
		return Name(leader) + " leads and is no voter any more"
	case len(w.operator.changes) > 0:
		return "a change of the members is not done"
	case w.checks.members.Joint() || len(w.checks.members.Promoting) > 0:
		return "the members are still changing"
	}
	for i := range w.clients {
		if c := &w.clients[i]; c.op >= 0 {
			return fmt.Sprintf("client %s has no answer", w.config.Clients[i].Name)
		}
	}
	last := w.host(leader).replica.Node().Last()
	for _, id := range w.present() {
		if text := w.behind(w.host(id), last); text != "" {
			return text
		}
		if w.host(id).replica.Machine().Hash() != w.host(leader).replica.Machine().Hash() {
			return fmt.Sprintf("%s has another state than %s", Name(id), Name(leader))
		}
	}
	return ""
}

// behind says what a member lacks of a log that ends at last.
func (w *World) behind(h *host, last raft.Position) string {
	if h.replica == nil {
		return Name(h.id) + " is down"
	}
	n := h.replica.Node()
	if n.Last() != last || h.replica.Applied() != last.Index || n.Durable() != last.Index {
		return fmt.Sprintf("%s has the log up to %v, durable up to %d, applied up to %d; the leader's ends at %v",
			Name(h.id), n.Last(), n.Durable(), h.replica.Applied(), last)
	}
	if n.State().Lost != (raft.Position{}) {
		return Name(h.id) + " has not got back what it had lost"
	}
	return ""
}
