package mvcc

import (
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/castaway-kv/castaway/kv"
)

// model is the store as naively as can be: a copy of all pairs for each revision.
// It decides as little as possible like the store: a transaction works on a copy
// and an error throws that away.
type model struct {
	states []map[string]kv.KeyValue // the state at revision i+1
}

func newModel() *model { return &model{states: []map[string]kv.KeyValue{{}}} }

func (m *model) revision() kv.Revision { return kv.Revision(len(m.states)) }

func (m *model) clone() *model { return &model{states: slices.Clone(m.states)} }

func (m *model) apply(r kv.Request) (kv.Response, error) {
	if err := kv.Validate(r); err != nil {
		return nil, err
	}
	if r, ok := r.(kv.RangeRequest); ok && r.Revision < 0 {
		r.Revision = 0
		return m.apply(r)
	}
	before := m.states[len(m.states)-1]
	t := &modelTxn{model: m, before: before, now: maps.Clone(before)}
	response, err := t.run(r)
	if err != nil {
		return nil, err
	}
	if t.changed {
		m.states = append(m.states, t.now)
	}
	if txn, ok := response.(kv.TxnResponse); ok {
		txn.Revision = m.revision()
		response = txn
	}
	return response, nil
}

type modelTxn struct {
	model       *model
	before, now map[string]kv.KeyValue
	changed     bool
}

func (t *modelTxn) header() kv.Header {
	if t.changed {
		return kv.Header{Revision: t.model.revision() + 1}
	}
	return kv.Header{Revision: t.model.revision()}
}

func (t *modelTxn) run(r kv.Request) (kv.Response, error) {
	switch r := r.(type) {
	case kv.RangeRequest:
		return t.read(r)
	case kv.PutRequest:
		pair := t.now[r.Key]
		pair.Key, pair.Value, pair.ModRevision = r.Key, r.Value, t.model.revision()+1
		if pair.Version++; pair.Version == 1 {
			pair.CreateRevision = pair.ModRevision
		}
		t.now[r.Key], t.changed = pair, true
		return kv.PutResponse{Header: t.header()}, nil
	case kv.DeleteRangeRequest:
		deleted := int64(0)
		for key := range t.now {
			if r.Contains(key) {
				delete(t.now, key)
				deleted, t.changed = deleted+1, true
			}
		}
		return kv.DeleteRangeResponse{Header: t.header(), Deleted: deleted}, nil
	case kv.TxnRequest:
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
	panic(r)
}

func (t *modelTxn) read(r kv.RangeRequest) (kv.Response, error) {
	state := t.now
	switch {
	case r.Revision > t.model.revision():
		return nil, kv.ErrFutureRevision
	case r.Revision < -1:
		return nil, kv.ErrCompacted
	case r.Revision > 0:
		state = t.model.states[r.Revision-1]
	}
	response := kv.RangeResponse{Header: t.header()}
	for _, key := range slices.Sorted(maps.Keys(state)) {
		if r.Contains(key) {
			response.KVs = append(response.KVs, state[key])
			response.Count++
		}
	}
	if r.Limit > 0 && r.Limit < response.Count {
		response.KVs, response.More = response.KVs[:r.Limit], true
	}
	return response, nil
}

func (t *modelTxn) fails(c kv.Compare) bool {
	pair, found := t.before[c.Key]
	less, equal := false, false
	switch c.Target {
	case kv.TargetValue:
		if !found {
			return true
		}
		less, equal = pair.Value < c.Value, pair.Value == c.Value
	case kv.TargetVersion:
		less, equal = pair.Version < c.Number, pair.Version == c.Number
	case kv.TargetCreate:
		less, equal = int64(pair.CreateRevision) < c.Number, int64(pair.CreateRevision) == c.Number
	case kv.TargetMod:
		less, equal = int64(pair.ModRevision) < c.Number, int64(pair.ModRevision) == c.Number
	}
	return !map[kv.Operator]bool{
		kv.Equal: equal, kv.NotEqual: !equal, kv.Less: less, kv.Greater: !less && !equal,
	}[c.Operator]
}

var (
	someKey   = rapid.SampledFrom([]string{"a", "b", "b\x00", "ba", "c", "\xff", "\xff\xff"})
	someEnd   = rapid.SampledFrom([]string{"", "", "\x00", "b", "c", "d"})
	someValue = rapid.SampledFrom([]string{"", "0", "1", "2"})
	someSpan  = rapid.Custom(func(t *rapid.T) kv.Span {
		return kv.Span{Key: someKey.Draw(t, "key"), End: someEnd.Draw(t, "end")}
	})
	someCompare = rapid.Custom(func(t *rapid.T) kv.Compare {
		return kv.Compare{
			Key:      someKey.Draw(t, "key"),
			Target:   kv.Target(rapid.IntRange(0, 3).Draw(t, "target")),
			Operator: kv.Operator(rapid.IntRange(0, 3).Draw(t, "operator")),
			Number:   rapid.Int64Range(0, 6).Draw(t, "number"),
			Value:    someValue.Draw(t, "value"),
		}
	})
)

// someRequest draws requests over few keys, with transactions up to depth deep;
// some of them are invalid.
func someRequest(depth int) *rapid.Generator[kv.Request] {
	return rapid.Custom(func(t *rapid.T) kv.Request {
		switch rapid.IntRange(0, 4+3*depth).Draw(t, "kind") {
		case 0, 1:
			return kv.PutRequest{Key: someKey.Draw(t, "key"), Value: someValue.Draw(t, "value")}
		case 2:
			return kv.DeleteRangeRequest{Span: someSpan.Draw(t, "span")}
		case 3, 4:
			r := kv.RangeRequest{Span: someSpan.Draw(t, "span"), Limit: rapid.Int64Range(-1, 3).Draw(t, "limit")}
			if rapid.Bool().Draw(t, "explicit") {
				r.Revision = kv.Revision(rapid.Int64Range(-2, 12).Draw(t, "revision"))
			}
			return r
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

// world is a store beside its model.
type world struct {
	store *Store
	model *model
}

func (w world) clone() world { return world{w.store.Clone(), w.model.clone()} }

// step applies one request to both and compares the answers.
func (w world) step(t *rapid.T, r kv.Request) {
	got, gotErr := w.store.Apply(r)
	want, wantErr := w.model.apply(r)
	if !errors.Is(gotErr, wantErr) || !reflect.DeepEqual(got, want) {
		t.Fatalf("%v\ngot  %#v (%v)\nwant %#v (%v)", r, got, gotErr, want, wantErr)
	}
}

// check compares everything that can be read.
func (w world) check(t *rapid.T) {
	if w.store.Revision() != w.model.revision() {
		t.Fatalf("revision %d, want %d", w.store.Revision(), w.model.revision())
	}
	for i, state := range w.model.states {
		var want []kv.KeyValue
		for _, key := range slices.Sorted(maps.Keys(state)) {
			want = append(want, state[key])
		}
		revision := kv.Revision(i + 1)
		if got, err := w.store.Range(at(all(), revision)); err != nil || !slices.Equal(got.KVs, want) {
			t.Fatalf("at revision %d: %v (%v), want %v", revision, got.KVs, err, want)
		}
		if revision == w.store.Revision() && !slices.Equal(slices.Collect(w.store.All()), want) {
			t.Fatalf("All: %v, want %v", slices.Collect(w.store.All()), want)
		}
	}
}

func TestStoreAgainstModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := world{New(), newModel()}
		for _, r := range rapid.SliceOfN(someRequest(3), 1, 30).Draw(t, "requests") {
			w.step(t, r)
		}
		w.check(t)
	})
}

// History tells, for each revision, the state of the key then.
func TestHistoryAgainstReads(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := New()
		for _, r := range rapid.SliceOfN(someRequest(2), 1, 20).Draw(t, "requests") {
			_, _ = s.Apply(r)
		}
		key := someKey.Draw(t, "key")
		history := slices.Collect(s.History(key))
		for revision := kv.Revision(1); revision <= s.Revision(); revision++ {
			var want []kv.KeyValue
			for _, pair := range history {
				if pair.ModRevision <= revision {
					want = []kv.KeyValue{pair}
				}
			}
			if len(want) == 1 && want[0].Version == 0 {
				want = nil
			}
			if got, err := s.Range(at(get(key), revision)); err != nil || !slices.Equal(got.KVs, want) {
				t.Fatalf("at revision %d: %v (%v), want %v of %v", revision, got, err, want, history)
			}
		}
	})
}

