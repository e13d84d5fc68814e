package linearize

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/internal/mix"
	"github.com/castaway-kv/castaway/kv"
)

// State is the specification of the store: what it holds at one revision, and
// all that it held before. It never changes; Apply returns the next one.
//
//	revision 1 ◀─past─ revision 2 ◀─past─ revision 3
//	(empty)            a=1                a=1 b=7
type State struct {
	revision kv.Revision
	// pairs are the keys that exist, ascending.
	pairs []kv.KeyValue
	// past is the state one revision before; nil at revision 1.
	past *State
	// digest depends on the contents of this state and of all before it.
	digest uint64
}

// NewState returns a fresh store: revision 1, no key.
func NewState() *State { return &State{revision: 1} }

// Revision of the state.
func (s *State) Revision() kv.Revision { return s.revision }

// Apply returns what a request leads to: the state after it, which is s itself
// if nothing changed, and its answer, as etcd gives it. On an error, one of
// kv's, nothing happened. The limit on a request's encoded size is not part of
// the specification.
func (s *State) Apply(r kv.Request) (*State, kv.Response, error) {
	if err := checkRequest(r, kv.MaxTxnOps); err != nil {
		return s, nil, err
	}
	d := &draft{before: s, pairs: s.pairs}
	resp, err := d.run(r)
	if err != nil {
		return s, nil, err
	}
	if txn, ok := resp.(kv.TxnResponse); ok {
		txn.Header = d.header()
		resp = txn
	}
	return d.commit(), resp, nil
}

// at is the state at an earlier revision, at least 1.
func (s *State) at(r kv.Revision) *State {
	for s.revision > r {
		s = s.past
	}
	return s
}

// draft is a store in the midst of one request.
type draft struct {
	before  *State
	pairs   []kv.KeyValue
	changed bool
	// inTxn says that the request is a transaction.
	inTxn bool
}

func (d *draft) commit() *State {
	if !d.changed {
		return d.before
	}
	s := &State{revision: d.before.revision + 1, pairs: d.pairs, past: d.before}
	s.digest = digest(s)
	return s
}

// header carries the revision so far: the first change raises it, for itself
// and for the operations after it.
func (d *draft) header() kv.Header {
	if d.changed {
		return kv.Header{Revision: d.before.revision + 1}
	}
	return kv.Header{Revision: d.before.revision}
}

func (d *draft) run(r kv.Request) (kv.Response, error) {
	switch r := r.(type) {
	case kv.RangeRequest:
		return d.get(r)
	case kv.PutRequest:
		return d.put(r), nil
	case kv.DeleteRangeRequest:
		return d.del(r), nil
	case kv.TxnRequest:
		return d.txn(r)
	}
	panic(fmt.Sprintf("linearize: no specification of a %T", r))
}

func (d *draft) get(r kv.RangeRequest) (kv.Response, error) {
	// etcd refuses in a transaction what it takes for the newest elsewhere.
	if d.inTxn && r.Revision < -1 {
		return nil, kv.ErrCompacted
	}
	pairs := d.pairs
	if r.Revision > 0 {
		// A transaction can't name the revision that it is about to make.
		if r.Revision > d.before.revision {
			return nil, kv.ErrFutureRevision
		}
		pairs = d.before.at(r.Revision).pairs
	}
	resp := kv.RangeResponse{Header: d.header()}
	for _, p := range pairs {
		if !contains(r.Span, p.Key) {
			continue
		}
		resp.Count++
		if r.Limit <= 0 || resp.Count <= r.Limit {
			resp.KVs = append(resp.KVs, p)
		}
	}
	resp.More = resp.Count > int64(len(resp.KVs))
	return resp, nil
}

