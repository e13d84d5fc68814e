package kv

import "errors"

// The errors of the store, with etcd's texts.
var (
	// ErrEmptyKey: a request names no key.
	ErrEmptyKey = errors.New("etcdserver: key is not provided")
	// ErrDuplicateKey: a transaction changes a key twice.
	ErrDuplicateKey = errors.New("etcdserver: duplicate key given in txn request")
	// ErrTooManyOps: a transaction has more than MaxTxnOps comparisons or operations.
	ErrTooManyOps = errors.New("etcdserver: too many operations in txn request")
	// ErrFutureRevision: a read at a revision that does not exist yet.
	ErrFutureRevision = errors.New("etcdserver: mvcc: required revision is a future revision")
	// ErrTooLarge: a request encodes to more than MaxRequestBytes.
	ErrTooLarge = errors.New("etcdserver: request is too large")
)

// Limits on requests, as etcd sets them by default.
const (
	// MaxTxnOps bounds the comparisons and the operations of each branch.
	MaxTxnOps = 128
	// MaxRequestBytes bounds an encoded request: 1.5 MiB.
	MaxRequestBytes = 1536 * 1024
)
