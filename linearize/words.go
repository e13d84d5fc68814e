package linearize

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/castaway-kv/castaway/kv"
)

// explain says where the longest order ends and what can't follow it.
func (s *search) explain() (string, []int) {
	stuck := s.stuck()
	if stuck == nil {
		panic("linearize: no order found, although every answer has its place")
	}
	end := s.deepest.state
	return fmt.Sprintf("the longest order has %d of %d operations and ends at revision %d; neither %s nor anything concurrent can follow, for there %s",
		s.deepest.placed, len(s.candidates), end.revision, describe(*stuck), wouldBe(end, stuck)), []int{stuck.index}
}

// wouldBe says what the specification makes of a candidate at a state.
func wouldBe(s *State, c *candidate) string {
	_, resp, err := s.Apply(c.Request)
	if err != nil {
		return fmt.Sprintf("the store would refuse it (%v)", err)
	}
	words := responseWords(resp)
	if words == responseWords(c.Response) {
		return "the answer would be another, too long to show"
	}
	return "the answer would be " + words
}

// describe names an operation with what it asked and saw.
func describe(c candidate) string {
	answer := "no answer"
	if c.Outcome == Answered {
		answer = responseWords(c.Response)
	}
	return fmt.Sprintf("operation %d (client %d: %s: %s)", c.index, c.Client, requestWords(c.Request), answer)
}

func requestWords(r kv.Request) string {
	switch r := r.(type) {
	case kv.RangeRequest:
		if r.Revision > 0 {
			return fmt.Sprintf("get %s at revision %d", spanWords(r.Span), r.Revision)
		}
		return "get " + spanWords(r.Span)
	case kv.PutRequest:
		return "put " + quote(r.Key) + " " + quote(r.Value)
	case kv.DeleteRangeRequest:
		return "delete " + spanWords(r.Span)
	case kv.TxnRequest:
		return txnWords(r)
	}
	panic(fmt.Sprintf("linearize: no words for a %T", r))
}

func txnWords(r kv.TxnRequest) string {
	words := "if " + list(r.Compare, " and ", compareWords)
	if len(r.Compare) == 0 {
		words = "always"
	}
	if len(r.Success) > 0 {
		words += " then " + list(r.Success, ", ", innerWords)
	}
	if len(r.Failure) > 0 {
		words += " else " + list(r.Failure, ", ", innerWords)
	}
	return words
}

// innerWords does not go down into a transaction of a transaction.
func innerWords(r kv.Request) string {
	if _, ok := r.(kv.TxnRequest); ok {
		return "a transaction"
	}
	return requestWords(r)
}

func compareWords(c kv.Compare) string {
	with := strconv.FormatInt(c.Number, 10)
	if c.Target == kv.TargetValue {
		with = quote(c.Value)
	}
	return fmt.Sprintf("%s(%s) %s %s", name(targets, c.Target), quote(c.Key), name(operators, c.Operator), with)
}

var (
	targets   = []string{kv.TargetVersion: "version", kv.TargetCreate: "create", kv.TargetMod: "mod", kv.TargetValue: "value"}
	operators = []string{kv.Equal: "=", kv.Greater: ">", kv.Less: "<", kv.NotEqual: "!="}
)

func name[T ~uint8](names []string, i T) string {
	if int(i) < len(names) {
		return names[i]
	}
	return fmt.Sprintf("?%d", uint8(i))
}

func spanWords(s kv.Span) string {
	switch s.End {
	case "":
		return quote(s.Key)
	case "\x00":
		return "from " + quote(s.Key)
	}
	return "from " + quote(s.Key) + " to " + quote(s.End)
}

func responseWords(resp kv.Response) string {
	return fmt.Sprintf("%s at revision %d", contentWords(resp), resp.At())
}

func contentWords(resp kv.Response) string {
	switch resp := resp.(type) {
	case kv.RangeResponse:
		return rangeWords(resp)
	case kv.PutResponse:
		return "done"
	case kv.DeleteRangeResponse:
		return fmt.Sprintf("deleted %d", resp.Deleted)
	case kv.TxnResponse:
		words := successWords(resp)
		if len(resp.Responses) > 0 {
			words += " (" + list(resp.Responses, ", ", innerContentWords) + ")"
		}
		return words
	}
	panic(fmt.Sprintf("linearize: no words for a %T", resp))
}

func innerContentWords(resp kv.Response) string {
	if txn, ok := resp.(kv.TxnResponse); ok {
		return successWords(txn)
	}
	return contentWords(resp)
}

func successWords(resp kv.TxnResponse) string {
	if resp.Succeeded {
		return "succeeded"
	}
	return "not succeeded"
}

func rangeWords(resp kv.RangeResponse) string {
	words := "nothing"
	if len(resp.KVs) > 0 {
		words = list(resp.KVs, ", ", func(p kv.KeyValue) string {
			return fmt.Sprintf("%s=%s (created %d, modified %d, version %d)",
				quote(p.Key), quote(p.Value), p.CreateRevision, p.ModRevision, p.Version)
		})
	}
	if resp.Count != int64(len(resp.KVs)) {
		words += fmt.Sprintf(" of %d keys", resp.Count)
	}
	return words
}

// list joins the words of the first few items.
func list[T any](items []T, between string, words func(T) string) string {
	const most = 3
	var text strings.Builder
	for i, item := range items[:min(len(items), most)] {
		if i > 0 {
			text.WriteString(between)
		}
		text.WriteString(words(item))
	}
	if len(items) > most {
		text.WriteString(between + "…")
	}
	return text.String()
}

// quote keeps a sentence readable whatever a client wrote.
func quote(s string) string {
	const most = 32
	if len(s) > most {
		return strconv.Quote(s[:most]) + "…"
	}
	return strconv.Quote(s)
}
