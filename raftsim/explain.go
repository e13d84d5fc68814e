package raftsim

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/castaway-kv/castaway/kv"
)

// Unmet is a comparison of a transaction that did not hold.
type Unmet struct {
	kv.Compare
	// Found is the key as it stood; nil if there was none.
	Found *kv.KeyValue
}

// unmet finds the comparisons that made a transaction fail, as far as they look at
// single keys whose state is still known.
func (w *World) unmet(request kv.Request, response kv.Response) []Unmet {
	txn, ok := request.(kv.TxnRequest)
	answer, answered := response.(kv.TxnResponse)
	if !ok || !answered || answer.Succeeded {
		return nil
	}
	before := answer.Revision
	if hasChanged(answer) {
		before--
	}
	return w.unmetAt(txn.Compare, before)
}

// hasChanged says whether a transaction has changed something, from what it answers.
func hasChanged(r kv.TxnResponse) bool {
	for _, response := range r.Responses {
		switch x := response.(type) {
		case kv.PutResponse:
			return true
		case kv.DeleteRangeResponse:
			if x.Deleted > 0 {
				return true
			}
		case kv.TxnResponse:
			if hasChanged(x) {
				return true
			}
		}
	}
	return false
}

func (w *World) unmetAt(compares []kv.Compare, at kv.Revision) []Unmet {
	store := w.CommittedStore()
	if at < 1 || store == nil {
		return nil
	}
	var list []Unmet
	for _, c := range compares {
		r, err := store.Range(kv.RangeRequest{Span: kv.Span{Key: c.Key}, Revision: at})
		if err != nil || c.End != "" {
			continue
		}
		u := Unmet{Compare: c}
		if len(r.KVs) > 0 {
			u.Found = &r.KVs[0]
		}
		if !u.holds() {
			list = append(list, u)
		}
	}
	return list
}

// holds says whether the comparison holds for the key that was found.
func (u *Unmet) holds() bool {
	order := 0
	if u.Target == kv.TargetValue {
		if u.Found == nil {
			return false
		}
		order = strings.Compare(u.Found.Value, u.Value)
	} else {
		order = cmp.Compare(u.number(u.Target), u.Number)
	}
	switch u.Operator {
	case kv.Equal:
		return order == 0
	case kv.NotEqual:
		return order != 0
	case kv.Less:
		return order < 0
	case kv.Greater:
		return order > 0
	default:
		return true
	}
}

// number is what a comparison with a number looks at, 0 without the key.
func (u *Unmet) number(t kv.Target) int64 {
	if u.Found == nil {
		return 0
	}
	switch t {
	case kv.TargetVersion:
		return u.Found.Version
	case kv.TargetCreate:
		return int64(u.Found.CreateRevision)
	case kv.TargetMod:
		return int64(u.Found.ModRevision)
	case kv.TargetLease:
		return int64(u.Found.Lease)
	default:
		return 0
	}
}

// numberWords says what the numbers are that people take for one another.
var numberWords = []struct {
	target kv.Target
	words  string
}{{kv.TargetMod, "mod revision"}, {kv.TargetVersion, "version"}, {kv.TargetCreate, "create revision"}}

// String says what was found instead, and what was probably meant.
func (u Unmet) String() string {
	operand := kv.Compare{Key: u.Key, Target: u.Target}.String()
	operand = operand[:strings.LastIndex(operand, "=")]
	switch {
	case u.Found == nil && u.Target == kv.TargetValue:
		return fmt.Sprintf("%s does not exist, and no comparison with its value holds: create=0 asks for that", kv.Span{Key: u.Key})
	case u.Found == nil:
		return fmt.Sprintf("%s does not exist: its %v is 0", kv.Span{Key: u.Key}, u.Target)
	case u.Target == kv.TargetValue:
		return fmt.Sprintf("%s is %q", operand, u.Found.Value)
	case u.Target == kv.TargetLease:
		return fmt.Sprintf("%s is %v", operand, u.Found.Lease)
	}
	text := fmt.Sprintf("%s is %d", operand, u.number(u.Target))
	if u.Target == kv.TargetCreate && u.Operator == kv.Equal && u.Number == 0 {
		return text + ": the key exists"
	}
	for _, n := range numberWords {
		if u.Operator == kv.Equal && n.target != u.Target && u.number(n.target) == u.Number && u.neverWas() {
			return fmt.Sprintf("%s; its %s is %d: did you mean %v=%d?", text, n.words, u.Number, n.target, u.Number)
		}
	}
	return text
}

// neverWas says that the number can't be an older one of the key: so it was taken for
// another one, and nobody was faster.
func (u *Unmet) neverWas() bool {
	if u.Target == kv.TargetMod {
		return u.Number < u.number(kv.TargetCreate)
	}
	return u.Number > u.number(u.Target)
}

// explanation is what a person who asked by hand may have got wrong, in
// parentheses; empty if there is nothing to explain.
func (e *Event) explanation() string {
	if !e.Hand {
		return ""
	}
	if len(e.Unmet) > 0 {
		words := make([]string, len(e.Unmet))
		for i, u := range e.Unmet {
			words[i] = u.String()
		}
		return " (" + strings.Join(words, "; ") + ")"
	}
	span := kv.Span{}
	switch r := e.Request.(type) {
	case kv.RangeRequest:
		span = r.Span
	case kv.DeleteRangeRequest:
		span = r.Span
	}
	if span.End == "" || span.End == "\x00" || span == kv.Prefix(span.Key) && !e.Ranged {
		return ""
	}
	from, to := kv.Span{Key: span.Key}, kv.Span{Key: span.End}
	if span.End <= span.Key {
		return fmt.Sprintf(" (two words are a range, from %v up to, not including, %v: there is nothing in it)", from, to)
	}
	return fmt.Sprintf(" (two words are a range, from %v up to, not including, %v; two keys are two commands)", from, to)
}
