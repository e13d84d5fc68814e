package session

import (
	"fmt"
	"sort"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// Bounds of the space-time view: the newest are shown.
const (
	maxArrows = 1500
	maxPoints = 500
	// maxWindow bounds how much of the past it shows.
	maxWindow = 60 * raftsim.Second
)

// recent are the arrows and points of the last maxBack events, in the order of these.
type recent struct {
	arrows []counted[Arrow]
	points []counted[Point]
	// moments are the counts and times of the events, the last maxBack at least.
	moments []counted[raftsim.Time]
	commit  raft.Index
}

// counted is something with the number of its event.
type counted[T any] struct {
	count int64
	value T
}

func (r *recent) add(w *raftsim.World, events []raftsim.Event) {
	count := w.Count()
	r.moments = trimmed(append(r.moments, counted[raftsim.Time]{count, w.Now()}), count)
	for i := range events {
		e := &events[i]
		if a, ok := arrowOf(w, e); ok {
			r.arrows = append(r.arrows, counted[Arrow]{count, a})
		}
		if p, ok := pointOf(e); ok {
			r.points = append(r.points, counted[Point]{count, p})
		}
	}
	if committed := w.Committed(); committed > r.commit {
		if id := w.Leader(); id != 0 {
			text := fmt.Sprintf("index %d is committed", committed)
			r.points = append(r.points, counted[Point]{count, Point{int64(w.Now()), int(id), LineOther, text}})
		}
		r.commit = committed
	}
	r.arrows, r.points = trimmed(r.arrows, count), trimmed(r.points, count)
}

// trimmed lets go of what is more than maxBack events old, now and then.
func trimmed[T any](list []counted[T], count int64) []counted[T] {
	if len(list) == 0 || list[0].count > count-3*maxBack {
		return list
	}
	k := sort.Search(len(list), func(i int) bool { return list[i].count > count-maxBack })
	return append(list[:0], list[k:]...)
}

// since are those of a list after an event and not before a moment.
func since[T any](list []counted[T], count int64) []counted[T] {
	return list[sort.Search(len(list), func(i int) bool { return list[i].count > count }):]
}

// spaceTime is what happened in the window before the playhead.
func (s *Session) spaceTime() *SpaceTime {
	if s.watching == nil || s.watching.window == 0 {
		return nil
	}
	w, r := s.timeline.World(), &s.watching.recent
	now := w.Now()
	from := max(0, now-min(s.watching.window, maxWindow))
	first := w.Count() - maxBack
	if moments := since(r.moments, first); first > 0 && len(moments) > 0 {
		from = max(from, moments[0].value)
	}
	out := &SpaceTime{From: int64(from), Until: int64(now), Arrows: []Arrow{}, Points: []Point{}}
	for _, a := range since(r.arrows, first) {
		if a.value.Arrived >= int64(from) {
			out.Arrows = append(out.Arrows, a.value)
		}
	}
	for _, m := range messages(w) {
		out.Arrows = append(out.Arrows, flying(&m))
	}
	for _, p := range since(r.points, first) {
		if p.value.Time >= int64(from) {
			out.Points = append(out.Points, p.value)
		}
	}
	out.Arrows = out.Arrows[max(0, len(out.Arrows)-maxArrows):]
	out.Points = out.Points[max(0, len(out.Points)-maxPoints):]
	return out
}

// flying is the arrow of a message that is under way.
func flying(m *Message) Arrow {
	return Arrow{
		ID: m.ID, Kind: m.Kind, From: m.From, To: m.To, Client: m.Client, Term: m.Term, Sent: m.Sent, Arrived: m.Arrives,
		Flying: true, Label: m.Label, Count: m.Count, Positive: m.Positive, Read: m.Read,
	}
}

// arrowOf is the way of a message that has ended; false for any other event.
func arrowOf(w *raftsim.World, e *raftsim.Event) (Arrow, bool) {
	var m Message
	switch e.Kind {
	case raftsim.MessageDelivered, raftsim.MessageDropped:
		m = Message{ID: int64(e.N), From: int(e.Member), To: int(e.Peer)}
		describe(&m, e.Message)
	case raftsim.OpArrived, raftsim.OpAnswered, raftsim.OpRefused:
		m = clientMessage(w, e)
	case raftsim.WatchDelivered:
		m = Message{ID: -int64(e.N), From: int(e.Member), Client: e.Client, Kind: WatchResponse, Positive: !e.Told.Canceled, Label: clip(e.Told.String()), Count: len(e.Told.Events)}
	default:
		return Arrow{}, false
	}
	m.Sent, m.Arrives = int64(e.Sent), int64(e.Time)
	a := flying(&m)
	a.Flying = false
	if e.Kind == raftsim.MessageDropped {
		a.Dropped = e.Cause.Because(raftsim.Name(e.Peer))
	} else if e.Kind == raftsim.OpArrived && e.Cause == raftsim.CauseDown {
		a.Dropped = e.Cause.Because(raftsim.Name(e.Member))
	}
	return a, true
}

// clientMessage is a request that has arrived, or an answer.
func clientMessage(w *raftsim.World, e *raftsim.Event) Message {
	op := w.Op(e.Op)
	x := raftsim.Flight{Op: e.Op, From: e.Member, Client: e.Client, Err: e.Err}
	m := Message{ID: -int64(2*e.Op + 2), From: int(e.Member), Client: e.Client}
	if e.Kind == raftsim.OpArrived {
		m.ID++
		m.From, m.To = 0, int(e.Member)
		x.From, x.To = 0, e.Member
	}
	describeClient(&m, op, &x)
	return m
}

// pointOf is what happened at a member; false for what is no point.
func pointOf(e *raftsim.Event) (Point, bool) {
	if e.Member == 0 || isOfClient(e.Kind) {
		return Point{}, false
	}
	text, ok := e.Sentence()
	if !ok {
		return Point{}, false
	}
	return Point{int64(e.Time), int(e.Member), lineKind(e.Kind), clip(text)}, true
}

// isOfClient says that an event is about a client rather than its member.
func isOfClient(k raftsim.EventKind) bool {
	switch k {
	case raftsim.OpRetried, raftsim.OpAnswered, raftsim.OpRefused, raftsim.OpUnknown,
		raftsim.WatchOpened, raftsim.WatchDelivered, raftsim.WatchBroken, raftsim.LockClaimed, raftsim.LockGivenUp, raftsim.ClientResumed:
		return true
	default:
		return false
	}
}
