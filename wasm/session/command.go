// Package session is one playground run: a Command in, a Frame out. It holds
// the engine's side of the page; package wasm binds it to JavaScript, and the
// TypeScript types of the page are generated from Command and Frame.
package session

// Command is one thing the page asks of the engine. Kind says which; the
// other fields belong to the kinds named at them.
type Command struct {
	Kind CommandKind `json:"kind"`
	// Text is a scenario (open, edit), a link (openLink), one action without its
	// time, as it would stand after "at 1s" in a scenario: "crash S2", "client
	// you@S1 put x 1" (act), a client's command so far (complete), or the name of
	// a bug (plant, hunt).
	Text string `json:"text,omitempty"`
	// Time is a duration (advance) or a moment (seek), in virtual nanoseconds.
	Time int64 `json:"time,omitempty"`
	// Events is how many events to step (step) or marks to go (find), backwards if
	// negative; and how many runs to make at most (hunt).
	Events int `json:"events,omitempty"`
	// Mark is what to look for (find).
	Mark MarkKind `json:"mark,omitempty"`
	// Look is what frames show from now on (look).
	Look *Look `json:"look,omitempty"`
	// Branch to go to, to drop, or to compare with the present one (switch, drop,
	// compare).
	Branch int `json:"branch,omitempty"`
}

// CommandKind names what a Command asks.
type CommandKind string

// The kinds of commands.
const (
	// Open starts a scenario from its beginning.
	Open CommandKind = "open"
	// OpenLink starts the scenario of a link; Frame.Notice says whether this engine
	// runs it as the one that made it.
	OpenLink CommandKind = "openLink"
	// Edit replaces the text of the scenario, and stays at the playhead: what is
	// different only later makes a branch, all else begins anew and runs up to the
	// playhead.
	Edit CommandKind = "edit"
	// Plant replaces one rule by the wrong one of a bug, or none if Text is empty,
	// and starts from the beginning.
	Plant CommandKind = "plant"
	// Advance moves the playhead by Time, simulating what was not yet seen. It
	// may stop earlier, after a bounded number of events, so that one call is
	// never long: Frame.Time says how far it came.
	Advance CommandKind = "advance"
	// Seek moves the playhead to Time, which may lie in the past.
	Seek CommandKind = "seek"
	// Step moves the playhead by single events.
	Step CommandKind = "step"
	// Find moves the playhead to the next or last Mark.
	Find CommandKind = "find"
	// Act does something at the playhead. In the past it begins a branch: the run
	// goes on differently from there, and the future that was seen stays in the
	// branch it belongs to.
	Act CommandKind = "act"
	// Undo takes back the last Act of the present branch, and goes to where it was
	// done.
	Undo CommandKind = "undo"
	// Redo does again what Undo took back.
	Redo CommandKind = "redo"
	// Switch moves the playhead to another branch, at the same time.
	Switch CommandKind = "switch"
	// Drop forgets a branch.
	Drop CommandKind = "drop"
	// Compare puts another branch beside the present one: Frame.Comparison. Branch
	// -1 ends it.
	Compare CommandKind = "compare"
	// ShowViolation moves the playhead to where the run first broke a promise.
	ShowViolation CommandKind = "showViolation"
	// LookAt changes what frames show.
	LookAt CommandKind = "look"
	// Complete asks how a command of a client may go on: Frame.Completions.
	Complete CommandKind = "complete"
	// CheckText asks whether Text is a scenario: Frame.Problem is as Edit would have it, and
	// nothing changes. It needs no open scenario.
	CheckText CommandKind = "check"
	// Share asks for a link to the run: Frame.Link.
	Share CommandKind = "share"
	// Export asks for the history up to the head as JSON lines, as castaway check
	// reads it: Frame.History.
	Export CommandKind = "export"
	// Hunt searches on for a run that breaks something with a bug planted, by at
	// most Events runs; a new Text begins anew. Frame.Hunt says how it goes. It
	// needs no open scenario.
	Hunt CommandKind = "hunt"
)

// Look is what frames show beside what they always show.
type Look struct {
	// Member whose store is shown; 0 means the leader's.
	Member int `json:"member"`
	// Revision at which the store is shown; 0 means its newest.
	Revision int64 `json:"revision"`
	// Inspect is the member whose variables and disk are shown; 0 for none.
	Inspect int `json:"inspect"`
	// Window is how much of the past the space-time view shows, in virtual
	// nanoseconds; 0 if it is not wanted.
	Window int64 `json:"window"`
}

// MarkKind is what find looks for.
type MarkKind string

// The marks.
const (
	MarkElection MarkKind = "election"
	MarkCommit   MarkKind = "commit"
	MarkAnswer   MarkKind = "answer"
	MarkFault    MarkKind = "fault"
	// MarkCaption is a caption or a mark of the scenario.
	MarkCaption MarkKind = "caption"
)
