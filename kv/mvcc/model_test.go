package mvcc

import (
	"cmp"
	"maps"
	"slices"

	"pgregory.net/rapid"

	"github.com/castaway-kv/castaway/kv"
)

// model is the store as naively as can be: a copy of all pairs for each revision.
// It decides as little as possible like the store: a transaction works on a copy,
// and an error throws that away.
type model struct {
	states    []map[string]kv.KeyValue // the state at revision i+1
	events    [][]kv.Event             // what made revision i+1, with no Prev
	compacted kv.Revision
}

// granted are the leases that there are, in the store's tests and in the model.
type granted []kv.LeaseID

func (g granted) Granted(id kv.LeaseID) bool { return slices.Contains(g, id) }

var someLeases = granted{7, -8}

func newModel() *model {
	return &model{states: []map[string]kv.KeyValue{{}}, events: [][]kv.Event{nil}, compacted: -1}
}

func (m *model) revision() kv.Revision { return kv.Revision(len(m.states)) }

func (m *model) clone() *model {
	return &model{slices.Clone(m.states), slices.Clone(m.events), m.compacted}
}

func (m *model) now() map[string]kv.KeyValue { return m.states[len(m.states)-1] }

func (m *model) apply(r kv.Request) (kv.Response, error) {
	if err := kv.Validate(r); err != nil {
		return nil, err
	}
	t := &modelTxn{model: m, before: m.now(), now: maps.Clone(m.now())}
	response, err := t.run(r)
	if err != nil {
		return nil, err
	}
	t.commit()
	if txn, ok := response.(kv.TxnResponse); ok {
		txn.Revision = m.revision()
		response = txn
	}
	return response, nil
}

// told is what Events must tell of a revision: at the compacted one, the last
// change of each key, of which nobody knows any more what was before.
func (m *model) told(r kv.Revision) (events []kv.Event) {
	for i, e := range m.events[r-1] {
		later := slices.ContainsFunc(m.events[r-1][i+1:], func(l kv.Event) bool { return l.KV.Key == e.KV.Key })
		if r == m.compacted && later {
			continue
		}
		if r > m.compacted && r > 1 {
			if before, found := m.states[r-2][e.KV.Key]; found {
				e.Prev = &before
			}
		}
		events = append(events, e)
	}
	return events
}

type modelTxn struct {
	model       *model
	before, now map[string]kv.KeyValue
	events      []kv.Event
	inTxn       bool
}

func (t *modelTxn) commit() {
	if len(t.events) > 0 {
		t.model.states = append(t.model.states, t.now)
		t.model.events = append(t.model.events, t.events)
	}
}

func (t *modelTxn) header() kv.Header {
	if len(t.events) > 0 {
		return kv.Header{Revision: t.model.revision() + 1}
	}
	return kv.Header{Revision: t.model.revision()}
}

func (t *modelTxn) run(r kv.Request) (kv.Response, error) {
	switch r := r.(type) {
	case kv.RangeRequest:
		return t.read(r)
	case kv.PutRequest:
		return t.put(r)
	case kv.DeleteRangeRequest:
		response := kv.DeleteRangeResponse{}
		for _, pair := range t.find(r.Span, t.now) {
			t.remove(pair.Key)
			response.Deleted++
			if r.PrevKV {
				response.PrevKVs = append(response.PrevKVs, pair)
			}
		}
		response.Header = t.header()
		return response, nil
	case kv.CompactRequest:
		return t.compact(r)
	case kv.TxnRequest:
		return t.txn(r)
	}
	return nil, ErrNotForStore
}

func (t *modelTxn) txn(r kv.TxnRequest) (kv.Response, error) {
	t.inTxn = true
	response := kv.TxnResponse{Succeeded: !slices.ContainsFunc(r.Compare, t.fails)}
	ops := r.Failure
	if response.Succeeded {
		ops = r.Success
	}
	for _, op := range ops {
		inner, err := t.run(op)
		if err != nil {
			return nil, err
		}
		response.Responses = append(response.Responses, inner)
	}
	return response, nil
}

func (t *modelTxn) put(r kv.PutRequest) (kv.Response, error) {
	if r.Lease != 0 && !someLeases.Granted(r.Lease) {
		return nil, kv.ErrLeaseNotFound
	}
	old, found := t.now[r.Key]
	if !found && (r.IgnoreValue || r.IgnoreLease) {
		return nil, kv.ErrKeyNotFound
	}
	pair := kv.KeyValue{Key: r.Key, Value: r.Value, Lease: r.Lease, ModRevision: t.model.revision() + 1, Version: old.Version + 1}
	pair.CreateRevision = cmp.Or(old.CreateRevision, pair.ModRevision)
	if r.IgnoreValue {
		pair.Value = old.Value
	}
	if r.IgnoreLease {
		pair.Lease = old.Lease
	}
	t.now[r.Key] = pair
	t.events = append(t.events, kv.Event{KV: pair})
	response := kv.PutResponse{Header: t.header()}
	if r.PrevKV && found {
		response.PrevKV = &old
	}
	return response, nil
}

