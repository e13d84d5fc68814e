package mvcc

import (
	"fmt"

	"github.com/castaway-kv/castaway/kv"
)

// writer carries out one request that may change the store and that can't fail
// any more. Its changes have the revision after the store's, which moves there
// when the request is done, if there were any.
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

// change makes v the newest version of its key, whose place is p.
func (w *writer) change(p place, v *version) {
	w.store.index.put(p, v)
	w.store.log.append(v)
	w.store.size += v.size()
	w.changed = true
}

func (w *writer) put(r kv.PutRequest) kv.PutResponse {
	p := w.store.index.find(r.Key)
	old := p.newest()
	v := &version{key: r.Key, value: r.Value, create: w.next(), mod: w.next(), number: 1, lease: r.Lease, older: old}
	var response kv.PutResponse
	if old != nil {
		v.key = old.key // share its bytes
	}
	if old.live() {
		v.create, v.number = old.create, old.number+1
		if r.IgnoreValue {
			v.value = old.value
		}
		if r.IgnoreLease {
			v.lease = old.lease
		}
		if r.PrevKV {
			pair := old.keyValue()
			response.PrevKV = &pair
		}
	}
	w.change(p, v)
	response.Header = w.header()
	return response
}

func (w *writer) deleteRange(r kv.DeleteRangeRequest) kv.DeleteRangeResponse {
	var doomed []*version
	for newest := range w.store.index.scan(r.Span) {
		if newest.live() {
			doomed = append(doomed, newest)
		}
	}
	for _, v := range doomed {
		w.remove(w.store.index.find(v.key))
	}
	response := kv.DeleteRangeResponse{Header: w.header(), Deleted: int64(len(doomed))}
	if r.PrevKV {
		response.PrevKVs = pairs(doomed, kv.RangeRequest{})
	}
	return response
}

// remove deletes the key at p, which is there.
func (w *writer) remove(p place) {
	old := p.newest()
	w.change(p, &version{key: old.key, mod: w.next(), older: old})
}

// txn runs the branches that the checker chose, taken in the order that it met
// them, and returns the rest of taken. The header stays empty, as etcd leaves it
// in nested transactions.
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
			panic(fmt.Sprintf("mvcc: unknown operation %T", op))
		}
		response.Responses = append(response.Responses, answer)
	}
	return response, taken
}

func branch(r kv.TxnRequest, succeeded bool) []kv.Request {
	if succeeded {
		return r.Success
	}
	return r.Failure
}
