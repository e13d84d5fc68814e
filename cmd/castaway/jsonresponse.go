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
	// leaseAnswer is of a lease that was granted, kept alive or asked about. IDs are
	// hexadecimal, as etcdctl writes them; TTLs are seconds.
	leaseAnswer struct {
		Revision int64    `json:"revision"`
		ID       string   `json:"id"`
		TTL      int64    `json:"ttl"`
		Granted  int64    `json:"granted_ttl,omitempty"`
		Keys     []string `json:"keys,omitempty"`
	}
	leasesAnswer struct {
		Revision int64    `json:"revision"`
		Leases   []string `json:"leases"`
	}
	// otherAnswer is one whose words say all that there is beside its revision.
	otherAnswer struct {
		Revision int64  `json:"revision"`
		Answer   string `json:"answer,omitempty"`
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
	case kv.LeaseGrantResponse:
		return leaseAnswer{Revision: int64(r.Revision), ID: leaseName(r.ID), TTL: int64(r.TTL)}
	case kv.LeaseKeepAliveResponse:
		return leaseAnswer{Revision: int64(r.Revision), ID: leaseName(r.ID), TTL: int64(r.TTL)}
	case kv.LeaseTimeToLiveResponse:
		return leaseAnswer{int64(r.Revision), leaseName(r.ID), int64(r.TTL), int64(r.Granted), r.Keys}
	case kv.LeaseListResponse:
		answer := leasesAnswer{int64(r.Revision), []string{}}
		for _, id := range r.Leases {
			answer.Leases = append(answer.Leases, leaseName(id))
		}
		return answer
	case kv.LeaseRevokeResponse, kv.CompactResponse:
		return otherAnswer{Revision: int64(r.At())}
	default: // alarms, and what a user's state machine says
		return otherAnswer{int64(r.At()), r.String()}
	}
}

func leaseName(id kv.LeaseID) string { return fmt.Sprintf("%016x", uint64(id)) }
