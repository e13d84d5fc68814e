// Package mvcc is the store: a multi-version key-value store with the data model
// of etcd v3, on plain memory. It has no clock, no goroutine and no I/O; the same
// requests in the same order give the same store, byte for byte of its answers.
//
// Every request that changes something makes a new revision, and the states
// before it stay readable:
//
//	      index, a B-tree of keys
//	  ┌───────────┬───────────┐
//	config     counter     status
//	  │           │           │
//	mod 2       mod 6       mod 6     the newest version of each key;
//	"on"        "6"         deleted   both changed by one transaction
//	              │           │
//	            mod 5       mod 3     older versions, by links that
//	            "5"         "ok"      never change
//	              │
//	            mod 4
//	            "4"
//
// A read at revision r takes, of each key, the newest version with mod ≤ r. A
// delete is a version too, one without a value, so that a key's absence has a
// revision as well. A transaction first makes all its comparisons, then puts its
// versions at the heads of the lists, all with the revision to come; its own reads
// see them, because they read at that revision once it has made a change.
//
// Versions are immutable and the tree copies its nodes on write, so Clone costs
// the same whatever the size of the store, and neither store sees what the other
// writes afterwards. A Store is for one goroutine at a time; its clones are
// independent of it.
package mvcc
