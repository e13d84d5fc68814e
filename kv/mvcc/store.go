package mvcc

import (
	"fmt"

	"github.com/castaway-kv/castaway/kv"
)

// Store is the state of the store at its current revision, with all the
// revisions that are kept. Make one with New or Restore.
type Store struct {
	index index
	// log has the versions with a mod at or after compacted, by their mod.
	log changelog
	// revision is never less than the mod of a version.
	revision kv.Revision
	// compacted is the oldest revision that can be read: of each key, at most one
	// version is at or before it.
	compacted kv.Revision
	// size of all versions in the index.
	size int64
}

// neverCompacted is where etcd says that a store without compaction begins.
const neverCompacted kv.Revision = -1

// New is an empty store, at revision 1 as in etcd.
func New() *Store { return &Store{index: newIndex(), revision: 1, compacted: neverCompacted} }

// Revision is the current revision: one more for each request that changed
// something.
func (s *Store) Revision() kv.Revision { return s.revision }

// Compacted is the revision of the last compaction, the oldest one that can be
// read; -1, as in etcd, when there was none.
func (s *Store) Compacted() kv.Revision { return s.compacted }

// Size is about how many bytes the store takes: a sum over all versions of all
// keys that are kept, the same on every member. Quotas are about this size.
func (s *Store) Size() int64 { return s.size }

// Clone is a store with the same contents that lives on its own, in constant
// time. The first writes to either copy the parts of the index they touch.
func (s *Store) Clone() *Store {
	return &Store{
		index: s.index.clone(), log: s.log.clone(),
		revision: s.revision, compacted: s.compacted, size: s.size,
	}
}

// ErrNotForStore: Apply was given a request on leases or alarms, which a store
// alone does not have. Package machine answers these.
var ErrNotForStore = fmt.Errorf("mvcc: the store has no leases and no alarms: apply the request to a machine.Machine")

// Leases says which leases there are. A put may attach its key to these only.
type Leases interface {
	// Granted says whether there is a lease with this id.
	Granted(id kv.LeaseID) bool
}

// Apply is Execute for a store without leases.
func (s *Store) Apply(r kv.Request) (kv.Response, error) { return s.Execute(r, nil) }

// Execute carries out a request on keys as one atomic step and answers it, with
// the response of the request's kind. The events of the revision that it made, if
// Revision shows one, are there in Events. The errors are
//
//   - those of kv.Validate,
//   - kv.ErrFutureRevision and kv.ErrCompacted for a read or a compaction at a
//     revision that is not there,
//   - kv.ErrLeaseNotFound for a put with a lease that is not among leases; nil is
//     no leases,
//   - kv.ErrKeyNotFound for a put that keeps what a missing key had,
//   - ErrNotForStore.
//
// After an error the store is as before.
func (s *Store) Execute(r kv.Request, leases Leases) (kv.Response, error) {
	if err := kv.Validate(r); err != nil {
		return nil, err
	}
	switch r := r.(type) {
	case kv.RangeRequest:
		if err := s.checkRead(r.Revision); err != nil {
			return nil, err
		}
		return s.read(r, s.revision), nil
	case kv.CompactRequest:
		if err := s.compact(r.Revision); err != nil {
			return nil, err
		}
		return kv.CompactResponse{Header: kv.Header{Revision: s.revision}}, nil
	case kv.PutRequest, kv.DeleteRangeRequest, kv.TxnRequest:
		return s.write(r, leases)
	default:
		return nil, ErrNotForStore
	}
}

// write carries out a request that may make a revision.
func (s *Store) write(r kv.Request, leases Leases) (response kv.Response, err error) {
	c := checker{store: s, leases: leases}
	w := writer{store: s}
	switch r := r.(type) {
	case kv.PutRequest:
		if err := c.put(r); err != nil {
			return nil, err
		}
		response = w.put(r)
	case kv.DeleteRangeRequest:
		response = w.deleteRange(r)
	case kv.TxnRequest:
		if err := c.txn(r); err != nil {
			return nil, err
		}
		txn, _ := w.txn(r, c.taken)
		txn.Revision = w.revision()
		response = txn
	}
	s.revision = w.revision()
	return response, nil
}

// Delete deletes those of the keys that are there, in one revision and in the
// order given, and says how many they were: what the end of a lease does. It
// leaves the revision when there were none.
func (s *Store) Delete(keys []string) (deleted int64) {
	w := writer{store: s}
	for _, key := range keys {
		if p := s.index.find(key); p.newest().live() {
			w.remove(p)
			deleted++
		}
	}
	s.revision = w.revision()
	return deleted
}
