package session

import (
	"fmt"
	"slices"
	"sort"

	"github.com/castaway-kv/castaway/raftsim"
)

// Bounds on what one frame shows.
const (
	maxEntries = 12
	maxKeys    = 200
	maxStory   = 40
	maxConsole = 50
	// maxText bounds a key, a value or the words of a request, in characters.
	maxText = 200
)

// frame draws the moment at the playhead.
func (s *Session) frame() Frame {
	s.watchFor()
	w, p := s.timeline.World(), s.present()
	beside := s.comparison() // it may see more of that branch
	f := Frame{
		Time: int64(w.Now()), Head: int64(s.timeline.Head()), Events: w.Count(), Hash: fmt.Sprintf("%016x", w.Hash()),
		Rules: p.scenario.Rules(), Seed: w.Config().Seed, Bug: p.scenario.Bug(), Sentence: sentence(w), Caption: caption(p.scenario, w.Now()),
		Members: s.members(w), Membership: membership(w), Cuts: cuts(w), Links: links(w), Messages: messages(w), Store: s.store(w),
		Story: s.story(), Console: s.console(), Verdict: p.judge.verdict(w, s.onTheWay),
		Branches: s.branches(), Branch: int(s.timeline.Branch()), CanUndo: p.canUndo(), CanRedo: len(p.undone) > 0,
		Inspection: s.inspection(w), SpaceTime: s.spaceTime(), Comparison: beside,
	}
	f.Clients, f.ClientCount = clients(w)
	if next, ok := w.Next(); ok {
		f.Next = int64(next)
	}
	s.sendOnce(&f)
	if !s.onTheWay {
		p.judge.ahead(w)
	}
	return f
}

// sendOnce adds what the page does not have yet.
func (s *Session) sendOnce(f *Frame) {
	id, p := s.timeline.Branch(), s.present()
	h := s.lanes(id, s.timeline.World())
	text := p.scenario.String()
	f.Lanes, f.LanesPatch = s.send(&s.sent.lanes, id, h)
	if text != s.sent.scenario {
		f.Scenario = text
	}
	s.sent.scenario = text
}

func cuts(w *raftsim.World) []Cut {
	list := []Cut{}
	ids := w.MemberIDs()
	for _, from := range ids {
		for _, to := range ids {
			if from != to && w.IsCut(from, to) {
				list = append(list, Cut{int(from), int(to)})
			}
		}
	}
	return list
}

func (s *Session) story() []Line {
	type told struct {
		number int32
		line   Line
	}
	var all []told
	until := s.timeline.LandmarksUntil(s.timeline.World().Count())
	for _, numbers := range s.lanes(s.timeline.Branch(), s.timeline.World()).lines {
		n := sort.Search(len(numbers), func(i int) bool { return int(numbers[i]) >= until })
		for room := maxStory / 2; n > 0 && room > 0; n-- {
			mark := s.timeline.Landmark(int(numbers[n-1]))
			if text, ok := mark.Sentence(); ok {
				all = append(all, told{numbers[n-1], Line{int64(mark.Time), lineKind(mark.Kind), clip(text)}})
				room--
			}
		}
	}
	slices.SortFunc(all, func(a, b told) int { return int(a.number - b.number) })
	list := []Line{}
	for i := range all {
		list = append(list, all[i].line)
	}
	return list
}

// console are the page's own operations, as they stand at the playhead.
func (s *Session) console() []Op {
	list := []Op{}
	count := s.timeline.World().Count()
	id := s.timeline.Branch()
	h := s.lanes(id, s.timeline.World())
	n := len(h.console)
	for n > 0 && s.timeline.Landmark(h.ops[h.console[n-1]].called-1).Count > count {
		n--
	}
	for _, i := range h.console[max(0, n-maxConsole):n] {
		list = append(list, s.op(id, h, i, count))
	}
	return list
}
