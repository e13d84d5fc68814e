package raft

import castaway "github.com/castaway-kv/castaway/raft"

// Core is one member of a cluster, whoever wrote it. Its disk takes no time: all
// that it writes is durable before it says anything. It starts crashed.
type Core interface {
	// Start starts the member from what its disk holds.
	Start()
	// Crash stops it. What the disk holds stays; what was applied must be applied
	// again.
	Crash()
	// Tick lets time pass: by one heartbeat interval.
	Tick()
	// Campaign ends the member's wait for a leader.
	Campaign()
	// Receive takes a packet that was sent to the member.
	Receive(p Packet)
	// Propose takes commands, to be replicated together. They may be lost.
	Propose(commands ...string)
	// Read asks for an index that a linearizable read has to wait for. The member
	// may never answer.
	Read(request uint64)
	// Transfer asks a leader to hand over.
	Transfer(to castaway.ID)
	// Change asks a leader for the next step to another configuration.
	Change(target castaway.Configuration)
	// Compact replaces all that the member has applied by a snapshot.
	Compact()
	// Status of a running member.
	Status() Status
	// Members is the configuration in force.
	Members() castaway.Configuration
	// Log is all entries that the disk holds, in its snapshot and behind it.
	Log() []Entry
}

// Status is what can be compared of a running member.
type Status struct {
	Term castaway.Term
	// Leads says that the member is the leader of its term.
	Leads  bool
	Commit castaway.Index
	Last   castaway.Position
}

// Entry is what both cores know of an entry. An entry without data is the no-op of
// a new leader, unless it changes the configuration, of which each core speaks in
// its own words.
type Entry struct {
	castaway.Position
	Data string
	// Changes says that the entry changes the configuration.
	Changes bool
}

// Packet is a message under way: in the sender's own words (*raftpb.Message) if
// both ends are etcd's core, in ours (castaway's raft.Message) otherwise.
type Packet struct {
	From, To castaway.ID
	Message  any
}

// Hooks are told what members do.
type Hooks struct {
	// Send puts a packet on the network.
	Send func(Packet)
	// Applied, if not nil, is told each committed entry, in order.
	Applied func(castaway.ID, Entry)
	// Restored is told the state that a member starts with, or goes on with from a
	// snapshot of the leader's.
	Restored func(castaway.ID, []Entry)
	// Answered is told the index at which a read may be served.
	Answered func(member castaway.ID, request uint64, index castaway.Index)
}

// The times of a cluster, in ticks: etcd's usual ones. Election time-outs are
// chosen from electionTicks up to 2·electionTicks-1.
const (
	heartbeatTicks = 1
	electionTicks  = 10
)
