package compat

import (
	"errors"
	"fmt"
	"slices"

	pb "go.etcd.io/etcd/api/v3/etcdserverpb"
	"go.etcd.io/etcd/api/v3/mvccpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/watch"
)

// fromWire is a request in kv's words.
func fromWire(request proto.Message) kv.Request {
	switch r := request.(type) {
	case *pb.RangeRequest:
		return rangeFromWire(r)
	case *pb.PutRequest:
		return kv.PutRequest{
			Key: string(r.Key), Value: string(r.Value), Lease: kv.LeaseID(r.Lease),
			PrevKV: r.PrevKv, IgnoreValue: r.IgnoreValue, IgnoreLease: r.IgnoreLease,
		}
	case *pb.DeleteRangeRequest:
		return kv.DeleteRangeRequest{Span: span(r.Key, r.RangeEnd), PrevKV: r.PrevKv}
	case *pb.TxnRequest:
		return txnFromWire(r)
	case *pb.CompactionRequest:
		return kv.CompactRequest{Revision: kv.Revision(r.Revision)}
	case *pb.LeaseGrantRequest:
		return kv.LeaseGrantRequest{ID: kv.LeaseID(r.ID), TTL: kv.TTL(r.TTL)}
	case *pb.LeaseRevokeRequest:
		return kv.LeaseRevokeRequest{ID: kv.LeaseID(r.ID)}
	case *pb.LeaseKeepAliveRequest:
		return kv.LeaseKeepAliveRequest{ID: kv.LeaseID(r.ID)}
	case *pb.LeaseTimeToLiveRequest:
		return kv.LeaseTimeToLiveRequest{ID: kv.LeaseID(r.ID), Keys: r.Keys}
	case *pb.LeaseLeasesRequest:
		return kv.LeaseListRequest{}
	case *pb.AlarmRequest:
		return kv.AlarmRequest{Action: kv.AlarmAction(constant(int32(r.Action))), Member: r.MemberID, Alarm: kv.Alarm(constant(int32(r.Alarm)))}
	default:
		panic(fmt.Sprintf("compat: unknown request %T", request))
	}
}

func span(key, end []byte) kv.Span { return kv.Span{Key: string(key), End: string(end)} }

func rangeFromWire(r *pb.RangeRequest) kv.RangeRequest {
	return kv.RangeRequest{
		Span:              span(r.Key, r.RangeEnd),
		Revision:          kv.Revision(r.Revision),
		Limit:             r.Limit,
		Order:             kv.SortOrder(constant(int32(r.SortOrder))),
		Target:            kv.SortTarget(constant(int32(r.SortTarget))),
		KeysOnly:          r.KeysOnly,
		CountOnly:         r.CountOnly,
		MinModRevision:    kv.Revision(r.MinModRevision),
		MaxModRevision:    kv.Revision(r.MaxModRevision),
		MinCreateRevision: kv.Revision(r.MinCreateRevision),
		MaxCreateRevision: kv.Revision(r.MaxCreateRevision),
		Serializable:      r.Serializable,
	}
}

// constant is a number of one of etcd's enumerations, which ours equal; what
// doesn't fit in a byte is unknown in either.
func constant(n int32) uint8 {
	if n != int32(uint8(n)) {
		return 255
	}
	return uint8(n)
}

func txnFromWire(r *pb.TxnRequest) kv.TxnRequest {
	var txn kv.TxnRequest
	for _, c := range r.Compare {
		txn.Compare = append(txn.Compare, kv.Compare{
			Key: string(c.Key), End: string(c.RangeEnd),
			Target:   kv.Target(constant(int32(c.Target))),
			Operator: kv.Operator(constant(int32(c.Result))),
			Number:   compared(c),
			Value:    string(c.GetValue()),
		})
	}
	txn.Success = operationsFromWire(r.Success)
	txn.Failure = operationsFromWire(r.Failure)
	return txn
}

// compared is the number that belongs to the comparison's target; without one it
// is 0.
func compared(c *pb.Compare) int64 {
	switch c.Target {
	case pb.Compare_VERSION:
		return c.GetVersion()
	case pb.Compare_CREATE:
		return c.GetCreateRevision()
	case pb.Compare_MOD:
		return c.GetModRevision()
	case pb.Compare_LEASE:
		return c.GetLease()
	default:
		return 0
	}
}

func operationsFromWire(ops []*pb.RequestOp) (requests []kv.Request) {
	for _, op := range ops {
		var r kv.Request
		switch op := op.Request.(type) {
		case *pb.RequestOp_RequestRange:
			r = fromWire(op.RequestRange)
		case *pb.RequestOp_RequestPut:
			r = fromWire(op.RequestPut)
		case *pb.RequestOp_RequestDeleteRange:
			r = fromWire(op.RequestDeleteRange)
		case *pb.RequestOp_RequestTxn:
			r = fromWire(op.RequestTxn)
		}
		requests = append(requests, r)
	}
	return requests
}

