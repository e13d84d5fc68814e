package history

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/castaway-kv/castaway/kv"
)

// text is a string that JSON may be unable to hold: one that is not UTF-8
// becomes {"hex": "…"}.
type text string

func (t text) MarshalJSON() ([]byte, error) {
	if utf8.ValidString(string(t)) {
		return json.Marshal(string(t))
	}
	return json.Marshal(map[string]string{"hex": hex.EncodeToString([]byte(t))})
}

func (t *text) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '{' {
		var raw struct {
			Hex string `json:"hex"`
		}
		if err := json.Unmarshal(b, &raw); err != nil {
			return err
		}
		bytes, err := hex.DecodeString(raw.Hex)
		*t = text(bytes)
		return err
	}
	var s string
	err := json.Unmarshal(b, &s)
	*t = text(s)
	return err
}

// requestJSON has one of its fields, named as the request is.
type requestJSON struct {
	Range       *rangeJSON   `json:"range,omitempty"`
	Put         *putJSON     `json:"put,omitempty"`
	DeleteRange *deleteJSON  `json:"delete_range,omitempty"`
	Txn         *txnJSON     `json:"txn,omitempty"`
	Compact     *compactJSON `json:"compact,omitempty"`
	Grant       *leaseJSON   `json:"lease_grant,omitempty"`
	Revoke      *leaseJSON   `json:"lease_revoke,omitempty"`
	KeepAlive   *leaseJSON   `json:"lease_keep_alive,omitempty"`
	TimeToLive  *leaseJSON   `json:"lease_time_to_live,omitempty"`
	List        *struct{}    `json:"lease_list,omitempty"`
}

type rangeJSON struct {
	Key          text        `json:"key"`
	End          text        `json:"end,omitempty"`
	Revision     kv.Revision `json:"revision,omitempty"`
	Limit        int64       `json:"limit,omitempty"`
	Order        string      `json:"order,omitempty"`
	Target       string      `json:"sort_by,omitempty"`
	KeysOnly     bool        `json:"keys_only,omitempty"`
	CountOnly    bool        `json:"count_only,omitempty"`
	Serializable bool        `json:"serializable,omitempty"`
	MinMod       kv.Revision `json:"min_mod_revision,omitempty"`
	MaxMod       kv.Revision `json:"max_mod_revision,omitempty"`
	MinCreate    kv.Revision `json:"min_create_revision,omitempty"`
	MaxCreate    kv.Revision `json:"max_create_revision,omitempty"`
}

type putJSON struct {
	Key         text       `json:"key"`
	Value       text       `json:"value,omitempty"`
	Lease       kv.LeaseID `json:"lease,omitempty"`
	PrevKV      bool       `json:"prev_kv,omitempty"`
	IgnoreValue bool       `json:"ignore_value,omitempty"`
	IgnoreLease bool       `json:"ignore_lease,omitempty"`
}

type deleteJSON struct {
	Key    text `json:"key"`
	End    text `json:"end,omitempty"`
	PrevKV bool `json:"prev_kv,omitempty"`
}

type txnJSON struct {
	Compare []compareJSON `json:"compare,omitempty"`
	Success []requestJSON `json:"success,omitempty"`
	Failure []requestJSON `json:"failure,omitempty"`
}

type compareJSON struct {
	Key      text   `json:"key"`
	End      text   `json:"end,omitempty"`
	Target   string `json:"target"`
	Operator string `json:"operator"`
	Value    text   `json:"value,omitempty"`
	Number   int64  `json:"number,omitempty"`
}

type compactJSON struct {
	Revision kv.Revision `json:"revision"`
}

type leaseJSON struct {
	ID   kv.LeaseID `json:"id"`
	TTL  kv.TTL     `json:"ttl,omitempty"`
	Keys bool       `json:"keys,omitempty"`
}

