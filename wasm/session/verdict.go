package session

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/raftsim"
)

// linearizability is the name of what the judge says of the history.
const linearizability = "Linearizability"

// clusterProperties are those of the whole cluster that are checked after every event.
var clusterProperties = []string{
	"ElectionSafety", "LogMatching", "LeaderCompleteness", "StateMachineSafety", "LeaderAppendOnly",
	"CommittedLogAppendOnly", "CommittedIsDurable", "MonotonicTerm",
}

// wordOn is a verdict as the page shows it; b is a violation that has come to light later
// and had happened before, nil if none has.
func wordOn(w *raftsim.World, stamp int64, v *raftsim.Verdict, b *breach, bug string) Verdict {
	if b != nil && !broken(v) {
		v = &b.verdict
	}
	ended, checked := countOps(w, stamp)
	for _, p := range promises(bug) {
		checked[p.Name] = p.Applies(w, stamp)
	}
	out := Verdict{Operations: ended, Excuse: clip(w.Excuse()), Checks: checksOf(w, v, checked)}
	switch {
	case w.Violation() != nil || broken(v):
		out.Result, out.Cause = Violation, causeOf(w, v)
		out.Reason = clip(reasonOf(w, v))
	case isWellOrSkipped(v):
		out.Result = Linearizable
	default:
		out.Result, out.Reason = Undecided, clip(v.Store.Reason)
	}
	return out
}

// isWellOrSkipped says that all is well, also where it was known without a judgement.
func isWellOrSkipped(v *raftsim.Verdict) bool {
	return isWell(v) || v.Result == linearize.Linearizable && v.Beyond == nil
}

func reasonOf(w *raftsim.World, v *raftsim.Verdict) string {
	if x := w.Violation(); x != nil {
		return x.Error()
	}
	return v.Reason()
}

// countOps counts the operations that ended up to a stamp and were judged, and says which
// checks had something to look at.
func countOps(w *raftsim.World, stamp int64) (ended int, checked map[string]bool) {
	checked = map[string]bool{}
	for i := range w.Ops() {
		op := w.Op(i)
		if op.Call > stamp {
			break
		}
		if !op.Ended || op.Return > stamp {
			continue
		}
		stale := serializable(op.Request)
		if op.Outcome != linearize.Refused && !stale {
			ended++
		}
		noteChecked(&op, stale, checked)
	}
	for _, x := range w.Streams() {
		checked["watches"] = checked["watches"] || x.Opened <= stamp
	}
	checked["applied log"] = w.HasApplied(stamp)
	return ended, checked
}

// noteChecked notes which checks an operation is for.
func noteChecked(op *raftsim.Op, stale bool, checked map[string]bool) {
	answered := op.Outcome == linearize.Answered
	get, _ := op.Request.(kv.RangeRequest)
	if stale && answered {
		checked["serializable reads"] = true
	}
	if get.Revision > 0 && (answered || errors.Is(op.Err, kv.ErrCompacted) || errors.Is(op.Err, kv.ErrFutureRevision)) {
		checked["explicit revisions"] = true
	}
	if op.Outcome == linearize.Refused {
		checked["honesty of errors"] = true
	}
	if answered && wrote(op.Response) {
		checked["durability"] = true
	}
}

// wrote says whether an answer tells of a change.
func wrote(r kv.Response) bool {
	switch r := r.(type) {
	case kv.PutResponse:
		return true
	case kv.DeleteRangeResponse:
		return r.Deleted > 0
	case kv.TxnResponse:
		return slices.ContainsFunc(r.Responses, wrote)
	}
	return false
}

// beyondNames are the checks beyond linearizability. Those of the judge that a simulated run
// leaves no record for are not among them.
var beyondNames = func() (names []string) {
	for _, p := range linearize.CheckRecord(&linearize.Record{}) {
		if !slices.Contains([]string{"leases", "locks", "fencing", "compaction"}, p.Name) {
			names = append(names, p.Name)
		}
	}
	for _, p := range promises("") {
		names = append(names, p.Name)
	}
	return names
}()

// checksOf are all checks with what came of them.
func checksOf(w *raftsim.World, v *raftsim.Verdict, checked map[string]bool) []Check {
	list := []Check{}
	violated := w.Violation()
	for _, name := range clusterProperties {
		c := Check{Name: name, Result: Linearizable}
		if violated != nil && violated.Property == name {
			c.Result, c.Reason = Violation, clip(violated.Detail)
			violated = nil
		}
		list = append(list, c)
	}
	if violated != nil {
		list = append(list, Check{violated.Property, Violation, clip(violated.Detail)})
	}
	c := Check{Name: linearizability, Result: Linearizable}
	if v.Store.Result == linearize.Violation {
		c.Result, c.Reason = Violation, clip(v.Store.Reason)
	} else if !isWellOrSkipped(v) && !broken(v) {
		c.Result, c.Reason = Undecided, clip(v.Store.Reason)
	}
	list = append(list, c)
	for _, name := range beyondNames {
		list = append(list, beyondCheck(name, v, checked[name]))
	}
	return list
}

