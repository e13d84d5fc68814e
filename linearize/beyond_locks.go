package linearize

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/kv"
)

// Hold is a time for which a client held a lock.
type Hold struct {
	// Lock by name, and the client.
	Lock   string
	Client int
	// Acquired is the revision that gave the lock to the client, its fencing
	// token; Released the one that took it away, 0 if it never was.
	Acquired, Released kv.Revision
	// From and To are stamps between which the client believed to hold it.
	From, To int64
}

// FencedWrite is a write to a resource that is protected by a lock.
type FencedWrite struct {
	Resource string
	Client   int
	// Token that came with the write: the revision that acquired the lock.
	Token kv.Revision
	// Stamp orders the writes to a resource.
	Stamp int64
	// Landed says that the resource took it.
	Landed bool
}

// checkLocks: by revision, nobody acquires a lock before the holder before was
// released. That clients believe to hold it at one time is no fault of the store:
// a client that was paused can't know. It is noted.
func checkLocks(r *Record) Property {
	p := Property{Name: "locks", Checked: len(r.Locks)}
	for _, holds := range byLock(r.Locks) {
		for k := 1; k < len(holds); k++ {
			a, b := &holds[k-1], &holds[k]
			if a.Released == 0 || b.Acquired < a.Released {
				p.breaks(nil, b.Acquired, "client %d acquires %s at revision %d, while client %d holds it since %d", b.Client, b.Lock, b.Acquired, a.Client, a.Acquired)
			}
		}
		slices.SortStableFunc(holds, func(a, b Hold) int { return cmp.Compare(a.From, b.From) })
		for k := 1; k < len(holds); k++ {
			if a, b := &holds[k-1], &holds[k]; b.From < a.To && a.Client != b.Client {
				p.Notes = append(p.Notes, fmt.Sprintf("clients %d and %d believed to hold %s at one time, from %d to %d: only a fencing token protects what they do then",
					a.Client, b.Client, b.Lock, b.From, min(a.To, b.To)))
			}
		}
	}
	return p.done("")
}

// byLock are the holds of each lock, by revision.
func byLock(all []Hold) [][]Hold {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b Hold) int {
		return cmp.Or(cmp.Compare(a.Lock, b.Lock), cmp.Compare(a.Acquired, b.Acquired))
	})
	var groups [][]Hold
	for k := range sorted {
		if k == 0 || sorted[k].Lock != sorted[k-1].Lock {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], sorted[k])
	}
	return groups
}

// checkFencing: a write with an old token doesn't land after one with a newer.
func checkFencing(r *Record) Property {
	p := Property{Name: "fencing", Checked: len(r.Fenced)}
	writes := slices.Clone(r.Fenced)
	slices.SortStableFunc(writes, func(a, b FencedWrite) int { return cmp.Compare(a.Stamp, b.Stamp) })
	newest := map[string]FencedWrite{}
	for _, w := range writes {
		if !w.Landed {
			continue
		}
		if last, ok := newest[w.Resource]; ok && w.Token < last.Token {
			p.breaks(nil, w.Token, "client %d writes %s with the token %d after client %d did with %d", w.Client, w.Resource, w.Token, last.Client, last.Token)
		}
		newest[w.Resource] = w
	}
	return p.done("")
}
