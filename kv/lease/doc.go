// Package lease keeps leases: promises that keys stay for a time, which whoever
// holds the lease renews, and after which the keys are deleted.
//
// A Lessor holds two kinds of state:
//
//	every member has it, because requests       the leader alone has it, because
//	of the log made it                          its clock did
//
//	lease 7   TTL 10 s   keys a, b               runs out at 14.2 s
//	lease 9   TTL 60 s   key  c                  runs out at 61.0 s
//
// Clocks of members differ, so time never enters the first kind: that a lease has
// run out is for the leader to find, by its own clock, and to say to all as a
// request in the log, a revocation like any other. A new leader knows neither the
// old one's clock nor its renewals, which are not in the log either; it gives
// every lease its full time to live again, so that a lease may last longer than
// was promised, never shorter. All this is etcd's lessor, with time as an
// argument.
//
// A Lessor is for one goroutine at a time. Clone costs the same whatever the
// number of leases.
package lease
