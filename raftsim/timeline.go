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
//
// A run that is changed in its past goes on differently: Fork keeps both, as branches of
// a tree. The playhead is on one of them; Head, Landmarks and the rest are that one's.
type Timeline struct {
	// world at the playhead.
	world *World
	// branch of the playhead; branches are all, by ID, nil where one was dropped.
	branch   *branch
	branches []*branch
	// alive is how many there are.
	alive int
	// near are clones between the checkpoint that the playhead came from and the
	// playhead, at most nearClones of them: they make single steps back short.
	near []*World
	// nearCost is what was done since the last of them.
	nearCost int64
	// version changes whenever landmarks do.
	version int64
	// beside is where Beside stands.
	beside beside
	// observer, if not nil, is told of every step of the playhead's world.
	observer Observer
}

// Observer follows a playhead. Where it jumps there is a gap in the counts of events.
type Observer interface {
	// Before is told the world before a step, After after it.
	Before(w *World)
	After(w *World)
}

// Observe tells an observer of every step of the playhead from now on; nil ends that.
func (t *Timeline) Observe(o Observer) { t.observer = o }

// WorldAt is the world of the present branch right after an event that was seen, for the
// caller to keep.
func (t *Timeline) WorldAt(count int64) *World {
	return t.branch.worldAt(min(max(0, count), t.branch.count))
}

// NewTimeline starts the run of w, which must be new. It returns nil for a world that
// can't be cloned (Config.Core).
func NewTimeline(w *World) *Timeline {
	if w.config.Core != nil {
		return nil
	}
	b := newBranch(w)
	return &Timeline{world: w, branch: b, branches: []*branch{b}, alive: 1}
}

// World at the playhead. The caller must not change it.
func (t *Timeline) World() *World { return t.world }

// Head is the furthest moment seen.
func (t *Timeline) Head() Time { return t.branch.head }

// Landmarks counts those of the whole run up to the head. They change when Version does.
func (t *Timeline) Landmarks() int { return t.branch.landmarks.len() }

// LandmarksUntil counts those up to an event.
func (t *Timeline) LandmarksUntil(count int64) int { return t.branch.landmarks.until(count) }

// Landmark is number i of them, in order of time.
func (t *Timeline) Landmark(i int) Landmark { return t.branch.landmarks.at(&t.world.config, i) }

// Events is the number of events up to the head.
func (t *Timeline) Events() int64 { return t.branch.count }

// Version changes whenever Landmarks may have.
func (t *Timeline) Version() int64 { return t.version }

// Seek moves the playhead to a moment, after all its events. It simulates at
// most budget events nobody has seen, and stops early if that is not enough.
func (t *Timeline) Seek(to Time, budget int64) {
	t.restore(func(w *World) bool { return w.Now() <= to }, to < t.world.Now())
	for last := t.last(budget); t.world.Count() < last; {
		if !t.due(to) {
			t.world.RunUntil(to)
			t.branch.head = max(t.branch.head, t.world.Now())
			return
		}
		t.step()
	}
}

// SeekEvent moves the playhead to right after event number count, 0 being the
// beginning. The budget is as in Seek; a run that ends before stops it too.
func (t *Timeline) SeekEvent(count, budget int64) {
	count = max(0, count)
	t.restore(func(w *World) bool { return w.Count() <= count }, count < t.world.Count())
	for last := min(count, t.last(budget)); t.world.Count() < last && t.due(never); {
		t.step()
	}
}

// Step moves the playhead by n events, back if n is negative.
func (t *Timeline) Step(n int64) { t.SeekEvent(t.world.Count()+n, max(0, n)) }

// last is the number of the last event that a budget of unseen events pays for.
func (t *Timeline) last(budget int64) int64 { return t.branch.count + budget }

// due says whether there is an event next, at until or before.
func (t *Timeline) due(until Time) bool {
	next, ok := t.world.Next()
	return ok && next <= until
}

// restore takes the last checkpoint of those that lie before a target, which come
// first: if the playhead must go back, or if one lies ahead of it.
func (t *Timeline) restore(before func(*World) bool, back bool) {
	b := t.branch
	k := sort.Search(len(b.checkpoints), func(i int) bool { return !before(b.checkpoints[i].world) })
	from := &b.checkpoints[max(0, k-1)]
	near := t.near[:sort.Search(len(t.near), func(i int) bool { return !before(t.near[i]) })]
	switch {
	case back && len(near) > 0 && near[len(near)-1].Count() > from.world.Count():
		t.world, t.near, t.nearCost = near[len(near)-1].Clone(), near, 0
	case back || from.world.Count() > t.world.Count():
		t.world, t.near, t.nearCost = b.restored(from), nil, 0
	}
}

// step runs one event, and notes what is new.
func (t *Timeline) step() {
	b := t.branch
	if t.observer != nil {
		t.observer.Before(t.world)
	}
	t.world.Step()
	if t.observer != nil {
		t.observer.After(t.world)
	}
	if t.world.Count() <= b.count {
		t.keepNear()
		return
	}
	if b.note(t.world) {
		t.version++
	}
	if b.keep(t.world, share(t.alive)) {
		t.near = nil
	}
}

// nearClones is how many clones stand between two checkpoints where the playhead is.
const nearClones = 8

// keepNear leaves a clone behind, now and then, on the way from a checkpoint.
func (t *Timeline) keepNear() {
	t.nearCost += cost(t.world)
	if t.nearCost < t.branch.spacing/nearClones {
		return
	}
	t.nearCost = 0
	if len(t.near) == nearClones {
		t.near = append(t.near[:0], t.near[1:]...)
	}
	t.near = append(t.near, t.world.Clone())
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
