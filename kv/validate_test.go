package kv

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func get(key string) Request           { return RangeRequest{Span: Span{Key: key}} }
func put(key string) Request           { return PutRequest{Key: key, Value: "v"} }
func del(key, end string) Request      { return DeleteRangeRequest{Span: Span{key, end}} }
func then(ops ...Request) Request      { return TxnRequest{Success: ops} }
func otherwise(ops ...Request) Request { return TxnRequest{Failure: ops} }

func either(success, failure Request) Request {
	return TxnRequest{Success: []Request{success}, Failure: []Request{failure}}
}

// many is n operations that go together.
func many(n int) []Request {
	ops := make([]Request, n)
	for i := range ops {
		ops[i] = put(fmt.Sprint("key", i))
	}
	return ops
}

func TestValidate(t *testing.T) {
	for _, tc := range []struct {
		name string
		r    Request
		want error
	}{
		{"get", get("k"), nil},
		{"put", put("k"), nil},
		{"put of an empty value", PutRequest{Key: "k"}, nil},
		{"delete", del("k", ""), nil},
		{"an inverted range", del("z", "a"), nil},
		{"negative revision and limit", RangeRequest{Span: Span{Key: "k"}, Revision: -5, Limit: -5}, nil},
		{"an empty transaction", TxnRequest{}, nil},

		{"compaction", CompactRequest{Revision: -1}, nil},
		{"lease grant", LeaseGrantRequest{TTL: MaxTTL + 1}, nil},
		{"lease revoke", LeaseRevokeRequest{}, nil},
		{"lease keep-alive", LeaseKeepAliveRequest{}, nil},
		{"lease time to live", LeaseTimeToLiveRequest{}, nil},
		{"lease list", LeaseListRequest{}, nil},
		{"alarm list", AlarmRequest{}, nil},
		{"unknown alarm", AlarmRequest{Alarm: Corrupt + 1}, ErrUnknownAlarm},
		{"unknown alarm action", AlarmRequest{Action: DisarmAlarm + 1}, ErrUnknownAlarm},

		{"sorted", RangeRequest{Span: Span{Key: "k"}, Order: SortDescend, Target: SortByValue}, nil},
		{"unknown order", RangeRequest{Span: Span{Key: "k"}, Order: SortDescend + 1}, ErrInvalidSort},
		{"unknown target", then(RangeRequest{Span: Span{Key: "k"}, Target: SortByValue + 1}), ErrInvalidSort},
		{"unknown order, no key", RangeRequest{Order: SortDescend + 1}, ErrEmptyKey},
		{"value kept", PutRequest{Key: "k", IgnoreValue: true, Lease: 1}, nil},
		{"lease kept", PutRequest{Key: "k", IgnoreLease: true, Value: "v"}, nil},
		{"value kept and given", PutRequest{Key: "k", IgnoreValue: true, Value: "v", IgnoreLease: true, Lease: 1}, ErrValueProvided},
		{"lease kept and given", otherwise(PutRequest{Key: "k", IgnoreLease: true, Lease: 1}), ErrLeaseProvided},
		{"value kept and given, no key", PutRequest{IgnoreValue: true, Value: "v"}, ErrEmptyKey},

		{"a compaction in a transaction", then(put("k"), CompactRequest{}), ErrNotAnOperation},
		{"a lease in a nested transaction", then(otherwise(LeaseRevokeRequest{})), ErrNotAnOperation},

		{"nothing", nil, ErrKeyNotFound},
		{"nothing in a branch", then(get("k"), nil), ErrKeyNotFound},
		{"get without a key", RangeRequest{}, ErrEmptyKey},
		{"get without a key, to the end", RangeRequest{Span: Span{End: "\x00"}}, ErrEmptyKey},
		{"put without a key", PutRequest{Value: "v"}, ErrEmptyKey},
		{"delete without a key", del("", "b"), ErrEmptyKey},
		{"compare without a key", TxnRequest{Compare: []Compare{{}}}, ErrEmptyKey},
		{"in the success branch", then(put("")), ErrEmptyKey},
		{"in the failure branch", otherwise(del("", "")), ErrEmptyKey},
		{"in a nested transaction", then(otherwise(get(""))), ErrEmptyKey},

		{"128 operations", TxnRequest{Success: many(128), Failure: many(128), Compare: slices.Repeat([]Compare{{Key: "k"}}, 128)}, nil},
		{"129 comparisons", TxnRequest{Compare: slices.Repeat([]Compare{{Key: "k"}}, 129)}, ErrTooManyOps},
		{"129 operations", then(many(129)...), ErrTooManyOps},
		{"129 operations otherwise", otherwise(many(129)...), ErrTooManyOps},
		{"127 in a child", then(then(many(127)...)), nil},
		{"128 in a child", then(then(many(128)...)), ErrTooManyOps},
		{"siblings are not summed", then(then(many(64)...), otherwise(get("k"), get("k"))), nil},
		{"the parent's largest count is taken off", TxnRequest{
			Compare: slices.Repeat([]Compare{{Key: "k"}}, 100),
			Success: []Request{then(many(29)...)},
		}, ErrTooManyOps},
		{"too many, then an empty key", then(append(many(128), put(""))...), ErrTooManyOps},
		{"an empty key before a child with too many", then(put(""), then(many(128)...)), ErrEmptyKey},
		{"a duplicate, then an empty key", then(put("k"), put("k"), put("")), ErrEmptyKey},

		{"1.5 MiB", sized(MaxRequestBytes), nil},
		{"one byte more", sized(MaxRequestBytes + 1), ErrTooLarge},
		{"a large read", get(strings.Repeat("k", MaxRequestBytes)), nil},
		{"a large transaction that only reads", then(get(strings.Repeat("k", MaxRequestBytes))), nil},
		{"a large transaction", then(put(strings.Repeat("k", MaxRequestBytes))), ErrTooLarge},
		{"a large end of a comparison", TxnRequest{
			Compare: []Compare{{Key: "k", End: strings.Repeat("v", MaxRequestBytes)}},
			Failure: []Request{put("k")},
		}, ErrTooLarge},
		{"a large comparison", TxnRequest{
			Compare: []Compare{{Key: "k", Target: TargetValue, Value: strings.Repeat("v", MaxRequestBytes)}},
			Failure: []Request{put("k")},
		}, ErrTooLarge},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if err := Validate(tc.r); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
}

// sized is a put of n bytes when encoded, for n of some thousands and more.
func sized(n int) Request {
	r := PutRequest{Key: "k", Value: strings.Repeat("v", n-16)}
	r.Value += strings.Repeat("v", n-len(AppendRequest(nil, r)))
	return r
}

func TestDuplicateKeys(t *testing.T) {
	for _, tc := range []struct {
		name string
		ops  []Request
		want error
	}{
		{"two puts", []Request{put("k"), put("k")}, ErrDuplicateKey},
		{"puts of two keys", []Request{put("k"), put("l")}, nil},
		{"put, delete", []Request{put("k"), del("k", "")}, ErrDuplicateKey},
		{"delete, put", []Request{del("k", ""), put("k")}, ErrDuplicateKey},
		{"delete of a range, put in it", []Request{del("a", "m"), put("k")}, ErrDuplicateKey},
		{"put at the end of a range", []Request{del("a", "k"), put("k")}, nil},
		{"put at the start of a range", []Request{del("k", "m"), put("k")}, ErrDuplicateKey},
		{"a delete without bound is not looked at", []Request{del("a", "\x00"), put("k")}, nil},
		{"an inverted range holds nothing", []Request{del("m", "a"), put("k")}, nil},
		{"two deletes", []Request{del("k", ""), del("a", "m")}, nil},
		{"reads go with all", []Request{get("k"), put("k"), get("k")}, nil},
		{"ranges that overlap", []Request{del("a", "e"), del("b", "c"), put("d")}, ErrDuplicateKey},

		{"put, nested put", []Request{put("k"), then(put("k"))}, ErrDuplicateKey},
		{"nested put, put", []Request{otherwise(put("k")), put("k")}, ErrDuplicateKey},
		{"delete, nested put", []Request{del("k", ""), then(put("k"))}, ErrDuplicateKey},
		{"nested put, delete", []Request{then(put("k")), del("k", "")}, ErrDuplicateKey},
		{"put, nested delete", []Request{put("k"), then(del("k", ""))}, ErrDuplicateKey},
		{"nested delete, put", []Request{then(del("k", "")), put("k")}, ErrDuplicateKey},
		{"puts in siblings", []Request{then(put("k")), otherwise(put("k"))}, ErrDuplicateKey},
		{"put in a sibling, delete in the next", []Request{then(put("k")), then(del("k", ""))}, nil},
		{"delete in a sibling, put in the next", []Request{then(del("k", "")), then(put("k"))}, ErrDuplicateKey},
		{"put in both branches", []Request{either(put("k"), put("k"))}, nil},
		{"put and delete in the branches", []Request{either(put("k"), del("k", ""))}, nil},
		{"put in both branches and above", []Request{either(put("k"), put("k")), put("k")}, ErrDuplicateKey},
		{"put in both branches, twice", []Request{either(put("k"), put("k")), either(put("l"), put("k"))}, ErrDuplicateKey},
		{"two levels down", []Request{put("k"), then(otherwise(put("k")))}, ErrDuplicateKey},
		{"within a nested branch", []Request{then(put("k"), put("k"))}, ErrDuplicateKey},
		{"within a nested other branch", []Request{otherwise(put("k"), del("k", ""))}, ErrDuplicateKey},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for _, r := range []TxnRequest{{Success: tc.ops}, {Failure: tc.ops}} {
				if err := Validate(r); !errors.Is(err, tc.want) {
					t.Errorf("%v: got %v, want %v", r, err, tc.want)
				}
			}
			if len(tc.ops) == 2 {
				if err := Validate(either(tc.ops[0], tc.ops[1])); err != nil {
					t.Errorf("over the two branches: %v", err)
				}
			}
		})
	}
}

