package mvcc

import (
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/kv"
)

// colours is a store whose keys differ in every order: by key, version, create and
// mod revision, value.
func colours(t testing.TB) *Store {
	s := New()
	for _, r := range []kv.Request{
		put("red", "1"), put("blue", "5"), put("green", "3"), put("red", "2"), put("red", "4"), put("grey", "5"), put("blue", "0"),
	} {
		mustApply(t, s, r)
	}
	return s
}

func TestRangeOptions(t *testing.T) {
	s := colours(t)
	for _, tc := range []struct {
		r    kv.RangeRequest
		want string
	}{
		{kv.RangeRequest{}, `blue=0 green=3 grey=5 red=4`},
		{kv.RangeRequest{Order: kv.SortAscend}, `blue=0 green=3 grey=5 red=4`},
		{kv.RangeRequest{Order: kv.SortDescend}, `red=4 grey=5 green=3 blue=0`},
		{kv.RangeRequest{Order: kv.SortDescend, Limit: 1}, `red=4 (1 of 4)`},
		{kv.RangeRequest{Target: kv.SortByValue}, `blue=0 green=3 red=4 grey=5`},
		{kv.RangeRequest{Target: kv.SortByValue, Order: kv.SortDescend}, `grey=5 red=4 green=3 blue=0`},
		{kv.RangeRequest{Target: kv.SortByCreate, Order: kv.SortAscend}, `red=4 blue=0 green=3 grey=5`},
		{kv.RangeRequest{Target: kv.SortByMod, Order: kv.SortAscend}, `green=3 red=4 grey=5 blue=0`},
		{kv.RangeRequest{Target: kv.SortByVersion, Order: kv.SortDescend}, `red=4 blue=0 green=3 grey=5`},
		// With a limit and no order, the limit and one more cut before the sort.
		{kv.RangeRequest{Target: kv.SortByCreate, Order: kv.SortAscend, Limit: 1}, `red=4 (1 of 4)`},
		{kv.RangeRequest{Target: kv.SortByCreate, Limit: 1}, `blue=0 (1 of 4)`},
		{kv.RangeRequest{Target: kv.SortByMod, Limit: 1}, `green=3 (1 of 4)`},
		{kv.RangeRequest{Target: kv.SortByMod, Limit: 3}, `green=3 red=4 grey=5 (3 of 4)`},
		{kv.RangeRequest{Target: kv.SortByMod, Limit: 4}, `green=3 red=4 grey=5 blue=0`},
		{kv.RangeRequest{Target: kv.SortByMod, Limit: math.MaxInt64}, `green=3 red=4 grey=5 blue=0`},
		// A bound makes the sort see all.
		{kv.RangeRequest{Target: kv.SortByCreate, Limit: 1, MinModRevision: 1}, `red=4 (1 of 4)`},
		{kv.RangeRequest{MinModRevision: 6}, `blue=0 grey=5 red=4`},
		{kv.RangeRequest{MaxModRevision: 6}, `green=3 red=4`},
		{kv.RangeRequest{MinModRevision: 6, MaxModRevision: 7}, `grey=5 red=4`},
		{kv.RangeRequest{MinModRevision: 7, MaxModRevision: 6}, `(0 of 4)`},
		{kv.RangeRequest{MinCreateRevision: 3, MaxCreateRevision: 4}, `blue=0 green=3`},
		{kv.RangeRequest{MinCreateRevision: -9}, `blue=0 green=3 grey=5 red=4`},
		{kv.RangeRequest{MaxModRevision: -9}, `(0 of 4)`},
		{kv.RangeRequest{MinModRevision: 6, Limit: 2}, `blue=0 grey=5 (2 of 4)`},
		{kv.RangeRequest{MinModRevision: 6, Limit: 3}, `blue=0 grey=5 red=4`},
		{kv.RangeRequest{CountOnly: true}, `(0 of 4)`},
		{kv.RangeRequest{CountOnly: true, Limit: 1, MinModRevision: 6}, `(0 of 4)`},
		{kv.RangeRequest{CountOnly: true, Revision: 3}, `(0 of 2)`},
		{kv.RangeRequest{KeysOnly: true, Limit: 1}, `blue="" (1 of 4)`},
		{kv.RangeRequest{KeysOnly: true, Target: kv.SortByValue, Order: kv.SortDescend}, `grey="" red="" green="" blue=""`},
		{kv.RangeRequest{Revision: 4, Target: kv.SortByValue, Order: kv.SortDescend, Limit: 2}, `blue=5 green=3 (2 of 3)`},
	} {
		tc.r.Span = kv.Prefix("")
		got, err := s.Range(tc.r)
		more := tc.r.Limit > 0 && int64(len(got.KVs)) == tc.r.Limit && strings.Contains(tc.want, "of")
		if err != nil || got.String() != tc.want || got.More != more && !tc.r.CountOnly {
			t.Errorf("%v\ngot  %v, more %v (%v)\nwant %v", tc.r, got, got.More, err, tc.want)
		}
		if inTxn := mustApply(t, s, then(tc.r)).(kv.TxnResponse); tc.r.Revision >= 0 && !reflect.DeepEqual(inTxn.Responses[0], kv.Response(got)) {
			t.Errorf("%v in a transaction: %v", tc.r, inTxn)
		}
	}
}