func beyondCheck(name string, v *raftsim.Verdict, checked bool) Check {
	for i := range v.Beyond {
		if p := &v.Beyond[i]; p.Name == name && p.Result == linearize.Broken {
			return Check{name, Violation, clip(p.Reason)}
		}
	}
	if checked {
		return Check{Name: name, Result: Linearizable}
	}
	return Check{name, Undecided, "there was nothing to check"}
}

// causeOf says what is known of why a promise was broken.
func causeOf(w *raftsim.World, v *raftsim.Verdict) *Cause {
	if x := w.Violation(); x != nil {
		c := &Cause{Time: int64(x.Time), Property: x.Property, Text: []string{fullSentence(w, x.Detail)}, Ops: []int{}, Members: numbers(x.Members)}
		if x.Excuse != "" {
			c.Text = append(c.Text, fullSentence(w, "this is excused, for no replication survives it: "+x.Excuse))
		}
		return c
	}
	c := &Cause{Property: linearizability, Text: []string{}, Ops: slices.Clone(conflict(v)), Members: []int{}}
	c.Time = int64(breachOf(w, w.Stamps(), v).time)
	p := linearize.FirstBroken(v.Beyond)
	switch {
	case v.Store.Result == linearize.Violation:
		c.Text = append(c.Text, fullSentence(w, v.Store.Reason))
		if rule := v.Store.Rule.String(); rule != "" {
			c.Text = append(c.Text, fullSentence(w, "the rule that is broken: "+rule))
		}
	case p != nil:
		c.Property = p.Name
		c.Text = append(c.Text, fullSentence(w, p.Reason))
	}
	for _, i := range c.Ops {
		op := w.Op(i)
		c.Text = append(c.Text, fullSentence(w, opSentence(&op, i)))
		if id := int(op.Member); id > 0 && !slices.Contains(c.Members, id) {
			c.Members = append(c.Members, id)
		}
	}
	return c
}

// fullSentence is a text as a sentence, with the names of clients in the place of their
// numbers.
func fullSentence(w *raftsim.World, text string) string {
	text = strings.TrimSpace(text)
	clients := w.Config().Clients
	for i := len(clients) - 1; i >= 0; i-- { // client 12 before client 1
		text = strings.ReplaceAll(text, fmt.Sprintf("client %d", i), clients[i].Name)
	}
	text = clip(text)
	if r, size := utf8.DecodeRuneInString(text); size > 0 && !beginsWithName(text, clients) {
		text = string(unicode.ToUpper(r)) + text[size:]
	}
	if !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "…") {
		text += "."
	}
	return text
}

// beginsWithName says that a text begins with a client's name, which keeps its case.
func beginsWithName(text string, clients []raftsim.Client) bool {
	first, _, _ := strings.Cut(text, " ")
	return slices.ContainsFunc(clients, func(c raftsim.Client) bool { return c.Name == first })
}

// opSentence tells of an operation with its number.
func opSentence(op *raftsim.Op, i int) string {
	until := "and has no answer yet"
	if op.Ended {
		_, answer := outcomeOf(op)
		until = fmt.Sprintf("until %s: %s", momentWords(op.Returned), answer)
	}
	return clip(fmt.Sprintf("operation %d: %s asks %s at %s, %v, %s", i, op.Name, raftsim.Name(op.Member), momentWords(op.Called), op.Request, until))
}

func momentWords(t raftsim.Time) string {
	return fmt.Sprintf("%d.%03d s", t/raftsim.Second, t%raftsim.Second/raftsim.Millisecond)
}

// showViolation moves the playhead to where the branch first broke a promise, as far as it
// was seen.
func (s *Session) showViolation() error {
	p := s.present()
	s.lanes(s.timeline.Branch(), s.timeline.World())
	at := s.violation(p)
	if at < 0 { // nobody may have looked at the head yet
		now := s.timeline.World().Now()
		s.timeline.Seek(s.timeline.Head(), maxEvents)
		p.judge.verdict(s.timeline.World(), false)
		if at = s.violation(p); at < 0 {
			s.timeline.Seek(now, maxEvents)
			return errors.New("no promise was broken, as far as the run was seen")
		}
	}
	s.timeline.Seek(raftsim.Time(at), maxEvents)
	return nil
}
