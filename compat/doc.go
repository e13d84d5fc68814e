// Package compat lets the real etcd judge our store. Random programs of requests
// (Generate) run on both, and every answer, error, header and event, and at the
// end the contents at every revision, must be the same (Run). A difference is
// shrunk to the shortest program that shows it, which then stays as a regression
// case in testdata. The differences that are meant are in docs/ETCD.md.
//
// The judge is a whole etcd server, of one member, in this process: a fresh one
// for each program, spoken to by gRPC over memory. That costs some ten
// milliseconds, so nothing needs to be imitated or reset. Ours is the state machine
// of kv, behind a translation of its words.
//
// It is a module of its own, so that nothing of etcd becomes a dependency of ours.
package compat
