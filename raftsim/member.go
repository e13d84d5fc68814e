package raftsim

import (
	"fmt"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/replica"
)

// host is the machine that a member runs on.
type host struct {
	id raft.ID
	// replica is nil while the member is down.
	replica *replica.Replica
	disk    disk
	// atRest is what a member that is down would start from, to look at.
	atRest *raft.Node
	// life counts the starts, syncs those of the disk in this life.
	life  int
	syncs uint64
	// timer is when the replica wants to be woken.
	timer timer
	// role and term as last traced.
	role raft.Role
	term raft.Term
	// durable is the end of the log that is on the medium, as far as the member knew.
	durable raft.Index
}

func (h *host) clone() host {
	c := *h
	c.disk = h.disk.clone()
	if h.replica != nil {
		c.replica = h.replica.Clone()
	}
	return c
}

// replicaConfig is how member id is set up.
func (w *World) replicaConfig(id raft.ID) replica.Config {
	c := &w.config
	var members raft.Configuration
	for i := range c.Members {
		members.Voters = append(members.Voters, raft.ID(i+1))
	}
	core := raft.Default(id)
	core.Options, core.Rules, core.CheckInvariants = c.Options, c.Rules, true
	core.ElectionTimeout = w.chance.electionTimeout(c.Timing.Election)
	core.MinElectionTimeout = raft.Duration(c.Timing.Election.Min)
	core.HeartbeatInterval = raft.Duration(c.Timing.Heartbeat)
	core.MaxEntries, core.MaxInflight = 64, 64
	return replica.Config{Members: members, Raft: core}
}

// logFile is where a member's log is.
const logFile = "log"

// start begins a life of a member.
func (w *World) start(h *host) {
	log, _ := h.disk.read(logFile) // there is none before the first start
	r, valid, err := replica.Open(w.replicaConfig(h.id), log)
	if err != nil {
		w.emit(Event{Kind: MemberRefused, Member: h.id, Err: err})
		return
	}
	if err := h.disk.truncate(logFile, valid); err != nil && len(log) > 0 {
		w.emit(Event{Kind: MemberRefused, Member: h.id, Err: err})
		return
	}
	h.life++
	h.syncs = 0
	h.replica, h.atRest = r, nil
	h.role, h.term = raft.Follower, r.Node().Term()
	w.emit(Event{Kind: MemberStarted, Member: h.id, Term: h.term, Index: r.Node().Last().Index, N: uint64(h.life)})
	w.checkLog(h, 1)
	w.step(h, replica.Wake{})
}

// crash stops a member as by power loss.
func (w *World) crash(h *host) {
	w.emit(Event{Kind: MemberCrashed, Member: h.id, Term: h.term, N: uint64(h.life)})
	h.disk.crash(func(i int) bool {
		k := Key{Draw: DrawSector, From: uint16(h.id), Term: uint64(h.life), Ordinal: uint64(i)}
		return w.chance.choose(k, 2) == 1
	}, nil)
	h.replica, h.atRest, h.timer.due = nil, w.rest(h), never
	w.breakConnections(h.id)
}

// wake lets a timer of the member fire.
func (w *World) wake(h *host) {
	h.timer = stopped
	w.emit(Event{Kind: TimerFired, Member: h.id})
	w.step(h, replica.Wake{})
}

// synced ends a sync of the member's disk.
func (w *World) synced(x happening) {
	h := w.host(x.member)
	if h.replica == nil || h.life != x.life {
		return
	}
	h.disk.synced(logFile)
	w.emit(Event{Kind: DiskSynced, Member: h.id})
	w.step(h, replica.Synced{})
}

// step drives a member and carries out what it asks for.
func (w *World) step(h *host, in replica.Input) {
	e := h.replica.Step(raft.Time(w.now), in)
	w.persist(h, e)
	w.checkLog(h, e.Appended)
	w.noteRole(h)
	for _, s := range e.Sends {
		w.send(h.id, s.To, s.Message)
	}
	for i := range e.Applied {
		w.applied(h, &e.Applied[i])
	}
	for i := range e.Replies {
		w.sendReply(h.id, e.Replies[i])
	}
	w.set(&h.timer, Time(e.Wake), happening{kind: doWake, member: h.id})
	w.checkCommit(h)
	if e.Violation != nil {
		w.broken(e.Violation.Name, []raft.ID{h.id}, "%v", e.Violation)
	}
}

