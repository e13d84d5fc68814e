package raftsim

import "sort"

// beside is a second playhead, on another branch.
type beside struct {
	branch *branch
	world  *World
}

// Beside is the world of another branch at a moment, to be looked at beside the playhead's;
// it must not be changed, and counts until the next call. What has not been seen there it
// simulates, at most budget events of it. It goes on from where the last call was, so that
// two branches play side by side at little cost.
func (t *Timeline) Beside(id BranchID, to Time, budget int64) (*World, error) {
	b, err := t.find(id)
	if err != nil {
		return nil, err
	}
	s := &t.beside
	k := sort.Search(len(b.checkpoints), func(i int) bool { return b.checkpoints[i].world.Now() > to })
	from := &b.checkpoints[max(0, k-1)]
	if s.branch != b || s.world.Now() > to || from.world.Count() > s.world.Count() {
		*s = beside{b, b.restored(from)}
	}
	for last := b.count + budget; s.world.Count() < last; {
		if next, ok := s.world.Next(); !ok || next > to {
			s.world.RunUntil(to)
			if s.world.Count() == b.count {
				b.head = max(b.head, s.world.Now())
			}
			break
		}
		if s.world.Step(); s.world.Count() > b.count {
			b.note(s.world)
			b.keep(s.world, share(t.alive))
		}
	}
	return s.world, nil
}

// HashAt is the hash of the present branch after all events up to a moment that was seen.
func (t *Timeline) HashAt(at Time) uint64 {
	b := t.branch
	k := sort.Search(len(b.checkpoints), func(i int) bool { return b.checkpoints[i].world.Now() > at })
	w := b.restored(&b.checkpoints[max(0, k-1)])
	w.RunUntil(at)
	return w.Hash()
}

// LandmarksOf is how many landmarks a branch has, and LandmarkOf the i-th of them.
func (t *Timeline) LandmarksOf(id BranchID) int {
	if b, err := t.find(id); err == nil {
		return b.landmarks.len()
	}
	return 0
}

// LandmarkOf is landmark i of a branch, which must have it.
func (t *Timeline) LandmarkOf(id BranchID, i int) Landmark {
	return t.branches[id].landmarks.at(&t.world.config, i)
}
