package linearize

import (
	"cmp"
	"errors"
	"slices"

	"github.com/castaway-kv/castaway/kv"
)

// checkSerializable: a serializable read answered at revision r shows the state
// after r, which need not be the newest; and within one life of a member, r
// never goes back.
func checkSerializable(r *Record, t *timeline) Property {
	p := Property{Name: "serializable reads"}
	var reads []int
	for i := range r.History {
		if op := &r.History[i]; op.Outcome == Answered && serializable(op.Request) {
			reads = append(reads, i)
		}
	}
	p.Checked = len(reads)
	if len(reads) == 0 {
		return p.done("")
	}
	r.checkStates(reads, t, &p)
	r.checkBack(reads, &p)
	return p.done(t.missing())
}

// checkStates compares reads with the states that the log leads to.
func (r *Record) checkStates(reads []int, t *timeline, p *Property) {
	if t.applied == nil {
		return
	}
	h := r.History
	byRevision := slices.Clone(reads)
	slices.SortStableFunc(byRevision, func(a, b int) int { return cmp.Compare(h[a].Response.At(), h[b].Response.At()) })
	next := 0
	look := func(s *store) {
		for ; next < len(byRevision) && h[byRevision[next]].Response.At() <= s.revision; next++ {
			i := byRevision[next]
			mark := s.mark()
			if s.revision != h[i].Response.At() || s.apply(h[i].Request) != nil || !s.out.matches(h[i].Request, h[i].Response, comparison{}) {
				p.breaks([]int{i}, h[i].Response.At(), "%s is not what the store held at that revision", h.describe(i))
			}
			s.undo(mark)
		}
	}
	look(newStore())
	t.replay(func(_ int, s *store) { look(s) })
	if next < len(byRevision) {
		i := byRevision[next]
		p.breaks([]int{i}, h[i].Response.At(), "%s names a revision that the log never reached: it ends at %d", h.describe(i), t.head())
	}
}

// checkBack: what one life of a member answers after another answer is not older.
func (r *Record) checkBack(reads []int, p *Property) {
	if len(r.Served) != len(r.History) {
		return
	}
	h := r.History
	byLife := map[Served][]int{}
	var lives []Served
	for _, i := range reads {
		if byLife[r.Served[i]] == nil {
			lives = append(lives, r.Served[i])
		}
		byLife[r.Served[i]] = append(byLife[r.Served[i]], i)
	}
	for _, life := range lives {
		calls := slices.Clone(byLife[life])
		returns := slices.Clone(byLife[life])
		slices.SortStableFunc(calls, func(a, b int) int { return cmp.Compare(h[a].Call, h[b].Call) })
		slices.SortStableFunc(returns, func(a, b int) int { return cmp.Compare(h[a].Return, h[b].Return) })
		newest, n := -1, 0
		for _, i := range calls {
			for ; n < len(returns) && h[returns[n]].Return < h[i].Call; n++ {
				if newest < 0 || h[returns[n]].Response.At() > h[newest].Response.At() {
					newest = returns[n]
				}
			}
			if newest >= 0 && h[newest].Response.At() > h[i].Response.At() {
				p.breaks([]int{newest, i}, h[i].Response.At(), "member %d went back in one life: %s came before %s",
					life.Member, h.describe(newest), h.describe(i))
			}
		}
	}
}

// checkExplicit: a read at an explicit revision shows the state after that
// revision; or it is refused as compacted, if that was given up, or as of the
// future, if no answer before it had reached that revision.
func checkExplicit(r *Record, t *timeline) Property {
	p := Property{Name: "explicit revisions"}
	var reads []int
	for i := range r.History {
		op := &r.History[i]
		get, ok := op.Request.(kv.RangeRequest)
		if !ok || get.Revision <= 0 {
			continue
		}
		switch {
		case op.Outcome == Answered:
			reads = append(reads, i)
		case op.Outcome == Refused && errors.Is(op.Err, kv.ErrCompacted):
			p.Checked++
			r.checkCompacted(i, get.Revision, t, &p)
		case op.Outcome == Refused && errors.Is(op.Err, kv.ErrFutureRevision):
			p.Checked++
			r.checkFuture(i, get, &p)
		}
	}
	p.Checked += len(reads)
	if len(reads) > 0 && t.applied != nil {
		r.checkPast(reads, t, &p)
	}
	if len(reads) == 0 {
		return p.done("")
	}
	return p.done(t.missing())
}

// checkPast compares reads with states of the past, whatever was compacted since.
func (r *Record) checkPast(reads []int, t *timeline, p *Property) {
	h := r.History
	var last *store
	t.replay(func(_ int, s *store) { last = s })
	if last == nil {
		last = newStore()
	}
	last.compacted = -1
	for _, i := range reads {
		get := h[i].Request.(kv.RangeRequest)
		seen := h[i].Response
		var out answer
		if err := last.get(&get, &out, false); err != nil {
			p.breaks([]int{i}, get.Revision, "%s reads a revision that the log never reached: it ends at %d", h.describe(i), last.revision)
			continue
		}
		out.revision = seen.At()
		if !out.matches(get, seen, comparison{}) {
			p.breaks([]int{i}, get.Revision, "%s is not what the store held at revision %d", h.describe(i), get.Revision)
		}
	}
}

// checkCompacted: somebody gave the revision up, and not only after the refusal.
func (r *Record) checkCompacted(i int, at kv.Revision, t *timeline, p *Property) {
	if t.applied == nil {
		return
	}
	for _, c := range t.compactions {
		op := t.applied[c.record].Op
		if c.revision > at && (op < 0 || r.History[op].Call <= r.History[i].Return) {
			return
		}
	}
	p.breaks([]int{i}, at, "%s, but nothing above revision %d had been compacted", r.History.describe(i), at)
}

// checkFuture: no answer before the call had reached the revision.
func (r *Record) checkFuture(i int, get kv.RangeRequest, p *Property) {
	if get.Serializable {
		return // a member may lag
	}
	for k := range r.History {
		op := &r.History[k]
		if op.Outcome == Answered && op.Return < r.History[i].Call && op.Response.At() >= get.Revision {
			p.breaks([]int{k, i}, get.Revision, "%s, but %s had been answered before", r.History.describe(i), r.History.describe(k))
			return
		}
	}
}
