package linearize_test

import (
	"fmt"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
)

// A client reads the old value after another client's write was acknowledged.
func ExampleCheck() {
	get := kv.RangeRequest{Span: kv.Span{Key: "x"}}
	history := linearize.History{
		{
			Client: 1, Call: 1, Return: 2, Request: kv.PutRequest{Key: "x", Value: "1"},
			Outcome: linearize.Answered, Response: kv.PutResponse{Header: kv.Header{Revision: 2}},
		},
		{
			Client: 2, Call: 3, Return: 4, Request: get,
			Outcome: linearize.Answered, Response: kv.RangeResponse{Header: kv.Header{Revision: 1}},
		},
	}
	verdict := linearize.Check(history, linearize.Options{})
	fmt.Println(verdict.Result)
	fmt.Println(verdict.Reason)
	// Output:
	// violation
	// operation 1 (client 2: get x: (none) at revision 1) was called only after operation 0 (client 1: put x 1: OK at revision 2) had been answered, and yet its revision is older
}

// A history is judged while it is read, in memory that does not grow with it.
func ExampleStream() {
	stream := linearize.NewStream(linearize.Options{})
	for i := range int64(100_000) {
		op := linearize.Operation{
			Client: 1, Call: 2 * i, Return: 2*i + 1, Request: kv.PutRequest{Key: "x", Value: "1"},
			Outcome: linearize.Answered, Response: kv.PutResponse{Header: kv.Header{Revision: kv.Revision(i + 2)}},
		}
		if more, err := stream.Add(op); err != nil || !more {
			break
		}
	}
	fmt.Println(stream.Finish())
	// Output:
	// linearizable (100000 operations)
}

// Beyond linearizability: a write that was acknowledged is not in the log.
func ExampleCheckRecord() {
	put := kv.PutRequest{Key: "x", Value: "1"}
	record := linearize.Record{
		History: linearize.History{{
			Client: 1, Call: 1, Return: 2, Request: put, Outcome: linearize.Answered, Response: kv.PutResponse{Header: kv.Header{Revision: 2}},
		}},
		Applied: []linearize.Applied{},
	}
	for _, property := range linearize.CheckRecord(&record) {
		if property.Result == linearize.Broken {
			fmt.Println(property)
		}
	}
	// Output:
	// durability: broken (1 checked): operation 0 (client 1: put x 1: OK at revision 2) was acknowledged, but the log ends at revision 1
}
