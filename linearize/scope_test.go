package linearize

import (
	"testing"

	"github.com/castaway-kv/castaway/kv"
)

// What the specification does not cover is never judged.
func TestRequestsBeyondTheSpecification(t *testing.T) {
	x := kv.Span{Key: "x"}
	for _, r := range []kv.Request{
		kv.RangeRequest{Span: x, Order: kv.SortDescend},
		kv.RangeRequest{Span: x, Target: kv.SortByMod},
		kv.RangeRequest{Span: x, KeysOnly: true},
		kv.RangeRequest{Span: x, CountOnly: true},
		kv.RangeRequest{Span: x, MinModRevision: 1},
		kv.RangeRequest{Span: x, MaxModRevision: 1},
		kv.RangeRequest{Span: x, MinCreateRevision: 1},
		kv.RangeRequest{Span: x, MaxCreateRevision: 1},
		kv.PutRequest{Key: "x", Lease: 1},
		kv.PutRequest{Key: "x", PrevKV: true},
		kv.PutRequest{Key: "x", IgnoreValue: true},
		kv.PutRequest{Key: "x", IgnoreLease: true},
		kv.DeleteRangeRequest{Span: x, PrevKV: true},
		kv.TxnRequest{Compare: []kv.Compare{{Key: "x", End: "y"}}},
		kv.TxnRequest{Compare: []kv.Compare{{Key: "x", Target: kv.TargetLease}}},
		kv.TxnRequest{Success: []kv.Request{kv.TxnRequest{Failure: []kv.Request{kv.PutRequest{Key: "x", Lease: 1}}}}},
		kv.CompactRequest{Revision: 1},
		kv.LeaseGrantRequest{ID: 1, TTL: 1},
		kv.AlarmRequest{},
	} {
		v := Check(History{unknown(1, 1, r)}, Options{})
		if v.Result != Undecided || v.Err == nil {
			t.Errorf("%v: %v", r, v)
		}
	}
}
