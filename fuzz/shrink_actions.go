package fuzz

import "github.com/castaway-kv/castaway/raftsim"

// simpleActions puts simpler actions in the place of those that do much.
func (s *Shrinking) simpleActions() {
	for i := range s.Best.Config.Schedule {
		for _, simpler := range simplifications(s.Best.Config.Schedule[i].Action) {
			if s.try(func(c *Case) { c.Config.Schedule[i].Action = simpler }) {
				break
			}
		}
	}
}

// simplifications of an action, the simplest first.
func simplifications(a raftsim.Action) []raftsim.Action {
	switch a := a.(type) {
	case raftsim.Crash:
		if a.Torn {
			return []raftsim.Action{raftsim.Crash{Member: a.Member}}
		}
	case raftsim.Bridge:
		return []raftsim.Action{raftsim.Cut{A: []raftsim.Target{a.Member}}}
	case raftsim.Flap:
		return []raftsim.Action{raftsim.Cut{A: a.A, B: a.B, OneWay: a.OneWay}, raftsim.Cut{A: a.A, B: a.B}}
	case raftsim.Cut:
		if a.OneWay {
			return []raftsim.Action{raftsim.Cut{A: a.A}, raftsim.Cut{A: a.A, B: a.B}}
		}
		if a.B != nil {
			return []raftsim.Action{raftsim.Cut{A: a.A}}
		}
	case raftsim.SetLink:
		if a.Link != nil {
			return []raftsim.Action{raftsim.Cut{A: a.A, B: a.B}, raftsim.Cut{A: a.A, B: a.B, OneWay: a.OneWay}}
		}
	case raftsim.SlowDisk:
		if a.Factor > 10 && a.Factor != 100 {
			return []raftsim.Action{raftsim.SlowDisk{Member: a.Member, Factor: 100}, raftsim.SlowDisk{Member: a.Member, Factor: 10}}
		}
	case raftsim.ClockRate:
		return nil
	}
	return nil
}
