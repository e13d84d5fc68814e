package mvcc

import (
	"fmt"
	"iter"
	"slices"

	"github.com/castaway-kv/castaway/internal/mix"
	"github.com/castaway-kv/castaway/kv"
)

// Store is the state of the store at its current revision, with all the
// revisions before. Make one with New.
type Store struct {
	index index
	// revision is never less than the mod of a version.
	revision kv.Revision
}

// New is an empty store, at revision 1 as in etcd.
func New() *Store { return &Store{index: newIndex(), revision: 1} }

// Revision is the current revision: one more for each request that changed
// something.
func (s *Store) Revision() kv.Revision { return s.revision }

// Clone is a store with the same contents that lives on its own, in constant
// time. The first writes to either copy the parts of the tree they touch.
func (s *Store) Clone() *Store { return &Store{index: s.index.clone(), revision: s.revision} }

// Apply carries out any request as one atomic step and answers it, with the
// response of the request's kind. The errors are those of kv.Validate and of a
// read at a revision that is not there: kv.ErrFutureRevision, kv.ErrCompacted.
// After an error the store is as before.
func (s *Store) Apply(r kv.Request) (kv.Response, error) {
	if err := kv.Validate(r); err != nil {
		return nil, err
	}
	w := writer{store: s}
	var response kv.Response
	switch r := r.(type) {
	case kv.RangeRequest:
		if r.Revision > s.revision {
			return nil, kv.ErrFutureRevision
		}
		return s.read(r, s.revision), nil
	case kv.PutRequest:
		response = w.put(r)
	case kv.DeleteRangeRequest:
		response = w.deleteRange(r)
	case kv.TxnRequest:
		taken, err := s.decide(r, nil)
		if err != nil {
			return nil, err
		}
		txn, _ := w.txn(r, taken)
		txn.Revision = w.revision()
		response = txn
	default:
		panic(fmt.Sprintf("mvcc: unknown request %T", r))
	}
	s.revision = w.revision()
	return response, nil
}

// Range reads the keys of a span, at the current revision or an older one. The
// errors are those of kv.Validate and kv.ErrFutureRevision.
func (s *Store) Range(r kv.RangeRequest) (kv.RangeResponse, error) {
	if err := kv.Validate(r); err != nil {
		return kv.RangeResponse{}, err
	}
	if r.Revision > s.revision {
		return kv.RangeResponse{}, kv.ErrFutureRevision
	}
	return s.read(r, s.revision), nil
}

// read answers a range request whose revision is known to be there; current is
// the revision to read at if it names none, and stands in the header.
func (s *Store) read(r kv.RangeRequest, current kv.Revision) kv.RangeResponse {
	at := current
	if r.Revision > 0 {
		at = r.Revision
	}
	response := kv.RangeResponse{Header: kv.Header{Revision: current}}
	for key, newest := range s.index.scan(r.Span) {
		v := newest.at(at)
		if v == nil {
			continue
		}
		if r.Limit > 0 && response.Count == r.Limit {
			response.More = true
			response.Count += s.index.count(kv.Span{Key: key, End: r.End}, at)
			break
		}
		response.KVs = append(response.KVs, v.keyValue(key))
		response.Count++
	}
	return response
}

// All goes through the keys that are there at the current revision, in ascending
// order. The store must not be changed meanwhile; a clone may.
func (s *Store) All() iter.Seq[kv.KeyValue] {
	return func(yield func(kv.KeyValue) bool) {
		for key, newest := range s.index.scan(kv.Prefix("")) {
			if newest.live() && !yield(newest.keyValue(key)) {
				return
			}
		}
	}
}

// History goes through all changes of a key, oldest first. A deletion is a pair
// with nothing but Key and ModRevision.
func (s *Store) History(key string) iter.Seq[kv.KeyValue] {
	return func(yield func(kv.KeyValue) bool) {
		var versions []*version
		for v := s.index.get(key); v != nil; v = v.older {
			versions = append(versions, v)
		}
		for _, v := range slices.Backward(versions) {
			if !yield(v.keyValue(key)) {
				return
			}
		}
	}
}

// Hash is a 64-bit digest of the revision and of all keys that are there at it.
// It depends on these alone, so members that applied the same requests agree, on
// any machine.
func (s *Store) Hash() uint64 {
	var h mix.Hash
	h.Word(uint64(s.revision))
	for pair := range s.All() {
		h.String(pair.Key)
		h.String(pair.Value)
		h.Word(uint64(pair.CreateRevision))
		h.Word(uint64(pair.ModRevision))
		h.Word(uint64(pair.Version))
	}
	return h.Sum()
}
