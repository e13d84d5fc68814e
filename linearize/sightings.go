package linearize

import (
	"cmp"
	"slices"

	"github.com/castaway-kv/castaway/kv"
)

// sighting is a pair that answers showed. It was written at its ModRevision,
// and its key did not change from there to the last revision that still had it.
type sighting struct {
	kv.KeyValue
	until kv.Revision
}

// sightings tell what an operation without an answer can't have written. They
// are sorted by key, then by ModRevision.
type sightings struct {
	byKey []sighting
	// atGap are those written at a gap, by revision.
	atGap []sighting
}

// collectSightings reads all answers, if there are gaps to fill.
func collectSightings(c []candidate, gaps []kv.Revision) sightings {
	var s sightings
	if len(gaps) == 0 {
		return s
	}
	known := make(map[kv.KeyValue]int)
	for _, o := range c {
		eachPair(o.Request, o.Response, func(p kv.KeyValue, at kv.Revision) {
			i, ok := known[p]
			if !ok {
				i = len(s.byKey)
				known[p] = i
				s.byKey = append(s.byKey, sighting{p, at})
			}
			s.byKey[i].until = max(s.byKey[i].until, at)
		})
	}
	for _, p := range s.byKey {
		if _, gap := slices.BinarySearch(gaps, p.ModRevision); gap {
			s.atGap = append(s.atGap, p)
		}
	}
	slices.SortStableFunc(s.atGap, func(a, b sighting) int { return cmp.Compare(a.ModRevision, b.ModRevision) })
	slices.SortStableFunc(s.byKey, func(a, b sighting) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.ModRevision, b.ModRevision))
	})
	return s
}

// allow says whether the step between two states, which fills a gap, wrote all
// that was seen of it and changed no key that was seen unchanged.
func (s *sightings) allow(from, next *State) bool {
	first, _ := slices.BinarySearchFunc(s.atGap, next.revision, func(p sighting, r kv.Revision) int {
		return cmp.Compare(p.ModRevision, r)
	})
	for _, p := range s.atGap[first:] {
		if p.ModRevision != next.revision {
			break
		}
		if i, ok := find(next.pairs, p.Key); !ok || next.pairs[i] != p.KeyValue {
			return false
		}
	}
	for _, p := range next.pairs {
		if p.ModRevision == next.revision && s.unchanged(p.Key, next.revision) {
			return false
		}
	}
	for _, p := range from.pairs {
		if _, ok := find(next.pairs, p.Key); !ok && s.unchanged(p.Key, next.revision) {
			return false
		}
	}
	return true
}

// unchanged says whether a key was seen after a revision as it was before it.
func (s *sightings) unchanged(key string, at kv.Revision) bool {
	after, _ := slices.BinarySearchFunc(s.byKey, at, func(p sighting, at kv.Revision) int {
		return cmp.Or(cmp.Compare(p.Key, key), cmp.Compare(p.ModRevision, at))
	})
	if after == 0 {
		return false
	}
	last := s.byKey[after-1]
	return last.Key == key && last.until >= at
}
