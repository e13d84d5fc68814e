package raft

// Input is one thing that happens to a member.
type Input interface{ input() }

// Wake says that time has passed; it is due when Output.Wake is reached, and
// harmless earlier.
type Wake struct{}

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

// Read asks for an index at which a linearizable read may be served.
type Read struct {
	Request RequestID
}

// Written says that all writes up to Number are durable.
type Written struct {
	Number uint64
}

func (Wake) input()    {}
func (Receive) input() {}
func (Propose) input() {}
func (Read) input()    {}
func (Written) input() {}
