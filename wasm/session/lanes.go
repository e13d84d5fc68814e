package session

import (
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raftsim"
)

// you is the client whose requests the page makes.
const you = "you"

// Bounds of lanes: the newest are kept.
const (
	maxRoles  = 1000
	maxFaults = 300
	maxOps    = 500
)

// history is the whole run up to the head as spans of time, built from the
// timeline's landmarks.
type history struct {
	// marks is the number of landmarks it was built from.
	marks  int
	roles  []RoleSpan
	faults []FaultSpan
	ops    []tracedOp
	// lines are the landmarks of the story: what clients were told, and the rest.
	lines [2][]int32
	// console are the numbers of the page's own operations.
	console []int
	clients []string
	// role, down and paused hold, per member, the number of its span that lasts, plus one.
	role, down, paused []int
	// cuts are those that stand, flaps the spans of those that come and go.
	cuts  []standingCut
	flaps map[string]int
	// waiting are the operations that may yet take effect, of the newest.
	waiting []int
	// effects counts those that did.
	effects int
	// told holds operations in words.
	told map[int]Op
	// property is when a property of the cluster broke, −1 if none did.
	property raftsim.Time
}

// tracedOp is an operation: the numbers of the landmarks that began and ended it, plus
// one, and what became of it in the log.
type tracedOp struct {
	called, ended int
	effect        int64
	revision      int64
	// count is the number of the event in which it took effect.
	count int64
}

// standingCut is a cut that was not healed altogether.
type standingCut struct {
	fault int
	pairs []pair
}

// pair is two members that a cut keeps apart, the lower first.
type pair struct{ a, b raftsim.Target }

// lanes returns the history of a branch up to its head; w is its world, as far as it is
// known. What is new is added.
func (s *Session) lanes(id raftsim.BranchID, w *raftsim.World) *history {
	p := s.paths[id]
	marks := s.timeline.LandmarksOf(id)
	if p.history == nil || p.history.marks > marks {
		p.history = newHistory(w)
	}
	h := p.history
	for ; h.marks < marks; h.marks++ {
		mark := s.timeline.LandmarkOf(id, h.marks)
		h.add(&mark)
	}
	h.noteEffects(w)
	return h
}

func newHistory(w *raftsim.World) *history {
	h := &history{flaps: map[string]int{}, told: map[int]Op{}, property: -1}
	h.role, h.down, h.paused = make([]int, raftsim.MaxIDs+1), make([]int, raftsim.MaxIDs+1), make([]int, raftsim.MaxIDs+1)
	config := w.Config()
	for i := range config.Clients {
		h.clients = append(h.clients, config.Clients[i].Name)
	}
	return h
}

// noteEffects looks what became of the operations that were waiting, in a world that is
// not older than they are.
func (h *history) noteEffects(w *raftsim.World) {
	h.waiting = slices.DeleteFunc(h.waiting, func(i int) bool {
		if i >= w.Ops() {
			return false
		}
		op := w.Op(i)
		if !op.Effect.Applied {
			return i < len(h.ops)-2*maxOps
		}
		x := &h.ops[i]
		x.effect, x.revision, x.count = int64(op.Effect.At), int64(op.Effect.Revision), op.Effect.Count
		h.effects++
		delete(h.told, i)
		return true
	})
}

// atHead is later than every event.
const atHead = 1 << 62

// op is an operation as it stood after an event.
func (s *Session) op(id raftsim.BranchID, h *history, i int, count int64) Op {
	x := &h.ops[i]
	o, ok := h.told[i]
	if ok && count == atHead {
		return o
	}
	called := s.timeline.LandmarkOf(id, x.called-1)
	if !ok {
		o = Op{
			ID: i, Client: called.Client, Member: int(called.Member), Call: int64(called.Time), Request: clip(fmt.Sprint(called.Request)),
			Outcome: Pending, Serializable: serializable(called.Request), Effect: x.effect, Revision: x.revision,
		}
		if x.ended > 0 {
			end := s.timeline.LandmarkOf(id, x.ended-1)
			o.Member, o.Return = int(end.Member), int64(end.Time)
			o.Outcome, o.Answer = answerOf(&end.Event)
		}
		e := &encoder{}
		o.encode(e)
		o.raw = e.b
		h.told[i] = o
		h.thin(i)
	}
	if x.count > count {
		o.Effect, o.Revision, o.raw = 0, 0, nil
	}
	if x.ended > 0 && s.timeline.LandmarkOf(id, x.ended-1).Count > count {
		o.Member, o.Return, o.Outcome, o.Answer, o.raw = int(called.Member), 0, Pending, "", nil
	}
	return o
}

// thin keeps what is in words from growing with the run.
func (h *history) thin(newest int) {
	if len(h.told) <= 4*maxOps {
		return
	}
	for i := range h.told {
		if i < newest-2*maxOps {
			delete(h.told, i)
		}
	}
	if len(h.told) > 4*maxOps {
		clear(h.told)
	}
}

// drawn is the history as the page draws it.
func (s *Session) drawn(id raftsim.BranchID, h *history) *Lanes {
	out := &Lanes{
		Roles: newest(h.roles, maxRoles), Faults: newest(h.faults, maxFaults), Ops: []Op{}, Clients: h.clients,
		Marks: marksOf(s.paths[id].scenario), Violation: s.violation(s.paths[id]),
	}
	for i := max(0, len(h.ops)-maxOps); i < len(h.ops); i++ {
		out.Ops = append(out.Ops, s.op(id, h, i, atHead))
	}
	return out
}

