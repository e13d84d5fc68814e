package session

import (
	"fmt"
	"iter"
	"slices"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/lease"
	"github.com/castaway-kv/castaway/kv/mvcc"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// Bounds of what is shown of a store.
const (
	maxLeases    = 50
	maxLeaseKeys = 20
	maxWatchers  = 50
)

// store is that of the member that is looked at, of the leader's, or of whoever has the most.
func (s *Session) store(w *raftsim.World) Store {
	id := looksAt(w, s.look.Member)
	if id == 0 {
		id = w.Leader()
	}
	from := w.CommittedStore()
	if id != 0 && w.Store(id) != nil {
		from = w.Store(id)
	} else {
		id = 0
	}
	out := Store{
		Member: int(id), Revision: int64(from.Revision()), Compacted: max(0, int64(from.Compacted())),
		Leases: leases(w, id), Watchers: watchers(w),
	}
	out.At, out.Keys, out.Count = keysAt(from, s.look.Revision)
	return out
}

// keysAt are the keys of a store at a revision, at the newest if that is 0 or not kept.
func keysAt(from *mvcc.Store, at int64) (revision int64, keys []Key, count int64) {
	revision, all := int64(from.Revision()), from.All()
	if at > 0 && at < revision {
		r, err := from.Range(kv.RangeRequest{Span: kv.Prefix(""), Revision: kv.Revision(at), Limit: maxKeys})
		if err == nil {
			return at, keysOf(slices.Values(r.KVs)), r.Count
		}
	}
	keys = []Key{}
	for p := range all {
		if count++; count <= maxKeys {
			keys = append(keys, keyOf(&p))
		}
	}
	return revision, keys, count
}

func keysOf(all iter.Seq[kv.KeyValue]) []Key {
	keys := []Key{}
	for p := range all {
		keys = append(keys, keyOf(&p))
	}
	return keys
}

func keyOf(p *kv.KeyValue) Key {
	k := Key{
		Key: clip(p.Key), Value: clip(p.Value),
		CreateRevision: int64(p.CreateRevision), ModRevision: int64(p.ModRevision), Version: p.Version,
	}
	if p.Lease != 0 {
		k.Lease = p.Lease.String()
	}
	return k
}

// leaderOrNewest is the leader, or without one some member that is up.
func leaderOrNewest(w *raftsim.World) raft.ID {
	if leader := w.Leader(); leader != 0 {
		return leader
	}
	for _, id := range w.MemberIDs() {
		if w.Store(id) != nil {
			return id
		}
	}
	return 0
}

func leasesOf(w *raftsim.World, id raft.ID) *lease.Lessor {
	if id == 0 {
		return nil
	}
	return w.Leases(id)
}

// leases are those of a member; what they have left is by the leader's clock.
func leases(w *raftsim.World, id raft.ID) []Lease {
	list := []Lease{}
	if id == 0 {
		id = leaderOrNewest(w)
	}
	lessor := leasesOf(w, id)
	if lessor == nil {
		return list
	}
	for x, ttl := range lessor.All() {
		if len(list) == maxLeases {
			break
		}
		l := Lease{ID: x.String(), TTL: int64(ttl) * int64(raftsim.Second), Remaining: w.LeaseRemaining(x), Keys: []string{}}
		for key := range lessor.Keys(x) {
			if len(l.Keys) == maxLeaseKeys {
				break
			}
			l.Keys = append(l.Keys, clip(key))
		}
		list = append(list, l)
	}
	return list
}

// watchers are the clients that watch.
func watchers(w *raftsim.World) []Watcher {
	list := []Watcher{}
	newest := w.CommittedStore().Revision()
	for _, v := range w.Watchers() {
		if len(list) == maxWatchers {
			break
		}
		list = append(list, Watcher{
			Client: v.Name, Member: int(v.Member), Span: clip(fmt.Sprint(v.Span)), Next: int64(v.Next), Heard: v.Heard,
			Lags: v.Next > 0 && v.Next <= newest,
		})
	}
	return list
}
