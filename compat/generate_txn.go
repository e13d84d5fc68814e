package compat

import (
	"bytes"
	"slices"

	pb "go.etcd.io/etcd/api/v3/etcdserverpb"
	"pgregory.net/rapid"
)

// maxDepth is how deep transactions are nested in one another.
const maxDepth = 3

// drawTxn draws a transaction that doesn't crash the judge. Where a key is
// deleted and then put, which etcd prevents except for deletes without an end, it
// panics if the put ignores value or lease, and else when the revision has been
// compacted and the key is read.
func drawTxn(t *rapid.T) *pb.TxnRequest {
	r := drawTxnAt(t, 1)
	var puts [][]byte
	for _, op := range slices.Backward(flatten(r)) {
		if put := op.GetRequestPut(); put != nil {
			puts = append(puts, put.Key)
		}
		del := op.GetRequestDeleteRange()
		again := func(put []byte) bool { return bytes.Compare(put, del.Key) >= 0 }
		if string(del.GetRangeEnd()) == "\x00" && slices.ContainsFunc(puts, again) {
			del.RangeEnd = nil
		}
	}
	return r
}

// flatten lists the operations of r, in whatever depth, in the order in which
// they may be carried out.
func flatten(r *pb.TxnRequest) (all []*pb.RequestOp) {
	for _, op := range slices.Concat(r.Success, r.Failure) {
		all = append(all, op)
		if nested := op.GetRequestTxn(); nested != nil {
			all = append(all, flatten(nested)...)
		}
	}
	return all
}

func drawTxnAt(t *rapid.T, depth int) *pb.TxnRequest {
	r := &pb.TxnRequest{}
	for range below(t, 3) {
		r.Compare = append(r.Compare, drawCompare(t))
	}
	r.Success = drawOps(t, depth)
	r.Failure = drawOps(t, depth)
	if hardlyEver(t) {
		widen(t, r)
	}
	return r
}

func drawOps(t *rapid.T, depth int) (ops []*pb.RequestOp) {
	for range pick(t, 0, 1, 1, 2, 2, 4) {
		ops = append(ops, drawOp(t, depth))
	}
	return ops
}

func drawOp(t *rapid.T, depth int) *pb.RequestOp {
	switch kind := below(t, 20); {
	case kind < 7:
		return &pb.RequestOp{Request: &pb.RequestOp_RequestPut{RequestPut: drawPut(t)}}
	case kind < 10:
		return &pb.RequestOp{Request: &pb.RequestOp_RequestDeleteRange{RequestDeleteRange: drawDelete(t)}}
	case kind < 15:
		return &pb.RequestOp{Request: &pb.RequestOp_RequestRange{RequestRange: drawRange(t)}}
	case kind < 19 && depth < maxDepth:
		return &pb.RequestOp{Request: &pb.RequestOp_RequestTxn{RequestTxn: drawTxnAt(t, depth+1)}}
	case kind < 19 || !rarely(t):
		return &pb.RequestOp{Request: &pb.RequestOp_RequestRange{RequestRange: drawRange(t)}}
	default:
		return &pb.RequestOp{} // no operation at all
	}
}

// widen fills one of the three lists up to about the limit of 128, or to about
// what an outer list of 100 leaves of it.
func widen(t *rapid.T, r *pb.TxnRequest) {
	n := pick(t, 128, 129, 100, 28, 29)
	read := &pb.RequestOp{Request: &pb.RequestOp_RequestRange{RequestRange: &pb.RangeRequest{Key: []byte("a"), CountOnly: true}}}
	switch below(t, 3) {
	case 0:
		for len(r.Success) < n {
			r.Success = append(r.Success, read)
		}
	case 1:
		for len(r.Failure) < n {
			r.Failure = append(r.Failure, read)
		}
	default:
		for len(r.Compare) < n {
			r.Compare = append(r.Compare, &pb.Compare{
				Key: []byte("a"), Target: pb.Compare_VERSION, Result: pb.Compare_NOT_EQUAL,
				TargetUnion: &pb.Compare_Version{Version: -1},
			})
		}
	}
}

func drawCompare(t *rapid.T) *pb.Compare {
	c := &pb.Compare{
		Key:      key(t),
		Target:   pb.Compare_CompareTarget(enum(t, 5)),
		Result:   pb.Compare_CompareResult(enum(t, 4)),
		RangeEnd: end(t),
	}
	target := c.Target
	if hardlyEver(t) {
		target = pb.Compare_CompareTarget(enum(t, 5)) // a union that isn't the target's
	}
	switch number := drawCompared(t); target {
	case pb.Compare_VERSION:
		c.TargetUnion = &pb.Compare_Version{Version: number}
	case pb.Compare_CREATE:
		c.TargetUnion = &pb.Compare_CreateRevision{CreateRevision: number}
	case pb.Compare_MOD:
		c.TargetUnion = &pb.Compare_ModRevision{ModRevision: number}
	case pb.Compare_LEASE:
		c.TargetUnion = &pb.Compare_Lease{Lease: number}
	case pb.Compare_VALUE:
		c.TargetUnion = &pb.Compare_Value{Value: value(t)}
	}
	return c
}

func drawCompared(t *rapid.T) int64 {
	if half(t) {
		return revision(t)
	}
	return pick(t, someNumbers...)
}
