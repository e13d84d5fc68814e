package session

import (
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raftsim"
)

// you is the client whose requests the page makes.
const you = "you"

// history is the whole run up to the head as spans of time, built from the
// timeline's landmarks.
type history struct {
	// marks is the number of landmarks it was built from.
	marks  int
	roles  []RoleSpan
	faults []FaultSpan
	ops    []tracedOp
	// console are the numbers of the page's own operations in ops.
	console []int
	clients []string
	// role and down hold, per member, the number of its span that lasts, plus one.
	role, down []int
	// cuts are those that stand.
	cuts []standingCut
}

// tracedOp is an operation, with the counts of the events that began and ended it.
type tracedOp struct {
	Op
	called, ended int64
}

// pending is the operation before it ended.
func (o tracedOp) pending() Op {
	return Op{Client: o.Client, Member: o.Member, Call: o.Call, Request: o.Request, Outcome: Pending}
}

// standingCut is a cut that was not healed altogether.
type standingCut struct {
	fault int
	pairs []pair
}

// pair is two members that a cut keeps apart, the lower first.
type pair struct{ a, b raftsim.Target }

// lanes returns the run's history up to the head. What is new is added to it;
// after an action the future is another one, and it is built anew.
func (s *Session) lanes() *history {
	if s.history == nil {
		config := s.timeline.World().Config()
		s.history = &history{role: make([]int, raftsim.MaxIDs+1), down: make([]int, raftsim.MaxIDs+1)}
		for _, c := range config.Clients {
			s.history.clients = append(s.history.clients, c.Name)
		}
	}
	for ; s.history.marks < s.timeline.Landmarks(); s.history.marks++ {
		mark := s.timeline.Landmark(s.history.marks)
		s.history.add(&mark)
	}
	return s.history
}

// lanes is the history as the page draws it.
func (h *history) lanes() *Lanes {
	out := &Lanes{Roles: slices.Clone(h.roles), Faults: slices.Clone(h.faults), Ops: []Op{}, Clients: h.clients}
	for _, op := range h.ops[max(0, len(h.ops)-maxOps):] {
		out.Ops = append(out.Ops, op.Op)
	}
	if out.Faults == nil {
		out.Faults = []FaultSpan{}
	}
	return out
}

func (h *history) add(m *raftsim.Landmark) {
	at := int64(m.Time)
	switch m.Kind {
	case raftsim.MemberStarted:
		h.addRole(m, Follower)
		if k := h.down[m.Member]; k > 0 {
			h.faults[k-1].Until = at
			h.down[m.Member] = 0
		}
	case raftsim.RoleChanged:
		h.addRole(m, role(m.Role))
	case raftsim.MemberCrashed:
		h.addRole(m, Down)
		h.faults = append(h.faults, FaultSpan{From: at, Members: []int{int(m.Member)}, Label: raftsim.Name(m.Member) + " down"})
		h.down[m.Member] = len(h.faults)
	case raftsim.ActionDone:
		h.addAction(m)
	case raftsim.OpInvoked:
		op := Op{Client: m.Client, Member: int(m.Member), Call: at, Request: clip(fmt.Sprint(m.Request)), Outcome: Pending}
		if op.Client == you {
			h.console = append(h.console, len(h.ops))
		}
		h.ops = append(h.ops, tracedOp{Op: op, called: m.Count})
	case raftsim.OpAnswered, raftsim.OpRefused, raftsim.OpUnknown:
		op := &h.ops[m.Op]
		op.Return, op.ended = at, m.Count
		op.Outcome, op.Answer = answer(&m.Event)
	default:
		// The rest has no span.
	}
}

// addRole ends a member's span and begins the next.
func (h *history) addRole(m *raftsim.Landmark, r Role) {
	if k := h.role[m.Member]; k > 0 {
		h.roles[k-1].Until = int64(m.Time)
	}
	h.roles = append(h.roles, RoleSpan{Member: int(m.Member), From: int64(m.Time), Role: r, Term: uint64(m.Term)})
	h.role[m.Member] = len(h.roles)
}

// addAction begins the span of a cut, or ends those that are healed.
func (h *history) addAction(m *raftsim.Landmark) {
	switch a := m.Action.(type) {
	case raftsim.Cut:
		side := a.A
		if len(a.B) < len(a.A) {
			side = a.B
		}
		span := FaultSpan{From: int64(m.Time), Label: a.String()}
		for _, t := range side {
			span.Members = append(span.Members, int(t))
		}
		h.cuts = append(h.cuts, standingCut{len(h.faults), pairs(a.A, a.B)})
		h.faults = append(h.faults, span)
	case raftsim.Heal:
		healed := pairs(a.A, a.B)
		h.cuts = slices.DeleteFunc(h.cuts, func(c standingCut) bool {
			for _, p := range c.pairs {
				if !slices.Contains(healed, p) {
					return false
				}
			}
			h.faults[c.fault].Until = int64(m.Time)
			return true
		})
	}
}

func pairs(a, b []raftsim.Target) []pair {
	var list []pair
	for _, x := range a {
		for _, y := range b {
			list = append(list, pair{min(x, y), max(x, y)})
		}
	}
	return list
}

// answer is how an operation ended, in the words of the page.
func answer(e *raftsim.Event) (OpOutcome, string) {
	switch e.Kind {
	case raftsim.OpAnswered:
		outcome := Answered
		if txn, ok := e.Response.(kv.TxnResponse); ok && !txn.Succeeded {
			outcome = Failed
		}
		return outcome, fmt.Sprintf("%s (revision %d)", clip(fmt.Sprint(e.Response)), e.Response.At())
	case raftsim.OpRefused:
		return Refused, fmt.Sprintf("refused, it did not happen: %v", e.Err)
	case raftsim.OpUnknown:
		return Unknown, fmt.Sprintf("unknown: %s. It may have happened, or may yet.", e.Cause.Because(raftsim.Name(e.Member)))
	default:
		panic(fmt.Sprintf("session: event %d ends no operation", e.Kind))
	}
}
