// Package kv is the vocabulary of the store: requests, responses, key-value
// pairs and errors, in the terms of etcd's v3 API. It holds no state; package
// mvcc is the store, package linearize its independent specification, and both
// speak these types.
//
// Keys and values are Go strings: any bytes, compared bytewise, immutable, so
// that stores, logs, messages and clones may share them freely.
package kv
