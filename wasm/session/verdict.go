package session

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

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
func wordOn(w *raftsim.World, stamp int64, v *raftsim.Verdict, b *breach) Verdict {
	if b != nil && !broken(v) {
		v = &b.verdict
	}
	ended, checked := countOps(w, stamp)
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

// beyondNames are the checks beyond linearizability.
var beyondNames = func() (names []string) {
	for _, p := range linearize.CheckRecord(&linearize.Record{}) {
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
		c := &Cause{Time: int64(x.Time), Property: x.Property, Text: []string{fullSentence(x.Detail)}, Ops: []int{}, Members: numbers(x.Members)}
		if x.Excuse != "" {
			c.Text = append(c.Text, fullSentence("That is excused, for no replication survives this: "+x.Excuse))
		}
		return c
	}
	c := &Cause{Property: linearizability, Text: []string{}, Ops: slices.Clone(conflict(v)), Members: []int{}}
	c.Time = int64(breachOf(w, w.Stamps(), v).time)
	p := linearize.FirstBroken(v.Beyond)
	switch {
	case v.Store.Result == linearize.Violation:
		c.Text = append(c.Text, fullSentence(withNames(w, v.Store.Reason)))
		if rule := v.Store.Rule.String(); rule != "" {
			c.Text = append(c.Text, fullSentence("the rule that is broken: "+rule))
		}
	case p != nil:
		c.Property = p.Name
		c.Text = append(c.Text, fullSentence(withNames(w, p.Reason)))
	}
	for _, i := range c.Ops {
		op := w.Op(i)
		c.Text = append(c.Text, opSentence(&op, i))
		if id := int(op.Member); id > 0 && !slices.Contains(c.Members, id) {
			c.Members = append(c.Members, id)
		}
	}
	return c
}

// opSentence tells of an operation with its number.
func opSentence(op *raftsim.Op, i int) string {
	until := "It has no answer yet."
	if op.Ended {
		_, answer := outcomeOf(op)
		until = fmt.Sprintf("The answer at %s: %s", momentWords(op.Returned), answer)
	}
	return fullSentence(fmt.Sprintf("operation %d: at %s %s asks %s: %v. %s", i, momentWords(op.Called), op.Name, raftsim.Name(op.Member), op.Request, until))
}

// fullSentence begins with a capital letter, except for names, and ends with a full stop.
func fullSentence(text string) string {
	text = clip(text)
	if word, _, _ := strings.Cut(text, " "); len(word) > 1 && strings.ToLower(word) == word {
		text = strings.ToUpper(text[:1]) + text[1:]
	}
	if !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "…") {
		text += "."
	}
	return text
}

// withNames has the names of clients for their numbers, by which the judge calls them.
func withNames(w *raftsim.World, text string) string {
	names := w.Config().Clients
	parts := strings.Split(text, "(client ")
	for i := 1; i < len(parts); i++ {
		number, rest, found := strings.Cut(parts[i], ":")
		if n, err := strconv.Atoi(number); found && err == nil && n >= 0 && n < len(names) {
			parts[i] = "(" + names[n].Name + ":" + rest
		} else {
			parts[i] = "(client " + parts[i]
		}
	}
	return strings.Join(parts, "")
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