// persist writes to the disk and begins a sync.
func (w *World) persist(h *host, e replica.Effects) {
	if len(e.Write) > 0 {
		if err := h.disk.append(logFile, e.Write); err != nil {
			panic(err) // no disk is full yet
		}
		w.emit(Event{Kind: DiskWritten, Member: h.id, N: uint64(len(e.Write))})
	}
	if !e.Sync {
		return
	}
	h.disk.sync(logFile)
	h.syncs++
	k := Key{Draw: DrawWrite, From: uint16(h.id), Term: uint64(h.life), Ordinal: h.syncs}
	at := w.now + w.chance.spread(k, w.config.Disk.Write)
	k.Draw = DrawSync
	at += w.chance.spread(k, w.config.Disk.Sync)
	w.queue.add(at, happening{kind: doSynced, member: h.id, life: h.life})
}

// noteRole traces a change of role.
func (w *World) noteRole(h *host) {
	n := h.replica.Node()
	h.durable = n.Durable()
	if n.Role() == h.role && n.Term() == h.term {
		return
	}
	before := h.role
	h.role, h.term = n.Role(), n.Term()
	w.emit(Event{Kind: RoleChanged, Member: h.id, Term: h.term, Role: h.role, Before: before, Index: n.Last().Index})
	if h.role == raft.Leader {
		w.checkLeader(h)
	}
}

// applied traces an entry that reached the store of a member.
func (w *World) applied(h *host, a *replica.Applied) {
	w.emit(Event{
		Kind: EntryApplied, Member: h.id, Term: a.Position.Term, Index: a.Position.Index,
		N: a.Ticket, Request: a.Request, Response: a.Response, Err: a.Err,
	})
	w.checkApplied(h, a)
}

// act does an action, or says why not.
func (w *World) act(a Action) {
	var cause Cause
	switch a := a.(type) {
	case Crash:
		cause = w.actCrash(a)
	case Restart:
		cause = w.actRestart(a)
	case Cut:
		cause = w.actCut(a.A, a.B, true)
	case Heal:
		cause = w.actCut(a.A, a.B, false)
	case Invoke:
		cause = w.actInvoke(a)
	default:
		panic(fmt.Sprintf("raftsim: unknown action %T", a))
	}
	if cause != NoCause {
		w.emit(Event{Kind: ActionSkipped, Action: a, Cause: cause})
	}
}

// resolve finds the member that a target means now, nil if nobody leads.
func (w *World) resolve(t Target) *host {
	if t != TheLeader {
		return w.host(raft.ID(t))
	}
	if id := w.Leader(); id != 0 {
		return w.host(id)
	}
	return nil
}

func (w *World) actCrash(a Crash) Cause {
	h := w.resolve(a.Member)
	switch {
	case h == nil:
		return CauseNoLeader
	case h.replica == nil:
		return CauseDown
	}
	w.crash(h)
	return NoCause
}

func (w *World) actRestart(a Restart) Cause {
	if a.Member != 0 {
		h := w.resolve(a.Member)
		if h == nil {
			return CauseNoLeader
		}
		if h.replica != nil {
			return CauseUp
		}
		w.start(h)
		return NoCause
	}
	cause := CauseUp
	for i := range w.hosts {
		if w.hosts[i].replica == nil {
			w.start(&w.hosts[i])
			cause = NoCause
		}
	}
	return cause
}

// actCut sets or removes cuts between all of a and all of b.
func (w *World) actCut(a, b []Target, cut bool) Cause {
	var sides [2]uint16
	for i, group := range [][]Target{a, b} {
		for _, t := range group {
			h := w.resolve(t)
			if h == nil {
				return CauseNoLeader
			}
			sides[i] |= 1 << h.id
		}
	}
	if len(a) == 0 {
		sides[0] = ^uint16(0)
	}
	if len(b) == 0 && (cut || len(a) > 0) {
		sides[1] = ^sides[0]
	} else if len(b) == 0 {
		sides[1] = ^uint16(0)
	}
	w.network.setCut(sides[0], sides[1], cut)
	w.emit(Event{Kind: ActionDone, Action: w.named(sides, cut), N: uint64(sides[0])<<16 | uint64(sides[1])})
	return NoCause
}

// named is the cut or heal that was done, each member by its number.
func (w *World) named(sides [2]uint16, cut bool) Action {
	var groups [2][]Target
	for i := range w.hosts {
		for side := range sides {
			if id := w.hosts[i].id; sides[side]&(1<<id) != 0 {
				groups[side] = append(groups[side], Target(id))
			}
		}
	}
	if cut {
		return Cut{groups[0], groups[1]}
	}
	return Heal{groups[0], groups[1]}
}
