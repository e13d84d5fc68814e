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
		ops := slices.Concat(r.Success, r.Failure)
		for _, op := range ops {
			if get, ok := op.(kv.RangeRequest); !ok || !get.Serializable {
				return false
			}
		}
		return len(ops) > 0
	}
	return false
}

// mayWrite says whether a request can change anything.
func mayWrite(r kv.Request) bool {
	switch r := r.(type) {
	case kv.PutRequest, kv.DeleteRangeRequest:
		return true
	case kv.TxnRequest:
		return slices.ContainsFunc(r.Success, mayWrite) || slices.ContainsFunc(r.Failure, mayWrite)
	}
	return false
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

// eachPair visits the pairs that an answer of the request's form shows, each
// with the revision at which it was seen.
func eachPair(r kv.Request, resp kv.Response, visit func(p kv.KeyValue, at kv.Revision)) {
	switch resp := resp.(type) {
	case kv.RangeResponse:
		at := resp.Revision
		if past := r.(kv.RangeRequest).Revision; past > 0 {
			at = past
		}
		for _, p := range resp.KVs {
			visit(p, at)
		}
	case kv.TxnResponse:
		branch := r.(kv.TxnRequest).Failure
		if resp.Succeeded {
			branch = r.(kv.TxnRequest).Success
		}
		for i, inner := range resp.Responses {
			eachPair(branch[i], inner, visit)
		}
	}
}

// equal says whether two answers look alike to a client, headers included.
func equal(a, b kv.Response) bool {
	switch a := a.(type) {
	case kv.RangeResponse:
		b, ok := b.(kv.RangeResponse)
		return ok && a.Header == b.Header && a.Count == b.Count && a.More == b.More && slices.Equal(a.KVs, b.KVs)
	case kv.TxnResponse:
		b, ok := b.(kv.TxnResponse)
		return ok && a.Header == b.Header && a.Succeeded == b.Succeeded && slices.EqualFunc(a.Responses, b.Responses, equal)
	case kv.DeleteRangeResponse:
		b, ok := b.(kv.DeleteRangeResponse)
		return ok && a.Header == b.Header && a.Deleted == b.Deleted && slices.Equal(a.PrevKVs, b.PrevKVs)
	}
	// What is left are plain structs: a put that asked for the pair before is
	// beyond the specification.
	return a == b
}
