package main

import (
	"fmt"

	"github.com/castaway-kv/castaway/kv"
)

// The answers of the store as JSON, with etcd's names. Bytes that are not UTF-8
// become U+FFFD.
type (
	keyValue struct {
		Key            string `json:"key"`
		Value          string `json:"value"`
		CreateRevision int64  `json:"create_revision,omitempty"`
		ModRevision    int64  `json:"mod_revision"`
		Version        int64  `json:"version,omitempty"`
	}
	rangeAnswer struct {
		Revision int64      `json:"revision"`
		KVs      []keyValue `json:"kvs"`
		More     bool       `json:"more"`
		Count    int64      `json:"count"`
	}
	putAnswer struct {
		Revision int64 `json:"revision"`
	}
	deleteAnswer struct {
		Revision int64 `json:"revision"`
		Deleted  int64 `json:"deleted"`
	}
	txnAnswer struct {
		Revision  int64 `json:"revision"`
		Succeeded bool  `json:"succeeded"`
		Responses []any `json:"responses"`
	}
)

// response is r ready for JSON, nil if there is none.
func response(r kv.Response) any {
	switch r := r.(type) {
	case nil:
		return nil
	case kv.RangeResponse:
		answer := rangeAnswer{int64(r.Revision), []keyValue{}, r.More, r.Count}
		for _, p := range r.KVs {
			answer.KVs = append(answer.KVs, keyValue{p.Key, p.Value, int64(p.CreateRevision), int64(p.ModRevision), p.Version})
		}
		return answer
	case kv.PutResponse:
		return putAnswer{int64(r.Revision)}
	case kv.DeleteRangeResponse:
		return deleteAnswer{int64(r.Revision), r.Deleted}
	case kv.TxnResponse:
		answer := txnAnswer{int64(r.Revision), r.Succeeded, []any{}}
		for _, inner := range r.Responses {
			answer.Responses = append(answer.Responses, response(inner))
		}
		return answer
	default:
		panic(fmt.Sprintf("castaway: unknown response %T", r))
	}
}
