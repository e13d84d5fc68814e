package compat

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	pb "go.etcd.io/etcd/api/v3/etcdserverpb"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
)

func run(t *testing.T, requests ...proto.Message) {
	t.Helper()
	var p Program
	for _, r := range requests {
		p = append(p, Step{Request: r})
	}
	if err := Compare(p); err != nil {
		text := err.Error()
		t.Fatalf("%s ...", text[:min(len(text), 1000)])
	}
}

// TestRequestSizes sends requests around the limit of 1.5 MiB. Just where it is
// depends on the encoding, by some bytes.
func TestRequestSizes(t *testing.T) {
	t.Parallel()
	const room = 64
	var requests []proto.Message
	for _, n := range []int{maxRequestBytes - room, maxRequestBytes + room} {
		large := bytes.Repeat([]byte("x"), n)
		put := &pb.PutRequest{Key: []byte("a"), Value: large}
		requests = append(
			requests,
			put,
			&pb.PutRequest{Key: large},
			&pb.RangeRequest{Key: large},
			&pb.TxnRequest{Success: []*pb.RequestOp{{Request: &pb.RequestOp_RequestPut{RequestPut: put}}}},
			&pb.TxnRequest{Failure: []*pb.RequestOp{{Request: &pb.RequestOp_RequestPut{RequestPut: put}}}},
			&pb.TxnRequest{Success: []*pb.RequestOp{{Request: &pb.RequestOp_RequestRange{RequestRange: &pb.RangeRequest{Key: large}}}}},
			&pb.DeleteRangeRequest{Key: []byte("a"), RangeEnd: large},
		)
	}
	run(t, requests...)
}

// TestFragments has a response of one revision that is longer than 2 MiB: three
// keys of 1 MB each, deleted with their previous values.
func TestFragments(t *testing.T) {
	t.Parallel()
	var requests []proto.Message
	for i := range 3 {
		requests = append(requests, &pb.PutRequest{Key: fmt.Append(nil, i), Value: bytes.Repeat([]byte("x"), 1_000_000)})
	}
	for _, fragment := range []bool{true, false} {
		requests = append(requests, &pb.WatchRequest{RequestUnion: &pb.WatchRequest_CreateRequest{CreateRequest: &pb.WatchCreateRequest{
			Key: []byte{0}, RangeEnd: []byte{0}, PrevKv: true, Fragment: fragment,
		}}})
	}
	run(t, append(requests, &pb.DeleteRangeRequest{Key: []byte{0}, RangeEnd: []byte{0}})...)
}

// TestCatchUp reads 2,500 revisions of the past. In how many messages is for each
// store to decide, so only the events are compared.
func TestCatchUp(t *testing.T) {
	t.Parallel()
	etcd, err := StartEtcd(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer etcd.Close()
	theirs, ours := NewRemote(etcd.Conn), NewCastaway()
	defer theirs.Close()
	both := func(request proto.Message) (o, o2 Outcome) {
		if o, err = ours.Do(Step{Request: request}); err != nil {
			t.Fatal(err)
		}
		if o2, err = theirs.Do(Step{Request: request}, nil); err != nil {
			t.Fatal(err)
		}
		return o, o2
	}
	const revisions = 2500
	for i := range revisions {
		both(&pb.PutRequest{Key: fmt.Appendf(nil, "%d", i%7), Value: fmt.Append(nil, i)})
	}
	told, theirsTold := both(&pb.WatchRequest{RequestUnion: &pb.WatchRequest_CreateRequest{CreateRequest: &pb.WatchCreateRequest{
		Key: []byte{0}, RangeEnd: []byte{0}, StartRevision: 1, PrevKv: true,
	}}})
	got, want := events(t, told), events(t, theirsTold)
	for len(want) < revisions {
		more := theirs.receive(0, 1)
		if len(more) == 0 {
			t.Fatalf("etcd tells only %d events", len(want))
		}
		var o Outcome
		for _, response := range more {
			o.deliver(0, response)
		}
		want = append(want, events(t, o)...)
	}
	if !slices.Equal(got, want) {
		t.Fatalf("etcd tells %d events, we %d, or others", len(want), len(got))
	}
}

// events are all events that were delivered.
func events(t *testing.T, o Outcome) (all []string) {
	for _, d := range o.Deliveries {
		var response pb.WatchResponse
		if err := prototext.Unmarshal([]byte(d.Text), &response); err != nil {
			t.Fatal(err)
		}
		for _, e := range response.Events {
			all = append(all, oneLine(e))
		}
	}
	return all
}
