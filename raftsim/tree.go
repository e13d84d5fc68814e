package raftsim

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// BranchID names a branch of a timeline. The first is 0; a number is never used again.
type BranchID int

// NoBranch is the parent of the first branch.
const NoBranch BranchID = -1

// MaxBranches is how many branches a timeline holds at once.
const MaxBranches = 32

// Branch is one of the runs of a timeline.
type Branch struct {
	// ID of the branch, and of the one it came from; NoBranch for the first.
	ID, Parent BranchID
	// At is the moment of the fork, and Shared the number of events up to there: so far
	// it is like its parent.
	At     Time
	Shared int64
	// Head is the furthest moment seen, and Events the number of events up to there.
	Head   Time
	Events int64
	// Schedule of the whole run.
	Schedule []Scheduled
}

// ErrTooManyBranches: drop one first.
var ErrTooManyBranches = fmt.Errorf("raftsim: there are %d branches already: drop one first", MaxBranches)

// Branch is the one with the playhead.
func (t *Timeline) Branch() BranchID { return t.branch.ID }

// Branches are all that there are, by ID.
func (t *Timeline) Branches() []Branch {
	var list []Branch
	for _, b := range t.branches {
		if b != nil {
			x := b.Branch
			x.Head, x.Events, x.Schedule = b.head, b.count, slices.Clone(b.edition.schedule)
			list = append(list, x)
		}
	}
	return list
}

// Reschedule replaces the schedule from the playhead on, and forgets what was
// seen of the future: it will go differently. What was done of the old schedule must
// stand at the beginning of the new one. Fork keeps the future as well.
func (t *Timeline) Reschedule(schedule []Scheduled) {
	for _, b := range t.branches {
		if b != nil && b.Parent == t.branch.ID && b.Shared > t.world.Count() {
			b.At, b.Shared = t.world.Now(), t.world.Count()
		}
	}
	t.branch.forget(t.world)
	t.resume(schedule)
}

// Fork begins a branch at the playhead, which moves to it: from there on it goes by
// another schedule. The branch it comes from stays as it is. The schedule must be
// that of the present one up to the playhead, and valid: else the error says what is not.
func (t *Timeline) Fork(schedule []Scheduled) (BranchID, error) {
	if err := t.mayGoOn(schedule); err != nil {
		return NoBranch, err
	}
	if t.alive == MaxBranches {
		return NoBranch, ErrTooManyBranches
	}
	b := t.branch.clone()
	b.Branch = Branch{ID: BranchID(len(t.branches)), Parent: t.branch.ID, At: t.world.Now(), Shared: t.world.Count()}
	b.forget(t.world)
	t.branches = append(t.branches, b)
	t.branch = b
	t.alive++
	for _, b := range t.branches {
		if b != nil {
			b.thin(share(t.alive))
		}
	}
	t.resume(schedule)
	return b.ID, nil
}

// Act forks with one more action, right after the playhead: one nanosecond later, so
// that it comes before all else of its moment.
func (t *Timeline) Act(a Action) (BranchID, error) {
	return t.Fork(withAction(t.branch.edition.schedule, Scheduled{t.world.Now() + 1, a}))
}

// withAction is a schedule with one more action, after those of its moment.
func withAction(schedule []Scheduled, s Scheduled) []Scheduled {
	list := slices.Clone(schedule)
	slices.SortStableFunc(list, func(a, b Scheduled) int { return cmp.Compare(a.At, b.At) })
	i, _ := slices.BinarySearchFunc(list, s.At+1, func(x Scheduled, at Time) int { return cmp.Compare(x.At, at) })
	return slices.Insert(list, i, s)
}

// resume goes on by a schedule from the playhead, which is the head.
func (t *Timeline) resume(schedule []Scheduled) {
	t.branch.edition = &edition{slices.Clone(schedule)}
	t.world.Reschedule(schedule)
	t.near, t.nearCost, t.beside = nil, 0, beside{}
	t.version++
}

// mayGoOn says why the playhead's world can't go on by a schedule.
func (t *Timeline) mayGoOn(schedule []Scheduled) error {
	c := t.world.config
	c.Schedule = schedule
	if err := c.Validate(); err != nil {
		return fmt.Errorf("raftsim: %w", err)
	}
	list := slices.Clone(schedule)
	slices.SortStableFunc(list, func(a, b Scheduled) int { return cmp.Compare(a.At, b.At) })
	done := t.world.acted
	if len(list) < done {
		return fmt.Errorf("raftsim: %d actions were done up to here, and the schedule has %d", done, len(list))
	}
	for i, s := range list[:done] {
		if old := t.world.config.Schedule[i]; s.At != old.At || fmt.Sprint(s.Action) != fmt.Sprint(old.Action) {
			return fmt.Errorf("raftsim: the schedule says %v at %s, where %v was done at %s", s.Action, s.At.String(), old.Action, old.At.String())
		}
	}
	if len(list) > done && list[done].At <= t.world.now {
		return fmt.Errorf("raftsim: %v at %s lies in the past", list[done].Action, list[done].At.String())
	}
	return nil
}

// Switch moves the playhead to another branch, to the moment where it stands. If that
// has not been seen there, it simulates at most budget events, as Seek does.
func (t *Timeline) Switch(id BranchID, budget int64) error {
	b, err := t.find(id)
	if err != nil {
		return err
	}
	if b == t.branch {
		return nil
	}
	now := t.world.Now()
	t.branch, t.world, t.near, t.nearCost = b, b.restored(&b.checkpoints[0]), nil, 0
	t.version++
	t.Seek(now, budget)
	return nil
}

// Drop forgets a branch. Those that came from it stay. The first one and the one with
// the playhead can't be dropped.
func (t *Timeline) Drop(id BranchID) error {
	b, err := t.find(id)
	switch {
	case err != nil:
		return err
	case b == t.branch:
		return errors.New("raftsim: the playhead is on that branch: switch to another one first")
	case id == 0:
		return errors.New("raftsim: the first branch stays")
	}
	for _, child := range t.branches {
		if child != nil && child.Parent == id {
			child.Parent = b.Parent
			child.At, child.Shared = min(child.At, b.At), min(child.Shared, b.Shared)
		}
	}
	t.branches[id] = nil
	t.alive--
	if t.beside.branch == b {
		t.beside = beside{}
	}
	return nil
}

func (t *Timeline) find(id BranchID) (*branch, error) {
	if id < 0 || int(id) >= len(t.branches) || t.branches[id] == nil {
		return nil, fmt.Errorf("raftsim: there is no branch %d", id)
	}
	return t.branches[id], nil
}

// shared is the number of events that two branches have in common because they are
// of one stem.
func (t *Timeline) shared(a, b *branch) int64 {
	shared := min(a.count, b.count)
	for a != b {
		if a.ID < b.ID { // a parent is older than its children
			a, b = b, a
		}
		shared = min(shared, a.Shared)
		a = t.branches[a.Parent]
	}
	return shared
}