func (d *draft) put(r kv.PutRequest) kv.Response {
	d.change()
	now := d.header().Revision
	pair := kv.KeyValue{Key: r.Key, Value: r.Value, CreateRevision: now, ModRevision: now, Version: 1}
	i, found := find(d.pairs, r.Key)
	if found {
		pair.CreateRevision = d.pairs[i].CreateRevision
		pair.Version = d.pairs[i].Version + 1
		d.pairs[i] = pair
	} else {
		d.pairs = slices.Insert(d.pairs, i, pair)
	}
	return kv.PutResponse{Header: d.header()}
}

func (d *draft) del(r kv.DeleteRangeRequest) kv.Response {
	doomed := func(p kv.KeyValue) bool { return contains(r.Span, p.Key) }
	var n int64
	if slices.ContainsFunc(d.pairs, doomed) {
		d.change()
		had := len(d.pairs)
		d.pairs = slices.DeleteFunc(d.pairs, doomed)
		n = int64(had - len(d.pairs))
	}
	return kv.DeleteRangeResponse{Header: d.header(), Deleted: n}
}

// txn leaves the header empty, as etcd does for a transaction inside another.
func (d *draft) txn(r kv.TxnRequest) (kv.Response, error) {
	d.inTxn = true
	resp := kv.TxnResponse{Succeeded: true}
	for _, c := range r.Compare {
		resp.Succeeded = resp.Succeeded && d.before.holds(c)
	}
	branch := r.Failure
	if resp.Succeeded {
		branch = r.Success
	}
	for _, op := range branch {
		inner, err := d.run(op)
		if err != nil {
			return nil, err
		}
		resp.Responses = append(resp.Responses, inner)
	}
	return resp, nil
}

// change makes the draft's pairs its own.
func (d *draft) change() {
	if !d.changed {
		d.pairs = slices.Clone(d.pairs)
		d.changed = true
	}
}

// holds says whether a comparison is true. As in etcd, an unknown target
// compares as equal.
func (s *State) holds(c kv.Compare) bool {
	var p kv.KeyValue
	i, found := find(s.pairs, c.Key)
	if found {
		p = s.pairs[i]
	}
	sign := 0
	switch c.Target {
	case kv.TargetVersion:
		sign = cmp.Compare(p.Version, c.Number)
	case kv.TargetCreate:
		sign = cmp.Compare(int64(p.CreateRevision), c.Number)
	case kv.TargetMod:
		sign = cmp.Compare(int64(p.ModRevision), c.Number)
	case kv.TargetValue:
		if !found {
			return false
		}
		sign = cmp.Compare(p.Value, c.Value)
	case kv.TargetLease:
		sign = cmp.Compare(int64(p.Lease), c.Number)
	}
	return ordered(sign, c.Operator)
}

// ordered says whether an operator accepts a sign; an unknown one, as in etcd, does.
func ordered(sign int, by kv.Operator) bool {
	switch by {
	case kv.Equal:
		return sign == 0
	case kv.Greater:
		return sign > 0
	case kv.Less:
		return sign < 0
	case kv.NotEqual:
		return sign != 0
	}
	return true
}

func find(pairs []kv.KeyValue, key string) (int, bool) {
	return slices.BinarySearchFunc(pairs, key, func(p kv.KeyValue, key string) int { return cmp.Compare(p.Key, key) })
}

func contains(s kv.Span, key string) bool {
	switch s.End {
	case "":
		return key == s.Key
	case "\x00":
		return key >= s.Key
	}
	return s.Key <= key && key < s.End
}

// same says whether two stores hold, and ever held, the same.
func same(a, b *State) bool {
	for a != b {
		if a == nil || b == nil || a.digest != b.digest || a.revision != b.revision || !slices.Equal(a.pairs, b.pairs) {
			return false
		}
		a, b = a.past, b.past
	}
	return true
}

// digest covers the digest before, what this revision wrote, and how many keys
// it left. Unequal states may share one.
func digest(s *State) uint64 {
	var h mix.Hash
	h.Word(s.past.digest)
	for _, p := range s.pairs {
		if p.ModRevision == s.revision {
			h.String(p.Key)
			h.String(p.Value)
		}
	}
	h.Word(uint64(len(s.pairs)))
	return h.Sum()
}
