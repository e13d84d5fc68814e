package raftsim

import (
	"sort"

	"github.com/castaway-kv/castaway/raft"
)

// Mark is a kind of moment that a person steps to.
type Mark uint8

// The marks.
const (
	// MarkElection: a member has become the leader.
	MarkElection Mark = iota
	// MarkCommit: an entry is known to be committed that was not before.
	MarkCommit
	// MarkAnswer: an operation of a client has ended, with an answer or without.
	MarkAnswer
	// MarkFault: something was done to the cluster or has broken, or was mended.
	MarkFault
	markKinds
)

func (m Mark) String() string { return [...]string{"election", "commit", "answer", "fault"}[m] }

// markOf is the mark of an event, false if it has none; commits show in no event.
func markOf(e *Event) (Mark, bool) {
	switch e.Kind {
	case RoleChanged:
		return MarkElection, e.Role == raft.Leader
	case OpAnswered, OpRefused, OpUnknown:
		return MarkAnswer, true
	case MemberCrashed, MemberRefused, LossFound, Forgotten, BeyondModel, DiskFailed, SnapshotDamaged, LinkFlapped, ActionDone,
		PropertyBroken:
		return MarkFault, true
	case MemberStarted:
		return MarkFault, e.N > 1
	default:
		return 0, false
	}
}

// Next moves the playhead to right after the next event with a mark; false if there
// is none up to a moment. Then the playhead is there, or as far as the budget of unseen
// events went.
func (t *Timeline) Next(m Mark, until Time, budget int64) bool {
	list, now := &t.branch.marks[m], t.world.Count()
	if i := sort.Search(list.Len(), func(i int) bool { return list.At(i) > now }); i < list.Len() {
		return t.goTo(list.At(i), until)
	}
	if t.branch.head > until {
		t.Seek(max(until, t.world.Now()), 1)
		return false
	}
	t.SeekEvent(t.branch.count, 0)
	seen := list.Len()
	return t.Find(func(*World) bool { return list.Len() > seen }, until, budget)
}

// goTo moves the playhead to an event that was seen, unless it lies after a moment:
// then to that, but not back.
func (t *Timeline) goTo(count int64, until Time) bool {
	now := t.world.Now()
	t.SeekEvent(count, 0)
	if t.world.Now() <= until {
		return true
	}
	t.Seek(max(until, now), 1)
	return false
}

// Previous moves the playhead back to right after the last event with a mark before
// the one it stands after; false if there is none, and it stays.
func (t *Timeline) Previous(m Mark) bool {
	list, now := &t.branch.marks[m], t.world.Count()
	i := sort.Search(list.Len(), func(i int) bool { return list.At(i) >= now })
	if i == 0 {
		return false
	}
	t.SeekEvent(list.At(i-1), 0)
	return true
}

// Find moves the playhead on, to right after the next event with which holds of the
// world; false if there is none up to a moment. Then the playhead is there, or as far
// as the budget of unseen events went. World.Events are those of the step.
func (t *Timeline) Find(which func(*World) bool, until Time, budget int64) bool {
	for last := t.last(budget); t.due(until); {
		if t.world.Count() >= last {
			return false
		}
		if t.step(); which(t.world) {
			return true
		}
	}
	t.Seek(max(until, t.world.Now()), 1)
	return false
}

// FindBack moves the playhead back to right after the last event before the one it
// stands after with which holds of the world; false if there is none among the last budget
// events, and it stays.
func (t *Timeline) FindBack(which func(*World) bool, budget int64) bool {
	now := t.world.Count()
	for last := now - 1; last > max(0, now-1-budget); {
		w := t.branch.restoredAt(last - 1)
		begin, found := w.Count(), int64(-1)
		for w.Count() < last {
			if w.Step(); which(w) {
				found = w.Count()
			}
		}
		if found >= 0 {
			t.SeekEvent(found, 0)
			return true
		}
		last = begin
	}
	return false
}
