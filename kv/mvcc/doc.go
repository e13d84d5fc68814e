// Package mvcc is the store: a multi-version key-value store with the data model
// of etcd v3, on plain memory. It has no clock, no goroutine and no I/O; the same
// requests in the same order give the same store, byte for byte of its answers and
// of its snapshot.
//
// # Revisions
//
// Every request that changes something makes a new revision, and the states before
// it stay readable until a compaction gives them up. Of each key there is a chain
// of versions, the newest in front:
//
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
// revision as well. A transaction first makes all its comparisons and finds
// everything that could fail, then puts its versions in front of the chains, all
// with the revision to come; its own reads see them, because they read at that
// revision once it has made a change.
//
// # Keys: an index of chunks
//
// The keys stand in chunks of up to 256 neighbours, the chunks in a B-tree
// (github.com/google/btree) by their lower bound:
//
//	B-tree      ""            "counter"           "status"
//	             │                │                   │
//	chunk   ┌────┴─────┐   ┌──────┴────────┐   ┌──────┴─────┐
//	 keys   │ a b conf…│   │ counter d e f │   │ status x … │   ascending
//	 heads  │ ▾ ▾ ▾    │   │ ▾       ▾ ▾ ▾ │   │ ▾      ▾   │   the newest versions
//	 live   │ 1 1 1    │   │ 1       0 1 1 │   │ 0      1   │   is the key there now?
//	        └──────────┘   └───────────────┘   └────────────┘
//
// To find a key takes one search in the tree and one in a chunk. To count a range
// takes one look at the bits of each chunk, not at the keys, whatever their number:
// that is a range's count, which has to be told even when a limit leaves out nearly
// all of it. Counts of an older revision do walk the keys. Keys that come in
// ascending order fill their chunks; a full chunk elsewhere is split in halves;
// chunks that a compaction empties are joined.
//
// # Changes: the changelog
//
// The same versions stand in the changelog in the order in which they came to be.
// From there watchers read (Events), at their own pace, and from there a compaction
// knows which keys it has to look at. A compaction at revision r leaves one version
// at or before r of each key that is there at r, and the deletions at r itself, so
// that a watch from r tells them; its cost depends on the changes since the one
// before, not on the number of keys.
//
// # Clones
//
// Versions and full segments of the changelog never change, the tree copies its
// nodes on write, and so do chunks: the heads by themselves, the keys only when
// there is a new one. So Clone costs the same whatever the size of the store, and
// the first write after it a few microseconds. Neither store sees what the other
// writes afterwards. A Store is for one goroutine at a time; its clones are
// independent of it.
//
// # What it does not do
//
// Leases, watchers, alarms and quotas belong to the packages beside this one;
// package machine puts all together.
package mvcc