// Clones, and clones of clones, never see each other's writes.
func TestClonesAreIsolated(t *testing.T) {
	requests := someRequest(2)
	rapid.Check(t, func(t *rapid.T) {
		worlds := []world{{New(), newModel()}}
		// Enough keys for a tree of several nodes.
		for i := range 200 {
			worlds[0].step(t, kv.PutRequest{Key: string([]byte{'a' + byte(i%4), byte(i)})})
		}
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			w := worlds[rapid.IntRange(0, len(worlds)-1).Draw(t, "world")]
			if len(worlds) < 5 && rapid.IntRange(0, 3).Draw(t, "clone") == 0 {
				worlds = append(worlds, w.clone())
			}
			w.step(t, requests.Draw(t, "request"))
		}
		for _, w := range worlds {
			last := w.model.states[len(w.model.states)-1]
			if got := slices.Collect(w.store.All()); len(got) != len(last) || slices.ContainsFunc(got, func(p kv.KeyValue) bool { return last[p.Key] != p }) {
				t.Fatalf("%v\nwant %v", got, last)
			}
		}
	})
}

// Equal requests make equal hashes, whatever clones were made on the way.
func TestHashDependsOnContentsAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := New(), New()
		for _, r := range rapid.SliceOfN(someRequest(2), 1, 20).Draw(t, "requests") {
			_, _ = a.Apply(r)
			_, _ = b.Clone().Apply(kv.PutRequest{Key: "elsewhere"})
			_, _ = b.Apply(r)
			if a.Hash() != b.Hash() || a.Hash() != a.Clone().Hash() {
				t.Fatalf("after %v: %x and %x", r, a.Hash(), b.Hash())
			}
		}
	})
}
