package fuzz

import (
	"slices"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// fault draws one thing that goes wrong, or right again.
type fault struct {
	feature feature
	draw    func(*schedule) raftsim.Action
}

// schedule is one that is being drawn.
type schedule struct {
	roll Dice
	c    *raftsim.Config
	// next is the newest member.
	next int
	list []raftsim.Scheduled
	at   raftsim.Time
}

// drawSchedule is what happens until a moment; what clients do stands in it already.
func drawSchedule(roll Dice, s *swarm, c *raftsim.Config, until raftsim.Time) []raftsim.Scheduled {
	x := schedule{roll: roll, c: c, next: c.Members, list: c.Schedule}
	possible := slices.DeleteFunc(slices.Clone(faults), func(f fault) bool { return !s[f.feature] })
	pause := 50 << roll("pace", 5)
	for len(possible) > 0 {
		if x.at += roll.millis("pause", 1, pause); x.at >= until {
			break
		}
		f := &possible[roll("fault", len(possible))]
		a := f.draw(&x)
		x.list = append(x.list, raftsim.Scheduled{At: x.at, Action: a})
		if lie, ok := a.(raftsim.LoseSync); ok && roll.yes("power") { // a lie is seen only if the power goes
			x.at = min(x.at+roll.millis("soon", 1, 40), until-1)
			x.list = append(x.list, raftsim.Scheduled{At: x.at, Action: raftsim.Crash{Member: lie.Member}})
		}
	}
	slices.SortStableFunc(x.list, byTime)
	return x.list
}

func (s *schedule) someone() raftsim.Target {
	if s.roll.seldom("leader") {
		return raftsim.TheLeader
	}
	return raftsim.Target(1 + s.roll("member", s.c.Members))
}

// sides are one member and another, in one direction or both; or one and all others.
func (s *schedule) sides() (a, b []raftsim.Target, oneWay bool) {
	x, y := s.someone(), s.someone()
	if x == y {
		return []raftsim.Target{x}, nil, false
	}
	return []raftsim.Target{x}, []raftsim.Target{y}, s.roll.yes("one way")
}

func (s *schedule) part() raftsim.Damaged { return raftsim.Damaged(s.roll("part", 2)) }

// place in a part of a disk: anywhere, or so many bytes before the end.
func (s *schedule) place() int64 { return int64(s.roll("bit", 2)*(1+s.roll("byte", 800))) - 1 }

// faults that runs may have; what mends something stands beside what breaks it, so that
// a part of them is enough for a run.
var faults = []fault{
	{crashes, func(s *schedule) raftsim.Action { return raftsim.Crash{Member: s.someone(), Torn: s.roll.yes("torn")} }},
	{crashes, restart},
	{crashes, restart},
	{kills, func(s *schedule) raftsim.Action { return raftsim.Kill{Member: s.someone()} }},
	{kills, restart},
	{pauses, func(s *schedule) raftsim.Action { return raftsim.Pause{Member: s.someone()} }},
	{pauses, func(*schedule) raftsim.Action { return raftsim.Resume{} }},
	{cuts, func(s *schedule) raftsim.Action { return raftsim.Cut{A: []raftsim.Target{s.someone()}} }},
	{cuts, heal},
	{partial, drawPartial},
	{partial, heal},
	{flaps, func(s *schedule) raftsim.Action {
		a, b, oneWay := s.sides()
		return raftsim.Flap{A: a, B: b, OneWay: oneWay, Period: s.roll.millis("period", 1, 300)}
	}},
	{flaps, heal},
	{slowLinks, drawLink},
	{heldMessages, drawEdit},
	{timeouts, func(s *schedule) raftsim.Action { return raftsim.TimeOut{Member: s.someone()} }},
	{transfers, func(s *schedule) raftsim.Action { return raftsim.Transfer{To: s.someone()} }},
	{slowDisks, func(s *schedule) raftsim.Action {
		return raftsim.SlowDisk{Member: s.someone(), Factor: int64(1 + s.roll("factor", 100))}
	}},
	{badSyncs, func(s *schedule) raftsim.Action { return raftsim.FailSync{Member: s.someone()} }},
	{badSyncs, restart},
	{lies, func(s *schedule) raftsim.Action { return raftsim.LoseSync{Member: s.someone()} }},
	{lies, restart},
	{damage, drawDamage},
	{damage, restart},
	{damage, func(s *schedule) raftsim.Action { return raftsim.Crash{Member: s.someone()} }},
	{damage, func(s *schedule) raftsim.Action { return raftsim.MendDisk{Member: s.someone()} }},
	{fullDisks, func(s *schedule) raftsim.Action {
		return raftsim.FillDisk{Member: s.someone(), Bytes: int64(s.roll("bytes", 4000))}
	}},
	{fullDisks, func(s *schedule) raftsim.Action { return raftsim.MendDisk{Member: s.someone()} }},
	{fullDisks, restart},
	{wipes, func(s *schedule) raftsim.Action { return raftsim.Wipe{Member: s.someone()} }},
	{wipes, restart},
	{clocks, drawClock},
	{changes, drawChange},
	{changes, drawChange},
}

func restart(*schedule) raftsim.Action { return raftsim.Restart{} }

func heal(*schedule) raftsim.Action { return raftsim.Heal{} }

func drawPartial(s *schedule) raftsim.Action {
	switch s.roll("partial", 4) {
	case 0:
		return raftsim.Bridge{Member: s.someone()}
	case 1:
		return raftsim.Ring{}
	}
	a, b, oneWay := s.sides()
	return raftsim.Cut{A: a, B: b, OneWay: oneWay}
}

func drawLink(s *schedule) raftsim.Action {
	if s.roll.seldom("normal") {
		return raftsim.SetLink{}
	}
	slow := s.c.Network
	slow.Latency.Spread = raftsim.Spread{Min: ms, Max: s.roll.millis("slow", 1, 400)}
	slow.Drop = raftsim.Chance(s.roll("loss", 500_000))
	a, b, oneWay := s.sides()
	return raftsim.SetLink{A: a, B: b, OneWay: oneWay, Link: &slow}
}

// drawEdit changes the fate of a message that may be under way.
func drawEdit(s *schedule) raftsim.Action {
	kinds := raftsim.MessageKinds()
	from := 1 + s.roll("from", s.c.Members)
	to := 1 + s.roll("to", s.c.Members)
	if from == to {
		return raftsim.TimeOut{Member: raftsim.Target(from)}
	}
	return raftsim.EditMessage{
		Edit: raftsim.Edit(s.roll("edit", 3)), By: s.roll.millis("by", 1, 1000),
		Message: raftsim.MessageName{
			From: raft.ID(from), To: raft.ID(to), Kind: kinds[s.roll("kind", len(kinds))],
			Term: raft.Term(1 + s.roll("term", 8)), Ordinal: uint64(1 + s.roll("ordinal", 8)),
		},
	}
}

func drawDamage(s *schedule) raftsim.Action {
	if s.roll.seldom("unreadable") {
		return raftsim.ReadError{Member: s.someone(), Part: s.part(), FromEnd: s.place()}
	}
	return raftsim.FlipBit{Member: s.someone(), Part: s.part(), FromEnd: s.place()}
}

func drawClock(s *schedule) raftsim.Action {
	if s.roll.yes("jump") {
		return raftsim.ClockJump{Member: s.someone(), By: s.roll.millis("by", -500, 500)}
	}
	return raftsim.ClockRate{Member: s.someone(), Rate: int64(s.roll("rate", 40_000) - 20_000)}
}

// drawChange is a change of the members. Where candidates are heard even while there
// is a leader, nobody is removed: he would disturb the others for ever (§6).
func drawChange(s *schedule) raftsim.Action {
	old := []raftsim.Target{raftsim.Target(1 + s.roll("old", s.next))}
	kind := s.roll("change", 4)
	if !s.c.Options.Stickiness {
		old = nil
	}
	if s.next == raftsim.MaxIDs || kind == 0 && old == nil {
		return raftsim.Heal{}
	}
	if kind == 0 {
		return raftsim.Reconfigure{Remove: old}
	}
	s.next++
	newcomer := []raftsim.Target{raftsim.Target(s.next)}
	switch kind {
	case 1:
		return raftsim.Reconfigure{AddLearner: newcomer}
	case 2:
		return raftsim.Reconfigure{Add: newcomer, Remove: old}
	}
	return raftsim.Reconfigure{Add: newcomer}
}
