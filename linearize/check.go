package linearize

import (
	"fmt"

	"github.com/castaway-kv/castaway/kv"
)

// Result says what a check found.
type Result uint8

const (
	// Undecided: the budget was spent, or the history is not well formed. It
	// is not a pass.
	Undecided Result = iota
	// Linearizable: one order of effect explains every answer.
	Linearizable
	// Violation: no order does.
	Violation
)

// String returns the result in lower case.
func (r Result) String() string {
	switch r {
	case Undecided:
		return "undecided"
	case Linearizable:
		return "linearizable"
	case Violation:
		return "violation"
	}
	return fmt.Sprintf("result %d", uint8(r))
}

// Options of a check. The zero value has the defaults.
type Options struct {
	// Steps is the budget, in steps of the model: the same history and budget
	// give the same verdict on every machine. Zero or less means DefaultSteps.
	//
	Steps int64
	// Applied is the log that the members applied, by index, if it is known: it
	// tells who made the revisions that no answer tells of.
	Applied []Applied
	// Watched are events that watchers of the store received, in any order: they
	// tell what revisions did that no answer tells of.
	Watched []kv.Event
	// Poll, if not nil, is called from time to time with the steps taken; false
	// ends the check, undecided. It is how a caller shows progress and keeps to a
	// time of its own.
	Poll func(steps int64) bool
}

// DefaultSteps is the budget for a history of n operations: about a second.
func DefaultSteps(n int) int64 { return 1<<21 + 64*int64(n) }

// Judge is a way to find a verdict.
type Judge uint8

const (
	// NoJudge: the history never came before one.
	NoJudge Judge = iota
	// Witness follows the revisions in the answers, which tell the order of
	// writes (Gibbons and Korach, "Testing Shared Memories", 1997).
	Witness
	// Porcupine searches for an order, after a short search of our own.
	Porcupine
)

// String returns the judge's name.
func (j Judge) String() string {
	switch j {
	case NoJudge:
		return "none"
	case Witness:
		return "revision witness"
	case Porcupine:
		return "porcupine"
	}
	return fmt.Sprintf("judge %d", uint8(j))
}

// Verdict is the outcome of a check.
type Verdict struct {
	Result Result
	// Judge that found it, and why it was the one to ask.
	Judge Judge
	Why   string
	// Rule that a violation breaks.
	Rule Rule
	// Operations that were judged: the answered and unknown ones that did not
	// ask for a serializable answer.
	Operations int
	// Serializable counts the operations left out because they asked for an
	// answer that may be stale.
	Serializable int
	// Refused counts the operations left out because they did not happen.
	Refused int
	// Steps of the budget that were used.
	Steps int64
	// Order of effect, as indices of the history: complete if linearizable,
	// else the longest one that was found. Operations without an answer are in
	// it only where some answer depends on them.
	Order []int
	// Conflict names, for a violation, the operations that the reason is about.
	Conflict []int
	// Reason is one sentence that says why the result is not Linearizable.
	Reason string
	// Err says what is wrong with a history that is not well formed.
	Err error
}

// String is the verdict on one line.
func (v Verdict) String() string {
	if v.Result == Linearizable {
		return fmt.Sprintf("%v (%d operations)", v.Result, v.Operations)
	}
	return fmt.Sprintf("%v (%d operations): %s", v.Result, v.Operations, v.Reason)
}

// Check decides whether a history is linearizable. An operation refused with a
// definite error takes no part, nor does one that asked for a serializable
// answer; the verdict counts them. Everything that a client saw is compared:
// values, counts, and every revision.
//
// The revision witness judges, as answers carry revisions; if there are too many
// ways to fill the revisions that nobody was told of, porcupine gets what is
// left of the budget. A history without any revision is judged by CheckValues.
//
// A history is checked within a budget of steps; more than that gives
// Undecided, as does a history that History.Validate refuses.
func Check(h History, opts Options) Verdict {
	if withoutRevisions(h) {
		v := CheckValues(h, opts)
		v.Why = "no answer carries a revision; " + v.Why
		return v
	}
	var v Verdict
	if err := h.Validate(); err != nil {
		v.Err, v.Reason = err, err.Error()
		return v
	}
	c := &checker{opts: opts, verdict: &v, plan: makePlan(h, &v)}
	c.budget.limit, c.budget.poll = opts.Steps, opts.Poll
	if c.budget.limit <= 0 {
		c.budget.limit = DefaultSteps(len(h))
	}
	c.run()
	v.Steps = c.budget.steps
	return v
}

