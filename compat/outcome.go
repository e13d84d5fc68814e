package compat

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	pb "go.etcd.io/etcd/api/v3/etcdserverpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
)

// Outcome is all that a step brings about, as text to be compared.
type Outcome struct {
	// Answer is the response, or the error's code and text; empty for a step
	// that has no answer of its own.
	Answer string
	// Deliveries are the messages on the watch streams.
	Deliveries []Delivery
}

// Delivery is a message on a watch stream.
type Delivery struct {
	Stream  int
	WatchID int64
	Text    string
}

func errorLine(code codes.Code, text string) string { return fmt.Sprintf("%s: %s", code, text) }

func (o *Outcome) deliver(stream int, response *pb.WatchResponse) {
	o.Deliveries = append(o.Deliveries, Delivery{stream, response.WatchId, oneLine(canonical(response))})
}

// sort puts the deliveries of different watchers in an order: etcd's is chance.
// Those of one watcher keep theirs.
func (o *Outcome) sort() {
	slices.SortStableFunc(o.Deliveries, func(a, b Delivery) int {
		return cmp.Or(cmp.Compare(a.Stream, b.Stream), cmp.Compare(a.WatchID, b.WatchID))
	})
}

// perStream counts the messages on each stream.
func (o *Outcome) perStream() map[int]int {
	counts := map[int]int{}
	for _, d := range o.Deliveries {
		counts[d.Stream]++
	}
	return counts
}

// String is the outcome as text, a line for the answer and for each message.
func (o Outcome) String() string {
	var lines []string
	if o.Answer != "" {
		lines = append(lines, o.Answer)
	}
	for _, d := range o.Deliveries {
		lines = append(lines, fmt.Sprintf("stream %d: %s", d.Stream, d.Text))
	}
	if len(lines) == 0 {
		return "nothing"
	}
	return strings.Join(lines, "\n")
}

// canonical takes out of a response what a store can't know, the identity of the
// server and its term, and orders what has no order: the keys of a lease,
// the alarms.
func canonical(response proto.Message) proto.Message {
	switch r := response.(type) {
	case *pb.RangeResponse:
		canonicalHeader(&r.Header)
	case *pb.PutResponse:
		canonicalHeader(&r.Header)
	case *pb.DeleteRangeResponse:
		canonicalHeader(&r.Header)
	case *pb.TxnResponse:
		canonicalHeader(&r.Header)
		for _, op := range r.Responses {
			canonical(operation(op))
		}
	case *pb.CompactionResponse:
		canonicalHeader(&r.Header)
	case *pb.LeaseGrantResponse:
		canonicalHeader(&r.Header)
	case *pb.LeaseRevokeResponse:
		canonicalHeader(&r.Header)
	case *pb.LeaseKeepAliveResponse:
		canonicalHeader(&r.Header)
	case *pb.LeaseTimeToLiveResponse:
		canonicalHeader(&r.Header)
		slices.SortFunc(r.Keys, func(a, b []byte) int { return cmp.Compare(string(a), string(b)) })
	case *pb.LeaseLeasesResponse:
		canonicalHeader(&r.Header)
	case *pb.AlarmResponse:
		canonicalHeader(&r.Header)
		slices.SortFunc(r.Alarms, func(a, b *pb.AlarmMember) int {
			return cmp.Or(cmp.Compare(a.MemberID, b.MemberID), cmp.Compare(a.Alarm, b.Alarm))
		})
	case *pb.WatchResponse:
		canonicalHeader(&r.Header)
	default:
		panic(fmt.Sprintf("compat: unknown response %T", response))
	}
	return response
}

func operation(op *pb.ResponseOp) proto.Message {
	switch r := op.Response.(type) {
	case *pb.ResponseOp_ResponseRange:
		return r.ResponseRange
	case *pb.ResponseOp_ResponsePut:
		return r.ResponsePut
	case *pb.ResponseOp_ResponseDeleteRange:
		return r.ResponseDeleteRange
	case *pb.ResponseOp_ResponseTxn:
		return r.ResponseTxn
	default:
		panic(fmt.Sprintf("compat: unknown response %T", r))
	}
}

func canonicalHeader(h **pb.ResponseHeader) {
	*h = &pb.ResponseHeader{Revision: (*h).GetRevision()}
}
