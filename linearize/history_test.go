package linearize

import (
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/kv"
)

func TestValidate(t *testing.T) {
	txn := kv.TxnRequest{Success: []kv.Request{put("x", "1")}}
	for _, test := range []struct {
		name    string
		history History
		want    string // in the error; none if empty
	}{
		{"empty", nil, ""},
		{"unknown, still waiting", History{unknown(1, 5, put("x", "1"))}, ""},
		{"unknown, given up", History{{Client: 1, Call: 5, Return: 9, Request: put("x", "1")}}, ""},
		{"unknown, then the next", History{{Client: 1, Call: 5, Return: 9, Request: put("x", "1")}, answered(1, 6, 7, get("x"), nothing(1))}, ""},
		{"in any order", History{answered(1, 5, 6, get("x"), nothing(1)), answered(1, 1, 2, get("x"), nothing(1))}, ""},
		{"no request", History{{}}, "operation 0 of client 0: it has no request"},
		{"request by pointer", History{unknown(1, 1, &kv.PutRequest{})}, "by value"},
		{"nothing in a transaction", History{unknown(1, 1, kv.TxnRequest{Failure: []kv.Request{nil}})}, ""},
		{"pointer in a transaction", History{unknown(1, 1, all(&kv.PutRequest{}))}, "operation 0 of a transaction: request of type"},
		{"return before call", History{answered(1, 2, 1, get("x"), nothing(1))}, "returns at 1, before its call at 2"},
		{"unknown, given up before", History{{Call: 5, Return: 2, Request: get("x")}}, "before its call"},
		{"answered without a response", History{answered(1, 1, 2, get("x"), nil)}, "make the outcome unknown"},
		{"answered with an error", History{{Call: 1, Return: 2, Request: get("x"), Outcome: Answered, Response: nothing(1), Err: errTimeout}}, "timed out"},
		{"another kind of response", History{answered(1, 1, 2, get("x"), done(2))}, "kv.RangeRequest can't be answered by a kv.PutResponse"},
		{"too few responses", History{answered(1, 1, 2, txn, kv.TxnResponse{Succeeded: true})}, "1 operations is answered by 0"},
		{"the other branch's response", History{answered(1, 1, 2, txn, kv.TxnResponse{Responses: []kv.Response{done(2)}})}, "0 operations is answered by 1"},
		{"another kind inside", History{answered(1, 1, 2, txn, kv.TxnResponse{Succeeded: true, Responses: []kv.Response{nothing(1)}})}, "in operation 0 of a transaction"},
		{"unknown with a response", History{{Call: 1, Request: get("x"), Response: nothing(1)}}, "unknown but has a response"},
		{"refused without an error", History{{Call: 1, Return: 2, Request: get("x"), Outcome: Refused}}, "name the error"},
		{"no such outcome", History{{Call: 1, Return: 2, Request: get("x"), Outcome: 7}}, "outcome 7 is not one of"},
		{"two at a time", History{answered(1, 1, 5, get("x"), nothing(1)), answered(1, 4, 6, get("x"), nothing(1))}, "operation 1 of client 1 is called at 4, while operation 0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := test.history.Validate()
			if test.want == "" && err != nil {
				t.Error(err)
			}
			if test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("%v, want %q in it", err, test.want)
			}
		})
	}
}
