package raftsim

import "github.com/castaway-kv/castaway/raft"

// Retarget is an action with other members in the place of those that it names; what
// names all, or any, stays, and members that it adds keep their numbers.
func Retarget(a Action, rename func(Target) Target) Action { return a.retarget(rename) }

// rename is a target renamed, but for 0.
func (t Target) rename(rename func(Target) Target) Target {
	if t == 0 {
		return 0
	}
	return rename(t)
}

func renameAll(list []Target, rename func(Target) Target) (renamed []Target) {
	for _, t := range list {
		renamed = append(renamed, rename(t))
	}
	return renamed
}

func (a Crash) retarget(rename func(Target) Target) Action {
	a.Member = a.Member.rename(rename)
	return a
}

func (a Kill) retarget(rename func(Target) Target) Action {
	a.Member = a.Member.rename(rename)
	return a
}

func (a Restart) retarget(rename func(Target) Target) Action {
	a.Member = a.Member.rename(rename)
	return a
}

func (a Pause) retarget(rename func(Target) Target) Action {
	a.Member = a.Member.rename(rename)
	return a
}

func (a Resume) retarget(rename func(Target) Target) Action {
	a.Member = a.Member.rename(rename)
	return a
}

func (a ClockRate) retarget(rename func(Target) Target) Action {
	a.Member = a.Member.rename(rename)
	return a
}

func (a ClockJump) retarget(rename func(Target) Target) Action {
	a.Member = a.Member.rename(rename)
	return a
}

func (a TimeOut) retarget(rename func(Target) Target) Action {
	a.Member = a.Member.rename(rename)
	return a
}

func (a Bridge) retarget(rename func(Target) Target) Action {
	a.Member = a.Member.rename(rename)
	return a
}

func (a Invoke) retarget(rename func(Target) Target) Action {
	a.Member = a.Member.rename(rename)
	return a
}

func (a StartWatch) retarget(rename func(Target) Target) Action {
	a.Member = a.Member.rename(rename)
	return a
}

func (a SlowDisk) retarget(rename func(Target) Target) Action {
	a.Member = a.Member.rename(rename)
	return a
}

func (a FillDisk) retarget(rename func(Target) Target) Action {
	a.Member = a.Member.rename(rename)
	return a
}

func (a FailSync) retarget(rename func(Target) Target) Action {
	a.Member = a.Member.rename(rename)
	return a
}

func (a LoseSync) retarget(rename func(Target) Target) Action {
	a.Member = a.Member.rename(rename)
	return a
}

func (a FlipBit) retarget(rename func(Target) Target) Action {
	a.Member = a.Member.rename(rename)
	return a
}

func (a ReadError) retarget(rename func(Target) Target) Action {
	a.Member = a.Member.rename(rename)
	return a
}

func (a MendDisk) retarget(rename func(Target) Target) Action {
	a.Member = a.Member.rename(rename)
	return a
}

func (a Wipe) retarget(rename func(Target) Target) Action {
	a.Member = a.Member.rename(rename)
	return a
}

func (a Cut) retarget(rename func(Target) Target) Action {
	a.A, a.B = renameAll(a.A, rename), renameAll(a.B, rename)
	return a
}

func (a Heal) retarget(rename func(Target) Target) Action {
	a.A, a.B = renameAll(a.A, rename), renameAll(a.B, rename)
	return a
}

func (a Flap) retarget(rename func(Target) Target) Action {
	a.A, a.B = renameAll(a.A, rename), renameAll(a.B, rename)
	return a
}

func (a SetLink) retarget(rename func(Target) Target) Action {
	a.A, a.B = renameAll(a.A, rename), renameAll(a.B, rename)
	return a
}

func (a Transfer) retarget(rename func(Target) Target) Action {
	a.To = a.To.rename(rename)
	return a
}

func (a Reconfigure) retarget(rename func(Target) Target) Action {
	a.Promote, a.Remove = renameAll(a.Promote, rename), renameAll(a.Remove, rename)
	return a
}

func (a EditMessage) retarget(rename func(Target) Target) Action {
	a.Message.From = raft.ID(Target(a.Message.From).rename(rename))
	a.Message.To = raft.ID(Target(a.Message.To).rename(rename))
	return a
}

func (a Ring) retarget(func(Target) Target) Action { return a }

func (a Settle) retarget(func(Target) Target) Action { return a }

func (a PauseClient) retarget(func(Target) Target) Action { return a }
