package kv

import (
	"bytes"
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// anyRequest draws requests of all kinds, invalid ones too, with transactions
// nested up to depth deep.
func anyRequest(depth int) *rapid.Generator[Request] {
	texts := rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 6), func(b []byte) string { return string(b) })
	span := rapid.Custom(func(t *rapid.T) Span {
		return Span{Key: texts.Draw(t, "key"), End: texts.Draw(t, "end")}
	})
	compare := rapid.Custom(func(t *rapid.T) Compare {
		return Compare{
			Key:      texts.Draw(t, "key"),
			End:      texts.Draw(t, "end"),
			Target:   Target(rapid.Byte().Draw(t, "target")),
			Operator: Operator(rapid.Byte().Draw(t, "operator")),
			Number:   rapid.Int64().Draw(t, "number"),
			Value:    texts.Draw(t, "value"),
		}
	})
	number := func(t *rapid.T, name string) int64 { return rapid.Int64().Draw(t, name) }
	flag := func(t *rapid.T, name string) bool { return rapid.Bool().Draw(t, name) }
	return rapid.Custom(func(t *rapid.T) Request {
		kinds := []int{
			kindRange, kindPut, kindDeleteRange, kindTxn, kindCompact, kindLeaseGrant, kindLeaseRevoke,
			kindLeaseKeepAlive, kindLeaseTimeToLive, kindLeaseList, kindAlarm, kindCommand,
		}
		if depth == 0 {
			kinds = slices.DeleteFunc(kinds, func(kind int) bool { return kind == kindTxn })
		}
		switch rapid.SampledFrom(kinds).Draw(t, "kind") {
		case kindRange:
			return RangeRequest{
				Span:              span.Draw(t, "span"),
				Revision:          Revision(number(t, "revision")),
				Limit:             number(t, "limit"),
				Order:             SortOrder(rapid.Byte().Draw(t, "order")),
				Target:            SortTarget(rapid.Byte().Draw(t, "target")),
				KeysOnly:          flag(t, "keys only"),
				CountOnly:         flag(t, "count only"),
				MinModRevision:    Revision(number(t, "min mod")),
				MaxModRevision:    Revision(number(t, "max mod")),
				MinCreateRevision: Revision(number(t, "min create")),
				MaxCreateRevision: Revision(number(t, "max create")),
				Serializable:      flag(t, "serializable"),
			}
		case kindPut:
			return PutRequest{
				Key: texts.Draw(t, "key"), Value: texts.Draw(t, "value"), Lease: LeaseID(number(t, "lease")),
				PrevKV: flag(t, "prev"), IgnoreValue: flag(t, "ignore value"), IgnoreLease: flag(t, "ignore lease"),
			}
		case kindDeleteRange:
			return DeleteRangeRequest{Span: span.Draw(t, "span"), PrevKV: flag(t, "prev")}
		case kindCompact:
			return CompactRequest{Revision(number(t, "revision"))}
		case kindLeaseGrant:
			return LeaseGrantRequest{LeaseID(number(t, "id")), TTL(number(t, "ttl"))}
		case kindLeaseRevoke:
			return LeaseRevokeRequest{LeaseID(number(t, "id"))}
		case kindLeaseKeepAlive:
			return LeaseKeepAliveRequest{LeaseID(number(t, "id"))}
		case kindLeaseTimeToLive:
			return LeaseTimeToLiveRequest{LeaseID(number(t, "id")), flag(t, "keys")}
		case kindLeaseList:
			return LeaseListRequest{}
		case kindAlarm:
			return AlarmRequest{AlarmAction(rapid.Byte().Draw(t, "action")), rapid.Uint64().Draw(t, "member"), Alarm(rapid.Byte().Draw(t, "alarm"))}
		case kindCommand:
			return CommandRequest{texts.Draw(t, "command"), flag(t, "query")}
		default:
			op := anyRequest(depth - 1)
			return TxnRequest{
				Compare: orNil(rapid.SliceOfN(compare, 0, 3).Draw(t, "compare")),
				Success: orNil(rapid.SliceOfN(op, 0, 3).Draw(t, "success")),
				Failure: orNil(rapid.SliceOfN(op, 0, 3).Draw(t, "failure")),
			}
		}
	})
}

// orNil is list, or nil if it is empty: the codec does not tell these apart.
func orNil[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

func TestDecodeInvertsAppend(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyRequest(3).Draw(t, "request")
		const before = "what stood in dst"
		encoded := AppendRequest([]byte(before), want)
		encoded, found := bytes.CutPrefix(encoded, []byte(before))
		if !found {
			t.Fatal("AppendRequest changed what was in dst")
		}
		if len(encoded) > maxSize(want) {
			t.Fatalf("%d bytes, more than maxSize says (%d)", len(encoded), maxSize(want))
		}
		got, err := DecodeRequest(encoded)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%x\ngot  %#v (%v)\nwant %#v", encoded, got, err, want)
		}
		for end := range encoded {
			if r, err := DecodeRequest(encoded[:end]); !errors.Is(err, ErrMalformed) || r != nil {
				t.Fatalf("the first %d bytes decode to %#v (%v)", end, r, err)
			}
		}
	})
}

