package mvcc

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"strings"

	"github.com/castaway-kv/castaway/kv"
)

// Range reads the keys of a span, at the current revision or an older one. The
// errors are those of kv.Validate, kv.ErrFutureRevision and kv.ErrCompacted.
func (s *Store) Range(r kv.RangeRequest) (kv.RangeResponse, error) {
	if err := kv.Validate(r); err != nil {
		return kv.RangeResponse{}, err
	}
	if err := s.checkRead(r.Revision); err != nil {
		return kv.RangeResponse{}, err
	}
	return s.read(r, s.revision), nil
}

// All goes through the keys that are there at the current revision, in ascending
// order. The store must not be changed meanwhile; a clone may.
func (s *Store) All() iter.Seq[kv.KeyValue] {
	return func(yield func(kv.KeyValue) bool) {
		for v := range s.live(kv.Prefix(""), s.revision) {
			if !yield(v.keyValue()) {
				return
			}
		}
	}
}

// History goes through all changes of a key that are kept, oldest first. A
// deletion is a pair with nothing but Key and ModRevision.
func (s *Store) History(key string) iter.Seq[kv.KeyValue] {
	return func(yield func(kv.KeyValue) bool) {
		var versions []*version
		for v := s.index.get(key); v != nil; v = v.older {
			versions = append(versions, v)
		}
		for _, v := range slices.Backward(versions) {
			if !yield(v.keyValue()) {
				return
			}
		}
	}
}

// checkRead says whether the state at a revision can be read. All revisions up to
// 0 mean the newest.
func (s *Store) checkRead(r kv.Revision) error {
	switch {
	case r > s.revision:
		return kv.ErrFutureRevision
	case r > 0 && r < s.compacted:
		return kv.ErrCompacted
	default:
		return nil
	}
}

// live goes through the keys of span that are there at a revision.
func (s *Store) live(span kv.Span, at kv.Revision) iter.Seq[*version] {
	return func(yield func(*version) bool) {
		for newest := range s.index.scan(span) {
			if v := newest.at(at); v != nil && !yield(v) {
				return
			}
		}
	}
}

// read answers a range request whose revision is known to be there; current is
// the newest revision, and stands in the header. Within a transaction that has
// made a change it is one more than the store's.
func (s *Store) read(r kv.RangeRequest, current kv.Revision) kv.RangeResponse {
	at := current
	if r.Revision > 0 {
		at = r.Revision
	}
	response := kv.RangeResponse{Header: kv.Header{Revision: current}}
	if r.CountOnly {
		response.Count = s.count(r.Span, at, current)
		return response
	}
	limit := fetchLimit(r)
	found := s.fetch(r.Span, at, limit)
	response.Count = int64(len(found))
	if limit > 0 && response.Count == limit {
		response.Count = s.count(r.Span, at, current)
	}
	found = arrange(found, r)
	if r.Limit > 0 && int64(len(found)) > r.Limit {
		found, response.More = found[:r.Limit], true
	}
	response.KVs = pairs(found, r)
	return response
}

// fetch is what is there of span at a revision, the first limit keys or, if that
// is 0, all.
func (s *Store) fetch(span kv.Span, at kv.Revision, limit int64) (found []*version) {
	if span.End == "" {
		if v := s.index.get(span.Key).at(at); v != nil {
			found = []*version{v}
		}
		return found
	}
	for v := range s.live(span, at) {
		found = append(found, v)
		if int64(len(found)) == limit {
			break
		}
	}
	return found
}

// count is the number of keys of span that are there at a revision. The newest
// one is counted without looking at the keys.
func (s *Store) count(span kv.Span, at, current kv.Revision) (n int64) {
	if at == current {
		return s.index.count(span)
	}
	for range s.live(span, at) {
		n++
	}
	return n
}

// fetchLimit is how many keys a range has to look at, 0 for all: one more than
// its limit, to know whether there are more, where neither an order nor a bound
// can put others before them.
func fetchLimit(r kv.RangeRequest) int64 {
	switch {
	case r.Limit <= 0, bounded(r), !inKeyOrder(r.Order, r.Target):
		return 0
	case r.Limit == math.MaxInt64:
		return r.Limit
	default:
		return r.Limit + 1
	}
}

func bounded(r kv.RangeRequest) bool {
	return r.MinModRevision != 0 || r.MaxModRevision != 0 || r.MinCreateRevision != 0 || r.MaxCreateRevision != 0
}

func inKeyOrder(o kv.SortOrder, t kv.SortTarget) bool {
	return o == kv.SortNone || o == kv.SortAscend && t == kv.SortByKey
}

// arrange leaves out what is out of bounds and sorts the rest. Equal ones stay in
// the order of their keys.
func arrange(found []*version, r kv.RangeRequest) []*version {
	if bounded(r) {
		found = slices.DeleteFunc(found, func(v *version) bool {
			return outside(v.mod, r.MinModRevision, r.MaxModRevision) ||
				outside(v.create, r.MinCreateRevision, r.MaxCreateRevision)
		})
	}
	order := r.Order
	if order == kv.SortNone && r.Target != kv.SortByKey {
		order = kv.SortAscend
	}
	if inKeyOrder(order, r.Target) {
		return found
	}
	slices.SortStableFunc(found, func(a, b *version) int {
		if order == kv.SortDescend {
			a, b = b, a
		}
		return compareBy(r.Target, a, b)
	})
	return found
}

// outside says that a revision is out of bounds; a bound of 0 is none.
func outside(r, least, most kv.Revision) bool {
	return least != 0 && r < least || most != 0 && r > most
}

func compareBy(t kv.SortTarget, a, b *version) int {
	switch t {
	case kv.SortByVersion:
		return cmp.Compare(a.number, b.number)
	case kv.SortByCreate:
		return cmp.Compare(a.create, b.create)
	case kv.SortByMod:
		return cmp.Compare(a.mod, b.mod)
	case kv.SortByValue:
		return strings.Compare(a.value, b.value)
	default:
		return strings.Compare(a.key, b.key)
	}
}

// pairs is what a range shows of the versions found; nil if there are none.
func pairs(found []*version, r kv.RangeRequest) []kv.KeyValue {
	if len(found) == 0 {
		return nil
	}
	kvs := make([]kv.KeyValue, len(found))
	for i, v := range found {
		kvs[i] = v.keyValue()
		if r.KeysOnly {
			kvs[i].Value = ""
			// etcd answers from its index, which knows no leases, except here.
			if r.Target != kv.SortByValue {
				kvs[i].Lease = 0
			}
		}
	}
	return kvs
}
