package kv

import "errors"

// The errors of the store, with etcd's texts: clients match them exactly.
var (
	// ErrEmptyKey: a request names no key.
	ErrEmptyKey = errors.New("etcdserver: key is not provided")
	// ErrDuplicateKey: a transaction changes a key twice.
	ErrDuplicateKey = errors.New("etcdserver: duplicate key given in txn request")
	// ErrTooManyOps: a transaction has more than MaxTxnOps comparisons or operations.
	ErrTooManyOps = errors.New("etcdserver: too many operations in txn request")
	// ErrKeyNotFound: a transaction has an operation that is nothing at all
	// (a nil Request; on the wire, a RequestOp with an empty union).
	ErrKeyNotFound = errors.New("etcdserver: key not found")
	// ErrFutureRevision: a read at a revision that does not exist yet.
	ErrFutureRevision = errors.New("etcdserver: mvcc: required revision is a future revision")
	// ErrCompacted: a read at a revision whose state is no longer kept.
	ErrCompacted = errors.New("etcdserver: mvcc: required revision has been compacted")
	// ErrTooLarge: a request encodes to more than MaxRequestBytes.
	ErrTooLarge = errors.New("etcdserver: request is too large")
)

// Limits on requests, as etcd sets them by default.
const (
	// MaxTxnOps bounds the comparisons and the operations of each branch of a
	// transaction. What the largest of these three uses up is taken off the
	// bound of its nested transactions; siblings are not added up.
	MaxTxnOps = 128
	// MaxRequestBytes bounds an encoded request: 1.5 MiB. Reads are exempt.
	MaxRequestBytes = 1536 * 1024
)
