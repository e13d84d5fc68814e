package session

import (
	"github.com/castaway-kv/castaway/raftsim"
)

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
	out := Store{Member: int(id), Revision: int64(from.Revision()), At: int64(from.Revision()), Keys: []Key{}, Leases: []Lease{}, Watchers: []Watcher{}}
	for p := range from.All() {
		if out.Count++; out.Count <= maxKeys {
			out.Keys = append(out.Keys, Key{
				Key: clip(p.Key), Value: clip(p.Value),
				CreateRevision: int64(p.CreateRevision), ModRevision: int64(p.ModRevision), Version: p.Version,
			})
		}
	}
	return out
}