var (
	orders    = []kv.SortOrder{kv.SortNone, kv.SortAscend, kv.SortDescend}
	sorts     = []kv.SortTarget{kv.SortByKey, kv.SortByVersion, kv.SortByCreate, kv.SortByMod, kv.SortByValue}
	targets   = []kv.Target{kv.TargetVersion, kv.TargetCreate, kv.TargetMod, kv.TargetValue, kv.TargetLease}
	operators = []kv.Operator{kv.Equal, kv.Greater, kv.Less, kv.NotEqual}
)

// named finds the value that has a name; the first one without a name.
func named[T fmt.Stringer](kind, name string, all []T) (T, error) {
	if name == "" {
		return all[0], nil
	}
	i := slices.IndexFunc(all, func(v T) bool { return v.String() == name })
	if i < 0 {
		return all[0], fmt.Errorf("unknown %s %s: use one of %v", kind, short(name), all)
	}
	return all[i], nil
}

// decodeRequest reads a request as an object.
func decodeRequest(b []byte) (kv.Request, error) {
	var r requestJSON
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return nil, fmt.Errorf("request: %w", jsonProblem(err))
	}
	return r.request(0)
}

func (r *requestJSON) request(depth int) (kv.Request, error) {
	switch {
	case r.Range != nil:
		return r.Range.request()
	case r.Put != nil:
		p := r.Put
		return kv.PutRequest{
			Key: string(p.Key), Value: string(p.Value), Lease: p.Lease,
			PrevKV: p.PrevKV, IgnoreValue: p.IgnoreValue, IgnoreLease: p.IgnoreLease,
		}, nil
	case r.DeleteRange != nil:
		d := r.DeleteRange
		return kv.DeleteRangeRequest{Span: kv.Span{Key: string(d.Key), End: string(d.End)}, PrevKV: d.PrevKV}, nil
	case r.Txn != nil:
		return r.Txn.request(depth)
	case r.Compact != nil:
		return kv.CompactRequest{Revision: r.Compact.Revision}, nil
	case r.Grant != nil:
		return kv.LeaseGrantRequest{ID: r.Grant.ID, TTL: r.Grant.TTL}, nil
	case r.Revoke != nil:
		return kv.LeaseRevokeRequest{ID: r.Revoke.ID}, nil
	case r.KeepAlive != nil:
		return kv.LeaseKeepAliveRequest{ID: r.KeepAlive.ID}, nil
	case r.TimeToLive != nil:
		return kv.LeaseTimeToLiveRequest{ID: r.TimeToLive.ID, Keys: r.TimeToLive.Keys}, nil
	case r.List != nil:
		return kv.LeaseListRequest{}, nil
	}
	return nil, errors.New(`a request is an object such as {"put": {"key": "x", "value": "1"}}: ` +
		"range, put, delete_range, txn, compact, lease_grant, lease_revoke, lease_keep_alive, lease_time_to_live or lease_list")
}

func (r *rangeJSON) request() (kv.Request, error) {
	order, err1 := named("order", r.Order, orders)
	target, err2 := named("sort_by", r.Target, sorts)
	return kv.RangeRequest{
		Span: kv.Span{Key: string(r.Key), End: string(r.End)}, Revision: r.Revision, Limit: r.Limit, Order: order, Target: target,
		KeysOnly: r.KeysOnly, CountOnly: r.CountOnly, Serializable: r.Serializable,
		MinModRevision: r.MinMod, MaxModRevision: r.MaxMod, MinCreateRevision: r.MinCreate, MaxCreateRevision: r.MaxCreate,
	}, errors.Join(err1, err2)
}