func (t *modelTxn) remove(key string) {
	delete(t.now, key)
	t.events = append(t.events, kv.Event{Kind: kv.EventDelete, KV: kv.KeyValue{Key: key, ModRevision: t.model.revision() + 1}})
}

func (t *modelTxn) compact(r kv.CompactRequest) (kv.Response, error) {
	switch {
	case r.Revision <= t.model.compacted:
		return nil, kv.ErrCompacted
	case r.Revision > t.model.revision():
		return nil, kv.ErrFutureRevision
	}
	t.model.compacted = r.Revision
	return kv.CompactResponse{Header: t.header()}, nil
}

// find is what state has of span, by key.
func (t *modelTxn) find(span kv.Span, state map[string]kv.KeyValue) (found []kv.KeyValue) {
	for _, key := range slices.Sorted(maps.Keys(state)) {
		if span.Contains(key) {
			found = append(found, state[key])
		}
	}
	return found
}

func (t *modelTxn) read(r kv.RangeRequest) (kv.Response, error) {
	state := t.now
	switch {
	case r.Revision > t.model.revision():
		return nil, kv.ErrFutureRevision
	case r.Revision < t.model.compacted && (r.Revision > 0 || t.inTxn && r.Revision < 0):
		return nil, kv.ErrCompacted
	case r.Revision > 0:
		state = t.model.states[r.Revision-1]
	}
	found := t.find(r.Span, state)
	response := kv.RangeResponse{Header: t.header(), Count: int64(len(found))}
	if r.CountOnly {
		return response, nil
	}
	within := slices.DeleteFunc(slices.Clone(found), func(p kv.KeyValue) bool {
		return r.MinModRevision != 0 && p.ModRevision < r.MinModRevision ||
			r.MaxModRevision != 0 && p.ModRevision > r.MaxModRevision ||
			r.MinCreateRevision != 0 && p.CreateRevision < r.MinCreateRevision ||
			r.MaxCreateRevision != 0 && p.CreateRevision > r.MaxCreateRevision
	})
	unbounded := r.MinModRevision == 0 && r.MaxModRevision == 0 && r.MinCreateRevision == 0 && r.MaxCreateRevision == 0
	if r.Order == kv.SortNone && unbounded && r.Limit > 0 {
		within = within[:min(int64(len(within)), r.Limit+1)]
	}
	sortPairs(within, r.Order, r.Target)
	if r.Limit > 0 && r.Limit < int64(len(within)) {
		within, response.More = within[:r.Limit], true
	}
	for _, p := range within {
		if r.KeysOnly {
			p.Value = ""
			if r.Target != kv.SortByValue {
				p.Lease = 0
			}
		}
		response.KVs = append(response.KVs, p)
	}
	return response, nil
}

func sortPairs(pairs []kv.KeyValue, order kv.SortOrder, target kv.SortTarget) {
	slices.SortStableFunc(pairs, func(a, b kv.KeyValue) int {
		if order == kv.SortDescend {
			a, b = b, a
		}
		return [...]int{
			kv.SortByKey:     cmp.Compare(a.Key, b.Key),
			kv.SortByVersion: cmp.Compare(a.Version, b.Version),
			kv.SortByCreate:  cmp.Compare(a.CreateRevision, b.CreateRevision),
			kv.SortByMod:     cmp.Compare(a.ModRevision, b.ModRevision),
			kv.SortByValue:   cmp.Compare(a.Value, b.Value),
		}[target]
	})
}

// fails says whether a comparison is false of one key of its span, or of a missing
// one if there is none.
func (t *modelTxn) fails(c kv.Compare) bool {
	found := t.find(c.Span(), t.before)
	if len(found) == 0 {
		return c.Target == kv.TargetValue || !matches(c, kv.KeyValue{})
	}
	return slices.ContainsFunc(found, func(p kv.KeyValue) bool { return !matches(c, p) })
}

