package report

import (
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/raftsim/scenario"
)

// Limits on what is kept of a run.
const (
	maxMessages = 400_000
	maxStory    = 3000
	maxMarks    = 5000
)

// Recorder looks at a run while it goes on, and writes a page of it in the end.
type Recorder struct {
	messages []message
	// flying are the places in messages of those under way, by number.
	flying map[uint64]int
	// unkept counts the messages beyond the limit.
	unkept int
	spans  []span
	// present is the place of each member's newest span, plus one.
	present []int
	bands   []band
	cuts    map[link]bool
	marks   []mark
	story   []line
	// untold counts the lines beyond the limit.
	untold int
}

// New returns a recorder for one run.
func New() *Recorder { return &Recorder{flying: map[uint64]int{}, cuts: map[link]bool{}} }

// message is one between members.
type message struct {
	from, to    raft.ID
	sent, ended raftsim.Time
	class       class
	// fate is whether it arrived, was lost, or is under way.
	fate fate
}

type fate uint8

const (
	underWay fate = iota
	arrived
	lost
)

// mark is an event at a member, or at none.
type mark struct {
	at     raftsim.Time
	member raft.ID
	kind   raftsim.EventKind
	text   string
	// score is how much it is worth seeing; named says that the scenario gave it a name.
	score int
	named bool
}

// line is one of the story.
type line struct {
	at   raftsim.Time
	kind raftsim.EventKind
	text string
	// said says that it is no event, but what the scenario says to its onlookers.
	said bool
}

// Look is told the world after every event; it is for scenario.Options.
func (r *Recorder) Look(w *raftsim.World) {
	changed, links := w.Count() == 1, false
	events := w.Events()
	for i := range events {
		e := &events[i]
		r.see(e)
		changed = changed || changesMembers(e.Kind)
		links = links || e.Kind == raftsim.ActionDone || e.Kind == raftsim.LinkFlapped
	}
	if changed {
		r.lookAtMembers(w)
	}
	if links {
		r.lookAtLinks(w)
	}
}

// see takes in an event.
func (r *Recorder) see(e *raftsim.Event) {
	switch e.Kind {
	case raftsim.MessageSent:
		r.sent(e)
	case raftsim.MessageDelivered:
		r.ended(e, arrived)
	case raftsim.MessageDropped:
		r.ended(e, lost)
	default:
		r.mark(e)
	}
	if _, ok := scenario.Line(e); !ok {
		return
	}
	if len(r.story) == maxStory {
		r.untold++
		return
	}
	text, _ := e.Sentence()
	r.story = append(r.story, line{at: e.Time, kind: e.Kind, text: text})
}

func (r *Recorder) sent(e *raftsim.Event) {
	if len(r.messages) == maxMessages {
		r.unkept++
		return
	}
	r.flying[e.N] = len(r.messages)
	r.messages = append(r.messages, message{from: e.Member, to: e.Peer, sent: e.Time, class: classOf(e.Message)})
}

func (r *Recorder) ended(e *raftsim.Event, f fate) {
	if i, ok := r.flying[e.N]; ok {
		r.messages[i].ended, r.messages[i].fate = e.Time, f
		delete(r.flying, e.N)
	}
}

// mark notes an event that the picture shows.
func (r *Recorder) mark(e *raftsim.Event) {
	score := 0
	switch e.Kind {
	case raftsim.PropertyBroken:
		score = 10_000
	case raftsim.RoleChanged:
		if e.Role != raft.Leader {
			return
		}
		score = 100
	case raftsim.MemberStarted:
		if e.N == 1 {
			return
		}
		score = 50
	case raftsim.MemberCrashed, raftsim.MemberRefused, raftsim.DiskFailed, raftsim.LossFound, raftsim.Forgotten,
		raftsim.BeyondModel, raftsim.SnapshotDamaged, raftsim.ActionDone, raftsim.MembersChanged, raftsim.QuorumLost:
		score = 80
	case raftsim.OpUnknown, raftsim.OpRefused, raftsim.SnapshotInstalled, raftsim.Settled:
		score = 20
	default:
		return
	}
	if len(r.marks) < maxMarks || score >= 10_000 {
		text, _ := e.Sentence()
		r.marks = append(r.marks, mark{at: e.Time, member: e.Member, kind: e.Kind, text: text, score: score})
	}
}

// changesMembers says whether some member may be in another state after such an event.
func changesMembers(k raftsim.EventKind) bool {
	switch k {
	case raftsim.RoleChanged, raftsim.MemberStarted, raftsim.MemberCrashed, raftsim.MemberRefused, raftsim.DiskFailed,
		raftsim.ActionDone, raftsim.MembersChanged, raftsim.PropertyBroken, raftsim.FaultSkipped:
		return true
	default:
		return false
	}
}
