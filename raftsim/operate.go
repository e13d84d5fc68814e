package raftsim

import (
	"slices"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/replica"
)

// operator changes the members: one change after the other, each asked for until it
// is done.
type operator struct {
	changes []Reconfigure
	// running says that the operator will look again.
	running bool
	// asked numbers the requests; ticket is that of the one under way, 0 if none is.
	asked, ticket uint64
	// again is when the operator asks again.
	again Time
}

const (
	// operatorTicket marks the operator's tickets, so that no client has them.
	operatorTicket = uint64(1) << 63
	// operatorPause is how long the operator waits before it asks again, and patience
	// how long it waits for an answer.
	operatorPause    = 100 * Millisecond
	operatorPatience = Second
)

func (o *operator) clone() operator {
	c := *o
	c.changes = slices.Clone(o.changes)
	return c
}

// actReconfigure starts new members, and leaves the rest to the operator.
func (w *World) actReconfigure(a Reconfigure) Cause {
	for _, t := range slices.Concat(a.Add, a.AddLearner) {
		if int(t) <= len(w.hosts) && !w.host(raft.ID(t)).absent {
			return CauseExists
		}
	}
	if w.membersAfter(a) > MaxMembers {
		return CauseTooMany
	}
	a.Remove = slices.Clone(a.Remove)
	for _, list := range [][]Target{a.Promote, a.Remove} {
		for i, t := range list {
			h := w.resolve(t)
			if h == nil {
				return absence(t)
			}
			list[i] = Target(h.id)
		}
	}
	w.done(a)
	for _, t := range slices.Concat(a.Add, a.AddLearner) {
		w.addHost(raft.ID(t))
		w.start(w.host(raft.ID(t)))
	}
	w.operator.changes = append(w.operator.changes, a)
	if !w.operator.running {
		w.operator.running = true
		w.queue.add(w.now, happening{kind: doOperate})
	}
	return NoCause
}

// present are the members that the newest committed configuration has.
func (w *World) present() []raft.ID { return w.checks.members.Members() }

// membersAfter is how many members there will be when a change is done, and all those
// before it.
func (w *World) membersAfter(a Reconfigure) int {
	members := slices.Clone(w.present())
	for _, x := range append(slices.Clone(w.operator.changes), a) {
		for _, t := range slices.Concat(x.Add, x.AddLearner) {
			if id := raft.ID(t); !slices.Contains(members, id) {
				members = append(members, id)
			}
		}
		members = slices.DeleteFunc(members, func(id raft.ID) bool { return slices.Contains(x.Remove, Target(id)) })
	}
	return len(members)
}

// operate asks the leader for the next change, and sees to it again later.
func (w *World) operate() {
	o := &w.operator
	if o.running = len(o.changes) > 0; !o.running {
		return
	}
	w.queue.add(w.now+operatorPause, happening{kind: doOperate})
	leader := w.resolve(TheLeader)
	switch {
	case o.ticket != 0 && w.now < o.again, leader == nil, !leader.up():
		return
	case w.isDone(o.changes[0]):
		w.changed()
		return
	}
	o.asked++
	o.ticket, o.again = operatorTicket|o.asked, w.now+operatorPatience
	w.step(leader, replica.Reconfigure{Ticket: o.ticket, Change: o.changes[0].change()})
}

func (a Reconfigure) change() replica.Change {
	return replica.Change{Add: ids(a.Add), AddLearner: ids(a.AddLearner), Promote: ids(a.Promote), Remove: ids(a.Remove)}
}

func ids(list []Target) []raft.ID {
	var out []raft.ID
	for _, t := range list {
		out = append(out, raft.ID(t))
	}
	return out
}

// isDone reports whether a change is committed, whoever asked for it.
func (w *World) isDone(a Reconfigure) bool {
	members := w.checks.members
	for _, t := range slices.Concat(a.Add, a.AddLearner) {
		if !members.IsMember(raft.ID(t)) {
			return false
		}
	}
	for _, t := range a.Promote {
		if !members.IsVoter(raft.ID(t)) && !slices.Contains(members.Promoting, raft.ID(t)) {
			return false
		}
	}
	for _, t := range a.Remove {
		if members.IsMember(raft.ID(t)) {
			return false
		}
	}
	return true
}

// operated is the answer to the operator. Some mean that another time will do.
func (w *World) operated(ticket uint64, err error) {
	o := &w.operator
	if ticket != o.ticket {
		return
	}
	o.ticket = 0
	if err == nil {
		w.changed()
		return
	}
	// The leader's view may be ahead of what is committed: what counts is that the
	// members as committed can't change so.
	if _, impossible := o.changes[0].change().Target(w.checks.members); impossible != nil && !w.isDone(o.changes[0]) {
		w.emit(Event{Kind: ActionSkipped, Action: o.changes[0], Cause: CauseRefused, Err: impossible})
		w.changed()
	}
}

// changed goes on to the next change.
func (w *World) changed() {
	w.operator.ticket = 0
	w.operator.changes = w.operator.changes[1:]
}
