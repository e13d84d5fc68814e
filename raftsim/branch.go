package raftsim

import (
	"sort"

	"github.com/castaway-kv/castaway/internal/cow"
)

// branch is one run of a timeline, from the beginning to as far as it was seen.
type branch struct {
	Branch
	edition *edition
	// checkpoints by count; the first is the beginning. Those up to the fork are shared
	// with the branch it came from.
	checkpoints []checkpoint
	// spacing is what may be done between checkpoints, and cost what was since the last.
	spacing, cost int64
	// count and head are how far anybody has seen.
	count int64
	head  Time
	// landmarks, and the counts of events with a mark.
	landmarks landmarks
	marks     [markKinds]cow.Vector[int64]
	// committed is the highest index known to be committed at the head.
	committed int
}

// edition is a schedule, and tells those of before and after a change apart.
type edition struct{ schedule []Scheduled }

// checkpoint is a clone of the world, and the schedule that it would go on with.
type checkpoint struct {
	world   *World
	edition *edition
}

const (
	firstSpacing = 1024
	// maxCheckpoints is how many a branch has at most while it is alone, minCheckpoints how
	// many it has in any case: branches share the room.
	maxCheckpoints = 200
	minCheckpoints = 32
)

// share is how many checkpoints each of n branches may have.
func share(n int) int { return max(minCheckpoints, maxCheckpoints/max(1, n)) }

// cost of a world's last step, in about a quarter of a microsecond: what it did shows in
// what was traced and copied. Time itself must not count, or runs would differ.
func cost(w *World) int64 {
	const bytes = 64
	return 1 + int64(len(w.trace)) + w.copied/bytes
}

// newBranch begins with a world in which nothing has happened yet.
func newBranch(w *World) *branch {
	e := &edition{w.config.Schedule}
	return &branch{
		Branch:  Branch{Parent: NoBranch},
		edition: e, checkpoints: []checkpoint{{w.Clone(), e}}, spacing: firstSpacing,
	}
}

// restored is the world of a checkpoint, going on by the branch's schedule.
func (b *branch) restored(c *checkpoint) *World {
	w := c.world.Clone()
	if c.edition != b.edition {
		w.Reschedule(b.edition.schedule)
	}
	return w
}

// restoredAt is the world of the last checkpoint up to an event.
func (b *branch) restoredAt(count int64) *World {
	k := sort.Search(len(b.checkpoints), func(i int) bool { return b.checkpoints[i].world.Count() > count })
	return b.restored(&b.checkpoints[max(0, k-1)])
}

// worldAt is the world right after an event that was seen.
func (b *branch) worldAt(count int64) *World {
	w := b.restoredAt(count)
	for w.Count() < count {
		w.Step()
	}
	return w
}

// note takes in a step that nobody has seen; it says whether there was a landmark.
func (b *branch) note(w *World) (landmark bool) {
	b.count, b.head = w.Count(), max(b.head, w.Now())
	var seen [markKinds]bool
	for i := range w.trace {
		e := &w.trace[i]
		if e.isLandmark() {
			b.landmarks.add(w, e)
			landmark = true
		}
		if m, ok := markOf(e); ok {
			seen[m] = true
		}
	}
	if n := int(w.checks.committed()); n > b.committed {
		b.committed, seen[MarkCommit] = n, true
	}
	for m := range seen {
		if seen[m] {
			b.marks[m].Append(b.count)
		}
	}
	return landmark
}

// keep makes a checkpoint of a world if it is time for one. When there are more than
// most, every other one goes.
func (b *branch) keep(w *World, most int) bool {
	b.cost += cost(w)
	if b.cost < b.spacing {
		return false
	}
	b.cost = 0
	b.checkpoints = append(b.checkpoints, checkpoint{w.Clone(), b.edition})
	b.thin(most)
	return true
}

// thin lets every other checkpoint go until there are at most so many.
func (b *branch) thin(most int) {
	for len(b.checkpoints) > most {
		kept := b.checkpoints[:0]
		for i, c := range b.checkpoints {
			if i%2 == 0 {
				kept = append(kept, c)
			}
		}
		clear(b.checkpoints[len(kept):])
		b.checkpoints = kept
		b.spacing *= 2
	}
}

// forget drops what lies after the world's last event.
func (b *branch) forget(w *World) {
	count := w.Count()
	k := sort.Search(len(b.checkpoints), func(i int) bool { return b.checkpoints[i].world.Count() > count })
	clear(b.checkpoints[k:])
	b.checkpoints = b.checkpoints[:k]
	b.landmarks.truncate(b.landmarks.until(count))
	for m := range b.marks {
		list := &b.marks[m]
		list.Truncate(sort.Search(list.Len(), func(i int) bool { return list.At(i) > count }))
	}
	b.count, b.head, b.cost = count, w.Now(), 0
	b.committed = int(w.checks.committed())
}

// clone is the branch once more; it shares what was seen.
func (b *branch) clone() *branch {
	c := *b
	c.checkpoints = append([]checkpoint(nil), b.checkpoints...)
	c.landmarks = b.landmarks.clone()
	for m := range c.marks {
		c.marks[m] = b.marks[m].Clone()
	}
	return &c
}
