package fuzz

import (
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// retarget is an action with other members in the place of those that it names; new
// ones that it adds keep their numbers, and zero, which means all, stays.
func retarget(a raftsim.Action, rename func(raftsim.Target) raftsim.Target) raftsim.Action {
	one := func(t raftsim.Target) raftsim.Target {
		if t == 0 {
			return 0
		}
		return rename(t)
	}
	many := func(list []raftsim.Target) (renamed []raftsim.Target) {
		for _, t := range list {
			renamed = append(renamed, rename(t))
		}
		return renamed
	}
	switch a := a.(type) {
	case raftsim.Cut:
		a.A, a.B = many(a.A), many(a.B)
		return a
	case raftsim.Heal:
		a.A, a.B = many(a.A), many(a.B)
		return a
	case raftsim.Flap:
		a.A, a.B = many(a.A), many(a.B)
		return a
	case raftsim.SetLink:
		a.A, a.B = many(a.A), many(a.B)
		return a
	case raftsim.EditMessage:
		a.Message.From = raft.ID(one(raftsim.Target(a.Message.From)))
		a.Message.To = raft.ID(one(raftsim.Target(a.Message.To)))
		return a
	case raftsim.Reconfigure:
		a.Promote, a.Remove = many(a.Promote), many(a.Remove)
		return a
	case raftsim.Transfer:
		a.To = one(a.To)
		return a
	}
	return retargetOne(a, one)
}

// retargetOne is retarget for actions on one member.
func retargetOne(a raftsim.Action, rename func(raftsim.Target) raftsim.Target) raftsim.Action {
	switch a := a.(type) {
	case raftsim.Crash:
		a.Member = rename(a.Member)
		return a
	case raftsim.Kill:
		a.Member = rename(a.Member)
		return a
	case raftsim.Restart:
		a.Member = rename(a.Member)
		return a
	case raftsim.Pause:
		a.Member = rename(a.Member)
		return a
	case raftsim.Resume:
		a.Member = rename(a.Member)
		return a
	case raftsim.TimeOut:
		a.Member = rename(a.Member)
		return a
	case raftsim.ClockRate:
		a.Member = rename(a.Member)
		return a
	case raftsim.ClockJump:
		a.Member = rename(a.Member)
		return a
	case raftsim.Bridge:
		a.Member = rename(a.Member)
		return a
	case raftsim.Invoke:
		a.Member = rename(a.Member)
		return a
	case raftsim.StartWatch:
		a.Member = rename(a.Member)
		return a
	}
	return retargetDisk(a, rename)
}

// retargetDisk is retarget for actions on a disk.
func retargetDisk(a raftsim.Action, rename func(raftsim.Target) raftsim.Target) raftsim.Action {
	switch a := a.(type) {
	case raftsim.SlowDisk:
		a.Member = rename(a.Member)
		return a
	case raftsim.FillDisk:
		a.Member = rename(a.Member)
		return a
	case raftsim.FailSync:
		a.Member = rename(a.Member)
		return a
	case raftsim.LoseSync:
		a.Member = rename(a.Member)
		return a
	case raftsim.FlipBit:
		a.Member = rename(a.Member)
		return a
	case raftsim.ReadError:
		a.Member = rename(a.Member)
		return a
	case raftsim.MendDisk:
		a.Member = rename(a.Member)
		return a
	case raftsim.Wipe:
		a.Member = rename(a.Member)
		return a
	}
	return a // it names no member
}