// toWire is a response in etcd's words.
func toWire(response kv.Response) proto.Message {
	header := &pb.ResponseHeader{Revision: int64(response.At())}
	switch r := response.(type) {
	case kv.RangeResponse:
		return &pb.RangeResponse{Header: header, Kvs: pairsToWire(r.KVs), More: r.More, Count: r.Count}
	case kv.PutResponse:
		return &pb.PutResponse{Header: header, PrevKv: pairToWire(r.PrevKV)}
	case kv.DeleteRangeResponse:
		return &pb.DeleteRangeResponse{Header: header, Deleted: r.Deleted, PrevKvs: pairsToWire(r.PrevKVs)}
	case kv.TxnResponse:
		txn := &pb.TxnResponse{Header: header, Succeeded: r.Succeeded}
		for _, op := range r.Responses {
			txn.Responses = append(txn.Responses, operationToWire(op))
		}
		return txn
	case kv.CompactResponse:
		return &pb.CompactionResponse{Header: header}
	case kv.LeaseGrantResponse:
		return &pb.LeaseGrantResponse{Header: header, ID: int64(r.ID), TTL: int64(r.TTL)}
	case kv.LeaseRevokeResponse:
		return &pb.LeaseRevokeResponse{Header: header}
	case kv.LeaseKeepAliveResponse:
		return &pb.LeaseKeepAliveResponse{Header: header, ID: int64(r.ID), TTL: int64(r.TTL)}
	case kv.LeaseTimeToLiveResponse:
		out := &pb.LeaseTimeToLiveResponse{Header: header, ID: int64(r.ID), TTL: int64(r.TTL), GrantedTTL: int64(r.Granted)}
		for _, k := range r.Keys {
			out.Keys = append(out.Keys, []byte(k))
		}
		return out
	case kv.LeaseListResponse:
		out := &pb.LeaseLeasesResponse{Header: header}
		for _, id := range r.Leases {
			out.Leases = append(out.Leases, &pb.LeaseStatus{ID: int64(id)})
		}
		return out
	case kv.AlarmResponse:
		out := &pb.AlarmResponse{Header: header}
		for _, a := range r.Alarms {
			out.Alarms = append(out.Alarms, &pb.AlarmMember{MemberID: a.Member, Alarm: pb.AlarmType(a.Alarm)})
		}
		return out
	default:
		panic(fmt.Sprintf("compat: unknown response %T", response))
	}
}

func operationToWire(response kv.Response) *pb.ResponseOp {
	switch r := toWire(response).(type) {
	case *pb.RangeResponse:
		return &pb.ResponseOp{Response: &pb.ResponseOp_ResponseRange{ResponseRange: r}}
	case *pb.PutResponse:
		return &pb.ResponseOp{Response: &pb.ResponseOp_ResponsePut{ResponsePut: r}}
	case *pb.DeleteRangeResponse:
		return &pb.ResponseOp{Response: &pb.ResponseOp_ResponseDeleteRange{ResponseDeleteRange: r}}
	case *pb.TxnResponse:
		return &pb.ResponseOp{Response: &pb.ResponseOp_ResponseTxn{ResponseTxn: r}}
	default:
		panic(fmt.Sprintf("compat: %T in a transaction", response))
	}
}

func pairsToWire(pairs []kv.KeyValue) (out []*mvccpb.KeyValue) {
	for i := range pairs {
		out = append(out, pairToWire(&pairs[i]))
	}
	return out
}

func pairToWire(pair *kv.KeyValue) *mvccpb.KeyValue {
	if pair == nil {
		return nil
	}
	return &mvccpb.KeyValue{
		Key: []byte(pair.Key), Value: []byte(pair.Value), Lease: int64(pair.Lease), Version: pair.Version,
		CreateRevision: int64(pair.CreateRevision), ModRevision: int64(pair.ModRevision),
	}
}

func eventToWire(e *kv.Event) *mvccpb.Event {
	out := &mvccpb.Event{Kv: pairToWire(&e.KV), PrevKv: pairToWire(e.Prev)}
	if e.Kind == kv.EventDelete {
		out.Type = mvccpb.Event_DELETE
	}
	return out
}

func watchFromWire(r *pb.WatchCreateRequest) watch.CreateRequest {
	return watch.CreateRequest{
		Span:           span(r.Key, r.RangeEnd),
		ID:             watch.ID(r.WatchId),
		Start:          kv.Revision(r.StartRevision),
		PrevKV:         r.PrevKv,
		Fragment:       r.Fragment,
		ProgressNotify: r.ProgressNotify,
		NoPut:          slices.Contains(r.Filters, pb.WatchCreateRequest_NOPUT),
		NoDelete:       slices.Contains(r.Filters, pb.WatchCreateRequest_NODELETE),
	}
}

func watchToWire(r watch.Response) *pb.WatchResponse {
	response := &pb.WatchResponse{
		Header:          &pb.ResponseHeader{Revision: int64(r.Revision)},
		WatchId:         int64(r.ID),
		Created:         r.Created,
		Canceled:        r.Canceled,
		CompactRevision: int64(r.CompactRevision),
		CancelReason:    r.Reason,
		Fragment:        r.Fragment,
	}
	for i := range r.Events {
		response.Events = append(response.Events, eventToWire(&r.Events[i]))
	}
	return response
}

// code is the status code that etcd sends an error of kv with; the texts are
// kv's own.
func code(err error) codes.Code {
	for _, c := range []struct {
		code codes.Code
		errs []error
	}{
		{codes.InvalidArgument, []error{
			kv.ErrEmptyKey, kv.ErrKeyNotFound, kv.ErrValueProvided, kv.ErrLeaseProvided,
			kv.ErrTooManyOps, kv.ErrDuplicateKey, kv.ErrInvalidSort, kv.ErrTooLarge,
		}},
		{codes.OutOfRange, []error{kv.ErrCompacted, kv.ErrFutureRevision, kv.ErrTTLTooLarge}},
		{codes.NotFound, []error{kv.ErrLeaseNotFound}},
		{codes.FailedPrecondition, []error{kv.ErrLeaseExists}},
		{codes.ResourceExhausted, []error{kv.ErrNoSpace}},
		{codes.DataLoss, []error{kv.ErrCorrupt}},
	} {
		for _, e := range c.errs {
			if errors.Is(err, e) {
				return c.code
			}
		}
	}
	return codes.Unknown
}
