package history

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/castaway-kv/castaway/kv"
)

// responseJSON has the fields of all answers, with etcd's names; the request
// says which of them count.
type responseJSON struct {
	Revision  kv.Revision    `json:"revision"`
	KVs       []pairJSON     `json:"kvs,omitempty"`
	More      bool           `json:"more,omitempty"`
	Count     int64          `json:"count,omitempty"`
	PrevKV    *pairJSON      `json:"prev_kv,omitempty"`
	Deleted   int64          `json:"deleted,omitempty"`
	PrevKVs   []pairJSON     `json:"prev_kvs,omitempty"`
	Succeeded bool           `json:"succeeded,omitempty"`
	Responses []responseJSON `json:"responses,omitempty"`
	ID        kv.LeaseID     `json:"id,omitempty"`
	TTL       kv.TTL         `json:"ttl,omitempty"`
	Granted   kv.TTL         `json:"granted,omitempty"`
	Keys      []text         `json:"keys,omitempty"`
	Leases    []kv.LeaseID   `json:"leases,omitempty"`
}

type pairJSON struct {
	Key            text        `json:"key"`
	Value          text        `json:"value"`
	CreateRevision kv.Revision `json:"create_revision,omitempty"`
	ModRevision    kv.Revision `json:"mod_revision"`
	Version        int64       `json:"version,omitempty"`
	Lease          kv.LeaseID  `json:"lease,omitempty"`
}

func (p pairJSON) pair() kv.KeyValue {
	return kv.KeyValue{
		Key: string(p.Key), Value: string(p.Value), CreateRevision: p.CreateRevision, ModRevision: p.ModRevision,
		Version: p.Version, Lease: p.Lease,
	}
}

func pairs(list []pairJSON) []kv.KeyValue {
	var all []kv.KeyValue
	for _, p := range list {
		all = append(all, p.pair())
	}
	return all
}

func decodeResponse(b []byte, r kv.Request) (kv.Response, error) {
	var j responseJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return nil, fmt.Errorf("response: %w", jsonProblem(err))
	}
	return j.response(r)
}

// response is the answer to a request.
func (j *responseJSON) response(r kv.Request) (kv.Response, error) {
	h := kv.Header{Revision: j.Revision}
	switch r := r.(type) {
	case kv.RangeRequest:
		return kv.RangeResponse{Header: h, KVs: pairs(j.KVs), More: j.More, Count: j.Count}, nil
	case kv.PutRequest:
		resp := kv.PutResponse{Header: h}
		if j.PrevKV != nil {
			p := j.PrevKV.pair()
			resp.PrevKV = &p
		}
		return resp, nil
	case kv.DeleteRangeRequest:
		return kv.DeleteRangeResponse{Header: h, Deleted: j.Deleted, PrevKVs: pairs(j.PrevKVs)}, nil
	case kv.TxnRequest:
		return j.txn(h, r)
	case kv.CompactRequest:
		return kv.CompactResponse{Header: h}, nil
	case kv.LeaseGrantRequest:
		return kv.LeaseGrantResponse{Header: h, ID: j.ID, TTL: j.TTL}, nil
	case kv.LeaseRevokeRequest:
		return kv.LeaseRevokeResponse{Header: h}, nil
	case kv.LeaseKeepAliveRequest:
		return kv.LeaseKeepAliveResponse{Header: h, ID: j.ID, TTL: j.TTL}, nil
	case kv.LeaseTimeToLiveRequest:
		resp := kv.LeaseTimeToLiveResponse{Header: h, ID: j.ID, TTL: j.TTL, Granted: j.Granted}
		for _, k := range j.Keys {
			resp.Keys = append(resp.Keys, string(k))
		}
		return resp, nil
	case kv.LeaseListRequest:
		return kv.LeaseListResponse{Header: h, Leases: j.Leases}, nil
	}
	return nil, errors.New("its request has no answer")
}

func (j *responseJSON) txn(h kv.Header, r kv.TxnRequest) (kv.Response, error) {
	branch := r.Failure
	if j.Succeeded {
		branch = r.Success
	}
	if len(branch) != len(j.Responses) {
		return nil, fmt.Errorf("a transaction's branch of %d operations has %d responses", len(branch), len(j.Responses))
	}
	resp := kv.TxnResponse{Header: h, Succeeded: j.Succeeded}
	for i := range branch {
		inner, err := j.Responses[i].response(branch[i])
		if err != nil {
			return nil, err
		}
		resp.Responses = append(resp.Responses, inner)
	}
	return resp, nil
}

func encodePair(p kv.KeyValue) pairJSON {
	return pairJSON{text(p.Key), text(p.Value), p.CreateRevision, p.ModRevision, p.Version, p.Lease}
}

func encodePairs(list []kv.KeyValue) []pairJSON {
	var all []pairJSON
	for _, p := range list {
		all = append(all, encodePair(p))
	}
	return all
}

func encodeResponse(resp kv.Response) (responseJSON, error) {
	j := responseJSON{Revision: resp.At()}
	switch resp := resp.(type) {
	case kv.RangeResponse:
		j.KVs, j.More, j.Count = encodePairs(resp.KVs), resp.More, resp.Count
	case kv.PutResponse:
		if resp.PrevKV != nil {
			p := encodePair(*resp.PrevKV)
			j.PrevKV = &p
		}
	case kv.DeleteRangeResponse:
		j.Deleted, j.PrevKVs = resp.Deleted, encodePairs(resp.PrevKVs)
	case kv.TxnResponse:
		j.Succeeded = resp.Succeeded
		for _, inner := range resp.Responses {
			i, err := encodeResponse(inner)
			if err != nil {
				return j, err
			}
			j.Responses = append(j.Responses, i)
		}
	case kv.CompactResponse, kv.LeaseRevokeResponse:
	case kv.LeaseGrantResponse:
		j.ID, j.TTL = resp.ID, resp.TTL
	case kv.LeaseKeepAliveResponse:
		j.ID, j.TTL = resp.ID, resp.TTL
	case kv.LeaseTimeToLiveResponse:
		j.ID, j.TTL, j.Granted = resp.ID, resp.TTL, resp.Granted
		for _, k := range resp.Keys {
			j.Keys = append(j.Keys, text(k))
		}
	case kv.LeaseListResponse:
		j.Leases = resp.Leases
	default:
		return j, fmt.Errorf("history: a %T can't be written", resp)
	}
	return j, nil
}
