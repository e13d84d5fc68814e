package kv

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

// LeaseID names a lease. 0 is no lease.
type LeaseID int64

// Request is an operation on the store: RangeRequest, PutRequest,
// DeleteRangeRequest or TxnRequest, as values. Its String is the request in
// etcdctl's words.
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

// RangeRequest reads the keys of its span, in ascending order.
type RangeRequest struct {
	Span
	// Revision to read at; zero or less means the newest, except that inside a
	// transaction one below -1 is ErrCompacted (as in etcd, which notes "never
	// compacted" as -1).
	Revision Revision
	// Limit is the largest number of keys to return; zero or less means all.
	Limit int64
	// Serializable lets the member that is asked answer from its own state,
	// which may be stale. The store itself ignores it.
	Serializable bool
}

// PutRequest sets a key, which need not exist.
type PutRequest struct {
	Key   string
	Value string
}

// DeleteRangeRequest deletes the keys of its span; there may be none.
type DeleteRangeRequest struct {
	Span
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
	case RangeRequest:
		return true
	case TxnRequest:
		return allRanges(r.Success) && allRanges(r.Failure)
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

// Target is what a comparison looks at.
type Target uint8

// The targets of a comparison.
const (
	TargetVersion Target = iota
	TargetCreate
	TargetMod
	TargetValue
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

// Compare is one condition of a transaction, on the state before it. A
// missing key has version, create and mod revision 0; a comparison of a
// missing key's value is false, with NotEqual too. An unknown target compares
// as equal, an unknown operator holds (all as in etcd).
type Compare struct {
	Key      string
	Target   Target
	Operator Operator
	// Number is compared with a version, create or mod revision.
	Number int64
	// Value is compared with a value.
	Value string
}