// Equal ones stay in the order of their keys.
func TestSortIsStable(t *testing.T) {
	s := New()
	for _, key := range strings.Fields("b d a c e") {
		mustApply(t, s, put(key, "same"))
	}
	for _, order := range []kv.SortOrder{kv.SortNone, kv.SortAscend, kv.SortDescend} {
		got, _ := s.Range(kv.RangeRequest{Span: kv.Prefix(""), Target: kv.SortByValue, Order: order})
		if got.String() != "a=same b=same c=same d=same e=same" {
			t.Errorf("%v: %v", order, got)
		}
	}
}

func TestPutOptions(t *testing.T) {
	s := New()
	pair := func(value string, create, mod kv.Revision, version int64, lease kv.LeaseID) *kv.KeyValue {
		return &kv.KeyValue{Key: "k", Value: value, CreateRevision: create, ModRevision: mod, Version: version, Lease: lease}
	}
	for _, step := range []struct {
		r    kv.PutRequest
		want *kv.KeyValue // after it
		err  error
	}{
		{kv.PutRequest{IgnoreValue: true}, nil, kv.ErrKeyNotFound},
		{kv.PutRequest{IgnoreLease: true, Value: "v"}, nil, kv.ErrKeyNotFound},
		{kv.PutRequest{Lease: 1, Value: "v"}, nil, kv.ErrLeaseNotFound},
		{kv.PutRequest{Lease: 1, IgnoreValue: true}, nil, kv.ErrLeaseNotFound},
		{kv.PutRequest{Value: "v", Lease: 7}, pair("v", 2, 2, 1, 7), nil},
		{kv.PutRequest{IgnoreLease: true, Value: "w"}, pair("w", 2, 3, 2, 7), nil},
		{kv.PutRequest{IgnoreValue: true, Lease: -8}, pair("w", 2, 4, 3, -8), nil},
		{kv.PutRequest{IgnoreValue: true, IgnoreLease: true}, pair("w", 2, 5, 4, -8), nil},
		{kv.PutRequest{IgnoreValue: true}, pair("w", 2, 6, 5, 0), nil},
		{kv.PutRequest{Value: "x", IgnoreLease: true}, pair("x", 2, 7, 6, 0), nil},
		{kv.PutRequest{Value: "x", IgnoreValue: true}, pair("x", 2, 7, 6, 0), kv.ErrValueProvided},
		{kv.PutRequest{Lease: 7, IgnoreLease: true}, pair("x", 2, 7, 6, 0), kv.ErrLeaseProvided},
	} {
		var before *kv.KeyValue
		if found, _ := s.Range(get("k")); len(found.KVs) > 0 {
			before = &found.KVs[0]
		}
		step.r.Key, step.r.PrevKV = "k", true
		response, err := s.Execute(step.r, someLeases)
		if !errors.Is(err, step.err) {
			t.Errorf("%v: %v, want %v", step.r, err, step.err)
		}
		if err == nil && !reflect.DeepEqual(response, kv.Response(kv.PutResponse{Header: kv.Header{Revision: s.Revision()}, PrevKV: before})) {
			t.Errorf("%v: %v, was %v", step.r, response, before)
		}
		found, _ := s.Range(get("k"))
		if step.want == nil && found.Count != 0 || step.want != nil && (found.Count != 1 || found.KVs[0] != *step.want) {
			t.Errorf("%v: %#v, want %#v", step.r, found.KVs, step.want)
		}
	}
	if response, err := s.Apply(kv.PutRequest{Key: "k", Lease: 7}); response != nil || !errors.Is(err, kv.ErrLeaseNotFound) {
		t.Errorf("a store without leases: %v, %v", response, err)
	}
}

func TestDeleteTellsWhatWas(t *testing.T) {
	s := colours(t)
	got := mustApply(t, s, kv.DeleteRangeRequest{Span: kv.Prefix("gr"), PrevKV: true})
	if got.String() != "deleted 2: green=3 grey=5" {
		t.Error(got)
	}
	if got := mustApply(t, s, kv.DeleteRangeRequest{Span: kv.Prefix("gr"), PrevKV: true}); got.String() != "deleted 0" {
		t.Error(got)
	}
}