// The bytes themselves: logs on disks hold them.
func TestEncoding(t *testing.T) {
	for _, tc := range []struct {
		request Request
		want    string
	}{
		{RangeRequest{}, "\x01\x00"},
		{
			RangeRequest{Span: Span{"a", "b"}, Revision: 300, Limit: -1, Serializable: true},
			"\x01" + "\x01\x01a" + "\x02\x01b" + "\x03\xac\x02" + "\x04\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01" + "\x05\x01" + "\x00",
		},
		{
			RangeRequest{
				Span: Span{Key: "a"}, Order: SortDescend, Target: SortByValue, KeysOnly: true, CountOnly: true,
				MinModRevision: 1, MaxModRevision: 2, MinCreateRevision: 3, MaxCreateRevision: 4,
			},
			"\x01" + "\x01\x01a" + "\x06\x02" + "\x07\x04" + "\x08\x01" + "\x09\x01" +
				"\x0a\x01" + "\x0b\x02" + "\x0c\x03" + "\x0d\x04" + "\x00",
		},
		{
			PutRequest{Key: "k", Lease: 31, PrevKV: true, IgnoreValue: true, IgnoreLease: true},
			"\x02" + "\x01\x01k" + "\x03\x1f" + "\x04\x01" + "\x05\x01" + "\x06\x01" + "\x00",
		},
		{DeleteRangeRequest{Span: Span{Key: "k"}, PrevKV: true}, "\x03" + "\x01\x01k" + "\x03\x01" + "\x00"},
		{TxnRequest{Compare: []Compare{{Key: "k", End: "m", Target: TargetLease}}}, "\x04" + "\x01" + "\x01\x01k" + "\x02\x04" + "\x06\x01m" + "\x00" + "\x00"},
		{CompactRequest{Revision: 7}, "\x05" + "\x01\x07" + "\x00"},
		{LeaseGrantRequest{ID: 31, TTL: 60}, "\x06" + "\x01\x1f" + "\x02\x3c" + "\x00"},
		{LeaseRevokeRequest{ID: 31}, "\x07" + "\x01\x1f" + "\x00"},
		{LeaseKeepAliveRequest{ID: -1}, "\x08" + "\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01" + "\x00"},
		{LeaseTimeToLiveRequest{ID: 31, Keys: true}, "\x09" + "\x01\x1f" + "\x02\x01" + "\x00"},
		{LeaseListRequest{}, "\x0a\x00"},
		{AlarmRequest{Action: DisarmAlarm, Member: 3, Alarm: NoSpace}, "\x0b" + "\x01\x02" + "\x02\x03" + "\x03\x01" + "\x00"},
		{PutRequest{Key: "counter", Value: "6"}, "\x02" + "\x01\x07counter" + "\x02\x016" + "\x00"},
		{DeleteRangeRequest{Span: Span{Key: "k", End: "\x00"}}, "\x03" + "\x01\x01k" + "\x02\x01\x00" + "\x00"},
		{
			TxnRequest{
				Compare: []Compare{{Key: "k", Target: TargetValue, Operator: NotEqual, Number: 1, Value: "5"}},
				Success: []Request{PutRequest{Key: "k"}, TxnRequest{}},
				Failure: []Request{RangeRequest{Span: Span{Key: "k"}}},
			},
			"\x04" + "\x01" + "\x01\x01k" + "\x02\x03" + "\x03\x03" + "\x04\x01" + "\x05\x015" + "\x00" +
				"\x02" + "\x02\x01\x01k\x00" + "\x02" + "\x04\x00" +
				"\x03" + "\x01\x01\x01k\x00" + "\x00",
		},
	} {
		if got := AppendRequest(nil, tc.request); string(got) != tc.want {
			t.Errorf("%v\ngot  %q\nwant %q", tc.request, got, tc.want)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, tc := range []struct{ encoded, why string }{
		{"", "byte 0 of 0: ends too early"},
		{"\x00", "unknown kind of request 0"},
		{"\x0d\x00", "unknown kind of request 13"},
		{"\x02", "ends too early"},
		{"\x02\x00\x00", "byte 2 of 3: 1 bytes after its end"},
		{"\x02\x07\x01\x00", "a put has no field 7"},
		{"\x01\x0e\x01\x00", "a range has no field 14"},
		{"\x03\x04\x01\x00", "a delete has no field 4"},
		{"\x04\x04\x01\x00", "a transaction has no field 4"},
		{"\x04\x01\x07\x01\x00\x00", "a comparison has no field 7"},
		{"\x05\x02\x01\x00", "a compaction has no field 2"},
		{"\x06\x03\x01\x00", "a lease request of kind 6 has no field 3"},
		{"\x07\x02\x01\x00", "a lease request of kind 7 has no field 2"},
		{"\x09\x02\x02\x00", "number 2 above 1"},
		{"\x0a\x01\x01\x00", "a lease request of kind 10 has no field 1"},
		{"\x0b\x04\x01\x00", "an alarm request has no field 4"},
		{"\x02\x02\x01v\x01\x01k\x00", "field 1 out of order"},
		{"\x02\x01\x01k\x01\x01k\x00", "field 1 out of order"},
		{"\x04\x02\x04\x00\x01\x00\x00", "field 1 out of order"},
		{"\x02\x01\x00\x00", "a zero that should be left out"},
		{"\x01\x03\x00\x00", "a zero that should be left out"},
		{"\x01\x05\x02\x00", "number 2 above 1"},
		{"\x04\x01\x02\x80\x02\x00\x00", "number 256 above 255"},
		{"\x02\x81\x00\x01k\x00", "longer than it needs to be"},
		{"\x02\x01\x05key\x00", "a string of 5 bytes, only 4 left"},
		{"\x02\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01k\x00", "a string of 18446744073709551615 bytes, only 2 left"},
		{"\x01\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02\x00", "more than 64 bits"},
		{strings.Repeat("\x04\x02", maxDepth) + "\x04" + strings.Repeat("\x00", maxDepth+1), "more than 129 nested transactions"},
	} {
		r, err := DecodeRequest([]byte(tc.encoded))
		if r != nil || !errors.Is(err, ErrMalformed) || !strings.Contains(err.Error(), tc.why) {
			t.Errorf("%.40q: %v, %v; want an error with %q", tc.encoded, r, err, tc.why)
		}
	}
}

func TestDeepestValidTransactionHasAnEncoding(t *testing.T) {
	deepest := TxnRequest{}
	for range maxDepth - 1 {
		deepest = TxnRequest{Success: []Request{deepest}}
	}
	if err := Validate(deepest); err != nil {
		t.Fatal(err)
	}
	if err := Validate(TxnRequest{Success: []Request{deepest}}); !errors.Is(err, ErrTooManyOps) {
		t.Fatalf("one level more: %v", err)
	}
	got, err := DecodeRequest(AppendRequest(nil, deepest))
	if err != nil || !reflect.DeepEqual(got, Request(deepest)) {
		t.Fatal(err)
	}
}

func FuzzDecodeRequest(f *testing.F) {
	for _, r := range []Request{
		RangeRequest{Span: Prefix("config/"), Revision: 7, Limit: math.MinInt64, Serializable: true},
		PutRequest{Key: "counter", Value: "6"},
		RangeRequest{
			Span: Prefix("config/"), Limit: 3, Order: SortDescend, Target: SortByMod, KeysOnly: true, CountOnly: true,
			MinModRevision: 2, MaxModRevision: 9, MinCreateRevision: -1, MaxCreateRevision: 8,
		},
		PutRequest{Key: "counter", Lease: 31, PrevKV: true, IgnoreValue: true, IgnoreLease: true},
		DeleteRangeRequest{Span: Prefix(""), PrevKV: true},
		CompactRequest{Revision: 7},
		LeaseGrantRequest{ID: 31, TTL: MaxTTL},
		LeaseRevokeRequest{ID: 31},
		LeaseKeepAliveRequest{ID: -31},
		LeaseTimeToLiveRequest{ID: 31, Keys: true},
		LeaseListRequest{},
		AlarmRequest{Action: RaiseAlarm, Member: 1, Alarm: Corrupt},
		TxnRequest{
			Compare: []Compare{{Key: "counter", Target: TargetValue, Value: "5"}, {Key: "leader", Target: TargetCreate}},
			Success: []Request{PutRequest{Key: "counter", Value: "6"}, TxnRequest{Failure: []Request{PutRequest{Key: "a"}}}},
			Failure: []Request{RangeRequest{Span: Span{Key: "counter"}}},
		},
	} {
		f.Add(AppendRequest(nil, r))
	}
	f.Fuzz(func(t *testing.T, encoded []byte) {
		r, err := DecodeRequest(encoded)
		if err != nil {
			if r != nil || !errors.Is(err, ErrMalformed) {
				t.Fatalf("%v, %v", r, err)
			}
			return
		}
		if again := AppendRequest(nil, r); !bytes.Equal(again, encoded) {
			t.Fatalf("not canonical: %x and %x both mean %v", encoded, again, r)
		}
		_ = Validate(r)
		_ = r.String()
	})
}

func BenchmarkAppendRequest(b *testing.B) {
	var r Request = TxnRequest{
		Compare: []Compare{{Key: "counter", Target: TargetValue, Value: "5"}},
		Success: []Request{PutRequest{Key: "counter", Value: "6"}},
	}
	var dst []byte
	b.ReportAllocs()
	for b.Loop() {
		dst = AppendRequest(dst[:0], r)
	}
}

func BenchmarkDecodeRequest(b *testing.B) {
	encoded := AppendRequest(nil, TxnRequest{
		Compare: []Compare{{Key: "counter", Target: TargetValue, Value: "5"}},
		Success: []Request{PutRequest{Key: "counter", Value: "6"}},
	})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := DecodeRequest(encoded); err != nil {
			b.Fatal(err)
		}
	}
}
