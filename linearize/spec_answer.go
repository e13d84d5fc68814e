package linearize

import (
	"slices"

	"github.com/castaway-kv/castaway/kv"
)

// answer has what any request on keys is answered; its lists are used again, so
// that judging allocates nothing.
type answer struct {
	revision kv.Revision
	// kvs of a range, or the pairs before a deletion; count of a range, or how
	// many a deletion deleted.
	kvs       []kv.KeyValue
	count     int64
	more      bool
	prev      kv.KeyValue
	hasPrev   bool
	succeeded bool
	inner     []answer
}

func (a *answer) reset() {
	a.revision, a.count, a.more, a.hasPrev, a.succeeded = 0, 0, false, false, false
	a.kvs, a.inner = a.kvs[:0], a.inner[:0]
}

// more1 is one more inner answer.
func (a *answer) more1() *answer {
	if len(a.inner) < cap(a.inner) {
		a.inner = a.inner[:len(a.inner)+1]
	} else {
		a.inner = append(a.inner, answer{})
	}
	last := &a.inner[len(a.inner)-1]
	last.reset()
	return last
}

// comparison says what of an answer counts.
type comparison struct {
	// valuesOnly: revisions and versions do not.
	valuesOnly bool
}

// matches says whether a client saw this answer. The order of pairs that a sort
// finds equal is not looked at.
func (a *answer) matches(r kv.Request, seen kv.Response, by comparison) bool {
	if !by.valuesOnly && a.revision != seen.At() {
		return false
	}
	switch seen := seen.(type) {
	case kv.RangeResponse:
		return a.count == seen.Count && a.more == seen.More && matchPairs(r, a.kvs, seen.KVs, by)
	case kv.PutResponse:
		if !a.hasPrev || seen.PrevKV == nil {
			return !a.hasPrev && seen.PrevKV == nil
		}
		return matchPair(&a.prev, seen.PrevKV, by)
	case kv.DeleteRangeResponse:
		return a.count == seen.Deleted && matchPairs(r, a.kvs, seen.PrevKVs, by)
	case kv.TxnResponse:
		return a.matchesTxn(r.(kv.TxnRequest), &seen, by)
	case kv.CompactResponse:
		return true
	}
	return false
}

func (a *answer) matchesTxn(r kv.TxnRequest, seen *kv.TxnResponse, by comparison) bool {
	if a.succeeded != seen.Succeeded || len(a.inner) != len(seen.Responses) {
		return false
	}
	branch := branchOf(r, seen.Succeeded)
	for i := range a.inner {
		if !a.inner[i].matches(branch[i], seen.Responses[i], by) {
			return false
		}
	}
	return true
}

func matchPair(a, b *kv.KeyValue, by comparison) bool {
	if by.valuesOnly {
		return a.Key == b.Key && a.Value == b.Value && a.Lease == b.Lease
	}
	return *a == *b
}

// matchPairs compares lists; where the order asked for leaves ties, they may
// stand in any order.
func matchPairs(r kv.Request, a, b []kv.KeyValue, by comparison) bool {
	if len(a) != len(b) {
		return false
	}
	same := true
	for i := range a {
		same = same && matchPair(&a[i], &b[i], by)
	}
	if get, ok := r.(kv.RangeRequest); same || !ok || get.Target == kv.SortByKey {
		return same
	}
	byKey := func(x, y kv.KeyValue) int { return compareKeys(x.Key, y.Key) }
	c, d := slices.Clone(a), slices.Clone(b)
	slices.SortFunc(c, byKey)
	slices.SortFunc(d, byKey)
	for i := range c {
		if !matchPair(&c[i], &d[i], by) {
			return false
		}
	}
	return true
}

// response is the answer as kv has it.
func (a *answer) response(r kv.Request) kv.Response {
	h := kv.Header{Revision: a.revision}
	switch r := r.(type) {
	case kv.RangeRequest:
		return kv.RangeResponse{Header: h, KVs: clonePairs(a.kvs), More: a.more, Count: a.count}
	case kv.PutRequest:
		if a.hasPrev {
			p := a.prev
			return kv.PutResponse{Header: h, PrevKV: &p}
		}
		return kv.PutResponse{Header: h}
	case kv.DeleteRangeRequest:
		return kv.DeleteRangeResponse{Header: h, Deleted: a.count, PrevKVs: clonePairs(a.kvs)}
	case kv.TxnRequest:
		resp := kv.TxnResponse{Header: h, Succeeded: a.succeeded}
		for i, op := range branchOf(r, a.succeeded) {
			resp.Responses = append(resp.Responses, a.inner[i].response(op))
		}
		return resp
	}
	return kv.CompactResponse{Header: h}
}

func clonePairs(pairs []kv.KeyValue) []kv.KeyValue {
	if len(pairs) == 0 {
		return nil
	}
	return slices.Clone(pairs)
}
