package linearize

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/castaway-kv/castaway/kv"
)

func del(key, end string) kv.Request { return kv.DeleteRangeRequest{Span: kv.Span{Key: key, End: end}} }

func all(ops ...kv.Request) kv.TxnRequest { return kv.TxnRequest{Success: ops} }

func deleted(r kv.Revision, n int64) kv.Response {
	return kv.DeleteRangeResponse{Header: at(r), Deleted: n}
}

func succeeded(r kv.Revision, inner ...kv.Response) kv.Response {
	return kv.TxnResponse{Header: at(r), Succeeded: true, Responses: inner}
}

// Each step goes on from the one before.
func TestModel(t *testing.T) {
	a4 := kv.KeyValue{Key: "a", Value: "2", CreateRevision: 2, ModRevision: 4, Version: 2}
	b3 := kv.KeyValue{Key: "b", Value: "1", CreateRevision: 3, ModRevision: 3, Version: 1}
	s := NewState()
	for i, step := range []struct {
		request kv.Request
		want    kv.Response
	}{
		{get("a"), nothing(1)},
		{del("a", ""), deleted(1, 0)},
		{put("a", "1"), done(2)},
		{put("b", "1"), done(3)},
		{put("a", "2"), done(4)},
		{kv.RangeRequest{Span: kv.Span{Key: "a", End: "c"}}, kv.RangeResponse{Header: at(4), KVs: []kv.KeyValue{a4, b3}, Count: 2}},
		{kv.RangeRequest{Span: kv.Span{Key: "a", End: "b"}}, kv.RangeResponse{Header: at(4), KVs: []kv.KeyValue{a4}, Count: 1}},
		{kv.RangeRequest{Span: kv.Span{Key: "b", End: "a"}}, nothing(4)},
		{kv.RangeRequest{Span: kv.Span{Key: "a", End: "\x00"}, Limit: 1}, kv.RangeResponse{Header: at(4), KVs: []kv.KeyValue{a4}, Count: 2, More: true}},
		{kv.RangeRequest{Span: kv.Span{Key: "a", End: "\x00"}, Limit: 2}, kv.RangeResponse{Header: at(4), KVs: []kv.KeyValue{a4, b3}, Count: 2}},
		{kv.RangeRequest{Span: kv.Span{Key: "a"}, Revision: 3}, one(4, "a", "1", 2, 1)},
		{kv.RangeRequest{Span: kv.Span{Key: "a"}, Revision: 1}, nothing(4)},
		{kv.RangeRequest{Span: kv.Span{Key: "b"}, Revision: -1}, one(4, "b", "1", 3, 1)},
		// Headers inside a transaction: the old revision, then the new one; none for an inner transaction.
		{
			all(get("c"), put("c", "1"), get("c"), all(get("c")), kv.RangeRequest{Span: kv.Span{Key: "c"}, Revision: 4}, del("x", "")),
			succeeded(5, nothing(4), done(5), one(5, "c", "1", 5, 1), succeeded(0, one(5, "c", "1", 5, 1)), nothing(5), deleted(5, 0)),
		},
		// Comparisons, inner ones too, look at the state before.
		{
			all(put("c", "2"), kv.TxnRequest{
				Compare: []kv.Compare{{Key: "c", Target: kv.TargetValue, Value: "1"}},
				Success: []kv.Request{get("c")},
			}),
			succeeded(6, done(6), succeeded(0, one(6, "c", "2", 5, 2))),
		},
		{all(), succeeded(6)},
		{all(get("z"), del("z", "")), succeeded(6, nothing(6), deleted(6, 0))},
		{del("a", "\x00"), deleted(7, 3)},
		{put("a", "3"), done(8)},
		{get("a"), one(8, "a", "3", 8, 1)},
		// A key put by one inner transaction and deleted by the next.
		{all(all(put("d", "1")), all(del("d", ""))), succeeded(9, succeeded(0, done(9)), succeeded(0, deleted(9, 1)))},
		{get("d"), nothing(9)},
	} {
		next, got, err := s.Apply(step.request)
		if err != nil || !reflect.DeepEqual(got, step.want) {
			t.Fatalf("step %d, %s:\n got %+v, %v\nwant %+v", i, step.request, got, err, step.want)
		}
		if (next.Revision() != s.Revision()) != wrote(got) {
			t.Fatalf("step %d, %s: a new state %v, an answer that tells of a change %v", i, step.request, next != s, wrote(got))
		}
		s = next
	}
}

func TestModelCompares(t *testing.T) {
	s, _, _ := NewState().Apply(put("x", "m"))
	for _, test := range []struct {
		compare                     kv.Compare
		equal, greater, less, other bool
	}{
		{kv.Compare{Key: "x", Target: kv.TargetVersion, Number: 1}, true, false, false, false},
		{kv.Compare{Key: "x", Target: kv.TargetVersion, Number: 0}, false, true, false, true},
		{kv.Compare{Key: "x", Target: kv.TargetCreate, Number: 2}, true, false, false, false},
		{kv.Compare{Key: "x", Target: kv.TargetMod, Number: 3}, false, false, true, true},
		{kv.Compare{Key: "x", Target: kv.TargetValue, Value: "m"}, true, false, false, false},
		{kv.Compare{Key: "x", Target: kv.TargetValue, Value: "a"}, false, true, false, true},
		{kv.Compare{Key: "y", Target: kv.TargetVersion, Number: 0}, true, false, false, false},
		{kv.Compare{Key: "y", Target: kv.TargetMod, Number: -1}, false, true, false, true},
		{kv.Compare{Key: "y", Target: kv.TargetValue}, false, false, false, false},
		{kv.Compare{Key: "x", Target: 9}, true, false, false, false},
	} {
		want := []bool{kv.Equal: test.equal, kv.Greater: test.greater, kv.Less: test.less, kv.NotEqual: test.other}
		for operator, holds := range want {
			test.compare.Operator = kv.Operator(operator)
			if s.at().holds(test.compare) != holds {
				t.Errorf("%v: %v", test.compare, !holds)
			}
		}
	}
	if !s.at().holds(kv.Compare{Key: "x", Operator: 9}) {
		t.Error("an unknown operator is false")
	}
}

