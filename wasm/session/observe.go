package session

import (
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// watching follows the playhead event by event, for what is shown of the last of them. It is
// the same wherever the playhead came from: where it jumped, what it missed is run again.
type watching struct {
	// count is the last event that it was told of, −1 if there is a gap.
	count int64
	// member whose last change is followed, 0 for none.
	member raft.ID
	// was is the member before the step under way; old is how it was before the last event
	// that concerned it, number at; nil if there is none that counts.
	was, old *raftsim.MemberView
	at       int64
	// arrows and points are those of the last events, if window is not 0.
	window raftsim.Time
	recent recent
}

const (
	// maxBack is how many events back what is shown of the past may lie.
	maxBack = 4000
	gap     = -1
)

// watchFor makes the session follow what the page looks at. Nobody is told anything
// that nobody wants to see.
func (s *Session) watchFor() {
	w := s.timeline.World()
	member, window := looksAt(w, s.look.Inspect), raftsim.Time(s.look.Window)
	if member == 0 && window == 0 {
		s.watching = nil
		s.timeline.Observe(nil)
		return
	}
	if x := s.watching; x == nil || x.member != member || (x.window == 0) != (window == 0) {
		s.watching = &watching{count: gap, member: member, window: window}
	}
	s.watching.window = window
	s.timeline.Observe(s.watching)
	s.watching.catchUp(s.timeline, w)
}

// Before is told the world before a step.
func (x *watching) Before(w *raftsim.World) {
	x.was = nil // it may not be there yet
	if id := looksAt(w, int(x.member)); id != 0 {
		v := w.Member(id)
		x.was = &v
	}
}

// After is told the world after it.
func (x *watching) After(w *raftsim.World) {
	count := w.Count()
	if x.count != count-1 {
		x.count = gap
		x.recent = recent{}
		x.old = nil
	}
	if x.count == gap && !x.fills(count) {
		return
	}
	x.count = count
	x.note(w)
}

// fills says whether it may begin at an event: only where the past does not matter.
func (x *watching) fills(count int64) bool { return count == 1 }

func (x *watching) note(w *raftsim.World) {
	events := w.Events()
	if x.member != 0 && concerns(events, x.member) {
		x.old, x.at = x.was, w.Count()
	}
	if x.window != 0 {
		x.recent.add(w, events)
	}
}

// concerns says whether events happened at a member.
func concerns(events []raftsim.Event, id raft.ID) bool {
	for i := range events {
		e := &events[i]
		if e.Member == id && e.Kind != raftsim.MessageDelivered && e.Kind != raftsim.MessageDropped ||
			e.Peer == id && e.Kind == raftsim.MessageDelivered {
			return true
		}
	}
	return false
}

// catchUp runs again what was missed, if there is a gap.
func (x *watching) catchUp(t *raftsim.Timeline, w *raftsim.World) {
	if x.count == w.Count() {
		return
	}
	*x = watching{count: gap, member: x.member, window: x.window}
	again := t.WorldAt(w.Count() - maxBack)
	x.count, x.recent.commit = again.Count(), again.Committed()
	for again.Count() < w.Count() {
		x.Before(again)
		again.Step()
		x.count = again.Count()
		x.note(again)
	}
}

// before is how the member was before the last event that concerned it, nil if that lies
// too far back.
func (x *watching) before(w *raftsim.World) *raftsim.MemberView {
	if x.old == nil || x.at <= w.Count()-maxBack {
		return nil
	}
	return x.old
}
