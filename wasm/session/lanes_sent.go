package session

import "github.com/castaway-kv/castaway/raftsim"

// lanesSent are lanes as the page has them; it has none if history is nil. Lanes change
// whenever something happens, but hardly ever except at their end: so that is sent.
type lanesSent struct {
	branch   raftsim.BranchID
	history  *history
	scenario string
	// marks, effects and violation tell whether anything is new.
	marks, effects int
	violation      int64
	// roles, faults and ops are what may change of those that the page has.
	roles, faults sentList[int64]
	ops           sentList[tracedOp]
}

// sentList is the end of a list, from number first on.
type sentList[T comparable] struct {
	first int
	items []T
}

// news brings the list up to date with one of n elements that is shown from a number on; now
// is what may change of an element. It says how many have gone from its beginning, and which
// places are new then.
func (x *sentList[T]) news(n, most int, now func(i int) T) (gone int, at []int) {
	first := max(0, n-most)
	gone = min(first-x.first, len(x.items))
	x.first, x.items = first, x.items[gone:]
	at = []int{}
	for i := range n - first {
		switch value := now(first + i); {
		case i == len(x.items):
			x.items, at = append(x.items, value), append(at, i)
		case x.items[i] != value:
			x.items[i], at = value, append(at, i)
		}
	}
	return gone, at
}

// send is what the page needs to draw a branch: its lanes, or what is new in them, or neither.
func (s *Session) send(x *lanesSent, id raftsim.BranchID, h *history) (*Lanes, *LanesPatch) {
	p := s.paths[id]
	text, violation := p.scenario.String(), s.violation(p)
	whole := x.history != h || x.branch != id || x.scenario != text
	if !whole && x.marks == h.marks && x.effects == h.effects && x.violation == violation {
		return nil, nil
	}
	if whole {
		*x = lanesSent{}
	}
	x.branch, x.history, x.scenario, x.marks, x.effects, x.violation = id, h, text, h.marks, h.effects, violation
	patch := s.news(x, id, h)
	if whole {
		return s.drawn(id, h), nil
	}
	return nil, patch
}

// news is what is new to the page, which has it then.
func (s *Session) news(x *lanesSent, id raftsim.BranchID, h *history) *LanesPatch {
	p := &LanesPatch{Roles: []RoleSpan{}, Faults: []FaultSpan{}, Ops: []Op{}, Violation: x.violation}
	p.RolesGone, p.RolesAt = x.roles.news(len(h.roles), maxRoles, func(i int) int64 { return h.roles[i].Until })
	for _, i := range p.RolesAt {
		p.Roles = append(p.Roles, h.roles[x.roles.first+i])
	}
	p.FaultsGone, p.FaultsAt = x.faults.news(len(h.faults), maxFaults, func(i int) int64 { return h.faults[i].Until })
	for _, i := range p.FaultsAt {
		p.Faults = append(p.Faults, h.faults[x.faults.first+i])
	}
	p.OpsGone, p.OpsAt = x.ops.news(len(h.ops), maxOps, func(i int) tracedOp { return h.ops[i] })
	for _, i := range p.OpsAt {
		p.Ops = append(p.Ops, s.op(id, h, x.ops.first+i, atHead))
	}
	return p
}