// withoutRevisions: there are answers, and none has a revision.
func withoutRevisions(h History) bool {
	answers := false
	for i := range h {
		if h[i].Outcome == Answered && h[i].Response != nil {
			if h[i].Response.At() != 0 {
				return false
			}
			answers = true
		}
	}
	return answers
}

// checker is one run of Check.
type checker struct {
	*plan
	opts    Options
	verdict *Verdict
	budget  budget
}

func (c *checker) run() {
	v := c.verdict
	v.Judge = Witness
	v.Why = "each answer carries a revision, which tells the order of writes"
	if found := c.contradiction(); found != nil {
		c.violated(found)
		return
	}
	if found := c.findGaps(c.expiries()); found != nil {
		c.violated(found)
		return
	}
	if len(c.gaps) > 0 && len(c.opts.Applied) > 0 {
		w := newWitness(c.plan, &c.budget, c.opts.Applied)
		if w.byLog(c.opts.Applied) && w.run() {
			v.Result, v.Order = Linearizable, w.effects()
			v.Why += fmt.Sprintf("; the applied log tells who made %s", c.gapWords())
			return
		}
	}
	c.search()
}

// search lets the witness choose for gaps, and porcupine if that is too much.
func (c *checker) search() {
	v := c.verdict
	if len(c.gaps) > 0 {
		if found := c.disagreement(); found != nil {
			c.violated(found)
			return
		}
		v.Why += fmt.Sprintf("; what made %s is chosen among the operations without an answer", c.gapWords())
	}
	total := c.budget.limit
	porcupineToo := len(c.gaps) > 0 && !c.quiet && len(c.order)+len(c.writers) <= porcupineMost
	if porcupineToo {
		c.budget.limit = min(total, DefaultSteps(len(c.history))/2)
	}
	w := newWitness(c.plan, &c.budget, c.opts.Applied)
	w.bySearch(c.opts.Watched)
	ok := w.run()
	v.Order = w.effects()
	switch {
	case c.budget.spent:
		v.Reason = fmt.Sprintf("the budget of %d steps ended with %d of %d answers in order and %d revisions open: "+
			"give more steps or time, the applied log, or a shorter history", total, w.deepest, len(c.order), len(c.gaps))
		if porcupineToo && c.budget.steps < total && (c.opts.Poll == nil || c.opts.Poll(c.budget.steps)) {
			c.askPorcupine(total)
		}
	case ok:
		v.Result = Linearizable
	case w.doubt:
		v.Reason = w.finding().reason + "; but concurrent requests on leases could be ordered in other ways: the applied log would tell"
	default:
		c.violated(w.finding())
	}
}

func (c *checker) gapWords() string {
	if len(c.gaps) == 1 {
		return "the one revision that nobody was told of"
	}
	return fmt.Sprintf("the %d revisions that nobody was told of", len(c.gaps))
}

// porcupineMost is the number of operations up to which porcupine is worth
// asking: its memory grows with the square.
const porcupineMost = 4000

func (c *checker) askPorcupine(total int64) {
	c.budget.limit, c.budget.spent = total, false
	v := byPorcupine(c.plan, &c.budget)
	if v.Result == Undecided {
		return
	}
	was := c.verdict
	was.Result, was.Rule, was.Order, was.Conflict, was.Reason = v.Result, v.Rule, v.Order, v.Conflict, v.Reason
	was.Judge = Porcupine
	was.Why = "there were too many ways to order what revisions don't for the witness"
}

// expiries bounds the revisions that leases made by ending.
func (c *checker) expiries() int {
	n := 0
	for i := range c.history {
		op := &c.history[i]
		if op.Outcome == Refused {
			continue
		}
		switch op.Request.(type) {
		case kv.LeaseGrantRequest, kv.LeaseRevokeRequest:
			n++
		}
	}
	return n
}

// violated sets the verdict to a violation.
func (c *checker) violated(f *finding) {
	v := c.verdict
	v.Result, v.Rule, v.Conflict = Violation, f.rule, f.conflict
	v.Reason = f.reason
	if v.Reason == "" {
		v.Reason = c.sentence(f)
	}
}
