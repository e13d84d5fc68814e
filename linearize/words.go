package linearize

import (
	"fmt"
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

// wouldBe says what the specification makes of an answered candidate at a state.
func wouldBe(s *State, c *candidate) string {
	_, resp, err := s.Apply(c.Request)
	if err != nil {
		return fmt.Sprintf("the store would refuse it (%v)", err)
	}
	words := responseWords(resp)
	if words == responseWords(c.Response) {
		return "the answer would differ in " + difference(c, resp)
	}
	return "the answer would be " + words
}

// difference names the first pair in which two answers that read alike differ.
func difference(c *candidate, resp kv.Response) string {
	var saw, want []kv.KeyValue
	eachPair(c.Request, c.Response, func(p kv.KeyValue, _ kv.Revision) { saw = append(saw, p) })
	eachPair(c.Request, resp, func(p kv.KeyValue, _ kv.Revision) { want = append(want, p) })
	for i := range min(len(saw), len(want)) {
		if saw[i] != want[i] {
			return fmt.Sprintf("%s, not %s", pairWords(want[i]), pairWords(saw[i]))
		}
	}
	return "its counts or inner revisions"
}

func pairWords(p kv.KeyValue) string {
	return fmt.Sprintf("%s (created at %d, modified at %d, version %d)", shorten(p.String()), p.CreateRevision, p.ModRevision, p.Version)
}

// describe names an operation with what it asked and saw.
func describe(c candidate) string {
	answer := "no answer"
	if c.Outcome == Answered {
		answer = responseWords(c.Response)
	}
	return fmt.Sprintf("operation %d (client %d: %s: %s)", c.index, c.Client, shorten(c.Request.String()), answer)
}

func responseWords(resp kv.Response) string {
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