// clashes decides about duplicates by looking at every pair: a put clashes with
// each earlier change of its key, where deletes of a list come first and its puts
// last, unless the two stand in different branches of one transaction.
func clashes(ops []Request) bool {
	var all []change
	number := 0
	list(ops, nil, &all, &number)
	for i, later := range all {
		for _, earlier := range all[:i] {
			if later.put && earlier.span.Contains(later.span.Key) && !exclusive(earlier, later) {
				return true
			}
		}
	}
	return false
}

// change is one put or delete; branches holds, for each transaction it is nested
// in, the number of the transaction and the branch.
type change struct {
	span     Span
	put      bool
	branches map[int]bool
}

func exclusive(a, b change) bool {
	for txn, success := range a.branches {
		if other, ok := b.branches[txn]; ok && other != success {
			return true
		}
	}
	return false
}

func list(ops []Request, branches map[int]bool, all *[]change, number *int) {
	for _, op := range ops {
		if r, ok := op.(DeleteRangeRequest); ok && r.End != "\x00" {
			*all = append(*all, change{span: r.Span, branches: branches})
		}
	}
	for _, op := range ops {
		if r, ok := op.(TxnRequest); ok {
			*number++
			txn := *number
			for _, success := range []bool{true, false} {
				inside := map[int]bool{txn: success}
				for t, s := range branches {
					inside[t] = s
				}
				ops := r.Failure
				if success {
					ops = r.Success
				}
				list(ops, inside, all, number)
			}
		}
	}
	for _, op := range ops {
		if r, ok := op.(PutRequest); ok {
			*all = append(*all, change{span: Span{Key: r.Key}, put: true, branches: branches})
		}
	}
}

