package linearize

import (
	"maps"
	"slices"

	"github.com/castaway-kv/castaway/kv"
)

// naive is a second store, written differently from State: a map per revision,
// flat transactions only. It makes the histories of the tests, and the judge
// by brute force replays on it.
type naive struct{ states []map[string]kv.KeyValue }

func newNaive() *naive { return &naive{states: []map[string]kv.KeyValue{{}}} }

func (n *naive) clone() *naive { return &naive{states: slices.Clone(n.states)} }

func (n *naive) revision() kv.Revision { return kv.Revision(len(n.states)) }

// apply runs a request; a nil response means that the store refused it.
func (n *naive) apply(r kv.Request) kv.Response {
	now := maps.Clone(n.states[len(n.states)-1])
	rev, wrote := n.revision(), false
	resp := n.run(r, now, &wrote)
	if txn, ok := resp.(kv.TxnResponse); ok {
		txn.Revision = rev
		if wrote {
			txn.Revision++
		}
		resp = txn
	}
	if resp != nil && wrote {
		n.states = append(n.states, now)
	}
	return resp
}

func (n *naive) run(r kv.Request, now map[string]kv.KeyValue, wrote *bool) kv.Response {
	at := func() kv.Header {
		if *wrote {
			return kv.Header{Revision: n.revision() + 1}
		}
		return kv.Header{Revision: n.revision()}
	}
	switch r := r.(type) {
	case kv.PutRequest:
		*wrote = true
		p := now[r.Key]
		p.Key, p.Value, p.ModRevision = r.Key, r.Value, at().Revision
		p.Version++
		if p.Version == 1 {
			p.CreateRevision = p.ModRevision
		}
		now[r.Key] = p
		return kv.PutResponse{Header: at()}
	case kv.DeleteRangeRequest:
		keys := keysIn(now, r.Span)
		for _, k := range keys {
			*wrote = true
			delete(now, k)
		}
		return kv.DeleteRangeResponse{Header: at(), Deleted: int64(len(keys))}
	case kv.RangeRequest:
		from := now
		if r.Revision > n.revision() {
			return nil
		}
		if r.Revision > 0 {
			from = n.states[r.Revision-1]
		}
		keys := keysIn(from, r.Span)
		resp := kv.RangeResponse{Header: at(), Count: int64(len(keys))}
		if r.Limit > 0 && r.Limit < resp.Count {
			keys, resp.More = keys[:r.Limit], true
		}
		for _, k := range keys {
			resp.KVs = append(resp.KVs, from[k])
		}
		return resp
	case kv.TxnRequest:
		return n.txn(r, now, wrote)
	}
	panic("no such request")
}

func (n *naive) txn(r kv.TxnRequest, now map[string]kv.KeyValue, wrote *bool) kv.Response {
	branch := r.Failure
	resp := kv.TxnResponse{Succeeded: !slices.ContainsFunc(r.Compare, func(c kv.Compare) bool {
		p, ok := now[c.Key]
		if c.Target == kv.TargetValue {
			return !ok || p.Value != c.Value
		}
		return int64(p.ModRevision) != c.Number
	})}
	if resp.Succeeded {
		branch = r.Success
	}
	for _, op := range branch {
		inner := n.run(op, now, wrote)
		if inner == nil {
			return nil
		}
		resp.Responses = append(resp.Responses, inner)
	}
	return resp
}

func keysIn(m map[string]kv.KeyValue, s kv.Span) []string {
	var keys []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		if k == s.Key || s.End == "\x00" && k > s.Key || s.Key < k && k < s.End {
			keys = append(keys, k)
		}
	}
	return keys
}

// explainable is the judge by brute force: it tries every order that real time
// allows, with every subset of the operations without an answer.
func explainable(h History) bool {
	return bruteForce(h, make([]bool, len(h)), newNaive())
}

func bruteForce(h History, done []bool, store *naive) bool {
	left, soonest := false, int64(0)
	for i, op := range h {
		if !done[i] && op.Outcome == Answered && (!left || op.Return < soonest) {
			left, soonest = true, op.Return
		}
	}
	if !left {
		return true
	}
	for i, op := range h {
		if done[i] || op.Outcome == Refused || op.Call > soonest {
			continue
		}
		next := store.clone()
		resp := next.apply(op.Request)
		if op.Outcome == Answered && (resp == nil || !equal(op.Request, resp, op.Response)) {
			continue
		}
		done[i] = true
		if bruteForce(h, done, next) {
			return true
		}
		done[i] = false
	}
	return false
}
