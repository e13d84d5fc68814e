package session

import (
	"fmt"

	"github.com/castaway-kv/castaway/raftsim"
)

// comparing is the branch beside the present one, and where the two part.
type comparing struct {
	id raftsim.BranchID
	// known says that the rest is, for the runs as far as until.
	known, parts bool
	until        raftsim.Time
	at           raftsim.Time
	left, right  string
}

// compare puts another branch beside the present one; −1 ends that.
func (s *Session) compare(id raftsim.BranchID) error {
	switch {
	case id < 0:
		s.beside = nil
		return nil
	case s.paths[id] == nil:
		return fmt.Errorf("there is no branch %d", id)
	case id == s.timeline.Branch():
		return fmt.Errorf("branch %d is the present one: compare it with another", id)
	}
	s.beside = &comparing{id: id}
	return nil
}

// comparison is what is seen beside the present branch.
func (s *Session) comparison() *Comparison {
	c := s.beside
	if c == nil {
		s.sent.beside = lanesSent{}
		return nil
	}
	now := s.timeline.World().Now()
	w, err := s.timeline.Beside(c.id, now, maxEvents)
	if err != nil {
		s.sent.beside = lanesSent{}
		return nil // it was dropped
	}
	s.findParting(c)
	out := &Comparison{
		Branch: int(c.id), At: -1, Sentence: sentence(w), Members: s.members(w), Store: s.store(w),
		Verdict: s.paths[c.id].judge.verdict(w, s.onTheWay),
	}
	out.Lanes, out.LanesPatch = s.send(&s.sent.beside, c.id, s.lanes(c.id, w))
	if c.parts {
		out.At, out.Left, out.Right = int64(c.at), c.left, c.right
	}
	return out
}

// findParting looks for the first difference of the two branches, as far as both were
// seen. Once found it stays; until then it is looked for again whenever both have gone on by
// an eighth of what was compared, for that is run again.
func (s *Session) findParting(c *comparing) {
	other, present := s.branch(c.id), s.branch(s.timeline.Branch())
	until := min(present.Head, other.Head)
	forked := max(present.At, other.At)
	if c.known && (c.parts || until <= c.until+max(0, c.until-forked)/8) {
		return
	}
	d, parts, err := s.timeline.Compare(s.timeline.Branch(), c.id, nil, until, maxEvents)
	c.known, c.until, c.parts = true, until, err == nil && parts
	if !c.parts {
		return
	}
	c.at = d.Left.Event.Time
	if d.Left.Ended || !d.Right.Ended && d.Right.Event.Time < c.at {
		c.at = d.Right.Event.Time
	}
	c.left, c.right = sideWords(&d.Left), sideWords(&d.Right)
}

func sideWords(x *raftsim.Side) string {
	if x.Ended {
		return "nothing more happens"
	}
	return clip(x.Event.Words())
}