func TestDuplicateKeysAgainstPairs(t *testing.T) {
	keys := rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f", "g", "h"})
	ends := rapid.SampledFrom([]string{"", "", "\x00", "b", "d", "f", "h"})
	var op func(depth int) *rapid.Generator[Request]
	op = func(depth int) *rapid.Generator[Request] {
		return rapid.Custom(func(t *rapid.T) Request {
			switch n := rapid.IntRange(0, 2+depth).Draw(t, "kind"); n {
			case 0, 1:
				return put(keys.Draw(t, "key"))
			case 2:
				return del(keys.Draw(t, "key"), ends.Draw(t, "end"))
			default:
				ops := rapid.SliceOfN(op(depth-1), 0, 3)
				return TxnRequest{Success: ops.Draw(t, "success"), Failure: ops.Draw(t, "failure")}
			}
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		ops := rapid.SliceOfN(op(3), 0, 4).Draw(t, "ops")
		want := error(nil)
		if clashes(ops) {
			want = ErrDuplicateKey
		}
		if err := Validate(TxnRequest{Success: ops}); !errors.Is(err, want) {
			t.Fatalf("%v: got %v, want %v", ops, err, want)
		}
	})
}

func TestValidateOfASmallTransactionAllocatesNothing(t *testing.T) {
	r := Request(TxnRequest{
		Compare: []Compare{{Key: "counter", Target: TargetValue, Value: "5"}},
		Success: []Request{put("counter"), get("counter")},
		Failure: []Request{get("counter")},
	})
	if n := testing.AllocsPerRun(10, func() { _ = Validate(r) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestReadOnly(t *testing.T) {
	for _, tc := range []struct {
		r    Request
		want bool
	}{
		{get("k"), true},
		{put("k"), false},
		{del("k", ""), false},
		{TxnRequest{}, true},
		{either(get("k"), get("k")), true},
		{either(get("k"), put("k")), false},
		{either(del("k", ""), get("k")), false},
		{then(then(get("k"))), false},
		{CompactRequest{}, false},
		{LeaseGrantRequest{}, false},
		{LeaseRevokeRequest{}, false},
		{LeaseKeepAliveRequest{}, false},
		{LeaseTimeToLiveRequest{}, true},
		{LeaseListRequest{}, true},
		{AlarmRequest{}, true},
		{AlarmRequest{Action: RaiseAlarm}, false},
	} {
		if got := ReadOnly(tc.r); got != tc.want {
			t.Errorf("ReadOnly(%v) = %v", tc.r, got)
		}
	}
}

func TestGrows(t *testing.T) {
	for _, tc := range []struct {
		r    Request
		want bool
	}{
		{get("k"), false},
		{put("k"), true},
		{del("k", ""), false},
		{then(del("k", ""), get("k")), false},
		{then(get("k"), put("k")), true},
		{otherwise(put("k")), true},
		{then(otherwise(put("k"))), true},
		{LeaseGrantRequest{}, true},
		{LeaseRevokeRequest{}, false},
		{CompactRequest{}, false},
	} {
		if got := Grows(tc.r); got != tc.want {
			t.Errorf("Grows(%v) = %v", tc.r, got)
		}
	}
}
