package linearize

import "fmt"

// Rule is a reason for which a history can't be right.
type Rule uint8

const (
	// NoRule: nothing is broken.
	NoRule Rule = iota
	// RuleRealTime: revisions rise with real time.
	RuleRealTime
	// RuleOneWriter: a revision is made by one operation.
	RuleOneWriter
	// RuleEveryRevision: each revision is made by some operation.
	RuleEveryRevision
	// RuleAnswer: an answer shows what the store held at its revision.
	RuleAnswer
	// RuleNoOrder: some order of effect explains all answers.
	RuleNoOrder
)

// String is the rule as a sentence.
func (r Rule) String() string {
	switch r {
	case NoRule:
		return ""
	case RuleRealTime:
		return "what was answered before a call has a revision no higher than what the call leads to"
	case RuleOneWriter:
		return "a revision is made by one operation"
	case RuleEveryRevision:
		return "each revision up to one that was seen is made by an operation"
	case RuleAnswer:
		return "an answer shows what the store held at its revision"
	case RuleNoOrder:
		return "one order of effect, each operation between its call and its answer, explains all answers"
	}
	return fmt.Sprintf("rule %d", uint8(r))
}

// Contradiction is a set of operations whose answers contradict each other.
type Contradiction struct {
	// Operations, as indices of the history, ascending.
	Operations []int
	// Open says that they do so whatever else happened, even what nobody
	// recorded. Otherwise there is no order even if all other operations of the
	// history had had no answer: each might have happened at any time after its
	// call, or never.
	Open bool
	// Minimal says that without any one of them there is no contradiction.
	Minimal bool
}
