package fuzz

import (
	"slices"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// adversary watches a run and strikes when something is half done: a vote that is given
// and not on disk yet, a leader that has told half of the others. What it does becomes
// actions of the run's schedule, so that the run can be made again without it.
type adversary struct {
	roll Dice
	w    *raftsim.World
	// core of the members, nil for ours.
	core *Core
	// until is the end of all faults: it does nothing from there on.
	until raftsim.Time
	plots []plot
	// awaited counts, by kind of event, the plots that wait for one.
	awaited [256]int
	// terms are the highest in which each member was seen.
	terms [raftsim.MaxIDs + 1]raft.Term
	// looked is when it looked last for plots that have lapsed.
	looked raftsim.Time
	// newest is the member that was added last, written how many values were put by hand.
	newest raft.ID
	// founders are the members from the beginning: their highest number.
	founders raft.ID
	written  int
	// mayRemove says that members may be removed.
	mayRemove bool
}

// mostStrikes bounds the actions of one run.
const mostStrikes = 150

// lookEvery is how often the adversary looks for plots that have lapsed.
const lookEvery = 20 * ms

// enter lets the adversary watch a run from its beginning.
func (a *adversary) enter(w *raftsim.World) {
	c := w.Config()
	a.w, a.newest, a.founders, a.mayRemove = w, raft.ID(c.Members), raft.ID(c.Members), c.Options.Stickiness
	for _, s := range c.Schedule {
		switch x := s.Action.(type) {
		case raftsim.Settle:
			a.until = s.At
		case raftsim.Reconfigure:
			for _, t := range slices.Concat(x.Add, x.AddLearner) {
				a.newest = max(a.newest, raft.ID(t))
			}
		}
	}
	for i := range a.plots {
		a.await(&a.plots[i], 1)
	}
}

// await counts what a plot waits for.
func (a *adversary) await(p *plot, n int) {
	if p.next == len(p.moves) {
		return
	}
	m := &p.moves[p.next]
	a.awaited[m.when.kind] += n
	if m.meanwhile != nil {
		a.awaited[m.meanwhile.when.kind] += n
	}
}

// see follows one event.
func (a *adversary) see(e *raftsim.Event) {
	if e.Time > a.looked+lookEvery {
		a.looked = e.Time
		a.lapse()
	}
	if a.awaited[e.Kind] > 0 && e.Time < a.until {
		for i := range a.plots {
			a.follow(&a.plots[i], e)
		}
	}
	if e.Kind == raftsim.RoleChanged {
		a.terms[e.Member] = max(a.terms[e.Member], e.Term)
	}
}

// lapse lets plots begin anew whose moment has not come.
func (a *adversary) lapse() {
	for i := range a.plots {
		if p := &a.plots[i]; p.lapse > 0 && p.next > 0 && p.next < len(p.moves) && a.looked > p.since+p.lapse {
			a.await(p, -1)
			p.next, p.passed, p.cast.held = 0, 0, nil
			a.await(p, 1)
		}
	}
}

// follow lets a plot make its next move, if this is the moment for it.
func (a *adversary) follow(p *plot, e *raftsim.Event) {
	if p.next == len(p.moves) {
		return
	}
	m := &p.moves[p.next]
	if x := m.meanwhile; x != nil {
		if _, _, ok := a.matches(x, p, e); ok {
			p.cast.message = e.N
			a.strike(x, p, e)
		}
	}
	me, peer, ok := a.matches(m, p, e)
	if !ok {
		return
	}
	if p.passed < m.skip {
		p.passed++
		return
	}
	a.await(p, -1)
	p.cast.enter(me, peer, p.next == 0)
	p.cast.message, p.cast.client, p.cast.term = e.N, e.Client, e.Term
	a.strike(m, p, e)
	p.passed, p.since = 0, e.Time
	if p.next++; p.next == len(p.moves) && p.again > 0 {
		p.again--
		p.next = 0
	}
	a.await(p, 1)
}

// matches says whether an event is the moment of a move, and whom it is about.
func (a *adversary) matches(m *move, p *plot, e *raftsim.Event) (me, peer raft.ID, ok bool) {
	if m.when.kind != e.Kind || m.sameTerm && e.Term != p.cast.term {
		return 0, 0, false
	}
	me, peer, ok = m.when.match(a, e)
	return me, peer, ok && m.about.holds(&p.cast, me, peer)
}

func (a *adversary) strike(m *move, p *plot, e *raftsim.Event) {
	at := e.Time + 1 + a.span(m.within)
	for _, do := range m.do {
		do(a, &p.cast, at)
	}
}

// plan does something at a moment, unless the faults are over then.
func (a *adversary) plan(at raftsim.Time, action raftsim.Action) {
	if at < a.until && len(a.w.Config().Schedule) < mostStrikes && a.core.allows(action) {
		_ = a.w.Plan(raftsim.Scheduled{At: max(at, a.w.Now()+1), Action: action}) // what can't be is left out
	}
}

// span draws a span of time up to a bound, short ones as likely as long ones.
func (a *adversary) span(most raftsim.Time) raftsim.Time {
	if most < raftsim.Microsecond {
		return 0
	}
	most >>= a.roll("magnitude", 6)
	return raftsim.Time(a.roll("span", int(most/raftsim.Microsecond)+1)) * raftsim.Microsecond
}

// others are all members but some.
func (a *adversary) others(but ...raft.ID) []raft.ID {
	return slices.DeleteFunc(a.w.MemberIDs(), func(id raft.ID) bool { return slices.Contains(but, id) })
}

// one of a list, 0 if that is empty.
func (a *adversary) one(list []raft.ID) raft.ID {
	if len(list) == 0 {
		return 0
	}
	return list[a.roll("who", len(list))]
}

// shuffled is a list in an order by chance.
func (a *adversary) shuffled(list []raft.ID) []raft.ID {
	for i := len(list) - 1; i > 0; i-- {
		k := a.roll("shuffled", i+1)
		list[i], list[k] = list[k], list[i]
	}
	return list
}
