package linearize

import (
	"fmt"
	"slices"
	"strings"
)

// Explanation is a verdict for people, and, as JSON, for a page that shows it.
type Explanation struct {
	Result string `json:"result"`
	Judge  string `json:"judge"`
	Why    string `json:"why"`
	// Operations that were judged; Refused and Serializable were left out.
	Operations   int   `json:"operations"`
	Refused      int   `json:"refused,omitempty"`
	Serializable int   `json:"serializable,omitempty"`
	Steps        int64 `json:"steps"`
	// Rule that a violation breaks, and in one sentence how; of an undecided
	// history Reason says why.
	Rule   string `json:"rule,omitempty"`
	Reason string `json:"reason,omitempty"`
	// Core are the operations that contradict each other; Open and Minimal are as
	// in Contradiction.
	Core    []CoreOperation `json:"core,omitempty"`
	Open    bool            `json:"open,omitempty"`
	Minimal bool            `json:"minimal,omitempty"`
	// Values says what CheckValues makes of a violation: whether it shows in the
	// values alone, without revisions. Empty if it was not asked.
	Values string `json:"values,omitempty"`
	// Beyond are the checks beyond linearizability, if there was a record for them.
	Beyond []Property `json:"beyond,omitempty"`
	// Order of effect, as indices of the history: whole if it is linearizable.
	Order []int `json:"order"`
}

// CoreOperation is an operation in an explanation.
type CoreOperation struct {
	Op     int    `json:"op"`
	Client string `json:"client"`
	Call   int64  `json:"call"`
	Return int64  `json:"return,omitempty"`
	// Words are what was asked and seen.
	Words string `json:"words"`
}

// NewExplanation makes one of a verdict and its contradiction; witness tells of
// an operation.
func NewExplanation(v Verdict, c Contradiction, witness func(i int) CoreOperation) Explanation {
	e := Explanation{
		Result: v.Result.String(), Judge: v.Judge.String(), Why: v.Why, Operations: v.Operations, Refused: v.Refused,
		Serializable: v.Serializable, Steps: v.Steps, Rule: v.Rule.String(), Reason: v.Reason, Open: c.Open, Minimal: c.Minimal, Order: v.Order,
	}
	for _, i := range c.Operations {
		e.Core = append(e.Core, witness(i))
	}
	return e
}

// String is the explanation as text, a few lines without an end of line.
func (e Explanation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%d operations", e.Result, e.Operations)
	if e.Refused > 0 {
		fmt.Fprintf(&b, ", %d refused ones left out", e.Refused)
	}
	if e.Serializable > 0 {
		fmt.Fprintf(&b, ", %d serializable ones left out", e.Serializable)
	}
	b.WriteString(")")
	if e.Judge != NoJudge.String() {
		fmt.Fprintf(&b, "\njudge: %s, because %s", e.Judge, e.Why)
	}
	if e.Rule != "" {
		fmt.Fprintf(&b, "\nrule: %s", e.Rule)
	}
	if e.Reason != "" {
		fmt.Fprintf(&b, "\nreason: %s", e.Reason)
	}
	if len(e.Core) > 0 {
		fmt.Fprintf(&b, "\n%s:", e.CoreWords())
		for _, w := range e.Core {
			fmt.Fprintf(&b, "\n  %s", w)
		}
	}
	if e.Values != "" {
		fmt.Fprintf(&b, "\nthe values alone: %s", e.Values)
	}
	for _, p := range e.Beyond {
		if p.Result != NotChecked {
			fmt.Fprintf(&b, "\n%v", p)
		}
	}
	return b.String()
}

// CoreWords introduce the core.
func (e Explanation) CoreWords() string {
	switch {
	case !e.Minimal:
		return "look at"
	case len(e.Core) == 1 && e.Open:
		return "this contradicts itself"
	case len(e.Core) == 1:
		return "nothing that was recorded explains this, even if nothing else had had an answer"
	case e.Open:
		return "these contradict each other, whatever else happened; each could be right without the other"
	}
	return "these answers contradict each other, even if nothing else had had one; without any one of them there is an order"
}

// String is such as `operation 3 of client 2, from 5 to 9: get x: x=1 at revision 2`.
func (w CoreOperation) String() string {
	until := "on, without an answer"
	if w.Return > 0 {
		until = fmt.Sprintf("to %d", w.Return)
	}
	return fmt.Sprintf("operation %d of client %s, from %d %s: %s", w.Op, w.Client, w.Call, until, w.Words)
}

