package report

import (
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/raftsim/scenario"
)

// bar is an operation of a client.
type bar struct {
	number   int
	client   string
	from, to raftsim.Time
	// kind names how it ended for the style sheet.
	kind string
	// words are what was asked, and ending what came of it.
	words, ending string
	member        string
	// effect is its place in the order of effect, from 1, and at when that is; 0 for none.
	effect int
	at     raftsim.Time
	// conflict says that the verdict's reason is about it.
	conflict bool
}

// bars are the operations of a run, in the order of their calls.
func bars(result *scenario.Result) []bar {
	w := result.World
	list := make([]bar, 0, w.Ops())
	for i := range w.Ops() {
		list = append(list, newBar(i, w.Op(i), w.Now()))
	}
	at := raftsim.Time(0)
	for n, i := range result.Verdict.Order {
		at = max(at, list[i].from) // as soon as it may, after those before it
		list[i].effect, list[i].at = n+1, at
	}
	for _, i := range result.Verdict.Conflict {
		list[i].conflict = true
	}
	return list
}

func newBar(i int, op raftsim.Op, now raftsim.Time) bar {
	b := bar{number: i, client: op.Name, from: op.Called, to: now, member: raftsim.Name(op.Member), words: fmt.Sprint(op.Request)}
	if op.Ended {
		b.to = op.Returned
	}
	switch {
	case op.Outcome == linearize.Answered:
		b.kind, b.ending = "answered", fmt.Sprintf("%v (revision %d)", op.Response, op.Response.At())
		if txn, ok := op.Response.(kv.TxnResponse); ok && !txn.Succeeded {
			b.kind = "failed"
		}
	case op.Outcome == linearize.Refused:
		b.kind, b.ending = "refused", fmt.Sprintf("refused, it did not happen: %v", op.Err)
	case op.Ended:
		b.kind, b.ending = "unknown", "unknown: "+op.Cause.Because(b.member)
	default:
		b.kind, b.ending = "unknown", "no answer yet"
	}
	return b
}

// clientsOf are the names of the clients in the order in which they first asked.
func clientsOf(list []bar) []string {
	var names []string
	for i := range list {
		if !slices.Contains(names, list[i].client) {
			names = append(names, list[i].client)
		}
	}
	return names
}

// title is all of an operation.
func (b *bar) title() string {
	text := fmt.Sprintf("operation %d: %s at %s\n%s\n→ %s", b.number, b.client, b.member, clip(b.words, maxTitle), clip(b.ending, maxTitle))
	if b.effect > 0 {
		text += fmt.Sprintf("\nplace %d in the order of effect", b.effect)
	}
	return text
}

// label is what stands in a bar: its place in the order of effect, and what was asked.
func (b *bar) label() string {
	sign := ""
	if b.conflict {
		sign = "✗ "
	}
	if b.effect > 0 {
		return fmt.Sprintf("%s%d·%s", sign, b.effect, b.words)
	}
	return sign + b.words
}

// maxTitle is how much of a request or an answer is shown, in characters.
const maxTitle = 120