func (t *txnJSON) request(depth int) (kv.Request, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("transactions nested more than %d deep", maxDepth)
	}
	txn := kv.TxnRequest{}
	for _, c := range t.Compare {
		target, err1 := named("target", c.Target, targets)
		operator, err2 := named("operator", c.Operator, operators)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		txn.Compare = append(txn.Compare, kv.Compare{
			Key: string(c.Key), End: string(c.End), Target: target, Operator: operator, Value: string(c.Value), Number: c.Number,
		})
	}
	for _, branch := range []struct {
		from []requestJSON
		to   *[]kv.Request
	}{{t.Success, &txn.Success}, {t.Failure, &txn.Failure}} {
		for i := range branch.from {
			op, err := branch.from[i].request(depth + 1)
			if err != nil {
				return nil, err
			}
			*branch.to = append(*branch.to, op)
		}
	}
	return txn, nil
}

// encodeRequest is a request as an object.
func encodeRequest(r kv.Request) (requestJSON, error) {
	switch r := r.(type) {
	case kv.RangeRequest:
		return requestJSON{Range: encodeRange(r)}, nil
	case kv.PutRequest:
		return requestJSON{Put: &putJSON{
			Key: text(r.Key), Value: text(r.Value), Lease: r.Lease,
			PrevKV: r.PrevKV, IgnoreValue: r.IgnoreValue, IgnoreLease: r.IgnoreLease,
		}}, nil
	case kv.DeleteRangeRequest:
		return requestJSON{DeleteRange: &deleteJSON{Key: text(r.Key), End: text(r.End), PrevKV: r.PrevKV}}, nil
	case kv.TxnRequest:
		return encodeTxn(r)
	case kv.CompactRequest:
		return requestJSON{Compact: &compactJSON{r.Revision}}, nil
	case kv.LeaseGrantRequest:
		return requestJSON{Grant: &leaseJSON{ID: r.ID, TTL: r.TTL}}, nil
	case kv.LeaseRevokeRequest:
		return requestJSON{Revoke: &leaseJSON{ID: r.ID}}, nil
	case kv.LeaseKeepAliveRequest:
		return requestJSON{KeepAlive: &leaseJSON{ID: r.ID}}, nil
	case kv.LeaseTimeToLiveRequest:
		return requestJSON{TimeToLive: &leaseJSON{ID: r.ID, Keys: r.Keys}}, nil
	case kv.LeaseListRequest:
		return requestJSON{List: &struct{}{}}, nil
	}
	return requestJSON{}, fmt.Errorf("history: a %T can't be written", r)
}

func encodeRange(r kv.RangeRequest) *rangeJSON {
	j := &rangeJSON{
		Key: text(r.Key), End: text(r.End), Revision: r.Revision, Limit: r.Limit,
		KeysOnly: r.KeysOnly, CountOnly: r.CountOnly, Serializable: r.Serializable,
		MinMod: r.MinModRevision, MaxMod: r.MaxModRevision, MinCreate: r.MinCreateRevision, MaxCreate: r.MaxCreateRevision,
	}
	if r.Order != kv.SortNone {
		j.Order = r.Order.String()
	}
	if r.Target != kv.SortByKey {
		j.Target = r.Target.String()
	}
	return j
}

func encodeTxn(r kv.TxnRequest) (requestJSON, error) {
	txn := &txnJSON{}
	for _, c := range r.Compare {
		txn.Compare = append(txn.Compare, compareJSON{
			text(c.Key), text(c.End), c.Target.String(), c.Operator.String(), text(c.Value), c.Number,
		})
	}
	for _, branch := range []struct {
		from []kv.Request
		to   *[]requestJSON
	}{{r.Success, &txn.Success}, {r.Failure, &txn.Failure}} {
		for _, op := range branch.from {
			j, err := encodeRequest(op)
			if err != nil {
				return requestJSON{}, err
			}
			*branch.to = append(*branch.to, j)
		}
	}
	return requestJSON{Txn: txn}, nil
}

// jsonProblem is what is wrong with some JSON, in one line.
func jsonProblem(err error) error {
	var typed *json.UnmarshalTypeError
	if errors.As(err, &typed) {
		return fmt.Errorf("%q can't be a %s", typed.Field, typed.Value)
	}
	return err
}
