package scenario

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/raftsim"
)

// String is the end of a run in a few lines; the last two are the verdict and
// the hash.
func (r *Result) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "elections: %d won\n", r.Elections)
	for _, c := range r.Counters {
		fmt.Fprintf(&text, "%v\n", c)
	}
	for _, g := range r.Goals {
		fmt.Fprintf(&text, "%v\n", g)
	}
	for _, e := range r.Expectations {
		fmt.Fprintf(&text, "%v\n", e)
	}
	fmt.Fprintf(&text, "verdict: %s\nhash: %s\n", r.verdictWords(), r.Hash())
	return text.String()
}

func (r *Result) verdictWords() string {
	words := fmt.Sprintf("%s (%d operations)", r.VerdictWord(), r.Verdict.Operations)
	if reason := r.Reason(); reason != "" {
		words += ": " + reason
	}
	return words
}

// Reason is one sentence that says why the run is not linearizable.
func (r *Result) Reason() string {
	if broken := r.World.Violation(); broken != nil {
		return broken.Error()
	}
	if p := linearize.FirstBroken(r.Beyond); p != nil && r.Verdict.Result != linearize.Violation {
		return p.String()
	}
	return r.Verdict.Reason
}

// String is the account in one line.
func (c Counter) String() string {
	return fmt.Sprintf("%s is %s at the end; increments: %d acknowledged, %d unknown of which %d took effect; %d lost races",
		kv.Quote(c.Key), cmp.Or(c.Final, "0"), c.Acknowledged, c.Unknown, c.TookEffect, c.LostRaces)
}

// String is the goal and when it was reached.
func (g GoalResult) String() string {
	if !g.Reached {
		return fmt.Sprintf("goal %s: not reached", kv.Quote(g.Text))
	}
	return fmt.Sprintf("goal %s: reached at %v", kv.Quote(g.Text), g.At)
}

// String is the expectation and what was found.
func (e Expectation) String() string {
	holds := "holds"
	if !e.Holds {
		holds = "FAILS"
	}
	return fmt.Sprintf("%s: %s: %s", e.Text, holds, e.Found)
}

// Line is an event of the story with its time, without an end of line; false for
// one that is not worth telling.
func Line(e *raftsim.Event) (string, bool) {
	sentence, ok := e.Sentence()
	if !ok {
		return "", false
	}
	return LineAt(e.Time, sentence), true
}

// LineAt is a line of the story.
func LineAt(at raftsim.Time, text string) string {
	return fmt.Sprintf("%5d.%06d s  %s", int64(at/raftsim.Second), int64(at%raftsim.Second/raftsim.Microsecond), text)
}
