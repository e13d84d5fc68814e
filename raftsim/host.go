package raftsim

import (
	"slices"

	"github.com/castaway-kv/castaway/kv/lease"
	"github.com/castaway-kv/castaway/kv/machine"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/replica"
)

// HostRules are the decisions of what drives a member. A run may replace one to show
// what it is there for.
type HostRules struct {
	// TrustsDisk: an fsync that has failed may have dropped what it was to write, though
	// the page cache still shows it and the next one succeeds: so the member stops, and
	// starts again from what the medium holds.
	TrustsDisk func(err error) bool
}

// TrustsDisk is the rule of the same name.
func TrustsDisk(err error) bool { return err == nil }

// StandardHostRules keep what disks have promised.
func StandardHostRules() HostRules { return HostRules{TrustsDisk} }

// host is the machine that a member runs on.
type host struct {
	id raft.ID
	// absent says that there is no such member yet.
	absent bool
	// replica is nil while the member is down.
	replica *replica.Replica
	storage storage
	clock   clock
	// paused says that the process is stopped; what happens to it waits in inbox.
	paused bool
	inbox  []happening
	// dead says why the member can never start again, nil if it can.
	dead error
	// replaced says that somebody has been asked to put another in its place.
	replaced bool
	// atRest is what a member that is down would start from, to look at.
	atRest replica.Core
	// life counts the starts.
	life int
	// timer is when the replica wants to be woken, by the world's clock.
	timer timer
	// role and term as last traced.
	role raft.Role
	term raft.Term
	// promised is what others may rely on.
	promised promise
	// lost is the log that a member had promised to keep when its disk lost a part of it,
	// up to lostIndex: it still makes sure that nobody leads without that. 0 if it has got
	// it back.
	lost      chain
	lostIndex raft.Index
	// damages counts the draws of where the disk is damaged.
	damages uint64
}

func (h *host) clone() host {
	c := *h
	c.storage = h.storage.clone()
	c.inbox = slices.Clone(h.inbox)
	c.lost.digests = h.lost.digests.Clone()
	if h.replica != nil {
		c.replica = h.replica.Clone()
	}
	return c
}

// up says that the member's process runs.
func (h *host) up() bool { return h.replica != nil && !h.paused }

// defers keeps what happens to a paused member for later.
func (h *host) defers(x happening) bool {
	if h.paused {
		h.inbox = append(h.inbox, x)
	}
	return h.paused
}

// addHost sets up the machine of a member.
func (w *World) addHost(id raft.ID) {
	for len(w.hosts) < int(id) {
		if len(w.hosts) > 0 {
			w.network.grow()
		} else {
			w.network = newNetwork(1)
		}
		w.hosts = append(w.hosts, host{id: raft.ID(len(w.hosts) + 1), absent: true, timer: stopped})
		w.checks.chains = append(w.checks.chains, chain{})
	}
	h := w.host(id)
	h.absent, h.storage.slow = false, 1
	k := Key{Draw: DrawOffset, From: uint16(id)}
	h.clock.reading = Time(w.chance.choose(k, uint64(w.config.Clocks.Offset)+1))
	k.Draw = DrawRate
	drift := w.config.Clocks.Drift
	h.clock.rate = int64(w.chance.choose(k, uint64(drift)+1)) - drift/2
	if w.config.Benign {
		h.clock.rate = 0
	}
}

// replicaConfig is how a member is set up.
func (w *World) replicaConfig(h *host) replica.Config {
	c := &w.config
	var members raft.Configuration
	for i := range c.Members {
		members.Voters = append(members.Voters, raft.ID(i+1))
	}
	core := raft.Default(h.id)
	core.Options, core.Rules, core.CheckInvariants = c.Options, c.Rules.Raft, !c.SkipInvariants
	core.ElectionTimeout = w.chance.electionTimeout(c.Timing.Election)
	core.MinElectionTimeout = raft.Duration(c.Timing.Election.Min)
	core.HeartbeatInterval = raft.Duration(c.Timing.Heartbeat)
	core.MaxEntries, core.MaxInflight = c.Batch, 64
	core.KeepEntries, core.MaxChunk, core.ClockDrift = c.Snapshots.Keep, c.Snapshots.Chunk, c.Clocks.Drift
	state := machine.Default(uint64(h.id))
	state.Lease.MinTTL, state.Lease.Rules = lease.MinTTL(lease.Duration(c.Timing.Election.Max)), c.Rules.Lease
	state.Watch.Rules, state.User = c.Rules.Watch, guarded(c.Machine)
	return replica.Config{
		Raft: core, Core: c.Core, Members: members, New: !h.promised.any, Machine: state,
		Wal: c.Rules.Wal, Rules: c.Rules.Replica, SnapshotEvery: c.Snapshots.Every,
	}
}