// newest is a copy of the last n of a list.
func newest[T any](list []T, n int) []T { return slices.Clone(list[max(0, len(list)-n):]) }

func (h *history) add(m *raftsim.Landmark) {
	switch m.Kind {
	case raftsim.OpInvoked:
	case raftsim.OpAnswered, raftsim.OpRefused:
		h.lines[0] = append(h.lines[0], int32(h.marks))
	default:
		h.lines[1] = append(h.lines[1], int32(h.marks))
	}
	switch m.Kind {
	case raftsim.MemberStarted:
		h.addRole(m, Follower)
		h.end(&h.down[m.Member], m)
	case raftsim.RoleChanged:
		h.addRole(m, role(m.Role))
	case raftsim.MemberCrashed, raftsim.DiskFailed:
		h.addRole(m, Down)
		h.end(&h.paused[m.Member], m)
		h.begin(&h.down[m.Member], m, raftsim.Name(m.Member)+" down", int(m.Member))
	case raftsim.PropertyBroken:
		h.property = m.Time
	case raftsim.LinkFlapped:
		h.addFlap(m)
	case raftsim.ActionDone:
		h.addAction(m)
	case raftsim.OpInvoked:
		if m.Client == you {
			h.console = append(h.console, len(h.ops))
		}
		if !kv.ReadOnly(m.Request) {
			h.waiting = append(h.waiting, len(h.ops))
		}
		h.ops = append(h.ops, tracedOp{called: h.marks + 1})
	case raftsim.OpAnswered, raftsim.OpRefused, raftsim.OpUnknown:
		h.ops[m.Op].ended = h.marks + 1
		delete(h.told, m.Op)
	default:
		// The rest has no span.
	}
}

// begin begins the span of a fault, unless it stands already.
func (h *history) begin(span *int, m *raftsim.Landmark, label string, members ...int) {
	if *span == 0 {
		h.faults = append(h.faults, FaultSpan{From: int64(m.Time), Members: members, Label: clip(label)})
		*span = len(h.faults)
	}
}

// end ends the span of a fault, if it stands.
func (h *history) end(span *int, m *raftsim.Landmark) {
	if *span > 0 {
		h.faults[*span-1].Until = int64(m.Time)
		*span = 0
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

// addAction begins the span of a fault, or ends those that are mended.
func (h *history) addAction(m *raftsim.Landmark) {
	switch a := m.Action.(type) {
	case raftsim.Cut:
		side := a.A
		if len(a.B) < len(a.A) {
			side = a.B
		}
		h.addCut(m, side, pairs(a.A, a.B), a.String())
	case raftsim.Heal:
		h.heal(m, a)
	case raftsim.Settle:
		h.healAll(m)
	case raftsim.Ring:
		h.addCut(m, nil, []pair{{}}, "ring")
	case raftsim.Kill:
		h.addRole(m, Down)
		h.begin(&h.down[m.Member], m, raftsim.Name(m.Member)+" down", int(m.Member))
	case raftsim.Pause:
		h.begin(&h.paused[m.Member], m, raftsim.Name(m.Member)+" paused", int(m.Member))
	case raftsim.Resume:
		h.end(&h.paused[m.Member], m)
	}
}

func (h *history) addCut(m *raftsim.Landmark, side []raftsim.Target, apart []pair, label string) {
	span := FaultSpan{From: int64(m.Time), Members: []int{}, Label: clip(label)}
	for _, t := range side {
		span.Members = append(span.Members, int(t))
	}
	h.cuts = append(h.cuts, standingCut{len(h.faults), apart})
	h.faults = append(h.faults, span)
}

// addFlap begins or ends a span of a cut that comes and goes.
func (h *history) addFlap(m *raftsim.Landmark) {
	label := fmt.Sprint(m.Action)
	span := h.flaps[label]
	if m.N == 1 {
		h.begin(&span, m, label)
	} else {
		h.end(&span, m)
	}
	h.flaps[label] = span
}

// heal ends the cuts whose pairs are all healed.
func (h *history) heal(m *raftsim.Landmark, a raftsim.Heal) {
	if slices.Equal(a.A, a.B) {
		h.healAll(m)
		return
	}
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

func (h *history) healAll(m *raftsim.Landmark) {
	for _, c := range h.cuts {
		h.faults[c.fault].Until = int64(m.Time)
	}
	h.cuts = nil
	for label, span := range h.flaps {
		h.end(&span, m)
		h.flaps[label] = span
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

// answerOf is how an operation ended, in the words of the page.
func answerOf(e *raftsim.Event) (OpOutcome, string) {
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

// serializable says that a request may be answered from the past.
func serializable(r kv.Request) bool {
	switch r := r.(type) {
	case kv.RangeRequest:
		return r.Serializable
	case kv.TxnRequest:
		ops := slices.Concat(r.Success, r.Failure)
		return len(ops) > 0 && !slices.ContainsFunc(ops, func(op kv.Request) bool { return !serializable(op) })
	}
	return false
}

// readKind says how a request reads, if it does nothing else.
func readKind(r kv.Request) ReadKind {
	switch {
	case r == nil || !kv.ReadOnly(r):
		return ""
	case serializable(r):
		return ReadSerializable
	}
	return ReadLinearizable
}
