package linearize

import (
	"slices"

	"github.com/castaway-kv/castaway/kv"
)

// serializable says whether a request asks for a possibly stale answer: a
// serializable range, or a transaction of nothing but such.
func serializable(r kv.Request) bool {
	switch r := r.(type) {
	case kv.RangeRequest:
		return r.Serializable
	case kv.TxnRequest:
		n := 0
		for _, ops := range [...][]kv.Request{r.Success, r.Failure} {
			for _, op := range ops {
				if get, ok := op.(kv.RangeRequest); !ok || !get.Serializable {
					return false
				}
				n++
			}
		}
		return n > 0
	}
	return false
}

// mayWrite says whether a request can make a revision.
func mayWrite(r kv.Request) bool {
	switch r := r.(type) {
	case kv.PutRequest, kv.DeleteRangeRequest, kv.LeaseRevokeRequest:
		return true
	case kv.TxnRequest:
		return slices.ContainsFunc(r.Success, mayWrite) || slices.ContainsFunc(r.Failure, mayWrite)
	}
	return false
}

// silent says that a request changes something without making a revision.
func silent(r kv.Request) bool {
	_, compacts := r.(kv.CompactRequest)
	return compacts || isLeaseRequest(r)
}

// wrote says whether an answer tells of a change, which is then the one that
// made the revision in its header.
func wrote(resp kv.Response) bool {
	switch resp := resp.(type) {
	case kv.PutResponse:
		return true
	case kv.DeleteRangeResponse:
		return resp.Deleted > 0
	case kv.TxnResponse:
		return slices.ContainsFunc(resp.Responses, wrote)
	}
	return false
}

// readsPast says whether a request names a revision to read at.
func readsPast(r kv.Request) bool {
	switch r := r.(type) {
	case kv.RangeRequest:
		return r.Revision > 0
	case kv.TxnRequest:
		return slices.ContainsFunc(r.Success, readsPast) || slices.ContainsFunc(r.Failure, readsPast)
	}
	return false
}

// eachPair visits the pairs that an answer shows whole, each with the revision
// at which it was seen.
func eachPair(r kv.Request, resp kv.Response, visit func(p *kv.KeyValue, at kv.Revision)) {
	switch resp := resp.(type) {
	case kv.RangeResponse:
		get := r.(kv.RangeRequest)
		if get.KeysOnly {
			return
		}
		at := resp.Revision
		if get.Revision > 0 {
			at = get.Revision
		}
		for i := range resp.KVs {
			visit(&resp.KVs[i], at)
		}
	case kv.TxnResponse:
		branch := branchOf(r.(kv.TxnRequest), resp.Succeeded)
		for i, inner := range resp.Responses {
			eachPair(branch[i], inner, visit)
		}
	}
}

// eachPut visits the puts that an answered request made.
func eachPut(r kv.Request, resp kv.Response, visit func(kv.PutRequest)) {
	switch r := r.(type) {
	case kv.PutRequest:
		visit(r)
	case kv.TxnRequest:
		txn := resp.(kv.TxnResponse)
		for i, op := range branchOf(r, txn.Succeeded) {
			eachPut(op, txn.Responses[i], visit)
		}
	}
}

// eachOp visits what a request may do: itself, or the operations of both
// branches of a transaction.
func eachOp(r kv.Request, visit func(kv.Request)) {
	txn, ok := r.(kv.TxnRequest)
	if !ok {
		visit(r)
		return
	}
	for _, ops := range [...][]kv.Request{txn.Success, txn.Failure} {
		for _, op := range ops {
			eachOp(op, visit)
		}
	}
}

// keySet is a set of keys: those named, or all.
type keySet struct {
	named map[string]bool
	all   bool
}

func (k *keySet) add(key string) {
	if k.named == nil {
		k.named = map[string]bool{}
	}
	k.named[key] = true
}

// addRequest adds the keys that a request looks at or changes.
func (k *keySet) addRequest(r kv.Request) {
	span := func(s kv.Span) {
		if s.End != "" {
			k.all = true
		}
		k.add(s.Key)
	}
	if txn, ok := r.(kv.TxnRequest); ok {
		for _, c := range txn.Compare {
			span(c.Span())
		}
	}
	eachOp(r, func(op kv.Request) {
		switch op := op.(type) {
		case kv.RangeRequest:
			span(op.Span)
		case kv.DeleteRangeRequest:
			span(op.Span)
		case kv.PutRequest:
			k.add(op.Key)
		default:
			k.all = true
		}
	})
	if txn, ok := r.(kv.TxnRequest); ok && nestedCompares(txn) {
		k.all = true
	}
}

func nestedCompares(r kv.TxnRequest) bool {
	for _, ops := range [...][]kv.Request{r.Success, r.Failure} {
		for _, op := range ops {
			if _, ok := op.(kv.TxnRequest); ok {
				return true
			}
		}
	}
	return false
}

// meets says whether two sets may have a key in common.
func (k *keySet) meets(other *keySet) bool {
	if k.all || other.all {
		return true
	}
	small, large := k.named, other.named
	if len(small) > len(large) {
		small, large = large, small
	}
	//castaway:unordered whether there is one doesn't depend on the order
	for key := range small {
		if large[key] {
			return true
		}
	}
	return false
}

func (k *keySet) union(other *keySet) {
	k.all = k.all || other.all
	if k.all {
		return
	}
	//castaway:unordered a union of sets
	for key := range other.named {
		k.add(key)
	}
}