// start begins a life of a member.
func (w *World) start(h *host) {
	if h.absent || h.replica != nil {
		return
	}
	r, opening, err := w.open(h)
	if err != nil {
		w.refuse(h, err)
		return
	}
	h.storage.reopen(opening.Torn, opening.Cut)
	h.life++
	h.replica, h.atRest, h.paused = r, nil, false
	h.role, h.term = raft.Follower, r.Node().Term()
	w.emit(Event{Kind: MemberStarted, Member: h.id, Term: h.term, Index: r.Node().Last().Index, N: uint64(h.life)})
	if opening.Loss != nil || opening.SnapshotErr != nil {
		if h.lostIndex == 0 {
			h.lost, h.lostIndex = w.checks.chains[h.id-1], h.promised.index
		}
		w.emit(Event{Kind: LossFound, Member: h.id, Term: opening.Lost.Term, Index: opening.Lost.Index, Err: opening.SnapshotErr})
	}
	w.checkRestart(h)
	w.step(h, replica.Wake{})
}

// refuse notes that a member can't start from its disk.
func (w *World) refuse(h *host, err error) {
	if isDead(err) {
		h.dead = err
	}
	w.emit(Event{Kind: MemberRefused, Member: h.id, Err: err})
}

// crash stops a member as by power loss.
func (w *World) crash(h *host, torn bool) {
	w.emit(Event{Kind: MemberCrashed, Member: h.id, Term: h.term, N: uint64(h.life)})
	w.powerLoss(h, torn)
	w.stop(h)
}

// stop ends a member's process; its disk is as it is.
func (w *World) stop(h *host) {
	h.replica, h.inbox, h.paused, h.timer.due = nil, nil, false, never
	h.storage.stop()
	h.atRest = w.rest(h)
	w.breakConnections(h.id)
	w.breakStreams(h.id)
}

// wake lets a timer of the member fire.
func (w *World) wake(h *host) {
	h.timer = stopped
	w.emit(Event{Kind: TimerFired, Member: h.id})
	w.step(h, replica.Wake{})
}

// resume lets a paused member go on: what has waited happens now, in order.
func (w *World) resume(h *host) {
	h.paused = false
	for _, x := range h.inbox {
		w.queue.add(w.now, x)
	}
	h.inbox = nil
	w.arm(h)
}

// arm sets the timer for when the replica wants to be woken.
func (w *World) arm(h *host) {
	if h.up() {
		w.set(&h.timer, h.clock.when(h.storage.wake, w.now), happening{kind: doWake, member: h.id})
	}
}

// step drives a member and carries out what it asks for.
func (w *World) step(h *host, in replica.Input) {
	w.stepping = h.id
	e := h.replica.Step(h.clock.read(w.now), in)
	w.store(h, e)
	if h.replica == nil {
		return // the disk has failed
	}
	w.noteRole(h)
	if e.Installed != nil {
		w.installed(h, e.Installed)
	}
	w.checkLog(h, e.Appended)
	unreadable := false
	for i := range e.Sends {
		unreadable = !w.dispatch(h, &e.Sends[i]) || unreadable
	}
	for i := range e.Applied {
		w.applied(h, &e.Applied[i])
	}
	for i := range e.Replies {
		w.sendReply(h.id, e.Replies[i])
	}
	w.watched(h, e.Watched)
	h.storage.wake = e.Wake
	w.arm(h)
	w.checkCommit(h)
	if e.Violation != nil {
		w.broken(e.Violation.Name, []raft.ID{h.id}, "%v", e.Violation)
	}
	if unreadable && w.violation == nil {
		w.emit(Event{Kind: SnapshotDamaged, Member: h.id})
		w.step(h, replica.Unreadable{})
	}
}

// dispatch sends what a member says, and keeps what it promises thereby; false if it is
// a piece of a snapshot that can't be read.
func (w *World) dispatch(h *host, s *replica.Envelope) bool {
	if chunk, ok := s.Message.(*raft.InstallSnapshot); ok {
		data, ok := h.storage.piece(chunk)
		if !ok {
			return false
		}
		s.Message = replica.WithData(chunk, data)
	}
	h.promised.note(h.id, s)
	w.send(h.id, s.To, s.Message)
	return true
}

// noteRole traces a change of role.
func (w *World) noteRole(h *host) {
	n := h.replica.Node()
	if n.Role() == h.role && n.Term() == h.term {
		return
	}
	before := h.role
	w.checkTerm(h, n.Term())
	h.role, h.term = n.Role(), n.Term()
	w.emit(Event{Kind: RoleChanged, Member: h.id, Term: h.term, Role: h.role, Before: before, Index: n.Last().Index})
	if h.role == raft.Leader {
		w.checkLeader(h)
	}
}

// applied traces an entry that reached the state machine of a member.
func (w *World) applied(h *host, a *replica.Applied) {
	w.emit(Event{
		Kind: EntryApplied, Member: h.id, Term: a.Position.Term, Index: a.Position.Index,
		N: a.Ticket, Request: a.Request, Response: a.Response, Err: a.Err,
	})
	w.checkApplied(h, a)
}
