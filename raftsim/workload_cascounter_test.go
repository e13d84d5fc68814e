package raftsim

import (
	"errors"
	"testing"

	"github.com/castaway-kv/castaway/kv"
)

func read(key string) kv.Request { return kv.RangeRequest{Span: kv.Span{Key: key}} }

func found(value string) kv.Response {
	return kv.RangeResponse{KVs: []kv.KeyValue{{Key: "n", Value: value}}, Count: 1}
}

func txn(compare kv.Compare, put string) kv.Request {
	return kv.TxnRequest{Compare: []kv.Compare{compare}, Success: []kv.Request{kv.PutRequest{Key: "n", Value: put}}}
}

var (
	absent     = kv.Compare{Key: "n", Target: kv.TargetCreate}
	isFive     = kv.Compare{Key: "n", Target: kv.TargetValue, Value: "5"}
	errRefused = errors.New("no leader")
)

func TestCASCounter(t *testing.T) {
	tests := []struct {
		name string
		last *Ending
		want kv.Request // nil: nothing more to do
		done int
	}{
		{"at first it reads", nil, read("n"), 0},
		{"no key is 0", &Ending{Request: read("n"), Response: kv.RangeResponse{}}, txn(absent, "1"), 0},
		{"what was read is compared", &Ending{Request: read("n"), Response: found("5")}, txn(isFive, "6"), 0},
		{"an unknown read is read again", &Ending{Request: read("n")}, read("n"), 0},
		{"a refused read is read again", &Ending{Request: read("n"), Err: errRefused}, read("n"), 0},
		{"no number, no increment", &Ending{Request: read("n"), Response: found("five")}, nil, 0},
		{"no number after the last", &Ending{Request: read("n"), Response: found("9223372036854775807")}, nil, 0},
		{"an increment counts", &Ending{Request: txn(isFive, "6"), Response: kv.TxnResponse{Succeeded: true}}, read("n"), 1},
		{"a lost race does not", &Ending{Request: txn(isFive, "6"), Response: kv.TxnResponse{}}, read("n"), 0},
		{"a refused one does not", &Ending{Request: txn(isFive, "6"), Err: errRefused}, read("n"), 0},
		{"an unknown one counts and is not sent again", &Ending{Request: txn(isFive, "6")}, read("n"), 1},
		{"a command of the schedule is none of it", &Ending{Request: read("m"), Response: found("5")}, read("n"), 0},
		{"nor is a transaction on other keys", &Ending{Request: kv.TxnRequest{}, Response: kv.TxnResponse{Succeeded: true}}, read("n"), 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := &CASCounter{Key: "n", Increments: 2}
			got, ok := c.Next(&Turn{Last: test.last})
			if ok != (test.want != nil) || ok && got.String() != test.want.String() {
				t.Errorf("Next = %v, %v; want %v", got, ok, test.want)
			}
			if c.ended != test.done {
				t.Errorf("%d increments counted, want %d", c.ended, test.done)
			}
		})
	}
}

func TestCASCounterStops(t *testing.T) {
	c := &CASCounter{Key: "n", Increments: 2}
	acknowledged := &Ending{Request: txn(isFive, "6"), Response: kv.TxnResponse{Succeeded: true}}
	c.Next(&Turn{Last: acknowledged})
	clone := c.Clone()
	if _, ok := c.Next(&Turn{Last: acknowledged}); ok {
		t.Error("it goes on after 2 increments")
	}
	if _, ok := clone.Next(&Turn{}); !ok {
		t.Error("the clone did not keep a count of its own")
	}
	endless := &CASCounter{Key: "n"}
	endless.Next(&Turn{Last: acknowledged})
	if _, ok := endless.Next(&Turn{Last: acknowledged}); !ok {
		t.Error("it stops although it has no end")
	}
}

func TestIsIncrement(t *testing.T) {
	tests := []struct {
		name string
		r    kv.Request
		want bool
	}{
		{"five to six", txn(isFive, "6"), true},
		{"absent to one", txn(absent, "1"), true},
		{"five to seven", txn(isFive, "7"), false},
		{"absent to two", txn(absent, "2"), false},
		{"smallest number", txn(isFive, "-9223372036854775808"), false},
		{"no number", txn(isFive, "six"), false},
		{"no compare", kv.TxnRequest{Success: []kv.Request{kv.PutRequest{Key: "n", Value: "6"}}}, false},
		{"another key compared", txn(kv.Compare{Key: "m", Target: kv.TargetValue, Value: "5"}, "6"), false},
		{"another operator", txn(kv.Compare{Key: "n", Target: kv.TargetValue, Operator: kv.Less, Value: "5"}, "6"), false},
		{"another key put", kv.TxnRequest{Compare: []kv.Compare{isFive}, Success: []kv.Request{kv.PutRequest{Key: "m", Value: "6"}}}, false},
		{"put alone", kv.PutRequest{Key: "n", Value: "6"}, false},
	}
	for _, test := range tests {
		if got := IsIncrement(test.r, "n"); got != test.want {
			t.Errorf("%s: IsIncrement(%v) = %v", test.name, test.r, got)
		}
	}
}
