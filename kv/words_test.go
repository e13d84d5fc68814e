package kv

import "testing"

func TestRequestWords(t *testing.T) {
	for _, tc := range []struct {
		r    Request
		want string
	}{
		{get("counter"), `get counter`},
		{RangeRequest{Span: Prefix("config/")}, `get --prefix config/`},
		{RangeRequest{Span: Prefix("")}, `get --prefix ""`},
		{RangeRequest{Span: Span{"k", "\x00"}}, `get --from-key k`},
		{RangeRequest{Span: Span{"a", "m"}, Revision: 7, Limit: 2, Serializable: true}, `get a m --rev=7 --limit=2 --consistency=s`},
		{RangeRequest{Span: Span{Key: "k"}, Revision: -1, Limit: -1}, `get k`},
		{PutRequest{Key: "counter", Value: "6"}, `put counter 6`},
		{PutRequest{Key: "größe", Value: ""}, `put größe ""`},
		{PutRequest{Key: "two words", Value: "\x00\xff\n"}, `put "two words" "\x00\xff\n"`},
		{PutRequest{Key: "--flag", Value: `say "x"`}, `put "--flag" "say \"x\""`},
		{DeleteRangeRequest{Prefix("a")}, `del --prefix a`},
		{del("k", ""), `del k`},
		{
			TxnRequest{
				Compare: []Compare{{Key: "counter", Target: TargetValue, Value: "5"}},
				Success: []Request{PutRequest{Key: "counter", Value: "6"}, PutRequest{Key: "status", Value: "success"}},
			},
			`txn value(counter)="5" → put counter 6; put status success`,
		},
		{
			TxnRequest{
				Compare: []Compare{
					{Key: "a", Target: TargetCreate},
					{Key: "b", Target: TargetMod, Operator: Greater, Number: 3},
					{Key: "c", Target: TargetVersion, Operator: Less, Number: -1},
					{Key: "d e", Target: TargetValue, Operator: NotEqual, Value: "x"},
					{Key: "f", Target: 9, Operator: 9},
				},
				Failure: []Request{get("a"), then(del("a", ""))},
			},
			`txn create(a)=0 and mod(b)>3 and version(c)<-1 and value("d e")!="x" and target9(f)operator90 → nothing else get a; (txn → del a)`,
		},
	} {
		if got := tc.r.String(); got != tc.want {
			t.Errorf("got  %s\nwant %s", got, tc.want)
		}
	}
}

func TestResponseWords(t *testing.T) {
	pair := KeyValue{Key: "counter", Value: "6", CreateRevision: 2, ModRevision: 7, Version: 3}
	found := RangeResponse{KVs: []KeyValue{pair}, Count: 1}
	for _, tc := range []struct {
		r    Response
		want string
	}{
		{RangeResponse{}, `(none)`},
		{found, `counter=6`},
		{RangeResponse{KVs: []KeyValue{pair, {Key: "s", Value: "on air"}}, Count: 9, More: true}, `counter=6 s="on air" (2 of 9)`},
		{PutResponse{}, `OK`},
		{DeleteRangeResponse{Deleted: 2}, `deleted 2`},
		{TxnResponse{}, `FAILURE`},
		{TxnResponse{Succeeded: true, Responses: []Response{PutResponse{}, found}}, `SUCCESS: OK; counter=6`},
	} {
		if got := tc.r.String(); got != tc.want {
			t.Errorf("got  %s\nwant %s", got, tc.want)
		}
	}
}
