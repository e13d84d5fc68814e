// Package machine is the state machine that a cluster replicates: the store, the
// leases and the watchers of one member, behind one Apply.
//
//	request ─► Apply ─┬─ alarms, quota: may it? ──────────────► error
//	                  ├─ store  (package mvcc) ─┬─ response ──► answer
//	                  └─ leases (package lease) │
//	                         ▲                  │ events
//	                         └──────────────────┴─► watchers (package watch)
//
// The same requests in the same order make the same state on every member,
// whatever their clocks say: Hash compares it. Time is an argument and matters only
// to the leader, which is told so by Promote. It asks for what time requires, the
// end of a lease, by a request like any other (Due), and so does what has to be
// known to all when the store is full.
//
// Requests that change what members share must come from the log, on each member in
// the same order. The others need no log: those of kv.ReadOnly, and the keep-alive,
// which moves a deadline that only the leader has. The leader alone can answer
// kv.LeaseKeepAliveRequest and kv.LeaseTimeToLiveRequest.
//
// There is no clock, goroutine or I/O. A Machine and all that it has is for one
// goroutine at a time.
package machine
