package compat

import (
	"fmt"
	"math"

	pb "go.etcd.io/etcd/api/v3/etcdserverpb"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"
)

// The programs are about few keys, values, leases and revisions, so that
// requests meet, and lean towards the edges: empty keys, inverted ranges,
// negative numbers, 129 operations. In each list the plainest comes first: that is
// what a failing program shrinks to.
var (
	someKeys      = []string{"a", "b", "c", "a\x00", "ab", "\x00", "\xff", "b200", "b333", ""}
	someEnds      = []string{"", "c", "\x00", "b", "a\x00", "\xff", "b333", "a", "\x00\x00"}
	someValues    = []string{"", "1", "2", "10"}
	someLeases    = []int64{1, 1, 1, 2, 2, 3, -7, math.MaxInt64}
	someTTLs      = []int64{60, 100, 5, 60, 100, 5, 0, -1, 9_000_000_000, 9_000_000_001, math.MaxInt64, math.MinInt64}
	someNumbers   = []int64{0, 1, 2, 3, -1, math.MaxInt64, math.MinInt64}
	someWatchIDs  = []int64{0, 1, 2, -1, -3, 7}
	someRevisions = []int64{0, -1, -2, 1_000_000, math.MaxInt64, math.MinInt64}
)

// Streams is the number of watch streams that programs use.
const Streams = 2

// Generate draws a program of up to 40 steps.
func Generate(t *rapid.T) Program {
	// rapid's slices are short unless they must not be.
	atLeast := pick(t, 1, 10, 20, 30)
	steps := Program(rapid.SliceOfN(rapid.Custom(drawStep), atLeast, 40).Draw(t, "steps"))
	if !rarely(t) {
		return steps
	}
	return append(fill(1+below(t, 6)), withoutTies(steps)...)
}

// fill puts many keys, out of order, by transactions of 100: enough for the parts
// of a store that only grow with it.
func fill(transactions int) (steps Program) {
	const each = 100
	n := transactions * each
	for i := range transactions {
		txn := &pb.TxnRequest{}
		for j := range each {
			k := (i*each + j) * 37 % n // 37 divides no hundred: every key once
			put := &pb.PutRequest{Key: fmt.Appendf(nil, "b%03d", k), Value: fmt.Appendf(nil, "v%d", k)}
			txn.Success = append(txn.Success, &pb.RequestOp{Request: &pb.RequestOp_RequestPut{RequestPut: put}})
		}
		steps = append(steps, Step{Request: txn})
	}
	return steps
}

// withoutTies takes out the orders in which many keys are equal: etcd sorts those
// any way, except when there are few.
func withoutTies(steps Program) Program {
	for _, step := range steps {
		switch r := step.Request.(type) {
		case *pb.RangeRequest:
			sortByKey(r)
		case *pb.TxnRequest:
			for _, op := range flatten(r) {
				if read := op.GetRequestRange(); read != nil {
					sortByKey(read)
				}
			}
		}
	}
	return steps
}

func sortByKey(r *pb.RangeRequest) {
	if r.SortTarget < 5 {
		r.SortTarget = pb.RangeRequest_KEY
	}
}

// below draws a number below n, each as often as another. rapid's own numbers lean
// towards 0.
func below(t *rapid.T, n int) int {
	const bits = 10
	var drawn int
	for range bits {
		drawn <<= 1
		if rapid.Bool().Draw(t, "bit") {
			drawn |= 1
		}
	}
	return drawn * n >> bits
}

// pick draws one of several values.
func pick[T any](t *rapid.T, values ...T) T { return values[below(t, len(values))] }

// choice is something to draw, and how often.
type choice struct {
	weight int
	draw   func(*rapid.T) Step
}

var choices = []choice{
	{24, func(t *rapid.T) Step { return Step{Request: drawPut(t)} }},
	{10, func(t *rapid.T) Step { return Step{Request: drawDelete(t)} }},
	{14, func(t *rapid.T) Step { return Step{Request: drawRange(t)} }},
	{20, func(t *rapid.T) Step { return Step{Request: drawTxn(t)} }},
	{5, func(t *rapid.T) Step { return Step{Request: drawCompact(t)} }},
	{14, drawWatch},
	{13, func(t *rapid.T) Step { return Step{Request: drawLease(t)} }},
	{1, func(t *rapid.T) Step { return Step{Request: drawAlarm(t)} }},
}

func drawStep(t *rapid.T) Step {
	total := 0
	for _, c := range choices {
		total += c.weight
	}
	n := below(t, total)
	for _, c := range choices {
		if n < c.weight {
			return c.draw(t)
		}
		n -= c.weight
	}
	panic("compat: unreachable: n is less than the sum of the weights")
}

// key is empty one time in five hundred.
func key(t *rapid.T) []byte {
	k := pick(t, someKeys...)
	if k == "" && !hardlyEver(t) {
		k = someKeys[0]
	}
	return []byte(k)
}

// end is that of one key half of the time.
func end(t *rapid.T) []byte {
	if half(t) {
		return []byte(pick(t, someEnds...))
	}
	return nil
}

func value(t *rapid.T) []byte { return []byte(pick(t, someValues...)) }

