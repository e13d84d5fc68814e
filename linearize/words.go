package linearize

import (
	"fmt"
	"strings"

	"github.com/castaway-kv/castaway/kv"
)

// sentence says in words what a finding is.
func (p *plan) sentence(f *finding) string {
	h := p.history
	a := p.describe(f.conflict[0])
	switch f.rule {
	case RuleRealTime:
		return p.againstTime(f.conflict[0], f.conflict[1])
	case RuleOneWriter:
		return fmt.Sprintf("%s and %s both made revision %d", a, p.describe(f.conflict[1]), h[f.conflict[0]].Response.At())
	case RuleEveryRevision:
		return fmt.Sprintf("%s names a revision that no store has: the first is 1, and the first change makes 2", a)
	case NoRule, RuleAnswer, RuleNoOrder:
	}
	return a + " fits no order"
}

// againstTime: before was called after its successor had been answered.
func (p *plan) againstTime(before, successor int) string {
	h := p.history
	if h[before].Response.At() == h[successor].Response.At() {
		return fmt.Sprintf("%s had been answered before %s, which made that revision, was called", p.describe(successor), p.describe(before))
	}
	return fmt.Sprintf("%s was called only after %s had been answered, and yet its revision is older", p.describe(before), p.describe(successor))
}

// unmade says that there are too few operations for a revision that was seen.
func (p *plan) unmade(i int, gap kv.Revision, most int) string {
	a := p.describe(i)
	if most == 0 {
		return fmt.Sprintf("%s saw revision %d, but no operation can have made revision %d", a, p.history[i].Response.At(), gap)
	}
	return fmt.Sprintf("%s saw revision %d, but there are too few operations to have made all revisions up to it, the %d without an answer included",
		a, p.history[i].Response.At(), most)
}

// finding says what the witness could not place.
func (w *witness) finding() *finding {
	s := w.stuck
	f := &finding{rule: RuleAnswer, conflict: []int{s.op}}
	a := w.describe(s.op)
	op := &w.history[s.op]
	switch {
	case s.gap != 0:
		f.rule = RuleEveryRevision
		f.reason = fmt.Sprintf("%s saw revision %d, but no operation without an answer can have made revision %d so that what was read fits",
			a, op.Response.At(), s.gap)
	case s.want == nil && s.err == nil:
		f.reason = fmt.Sprintf("%s can't have been answered so at revision %d", a, s.revision)
	default:
		f.reason = fmt.Sprintf("%s: at revision %d the %s", a, op.Response.At(), wouldBe(op, s))
	}
	if len(w.gaps) > 0 && s.gap == 0 {
		f.reason += ", whichever operations without an answer made the revisions that nobody was told of"
	}
	return f
}

// wouldBe says what the specification makes of an answer.
func wouldBe(op *Operation, s *stuck) string {
	if s.err != nil {
		return fmt.Sprintf("store would refuse it (%v)", s.err)
	}
	words := responseWords(s.want)
	if words == responseWords(op.Response) {
		return "answer would differ in " + differenceWords(op, s.want)
	}
	return "answer would be " + words
}

// differenceWords names the first pair in which two answers that read alike differ.
func differenceWords(op *Operation, want kv.Response) string {
	var saw, right []kv.KeyValue
	eachPair(op.Request, op.Response, func(p *kv.KeyValue, _ kv.Revision) { saw = append(saw, *p) })
	eachPair(op.Request, want, func(p *kv.KeyValue, _ kv.Revision) { right = append(right, *p) })
	for i := range min(len(saw), len(right)) {
		if saw[i] != right[i] {
			return fmt.Sprintf("%s, not %s", pairWords(right[i]), pairWords(saw[i]))
		}
	}
	return "its counts, or the revisions or pairs inside"
}

func pairWords(p kv.KeyValue) string {
	return fmt.Sprintf("%s (created at %d, modified at %d, version %d)", shorten(p.String()), p.CreateRevision, p.ModRevision, p.Version)
}

// describe names an operation of a plan, which may be a part of a history.
func (p *plan) describe(i int) string {
	number := i
	if p.numbers != nil {
		number = p.numbers[i]
	}
	return fmt.Sprintf("operation %d (client %d: %s)", number, p.history[i].Client, p.history[i].words())
}

// describe names an operation with what it asked and saw.
func (h History) describe(i int) string {
	return fmt.Sprintf("operation %d (client %d: %s)", i, h[i].Client, h[i].words())
}

// words is what an operation asked and saw.
func (op *Operation) words() string {
	answer := "no answer"
	switch op.Outcome {
	case Answered:
		answer = responseWords(op.Response)
	case Refused:
		answer = "refused"
	case Unknown:
	}
	return shorten(op.Request.String()) + ": " + answer
}

func responseWords(resp kv.Response) string {
	if resp.At() == 0 {
		return shorten(resp.String())
	}
	return fmt.Sprintf("%s at revision %d", shorten(resp.String()), resp.At())
}

// shorten keeps a sentence readable whatever a client wrote.
func shorten(s string) string {
	const most = 100
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
