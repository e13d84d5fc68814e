package raftsim

import (
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/replica"
)

// act does an action, or says why not.
func (w *World) act(a Action) {
	if cause := w.try(a); cause != NoCause {
		w.emit(Event{Kind: ActionSkipped, Action: a, Cause: cause})
	}
}

func (w *World) try(a Action) Cause {
	switch a := a.(type) {
	case Crash:
		return w.onMember(a.Member, func(h *host) Cause { return w.actCrash(h, a.Torn) })
	case Kill:
		return w.onMember(a.Member, w.actKill)
	case Restart:
		return w.onMembers(a.Member, w.actRestart)
	case Pause:
		return w.onMember(a.Member, w.actPause)
	case Resume:
		return w.onMembers(a.Member, w.actResume)
	case TimeOut:
		return w.onMember(a.Member, w.actTimeOut)
	case ClockRate:
		return w.onMember(a.Member, func(h *host) Cause { return w.actClock(h, a.Rate, 0) })
	case ClockJump:
		return w.onMember(a.Member, func(h *host) Cause { return w.actClock(h, h.clock.rate, a.By) })
	case Transfer:
		return w.onMember(a.To, w.actTransfer)
	case Cut:
		return w.actCut(a.A, a.B, a.OneWay, true)
	case Heal:
		return w.actCut(a.A, a.B, a.OneWay, false)
	case Bridge:
		return w.onMember(a.Member, w.actBridge)
	case Ring:
		return w.actRing(a)
	case Flap:
		return w.actFlap(a)
	case SetLink:
		return w.actLink(a)
	case EditMessage:
		return w.actEdit(a)
	case Reconfigure:
		return w.actReconfigure(a)
	case Settle:
		return w.actSettle(a)
	case Invoke:
		return w.actInvoke(a)
	case StartWatch:
		return w.actWatch(a)
	case PauseClient:
		return w.actPauseClient(a)
	}
	return w.actDisk(a)
}

// done traces an action that was done.
func (w *World) done(a Action) { w.emit(Event{Kind: ActionDone, Action: a}) }

// resolve finds the member that a target means now, nil if nobody leads or there is
// no such member.
func (w *World) resolve(t Target) *host {
	id := raft.ID(t)
	if t == TheLeader {
		id = w.Leader()
	}
	if id < 1 || int(id) > len(w.hosts) || w.host(id).absent {
		return nil
	}
	return w.host(id)
}

// onMember does something to a member.
func (w *World) onMember(t Target, do func(*host) Cause) Cause {
	h := w.resolve(t)
	if h == nil {
		return absence(t)
	}
	return do(h)
}

// absence is why a target means nobody.
func absence(t Target) Cause {
	if t == TheLeader {
		return CauseNoLeader
	}
	return CauseAbsent
}

// onMembers does something to a member, or to all that it makes sense for if the
// target is 0.
func (w *World) onMembers(t Target, do func(*host) Cause) Cause {
	if t != 0 {
		return w.onMember(t, do)
	}
	cause := CauseUp
	for i := range w.hosts {
		if h := &w.hosts[i]; !h.absent && do(h) == NoCause {
			cause = NoCause
		}
	}
	return cause
}

func (w *World) actCrash(h *host, torn bool) Cause {
	if h.replica == nil {
		return CauseDown
	}
	w.crash(h, torn)
	return NoCause
}

func (w *World) actKill(h *host) Cause {
	if h.replica == nil {
		return CauseDown
	}
	w.done(Kill{Target(h.id)})
	w.stop(h)
	return NoCause
}

func (w *World) actRestart(h *host) Cause {
	switch {
	case h.replica != nil:
		return CauseUp
	case h.dead != nil:
		return CauseDead
	}
	w.start(h)
	return NoCause
}

func (w *World) actPause(h *host) Cause {
	switch {
	case h.replica == nil:
		return CauseDown
	case h.paused:
		return CausePaused
	}
	w.done(Pause{Target(h.id)})
	h.paused, h.timer.due = true, never
	return NoCause
}

func (w *World) actResume(h *host) Cause {
	if !h.paused {
		return CauseUp
	}
	w.done(Resume{Target(h.id)})
	w.resume(h)
	return NoCause
}

func (w *World) actTimeOut(h *host) Cause {
	switch {
	case h.replica == nil:
		return CauseDown
	case h.paused:
		return CausePaused
	}
	w.done(TimeOut{Target(h.id)})
	w.step(h, replica.Campaign{})
	return NoCause
}

// actClock changes how a member's clock goes or stands. Lease reads rely on its
// rate: more is beyond the model where they are on.
func (w *World) actClock(h *host, rate int64, by Time) Cause {
	drifts := by > 0 || 2*rate > w.config.Clocks.Drift || -2*rate > w.config.Clocks.Drift
	if drifts && w.config.Options.LeaseRead && !w.beyond(h, "its clock went further wrong than lease reads allow") {
		return CauseModel
	}
	if by != 0 {
		w.done(ClockJump{Target(h.id), by})
	} else {
		w.done(ClockRate{Target(h.id), rate})
	}
	h.clock.jump(w.now, by)
	h.clock.setRate(w.now, rate)
	w.arm(h)
	return NoCause
}

func (w *World) actTransfer(h *host) Cause {
	leader := w.resolve(TheLeader)
	if leader == nil || !leader.up() {
		return CauseNoLeader
	}
	w.done(Transfer{Target(h.id)})
	w.step(leader, replica.Transfer{To: h.id})
	return NoCause
}
