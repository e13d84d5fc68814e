package raftsim

import (
	"fmt"

	"github.com/castaway-kv/castaway/kv/machine"
	"github.com/castaway-kv/castaway/raft"
)

// userPanic is a panic in the user's state machine.
type userPanic struct{ value any }

// userMachine is the user's state machine, whose panics can be told from ours.
type userMachine struct{ machine.StateMachine }

// guarded wraps the user's state machine; nil stays nil.
func guarded(m machine.StateMachine) machine.StateMachine {
	if m == nil {
		return nil
	}
	return userMachine{m}
}

// blame marks a panic as the user's.
func blame() {
	if x := recover(); x != nil {
		panic(userPanic{x})
	}
}

// Apply implements machine.StateMachine, as do the others.
func (u userMachine) Apply(command string) string {
	defer blame()
	return u.StateMachine.Apply(command)
}

// Query implements machine.StateMachine.
func (u userMachine) Query(question string) string {
	defer blame()
	return u.StateMachine.Query(question)
}

// Clone implements machine.StateMachine.
func (u userMachine) Clone() machine.StateMachine {
	defer blame()
	return userMachine{u.StateMachine.Clone()}
}

// Save implements machine.StateMachine.
func (u userMachine) Save() string {
	defer blame()
	return u.StateMachine.Save()
}

// Restore implements machine.StateMachine.
func (u userMachine) Restore(state string) (machine.StateMachine, error) {
	defer blame()
	m, err := u.StateMachine.Restore(state)
	if err != nil {
		return nil, err
	}
	return userMachine{m}, nil
}

// blameMachine makes a panic of the user's state machine a finding: the run ends there,
// and nothing else does. It must be deferred.
func (w *World) blameMachine() {
	x := recover()
	if x == nil {
		return
	}
	blamed, ok := x.(userPanic)
	if !ok {
		panic(x)
	}
	var members []raft.ID
	text := "the state machine panics"
	if w.stepping != 0 {
		members = []raft.ID{w.stepping}
		text = fmt.Sprintf("the state machine of %s panics", Name(w.stepping))
	}
	w.broken("StateMachineSafety", members, "%s: %v", text, blamed.value)
}
