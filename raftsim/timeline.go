package raftsim

import "sort"

// Timeline is a run with all its past: it moves a playhead over the run, and
// simulates what nobody has seen yet.
//
//	start ──●──────●──────●───▲──●──────► head
//	        checkpoints    playhead
//
// A checkpoint is a clone of the world. Going back means to take the last one
// before, and to run again what came after it: the same, because nothing in a
// world depends on anything outside it.
type Timeline struct {
	// world at the playhead.
	world *World
	// checkpoints by count; the first is the beginning.
	checkpoints []*World
	// spacing is the number of events between checkpoints.
	spacing int64
	// headCount and head are how far anybody has seen.
	headCount int64
	head      Time
	landmarks []Landmark
	// version changes whenever landmarks do.
	version int64
}

// Landmark is an event that a picture of the whole run shows.
type Landmark struct {
	Event
	// Count is the number of events up to this one, itself included.
	Count int64
}

const (
	firstSpacing   = 256
	maxCheckpoints = 512
)

// NewTimeline starts the run of w, which must be new.
func NewTimeline(w *World) *Timeline {
	return &Timeline{world: w, checkpoints: []*World{w.Clone()}, spacing: firstSpacing}
}

// World at the playhead. The caller must not change it.
func (t *Timeline) World() *World { return t.world }

// Head is the furthest moment seen.
func (t *Timeline) Head() Time { return t.head }

// Landmarks of the whole run up to the head. They change when Version does.
func (t *Timeline) Landmarks() []Landmark { return t.landmarks }

// Version changes whenever Landmarks may have.
func (t *Timeline) Version() int64 { return t.version }

// Seek moves the playhead to a moment, after all its events. It simulates at
// most budget events nobody has seen, and stops early if that is not enough.
func (t *Timeline) Seek(to Time, budget int64) {
	k := sort.Search(len(t.checkpoints), func(i int) bool { return t.checkpoints[i].Now() >= to })
	if to < t.world.Now() || k > 0 && t.checkpoints[k-1].Count() > t.world.Count() {
		t.restore(k)
	}
	for last := t.headCount + budget; t.world.Count() < last; {
		if next, ok := t.world.Next(); !ok || next > to {
			t.world.RunUntil(to)
			t.head = max(t.head, t.world.Now())
			return
		}
		t.step()
	}
}

// Step moves the playhead by n events, back if n is negative.
func (t *Timeline) Step(n int64) {
	to := max(0, t.world.Count()+n)
	if n < 0 {
		t.restore(sort.Search(len(t.checkpoints), func(i int) bool { return t.checkpoints[i].Count() > to }))
	}
	for t.world.Count() < to {
		if _, ok := t.world.Next(); !ok {
			return
		}
		t.step()
	}
}

// Reschedule replaces the schedule from the playhead on, and forgets what was
// seen of the future: it will go differently.
func (t *Timeline) Reschedule(schedule []Scheduled) {
	count := t.world.Count()
	keep := sort.Search(len(t.checkpoints), func(i int) bool { return t.checkpoints[i].Count() > count })
	clear(t.checkpoints[keep:])
	t.checkpoints = t.checkpoints[:keep]
	for _, w := range t.checkpoints {
		w.Reschedule(schedule)
	}
	t.world.Reschedule(schedule)
	t.landmarks = t.landmarks[:sort.Search(len(t.landmarks), func(i int) bool { return t.landmarks[i].Count > count })]
	t.headCount, t.head = count, t.world.Now()
	t.version++
}

// restore takes the last checkpoint before number i, or the first.
func (t *Timeline) restore(i int) {
	t.world = t.checkpoints[max(0, i-1)].Clone()
}

// step runs one event, and notes what is new.
func (t *Timeline) step() {
	t.world.Step()
	if t.world.Count() <= t.headCount {
		return
	}
	t.headCount, t.head = t.world.Count(), max(t.head, t.world.Now())
	for _, e := range t.world.Events() {
		if e.isLandmark() {
			t.landmarks = append(t.landmarks, Landmark{e, t.headCount})
			t.version++
		}
	}
	if t.headCount%t.spacing == 0 {
		t.checkpoint()
	}
}

// checkpoint keeps the present. When there are too many, every other one goes.
func (t *Timeline) checkpoint() {
	t.checkpoints = append(t.checkpoints, t.world.Clone())
	if len(t.checkpoints) <= maxCheckpoints {
		return
	}
	kept := t.checkpoints[:0]
	for i, w := range t.checkpoints {
		if i%2 == 0 {
			kept = append(kept, w)
		}
	}
	clear(t.checkpoints[len(kept):])
	t.checkpoints = kept
	t.spacing *= 2
}

// isLandmark reports whether a picture of the whole run shows the event.
func (e *Event) isLandmark() bool {
	switch e.Kind {
	case MemberStarted, MemberRefused, LossFound, Forgotten, FaultSkipped, BeyondModel, MemberCrashed, DiskFailed,
		SnapshotSaved, SnapshotDamaged, SnapshotInstalled, LinkFlapped, MembersChanged, RoleChanged, ActionDone, ActionSkipped, Settled, QuorumLost, PropertyBroken,
		OpInvoked, OpRetried, OpAnswered, OpRefused, OpUnknown,
		WatchOpened, WatchDelivered, WatchBroken, LockClaimed, LockGivenUp, ClientResumed:
		return true
	case TimerFired, MessageSent, MessageDelivered, MessageDropped, DiskWritten, DiskSynced, EntryApplied, OpArrived:
		return false
	}
	panic("raftsim: unknown event")
}
