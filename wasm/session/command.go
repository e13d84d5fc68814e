// Package session is one playground run: a Command in, a Frame out. It holds
// the engine's side of the page; package wasm binds it to JavaScript, and the
// TypeScript types of the page are generated from Command and Frame.
package session

// Command is one thing the page asks of the engine. Kind says which; the
// other fields belong to the kinds named at them.
type Command struct {
	Kind CommandKind `json:"kind"`
	// Text is a scenario (open), or one action without its time, as it would
	// stand after "at 1s" in a scenario: "crash S2", "client you@S1 put x 1" (act).
	Text string `json:"text,omitempty"`
	// Time is a duration (advance) or a moment (seek), in virtual nanoseconds.
	Time int64 `json:"time,omitempty"`
	// Events is how many events to step, backwards if negative (step).
	Events int `json:"events,omitempty"`
	// Member is whose store the frame shows, from now on; 0 means the leader's
	// (look).
	Member int `json:"member,omitempty"`
}

// CommandKind names what a Command asks.
type CommandKind string

// The kinds of commands.
const (
	// Open starts a scenario from its beginning.
	Open CommandKind = "open"
	// Advance moves the playhead by Time, simulating what was not yet seen. It
	// may stop earlier, after a bounded number of events, so that one call is
	// never long: Frame.Time says how far it came.
	Advance CommandKind = "advance"
	// Seek moves the playhead to Time, which may lie in the past.
	Seek CommandKind = "seek"
	// Step moves the playhead by single events.
	Step CommandKind = "step"
	// Act does something at the playhead. In the past it first drops the
	// future: the run goes on differently from there.
	Act CommandKind = "act"
	// Look only asks for a frame.
	Look CommandKind = "look"
)