// A comparison of a span must hold for each of its keys.
func TestCompareSpans(t *testing.T) {
	s := colours(t)
	if _, err := s.Execute(kv.PutRequest{Key: "green", IgnoreValue: true, Lease: 7}, someLeases); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		c    kv.Compare
		want bool
	}{
		{kv.Compare{Key: "gr", End: "gs", Target: kv.TargetCreate, Operator: kv.Greater, Number: 3}, true},
		{kv.Compare{Key: "gr", End: "gs", Target: kv.TargetCreate, Operator: kv.Greater, Number: 4}, false},
		{kv.Compare{Key: "gr", End: "gs", Target: kv.TargetVersion, Operator: kv.Less, Number: 3}, true},
		{kv.Compare{Key: "g", End: "\x00", Target: kv.TargetValue, Operator: kv.Greater, Value: "2"}, true},
		{kv.Compare{Key: "a", End: "\x00", Target: kv.TargetValue, Operator: kv.Greater, Value: "2"}, false},
		{kv.Compare{Key: "green", Target: kv.TargetLease, Number: 7}, true},
		{kv.Compare{Key: "grey", Target: kv.TargetLease, Number: 7}, false},
		{kv.Compare{Key: "grey", Target: kv.TargetLease, Number: 0}, true},
		{kv.Compare{Key: "none", Target: kv.TargetLease, Number: 0}, true},
		{kv.Compare{Key: "gr", End: "gs", Target: kv.TargetLease, Number: 7}, false},
		// An empty span is one missing key.
		{kv.Compare{Key: "x", End: "z", Target: kv.TargetVersion, Number: 0}, true},
		{kv.Compare{Key: "x", End: "z", Target: kv.TargetValue, Operator: kv.NotEqual, Value: "v"}, false},
		{kv.Compare{Key: "z", End: "a", Target: kv.TargetMod, Operator: kv.Less, Number: 1}, true},
		{kv.Compare{Key: "a", End: "\x00", Target: 9, Operator: kv.Equal}, true},
		{kv.Compare{Key: "a", End: "\x00", Target: 9, Operator: kv.NotEqual}, false},
		{kv.Compare{Key: "a", End: "\x00", Operator: 9}, true},
	} {
		if got := mustApply(t, s, cas(tc.c)).(kv.TxnResponse).Succeeded; got != tc.want {
			t.Errorf("%v: %v", tc.c, got)
		}
	}
}

// keep is a put that keeps the value.
func keep(key string) kv.Request { return kv.PutRequest{Key: key, IgnoreValue: true, PrevKV: true} }

// Puts that depend on what was there are checked on the state before, in the order
// in which they stand on the path that is taken.
func TestChecksInTransactions(t *testing.T) {
	s := New()
	mustApply(t, s, put("k", "v"))
	before := contents(s)
	unknownLease := kv.PutRequest{Key: "l", Lease: 1}
	for _, tc := range []struct {
		r    kv.Request
		want error
	}{
		{then(keep("none")), kv.ErrKeyNotFound},
		{then(put("l", "v"), then(keep("none"))), kv.ErrKeyNotFound},
		{then(put("k", "w"), unknownLease), kv.ErrLeaseNotFound},
		{then(keep("none"), unknownLease), kv.ErrKeyNotFound},
		{then(unknownLease, keep("none")), kv.ErrLeaseNotFound},
		{then(at(get("k"), 9), unknownLease), kv.ErrFutureRevision},
		// Cleared and then kept: etcd 3.7 panics.
		{then(del("a", "\x00"), keep("k")), kv.ErrKeyNotFound},
		{then(then(del("k", "\x00")), put("l", "v"), then(keep("k"))), kv.ErrKeyNotFound},
	} {
		if response, err := s.Apply(tc.r); response != nil || !errors.Is(err, tc.want) || contents(s) != before {
			t.Errorf("%v: %v, %v, want %v; %s", tc.r, response, err, tc.want, contents(s))
		}
	}
	for _, r := range []kv.Request{
		kv.TxnRequest{Failure: []kv.Request{keep("none"), unknownLease, compactedRead()}},
		then(kv.TxnRequest{Failure: []kv.Request{keep("none")}}),
		then(keep("k"), del("l", "\x00")),
		then(del("l", "\x00"), keep("k")),
	} {
		mustApply(t, s, r)
	}
}

func compactedRead() kv.Request { return at(get("k"), -2) }

func TestRequestsThatAreNotForAStore(t *testing.T) {
	for _, r := range []kv.Request{
		kv.LeaseGrantRequest{ID: 1, TTL: 1},
		kv.LeaseRevokeRequest{},
		kv.LeaseKeepAliveRequest{},
		kv.LeaseTimeToLiveRequest{},
		kv.LeaseListRequest{},
		kv.AlarmRequest{},
	} {
		if response, err := New().Apply(r); response != nil || !errors.Is(err, ErrNotForStore) {
			t.Errorf("%v: %v, %v", r, response, err)
		}
	}
}

// Keys and values of any bytes, up to the limit of a request.
func TestLargestRequests(t *testing.T) {
	s := New()
	large := strings.Repeat("\xff\x00", (kv.MaxRequestBytes-100)/4)
	mustApply(t, s, put(large, large))
	if found, err := s.Range(get(large)); err != nil || found.KVs[0].Value != large {
		t.Error(err)
	}
	checkStore(t, s)
	mustApply(t, s, del(large[:1], "\x00"))
	if s.Size() < 3*int64(len(large)) {
		t.Errorf("size %d", s.Size())
	}
}
