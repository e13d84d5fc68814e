package machine

import "github.com/castaway-kv/castaway/kv"

// StateMachine is one of the user's own, which the cluster replicates beside the
// store: kv.CommandRequest is for it. It must be a pure function of its commands, or
// the members come to differ, and a simulated run says so.
type StateMachine interface {
	// Apply carries out a command and answers it.
	Apply(command string) (answer string)
	// Query answers a question and changes nothing.
	Query(question string) (answer string)
	// Clone is a machine in the same state that lives on its own.
	Clone() StateMachine
	// Save is the whole state, Restore a machine in a state that was saved.
	Save() string
	Restore(state string) (StateMachine, error)
}

// command is for the user's machine.
func (m *Machine) command(r kv.CommandRequest) (kv.Response, error) {
	if m.user == nil {
		return nil, kv.ErrNoStateMachine
	}
	response := kv.CommandResponse{Header: m.header()}
	if r.Query {
		response.Answer = m.user.Query(r.Command)
	} else {
		response.Answer = m.user.Apply(r.Command)
	}
	return response, nil
}

// saveUser is the state of the user's machine, empty if there is none.
func (m *Machine) saveUser() string {
	if m.user == nil {
		return ""
	}
	return m.user.Save()
}