func TestModelRefuses(t *testing.T) {
	many := func(n int) []kv.Request { return slices.Repeat([]kv.Request{get("x")}, n) }
	branches := func(success, failure kv.Request) kv.Request {
		return kv.TxnRequest{Success: []kv.Request{success}, Failure: []kv.Request{failure}}
	}
	for i, test := range []struct {
		request kv.Request
		want    error
	}{
		{get(""), kv.ErrEmptyKey},
		{put("", "1"), kv.ErrEmptyKey},
		{del("", "\x00"), kv.ErrEmptyKey},
		{kv.TxnRequest{Compare: []kv.Compare{{}}}, kv.ErrEmptyKey},
		{kv.TxnRequest{Failure: []kv.Request{all(put("", ""))}}, kv.ErrEmptyKey},
		{kv.RangeRequest{Span: kv.Span{Key: "x"}, Revision: 2}, kv.ErrFutureRevision},
		{all(put("x", "1"), kv.RangeRequest{Span: kv.Span{Key: "x"}, Revision: 2}), kv.ErrFutureRevision},
		{kv.TxnRequest{Failure: []kv.Request{kv.RangeRequest{Span: kv.Span{Key: "x"}, Revision: 2}}}, nil},
		{all(kv.RangeRequest{Span: kv.Span{Key: "x"}, Revision: -1}), nil},
		{all(kv.RangeRequest{Span: kv.Span{Key: "x"}, Revision: -2}), kv.ErrCompacted},
		{kv.RangeRequest{Span: kv.Span{Key: "x"}, Revision: -2}, nil},
		{all(nil), kv.ErrKeyNotFound},
		{all(many(128)...), nil},
		{all(many(129)...), kv.ErrTooManyOps},
		{all(all(many(127)...)), nil},
		{all(all(many(128)...)), kv.ErrTooManyOps},
		{all(put("x", "1"), put("x", "2")), kv.ErrDuplicateKey},
		{all(put("x", "1"), put("y", "2")), nil},
		{all(put("x", "1"), del("x", "")), kv.ErrDuplicateKey},
		{all(put("x", "1"), del("a", "y")), kv.ErrDuplicateKey},
		{all(put("x", "1"), del("a", "x")), nil},
		{all(put("x", "1"), del("a", "\x00")), nil},
		{all(del("x", ""), del("a", "y")), nil},
		{branches(put("x", "1"), put("x", "2")), nil},
		{kv.TxnRequest{Failure: []kv.Request{put("x", "1"), put("x", "2")}}, kv.ErrDuplicateKey},
		{all(branches(put("x", "1"), put("x", "2"))), nil},
		{all(branches(put("x", "1"), put("x", "2")), put("x", "3")), kv.ErrDuplicateKey},
		{all(branches(get("x"), put("x", "2")), all(put("x", "3"))), kv.ErrDuplicateKey},
		{all(all(put("x", "1")), all(del("x", ""))), nil},
		{all(all(del("x", "")), all(put("x", "1"))), kv.ErrDuplicateKey},
		{all(all(put("x", "1")), del("x", "")), kv.ErrDuplicateKey},
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			s := NewState()
			next, _, err := s.Apply(test.request)
			if !errors.Is(err, test.want) || err != nil && next.Revision() != s.Revision() {
				t.Errorf("%s: %v, want %v", test.request, err, test.want)
			}
		})
	}
}

// What the specification refuses at sight is what the vocabulary's own check
// refuses; the two were written apart.
func TestRefusalsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyTxn(rapidChooser(t), 3)
		if got, want := checkRequest(r, kv.MaxTxnOps), kv.Validate(r); !errors.Is(got, want) {
			t.Fatalf("%v: the specification says %v, kv %v", r, got, want)
		}
	})
}

func anyTxn(choose chooser, depth int) kv.Request {
	branch := func() []kv.Request {
		var ops []kv.Request
		for range choose(4) {
			ops = append(ops, anyRequest(choose, depth))
		}
		return ops
	}
	return kv.TxnRequest{Success: branch(), Failure: branch()}
}

func anyRequest(choose chooser, depth int) kv.Request {
	keys := []string{"a", "b", "c", "d", "e", "f", "g", "h"}
	key := keys[choose(len(keys))]
	switch choose(8) {
	case 0:
		return get(key)
	case 1:
		return del(key, []string{"", "\x00", "b", "c", "d"}[choose(5)])
	case 2, 3:
		if depth > 0 {
			return anyTxn(choose, depth-1)
		}
	}
	return put(key, "1")
}
