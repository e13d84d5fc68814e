package raftsim

import (
	"slices"

	"github.com/castaway-kv/castaway/raft"
)

// everyone is a side with all members.
const everyone = ^uint64(0)

// mask is the side of some members; the cause says who is missing.
func (w *World) mask(group []Target) (uint64, Cause) {
	side := uint64(0)
	for _, t := range group {
		h := w.resolve(t)
		if h == nil {
			return 0, absence(t)
		}
		side |= 1 << h.id
	}
	return side, NoCause
}

// sides resolves two groups: an empty b stands for all not in a, and both empty for
// everybody.
func (w *World) sides(a, b []Target) (s sides, cause Cause) {
	if s.a, cause = w.mask(a); cause != NoCause {
		return s, cause
	}
	if s.b, cause = w.mask(b); cause != NoCause {
		return s, cause
	}
	switch {
	case len(a) == 0:
		s.a = everyone
		if len(b) == 0 {
			s.b = everyone
		}
	case len(b) == 0:
		s.b = ^s.a
	}
	return s, NoCause
}

// targets are the members of a side.
func (w *World) targets(side uint64) []Target {
	var list []Target
	for i := range w.hosts {
		if id := w.hosts[i].id; !w.hosts[i].absent && side&(1<<id) != 0 {
			list = append(list, Target(id))
		}
	}
	return list
}

// actCut sets or removes cuts between all of a and all of b.
func (w *World) actCut(a, b []Target, oneWay, cut bool) Cause {
	s, cause := w.sides(a, b)
	if cause != NoCause {
		return cause
	}
	w.network.setCut(s, oneWay, cut)
	if cut {
		w.done(Cut{w.targets(s.a), w.targets(s.b), oneWay})
		return NoCause
	}
	w.healFlaps(s)
	w.done(Heal{w.targets(s.a), w.targets(s.b), oneWay})
	return NoCause
}

// actBridge leaves one member between two halves.
func (w *World) actBridge(h *host) Cause {
	others := slices.DeleteFunc(w.targets(everyone), func(t Target) bool { return t == Target(h.id) })
	w.done(Bridge{Target(h.id)})
	return w.actCut(others[:len(others)/2], others[len(others)/2:], false, true)
}

// actRing cuts all links but those between neighbours.
func (w *World) actRing(a Ring) Cause {
	all := w.targets(everyone)
	w.done(a)
	for i, t := range all {
		for j := i + 2; j < len(all); j++ {
			if i > 0 || j < len(all)-1 {
				w.network.setCut(sides{1 << t, 1 << all[j]}, false, true)
			}
		}
	}
	return NoCause
}

func (w *World) actFlap(a Flap) Cause {
	s, cause := w.sides(a.A, a.B)
	if cause == NoCause {
		w.startFlap(s, a.OneWay, a.Period)
	}
	return cause
}

func (w *World) actLink(a SetLink) Cause {
	s, cause := w.sides(a.A, a.B)
	if cause != NoCause {
		return cause
	}
	w.network.setQuality(s, a.OneWay, a.Link)
	if len(a.A) == 0 && len(a.B) == 0 {
		w.done(a)
		return NoCause
	}
	w.done(SetLink{w.targets(s.a), w.targets(s.b), a.OneWay, a.Link})
	return NoCause
}

// cutOff reports whether cuts keep a member from a majority.
func (w *World) cutOff(id raft.ID) bool {
	reached, all := 1, 0
	for i := range w.hosts {
		other := &w.hosts[i]
		if other.absent {
			continue
		}
		all++
		if other.id != id && !w.network.link(id, other.id).cut && !w.network.link(other.id, id).cut {
			reached++
		}
	}
	return reached <= all/2
}
