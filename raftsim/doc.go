// Package raftsim is a simulated world: a cluster of replicas with its network,
// disks and clients, in virtual time, in one goroutine.
//
//	schedule ─┐
//	clients ──┼─► queue, by (time, sequence) ─► one event ─► replica.Step ─► effects
//	network ──┤                                    │                           │
//	disks ────┘◄───────────────────────────────────┼───────────────────────────┘
//	                                               ▼
//	                                    trace, hash, checks, history
//
// A run follows from its Config alone: all chance is drawn by keys from a seed,
// times are integers, and nothing depends on the machine. So the same Config
// gives the same Hash anywhere. World.Clone copies a moment, and Timeline uses
// that to go back and forth.
//
// # What can go wrong, and what can't
//
// docs/FAULTS.md is the fault model: what networks, disks, clocks, clients and
// changes of the members may do, what the cluster must stand, and what the world does
// not let happen unless Config.BeyondModel asks for it. After every event the cluster
// as a whole is checked; the first property that breaks ends the run (World.Violation).
// The action Settle ends all faults, and then the cluster must come to rest.
//
// # Clients
//
// What a client does is up to its Workload, which is asked for one request after the
// other: Register, CASCounter, Bank, Lock, Election, Lease, Mixed, or one of your
// own. A client with a Watch only watches. The world records what clients saw, all
// with stamps of one counter: operations (History), the locks that they believed to
// hold (Holdings), and what they heard on streams (Streams, Deliveries). Clients reach
// every member; their connections are in order and only break.
package raftsim
