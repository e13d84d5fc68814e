package kv

// CommandRequest is for a state machine of the user's own that is replicated beside
// the store: the store does not know what it means.
type CommandRequest struct {
	Command string
	// Query says that the command changes nothing: it needs no log entry.
	Query bool
}

// CommandResponse answers a CommandRequest. Its revision is that of the store, which
// the command did not touch.
type CommandResponse struct {
	Header
	Answer string
}

func (CommandRequest) request()   {}
func (CommandResponse) response() {}

// String is the command, in quotes if it needs them.
func (r CommandRequest) String() string {
	if r.Query {
		return "query " + word(r.Command)
	}
	return "command " + word(r.Command)
}

// String is the answer, in quotes if it needs them.
func (r CommandResponse) String() string { return word(r.Answer) }