// Explain explains a verdict that Check gave. Of a violation it looks for a
// minimal core, and asks CheckValues, within bounds.
func Explain(h History, v Verdict, opts Options) Explanation {
	c := Core(h, v, opts)
	e := NewExplanation(v, c, func(i int) CoreOperation {
		op := &h[i]
		w := CoreOperation{Op: i, Client: fmt.Sprint(op.Client), Call: op.Call, Return: op.Return, Words: op.words()}
		if op.Outcome == Unknown {
			w.Return = 0
		}
		return w
	})
	if v.Result == Violation && v.Judge == Witness {
		e.Values = CheckValues(h, Options{Steps: valuesSteps, Poll: opts.Poll}).Result.String()
	}
	return e
}

// Bounds of explanations, in steps: of asking for the values, of each question
// of Core, and of all of them; and how long a history is looked at as a whole.
const (
	valuesSteps = 500_000
	askSteps    = 50_000
	askTotal    = 3_000_000
	wholeMost   = 400
)

// Core finds, for a violation that Check found, operations whose answers
// contradict each other.
func Core(h History, v Verdict, opts Options) Contradiction {
	if v.Result != Violation || len(v.Conflict) == 0 {
		return Contradiction{}
	}
	k := &kernel{history: h, left: askTotal, poll: opts.Poll}
	if v.Rule == RuleRealTime || v.Rule == RuleOneWriter {
		return sorted(Contradiction{Operations: slices.Clone(v.Conflict), Open: true, Minimal: true})
	}
	var scratch Verdict
	if found := makePlan(h, &scratch).disagreement(); found != nil {
		return sorted(Contradiction{Operations: found.conflict, Open: true, Minimal: true})
	}
	if len(h) > wholeMost {
		return sorted(Contradiction{Operations: slices.Clone(v.Conflict)})
	}
	k.reduce(v)
	return sorted(Contradiction{Operations: k.kept, Minimal: k.exact})
}

func sorted(c Contradiction) Contradiction {
	slices.Sort(c.Operations)
	return c
}

// kernel is a search for a core.
type kernel struct {
	history History
	kept    []int
	left    int64
	poll    func(int64) bool
	exact   bool
}

// reduce lets go of operations in halves, quarters, and so on to single ones.
// Letting go of more never makes a history wrong, so one pass over single ones
// is enough for a minimal core.
func (k *kernel) reduce(v Verdict) {
	for i := range k.history {
		op := &k.history[i]
		if op.Outcome == Answered && !serializable(op.Request) {
			k.kept = append(k.kept, i)
		}
	}
	if k.wrong(v.Conflict) {
		k.kept = slices.Clone(v.Conflict)
	}
	for size := max(1, len(k.kept)/2); ; size /= 2 {
		k.exact = true
		for from := 0; from < len(k.kept); {
			to := min(from+size, len(k.kept))
			rest := slices.Concat(k.kept[:from], k.kept[to:])
			if len(rest) > 0 && k.wrong(rest) {
				k.kept = rest
			} else {
				from = to
			}
		}
		if size <= 1 {
			return
		}
	}
}

// wrong says whether some operations surely contradict each other; false if
// that was too much to ask.
func (k *kernel) wrong(kept []int) bool {
	if k.left <= 0 {
		k.exact = false
		return false
	}
	var v Verdict
	c := &checker{verdict: &v, plan: makePlan(k.relaxed(kept), &v)}
	c.budget.limit, c.budget.poll = min(askSteps, k.left), k.poll
	c.run()
	k.left -= c.budget.steps + 100
	if v.Result == Undecided {
		k.exact = false
	}
	return v.Result == Violation
}

// relaxed is the history in which all but some have no answer.
func (k *kernel) relaxed(kept []int) History {
	keep := make([]bool, len(k.history))
	for _, i := range kept {
		keep[i] = true
	}
	var h History
	for i, op := range k.history {
		switch {
		case keep[i]:
			h = append(h, op)
		case op.Outcome != Refused && (mayWrite(op.Request) || isLeaseRequest(op.Request)):
			h = append(h, Operation{Client: op.Client, Call: op.Call, Request: op.Request})
		}
	}
	return h
}
