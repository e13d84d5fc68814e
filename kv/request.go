package kv

import "slices"

// Revision numbers the states of the store. A fresh store is at revision 1;
// every request that changes something raises it by one.
type Revision int64

// KeyValue is one key as it stood at some revision.
type KeyValue struct {
	Key   string
	Value string
	// CreateRevision is the revision at which the key last came into being.
	CreateRevision Revision
	// ModRevision is the revision of the key's last change.
	ModRevision Revision
	// Version counts the puts since the key was created; a new key has 1.
	Version int64
	// Lease that the key is attached to, 0 for none.
	Lease LeaseID
}

// Request is one request to the state machine, as a value:
//
//   - on keys: RangeRequest, PutRequest, DeleteRangeRequest, and TxnRequest, which
//     is made of these;
//   - on the history of keys: CompactRequest;
//   - on leases: LeaseGrantRequest, LeaseRevokeRequest, LeaseKeepAliveRequest,
//     LeaseTimeToLiveRequest, LeaseListRequest;
//   - on alarms: AlarmRequest;
//   - on a state machine of the user's own: CommandRequest.
//
// Its String is the request in etcdctl's words.
type Request interface {
	request()
	String() string
}

// Span is a set of keys. An empty End means Key alone; the End "\x00" means
// every key at or after Key; any other End means the half-open interval
// [Key, End).
type Span struct {
	Key string
	End string
}

// RangeRequest reads the keys of its span.
//
// Keys outside of the bounds on their revisions are left out; then what is left
// is sorted; then the limit cuts. There is one exception, etcd's: with a target
// other than the key and the order SortNone, and without bounds, the sort sees
// only the first Limit+1 keys in ascending order.
type RangeRequest struct {
	Span
	// Revision to read at; zero or less means the newest, except that inside a
	// transaction one below -1 is ErrCompacted (as in etcd, which notes "never
	// compacted" as -1).
	Revision Revision
	// Limit is the largest number of keys to return; zero or less means all.
	Limit int64
	// Order and Target of the answer. With a target other than the key, SortNone
	// means SortAscend. Pairs that are equal by the target stay in the order of
	// their keys, those in descending order too.
	Order  SortOrder
	Target SortTarget
	// KeysOnly leaves out the values and, as in etcd, the leases, unless the
	// answer is sorted by value.
	KeysOnly bool
	// CountOnly asks for nothing but the count.
	CountOnly bool
	// Bounds on the mod and create revision of the keys to return, both ends
	// included; 0 is no bound.
	MinModRevision, MaxModRevision       Revision
	MinCreateRevision, MaxCreateRevision Revision
	// Serializable lets the member that is asked answer from its own state,
	// which may be stale. The store itself ignores it.
	Serializable bool
}

// SortOrder is the direction of a sort.
type SortOrder uint8

// The directions of a sort.
const (
	SortNone SortOrder = iota
	SortAscend
	SortDescend
)

// SortTarget is what a sort looks at.
type SortTarget uint8

// The targets of a sort.
const (
	SortByKey SortTarget = iota
	SortByVersion
	SortByCreate
	SortByMod
	SortByValue
)

// PutRequest sets a key, which need not exist.
type PutRequest struct {
	Key   string
	Value string
	// Lease to attach the key to; 0 detaches it from the one that it has.
	Lease LeaseID
	// PrevKV asks for the pair as it was before.
	PrevKV bool
	// IgnoreValue keeps the key's value, IgnoreLease its lease; the key must
	// exist, and the field that is ignored must not be given.
	IgnoreValue bool
	IgnoreLease bool
}

// DeleteRangeRequest deletes the keys of its span; there may be none.
type DeleteRangeRequest struct {
	Span
	// PrevKV asks for the pairs as they were before.
	PrevKV bool
}

// CompactRequest gives up all states before a revision. What was already
// overwritten or deleted at it is freed; reads and watches at it go on working.
type CompactRequest struct {
	Revision Revision
}

// TxnRequest compares, then runs one of two lists of operations as one atomic
// step: Success when every comparison holds, Failure otherwise. All of its
// changes get one revision. Comparisons, those of nested transactions too, look
// at the state before; reads see the transaction's earlier changes unless they
// name a revision.
type TxnRequest struct {
	Compare []Compare
	Success []Request
	Failure []Request
}

// ReadOnly says that r changes nothing, whichever way its comparisons go. A
// nested transaction counts as a change, as in etcd.
func ReadOnly(r Request) bool {
	switch r := r.(type) {
	case RangeRequest, LeaseTimeToLiveRequest, LeaseListRequest:
		return true
	case AlarmRequest:
		return r.Action == ListAlarms
	case CommandRequest:
		return r.Query
	case TxnRequest:
		return allRanges(r.Success) && allRanges(r.Failure)
	default:
		return false
	}
}

// Grows says that r could make the store larger: a put or a lease grant, or a
// transaction with a put in either branch, taken or not. These are refused when
// space has run out.
func Grows(r Request) bool {
	switch r := r.(type) {
	case PutRequest, LeaseGrantRequest:
		return true
	case TxnRequest:
		return slices.ContainsFunc(r.Success, Grows) || slices.ContainsFunc(r.Failure, Grows)
	default:
		return false
	}
}

func allRanges(ops []Request) bool {
	for _, op := range ops {
		if _, ok := op.(RangeRequest); !ok {
			return false
		}
	}
	return true
}

func (RangeRequest) request()       {}
func (PutRequest) request()         {}
func (DeleteRangeRequest) request() {}
func (TxnRequest) request()         {}
func (CompactRequest) request()     {}

// Target is what a comparison looks at.
type Target uint8

// The targets of a comparison.
const (
	TargetVersion Target = iota
	TargetCreate
	TargetMod
	TargetValue
	TargetLease
)

// Operator is how a comparison compares.
type Operator uint8

// The operators of a comparison.
const (
	Equal Operator = iota
	Greater
	Less
	NotEqual
)

// Compare is one condition of a transaction, on the state before it. It must
// hold for each key of its span. A missing key, or a span without any key, has
// version, create and mod revision and lease 0; a comparison of its value is
// false, with NotEqual too. An unknown target compares as equal, an unknown
// operator holds (all as in etcd).
type Compare struct {
	Key string
	// End of the span that begins with Key, as in Span; empty for Key alone.
	End      string
	Target   Target
	Operator Operator
	// Number is compared with a version, create or mod revision or lease.
	Number int64
	// Value is compared with a value.
	Value string
}

// Span is the set of keys that the comparison looks at.
func (c Compare) Span() Span { return Span{Key: c.Key, End: c.End} }
