package mvcc

import (
	"cmp"
	"fmt"

	"github.com/castaway-kv/castaway/kv"
)

// writer carries out one request that may change the store. Its changes have the
// revision after the store's; Apply moves the store there when the request is
// done, if there were any.
type writer struct {
	store   *Store
	changed bool
}

// revision is the one that the request's next answer carries: the store's until
// the first change.
func (w *writer) revision() kv.Revision {
	if w.changed {
		return w.next()
	}
	return w.store.revision
}

// next is the revision of the changes.
func (w *writer) next() kv.Revision { return w.store.revision + 1 }

func (w *writer) header() kv.Header { return kv.Header{Revision: w.revision()} }

func (w *writer) put(r kv.PutRequest) kv.PutResponse {
	index := w.store.index
	index.set(r.Key, index.get(r.Key).put(r.Value, w.next()))
	w.changed = true
	return kv.PutResponse{Header: w.header()}
}

func (w *writer) deleteRange(r kv.DeleteRangeRequest) kv.DeleteRangeResponse {
	var doomed []entry
	for key, newest := range w.store.index.scan(r.Span) {
		if newest.live() {
			doomed = append(doomed, entry{key, newest})
		}
	}
	for _, e := range doomed {
		w.store.index.set(e.key, e.newest.remove(w.next()))
		w.changed = true
	}
	return kv.DeleteRangeResponse{Header: w.header(), Deleted: int64(len(doomed))}
}

// txn runs the branches that decide chose, taken in the order that it met them,
// and returns the rest of taken. The header stays empty, as etcd leaves it in
// nested transactions.
func (w *writer) txn(r kv.TxnRequest, taken []bool) (kv.TxnResponse, []bool) {
	response := kv.TxnResponse{Succeeded: taken[0]}
	taken = taken[1:]
	for _, op := range branch(r, response.Succeeded) {
		var answer kv.Response
		switch op := op.(type) {
		case kv.RangeRequest:
			answer = w.store.read(op, w.revision())
		case kv.PutRequest:
			answer = w.put(op)
		case kv.DeleteRangeRequest:
			answer = w.deleteRange(op)
		case kv.TxnRequest:
			answer, taken = w.txn(op, taken)
		default:
			panic(fmt.Sprintf("mvcc: unknown request %T", op))
		}
		response.Responses = append(response.Responses, answer)
	}
	return response, taken
}

// decide appends to taken which branch runs in r and, depth first, in each
// transaction nested in that branch. All comparisons are made here, before the
// first change, and so is everything that can fail.
func (s *Store) decide(r kv.TxnRequest, taken []bool) ([]bool, error) {
	succeeded := s.allHold(r.Compare)
	taken = append(taken, succeeded)
	for _, op := range branch(r, succeeded) {
		var err error
		switch op := op.(type) {
		case kv.RangeRequest:
			err = s.checkRevision(op.Revision)
		case kv.TxnRequest:
			taken, err = s.decide(op, taken)
		}
		if err != nil {
			return nil, err
		}
	}
	return taken, nil
}

func branch(r kv.TxnRequest, succeeded bool) []kv.Request {
	if succeeded {
		return r.Success
	}
	return r.Failure
}

// neverCompacted is where etcd says that a store without compaction begins.
const neverCompacted kv.Revision = -1

// checkRevision is etcd's check of a read inside a transaction. It is stricter
// than that of a read outside, where all negative revisions mean the newest.
func (s *Store) checkRevision(r kv.Revision) error {
	switch {
	case r > s.revision:
		return kv.ErrFutureRevision
	case r < neverCompacted:
		return kv.ErrCompacted
	default:
		return nil
	}
}

func (s *Store) allHold(compares []kv.Compare) bool {
	for _, c := range compares {
		if !s.holds(c) {
			return false
		}
	}
	return true
}

func (s *Store) holds(c kv.Compare) bool {
	v := s.index.get(c.Key).at(s.revision)
	if v == nil && c.Target == kv.TargetValue {
		return false
	}
	return satisfies(c.Operator, difference(v.keyValue(c.Key), c))
}

// difference orders what the comparison looks at against what it names.
func difference(pair kv.KeyValue, c kv.Compare) int {
	switch c.Target {
	case kv.TargetVersion:
		return cmp.Compare(pair.Version, c.Number)
	case kv.TargetCreate:
		return cmp.Compare(int64(pair.CreateRevision), c.Number)
	case kv.TargetMod:
		return cmp.Compare(int64(pair.ModRevision), c.Number)
	case kv.TargetValue:
		return cmp.Compare(pair.Value, c.Value)
	default:
		return 0
	}
}

func satisfies(o kv.Operator, difference int) bool {
	switch o {
	case kv.Equal:
		return difference == 0
	case kv.Greater:
		return difference > 0
	case kv.Less:
		return difference < 0
	case kv.NotEqual:
		return difference != 0
	default:
		return true
	}
}
