// Package raft is the consensus core: a state machine that does no I/O.
//
//	Input ──► Step(now, in) ──► Output
//	                             Writes     records, in order, numbered
//	                             Sends      messages, each after a write
//	                             Committed  entries to apply, in order
//	                             Reads      reads that may be served
//	                             Refused    proposals and reads that were not taken
//	                             Wake       when to call again at the latest
//
// It follows Ongaro and Ousterhout, "In Search of an Understandable Consensus
// Algorithm (Extended Version)", 2014 (cited as §), and Ongaro's thesis
// "Consensus: Bridging Theory and Practice", 2014 (cited as thesis §). Figure 2
// of the paper is spread over files by topic: election.go, replication.go,
// log.go, quorum.go; read.go and propose.go serve clients. docs/RAFT.md maps
// each of its boxes to a function.
//
// # Writes and sends
//
// A member's promises must be durable before anybody hears them. So every
// write has a number, counted from 1 in each life of the member, and every
// send names in After the write it must wait for; the driver reports progress
// by the input Written. A send may wait long and even outlive its term: it
// leaves unchanged.
//
// # Time and chance
//
// Now is the member's own monotonic clock; it need not agree with anybody
// else's. There is no ticker: Output.Wake names the next moment at which
// something falls due. There is no randomness either: election time-outs come
// from Config.ElectionTimeout, a function of member, term and attempt.
package raft
