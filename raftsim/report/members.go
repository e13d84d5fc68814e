package report

import (
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// state is how a member is.
type state uint8

// The states, as the picture tells them apart.
const (
	follows state = iota
	asksForPreVotes
	asksForVotes
	leads
	isPaused
	isDown
	isDead
	isRemoved
)

// words are the states' names in the legend and beside the pointer.
var words = [...]string{
	"follows", "asks for pre-votes", "is a candidate", "leads", "is paused", "is down", "is dead: its identity is lost", "is no member any more",
}

// forever is later than every moment of a run: what ends then has not ended.
const forever = raftsim.Time(1 << 62)

// span is a time in which a member kept state and term.
type span struct {
	member   raft.ID
	from, to raftsim.Time
	state    state
	term     raft.Term
}

// stateOf is how a member is now.
func stateOf(v raftsim.MemberView) state {
	switch {
	case v.Dead:
		return isDead
	case !v.Up && v.Removed:
		return isRemoved
	case !v.Up:
		return isDown
	case v.Paused:
		return isPaused
	}
	switch v.Role {
	case raft.Leader:
		return leads
	case raft.Candidate:
		return asksForVotes
	case raft.PreCandidate:
		return asksForPreVotes
	case raft.Follower:
	}
	return follows
}

// lookAtMembers begins a span for each member that is not as it was.
func (r *Recorder) lookAtMembers(w *raftsim.World) {
	for _, id := range w.MemberIDs() {
		for len(r.present) <= int(id) {
			r.present = append(r.present, 0)
		}
		v := w.Member(id)
		next := span{member: id, from: w.Now(), to: forever, state: stateOf(v), term: v.Term}
		if k := r.present[id]; k > 0 {
			old := &r.spans[k-1]
			if old.state == next.state && (old.term == next.term || next.state >= isDown) {
				continue
			}
			old.to = w.Now()
		}
		r.spans = append(r.spans, next)
		r.present[id] = len(r.spans)
	}
}

// link is a way from one member to another.
type link struct{ from, to raft.ID }

// band is a time in which links were cut.
type band struct {
	from, to raftsim.Time
	text     string
	links    []link
}

// lookAtLinks begins a band for what is cut since the last time, and ends those of which
// nothing is left.
func (r *Recorder) lookAtLinks(w *raftsim.World) {
	var fresh []link
	ids := w.MemberIDs()
	for _, from := range ids {
		for _, to := range ids {
			l := link{from, to}
			is, was := from != to && w.IsCut(from, to), r.cuts[l]
			if is && !was {
				fresh = append(fresh, l)
			}
			if is != was {
				r.cuts[l] = is
			}
		}
	}
	for i := range r.bands {
		if b := &r.bands[i]; b.to == forever && !r.stands(b) {
			b.to = w.Now()
		}
	}
	if len(fresh) > 0 {
		r.bands = append(r.bands, band{from: w.Now(), to: forever, text: cause(w), links: fresh})
	}
}

// stands says whether something of a cut is left.
func (r *Recorder) stands(b *band) bool {
	for _, l := range b.links {
		if r.cuts[l] {
			return true
		}
	}
	return false
}

// cause is what has cut the links just now.
func cause(w *raftsim.World) string {
	for i := range w.Events() {
		switch e := &w.Events()[i]; e.Kind {
		case raftsim.LinkFlapped:
			return e.Words()
		case raftsim.ActionDone:
			text, _ := e.Sentence()
			return text
		default:
		}
	}
	return "cut"
}