// revision is one that a program may have come to, or an odd one.
func revision(t *rapid.T) int64 {
	if rarely(t) {
		return pick(t, someRevisions...)
	}
	if half(t) {
		return int64(1 + below(t, 8))
	}
	return int64(1 + below(t, 20))
}

func leaseID(t *rapid.T) int64 { return pick(t, someLeases...) }

// half is true one time in two, sometimes one in four, rarely one in eight,
// hardlyEver one in sixty-four. They shrink to false.
func half(t *rapid.T) bool       { return below(t, 2) == 1 }
func sometimes(t *rapid.T) bool  { return below(t, 4) == 3 }
func rarely(t *rapid.T) bool     { return below(t, 8) == 7 }
func hardlyEver(t *rapid.T) bool { return below(t, 64) == 63 }

func drawPut(t *rapid.T) *pb.PutRequest {
	r := &pb.PutRequest{Key: key(t), Value: value(t), PrevKv: sometimes(t), IgnoreValue: half(t) && rarely(t), IgnoreLease: half(t) && rarely(t)}
	if sometimes(t) {
		r.Lease = leaseID(t)
	}
	// Most of the time what is ignored is also not given.
	if r.IgnoreValue && !rarely(t) {
		r.Value = nil
	}
	if r.IgnoreLease && !rarely(t) {
		r.Lease = 0
	}
	return r
}

func drawDelete(t *rapid.T) *pb.DeleteRangeRequest {
	return &pb.DeleteRangeRequest{Key: key(t), RangeEnd: end(t), PrevKv: sometimes(t)}
}

func drawRange(t *rapid.T) *pb.RangeRequest {
	r := &pb.RangeRequest{Key: key(t), RangeEnd: end(t)}
	if sometimes(t) {
		r.Revision = revision(t)
	}
	if sometimes(t) {
		r.Limit = pick(t, someNumbers...)
	}
	if sometimes(t) {
		r.SortOrder = pb.RangeRequest_SortOrder(enum(t, 3))
		r.SortTarget = pb.RangeRequest_SortTarget(enum(t, 5))
	}
	for _, bound := range []*int64{&r.MinModRevision, &r.MaxModRevision, &r.MinCreateRevision, &r.MaxCreateRevision} {
		if rarely(t) {
			*bound = revision(t)
		}
	}
	r.KeysOnly, r.CountOnly, r.Serializable = rarely(t), rarely(t), sometimes(t)
	return r
}

// enum is a number below n, or rarely one that the enumeration doesn't have.
func enum(t *rapid.T, n int32) int32 {
	if hardlyEver(t) {
		return pick(t, n, -1)
	}
	return int32(below(t, int(n)))
}

func drawCompact(t *rapid.T) *pb.CompactionRequest {
	return &pb.CompactionRequest{Revision: revision(t), Physical: sometimes(t)}
}

func drawLease(t *rapid.T) proto.Message {
	id := leaseID(t)
	switch below(t, 8) {
	default:
		return &pb.LeaseGrantRequest{ID: id, TTL: pick(t, someTTLs...)}
	case 4:
		return &pb.LeaseRevokeRequest{ID: id}
	case 5:
		return &pb.LeaseKeepAliveRequest{ID: id}
	case 6:
		return &pb.LeaseTimeToLiveRequest{ID: id, Keys: half(t)}
	case 7:
		return &pb.LeaseLeasesRequest{}
	}
}

// drawAlarm lists, raises or disarms an alarm. Unknown actions and kinds crash
// the judge.
func drawAlarm(t *rapid.T) *pb.AlarmRequest {
	return &pb.AlarmRequest{
		Action:   pick(t, pb.AlarmRequest_GET, pb.AlarmRequest_ACTIVATE, pb.AlarmRequest_DEACTIVATE, pb.AlarmRequest_DEACTIVATE),
		MemberID: pick(t, uint64(1), 0, 2),
		Alarm:    pick(t, pb.AlarmType_NOSPACE, pb.AlarmType_NONE, pb.AlarmType_CORRUPT),
	}
}

func drawWatch(t *rapid.T) Step {
	r := &pb.WatchRequest{}
	step := Step{Request: r, Stream: below(t, Streams)}
	switch kind := below(t, 32); {
	case kind < 22:
		r.RequestUnion = &pb.WatchRequest_CreateRequest{CreateRequest: drawWatchCreate(t)}
	case kind < 26:
		r.RequestUnion = &pb.WatchRequest_CancelRequest{CancelRequest: &pb.WatchCancelRequest{
			WatchId: pick(t, someWatchIDs...),
		}}
	case kind < 31:
		r.RequestUnion = &pb.WatchRequest_ProgressRequest{ProgressRequest: &pb.WatchProgressRequest{}}
	}
	return step
}

func drawWatchCreate(t *rapid.T) *pb.WatchCreateRequest {
	r := &pb.WatchCreateRequest{Key: key(t), RangeEnd: end(t), PrevKv: sometimes(t), ProgressNotify: rarely(t), Fragment: rarely(t)}
	if half(t) {
		r.StartRevision = revision(t)
	}
	if sometimes(t) {
		r.WatchId = pick(t, someWatchIDs...)
	}
	for range below(t, 6) / 4 * 2 {
		r.Filters = append(r.Filters, pb.WatchCreateRequest_FilterType(enum(t, 2)))
	}
	return r
}