func matches(c kv.Compare, pair kv.KeyValue) bool {
	sign := 0
	switch c.Target {
	case kv.TargetValue:
		sign = cmp.Compare(pair.Value, c.Value)
	case kv.TargetVersion:
		sign = cmp.Compare(pair.Version, c.Number)
	case kv.TargetCreate:
		sign = cmp.Compare(int64(pair.CreateRevision), c.Number)
	case kv.TargetMod:
		sign = cmp.Compare(int64(pair.ModRevision), c.Number)
	case kv.TargetLease:
		sign = cmp.Compare(int64(pair.Lease), c.Number)
	}
	return map[kv.Operator]bool{
		kv.Equal: sign == 0, kv.NotEqual: sign != 0, kv.Less: sign < 0, kv.Greater: sign > 0, 9: true,
	}[c.Operator]
}

var (
	someKey   = rapid.SampledFrom([]string{"a", "b", "b\x00", "ba", "c", "\xff", "\xff\xff"})
	someEnd   = rapid.SampledFrom([]string{"", "", "\x00", "b", "c", "d"})
	someValue = rapid.SampledFrom([]string{"", "0", "1", "2"})
	someLease = rapid.SampledFrom([]kv.LeaseID{0, 0, 0, 7, -8, 9})
	someSpan  = rapid.Custom(func(t *rapid.T) kv.Span {
		return kv.Span{Key: someKey.Draw(t, "key"), End: someEnd.Draw(t, "end")}
	})
	someCompare = rapid.Custom(func(t *rapid.T) kv.Compare {
		return kv.Compare{
			Key:      someKey.Draw(t, "key"),
			End:      someEnd.Draw(t, "end"),
			Target:   kv.Target(rapid.IntRange(0, 5).Draw(t, "target")),
			Operator: rapid.SampledFrom([]kv.Operator{kv.Equal, kv.Greater, kv.Less, kv.NotEqual, 9}).Draw(t, "operator"),
			Number:   rapid.Int64Range(-8, 8).Draw(t, "number"),
			Value:    someValue.Draw(t, "value"),
		}
	})
	rarely = rapid.Map(rapid.IntRange(0, 5), func(n int) bool { return n == 5 })
)

func someRange(t *rapid.T) kv.Request {
	r := kv.RangeRequest{
		Span: someSpan.Draw(t, "span"), Limit: rapid.Int64Range(-1, 3).Draw(t, "limit"),
		Order: kv.SortOrder(rapid.IntRange(0, 2).Draw(t, "order")), Target: kv.SortTarget(rapid.IntRange(0, 4).Draw(t, "target")),
		KeysOnly: rarely.Draw(t, "keys only"), CountOnly: rarely.Draw(t, "count only"),
	}
	if rapid.Bool().Draw(t, "explicit") {
		r.Revision = kv.Revision(rapid.Int64Range(-2, 12).Draw(t, "revision"))
	}
	for _, bound := range []*kv.Revision{&r.MinModRevision, &r.MaxModRevision, &r.MinCreateRevision, &r.MaxCreateRevision} {
		if rarely.Draw(t, "bounded") {
			*bound = kv.Revision(rapid.Int64Range(-1, 12).Draw(t, "bound"))
		}
	}
	return r
}

func somePut(t *rapid.T) kv.Request {
	return kv.PutRequest{
		Key: someKey.Draw(t, "key"), Value: someValue.Draw(t, "value"), Lease: someLease.Draw(t, "lease"),
		PrevKV: rapid.Bool().Draw(t, "prev"), IgnoreValue: rarely.Draw(t, "ignore value"), IgnoreLease: rarely.Draw(t, "ignore lease"),
	}
}

// someRequest draws requests over few keys, with transactions up to depth deep;
// some of them are invalid.
func someRequest(depth int) *rapid.Generator[kv.Request] {
	return rapid.Custom(func(t *rapid.T) kv.Request {
		switch rapid.IntRange(0, 6+3*depth).Draw(t, "kind") {
		case 0, 1, 2:
			return somePut(t)
		case 3:
			return kv.DeleteRangeRequest{Span: someSpan.Draw(t, "span"), PrevKV: rapid.Bool().Draw(t, "prev")}
		case 4, 5:
			return someRange(t)
		case 6:
			return kv.CompactRequest{Revision: kv.Revision(rapid.Int64Range(-1, 12).Draw(t, "revision"))}
		default:
			ops := rapid.SliceOfN(someRequest(depth-1), 0, 4)
			return kv.TxnRequest{
				Compare: rapid.SliceOfN(someCompare, 0, 2).Draw(t, "compare"),
				Success: ops.Draw(t, "success"),
				Failure: ops.Draw(t, "failure"),
			}
		}
	})
}
