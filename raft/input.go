package raft

// Input is one thing that happens to a member.
type Input interface{ input() }

// Wake says that time has passed; it is due when Output.Wake is reached, and
// harmless earlier.
type Wake struct{}

// Campaign lets the election time-out of a member that does not lead run out now, unless
// a leader may hold a lease with its help: that rests on time-outs that are not cut short.
type Campaign struct{}

// Receive is a message from another member.
type Receive struct {
	From    ID
	Message Message
}

// Propose asks for a command to be appended to the log. The request's Member
// and Life are this member's own.
type Propose struct {
	Request RequestID
	Data    string
}

// ProposeBatch is several proposals, to be replicated together. The list is read
// during the Step only.
type ProposeBatch struct {
	Proposals []Propose
}

// Read asks for an index at which a linearizable read may be served.
type Read struct {
	Request RequestID
}

// Change asks for another configuration. Target has no Outgoing and no Demoting
// members. If more than one voter differs, the leader goes through a joint
// configuration by itself. The request is answered by the committed entry of
// kind ConfigChange that carries it and is not joint.
type Change struct {
	Request RequestID
	Target  Configuration
}

// Transfer asks the leader to hand over to another voter: to the one that is
// furthest if To is 0 (thesis §3.10). It gives up after an election time-out.
type Transfer struct {
	To ID
}

// Written says that all writes up to Number are durable.
type Written struct {
	Number uint64
}

// SnapshotTaken says that the state after applying Index is durable in a file
// of Size bytes with that Checksum: the log up to there may go.
type SnapshotTaken struct {
	Index    Index
	Size     uint64
	Checksum uint64
}

// SnapshotReceived says what became of the pieces in Output.Chunks: with OK the
// whole file is durable and its checksum right, else it must come again.
type SnapshotReceived struct {
	Snapshot Snapshot
	OK       bool
}

func (Wake) input()             {}
func (Campaign) input()         {}
func (Receive) input()          {}
func (Propose) input()          {}
func (ProposeBatch) input()     {}
func (Read) input()             {}
func (Change) input()           {}
func (Transfer) input()         {}
func (Written) input()          {}
func (SnapshotTaken) input()    {}
func (SnapshotReceived) input() {}
