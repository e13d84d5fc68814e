package history

import (
	"errors"
	"io"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
)

// eventType is what an event line says of its operation, in Jepsen's words.
type eventType string

const (
	invoke eventType = "invoke" // it was called
	okay   eventType = "ok"     // it happened, and this is the answer
	fail   eventType = "fail"   // it did not happen
	info   eventType = "info"   // nobody knows
)

// event is one line of a history that has calls and returns apart.
type event struct {
	line   int
	kind   eventType
	client string
	// outside: it is no client's, but the fault injector's.
	outside  bool
	f, key   string
	value    any
	request  kv.Request
	response func(kv.Request) (kv.Response, error)
	// result and failed are what ok and fail say.
	result any
	failed string
}

// pairing makes operations of events: the stamp of an event is its number, and
// operations come out in the order of their calls.
type pairing struct {
	// next reads an event.
	next func() (event, error)
	// failedAnswers are functions whose fail is an answer, false, rather than a
	// refusal.
	failedAnswers func(f string) bool
	stamp         int64
	// queue are the operations that wait for the first of them to end.
	queue []*waiting
	// open is the operation under way of each client.
	open map[string]*waiting
	// numbers of the clients, in the order of their first calls.
	numbers map[string]int
	bands   []Band
	// fault is the index of the band that is open, −1 for none.
	fault int
	ended bool
}

type waiting struct {
	Entry
	done bool
}

func newPairing(next func() (event, error)) *pairing {
	return &pairing{next: next, open: map[string]*waiting{}, numbers: map[string]int{}, fault: -1}
}

// entry is the next operation by call; io.EOF at the end.
func (p *pairing) entry() (*Entry, error) {
	for len(p.queue) == 0 || !p.queue[0].done && !p.ended {
		if p.ended {
			return nil, io.EOF
		}
		e, err := p.next()
		if errors.Is(err, io.EOF) {
			p.end()
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := p.take(&e); err != nil {
			return nil, at(e.line, err)
		}
	}
	first := p.queue[0]
	p.queue[0] = nil
	p.queue = p.queue[1:]
	return &first.Entry, nil
}

// end: what has no answer by now has none.
func (p *pairing) end() {
	p.ended = true
	if p.fault >= 0 {
		p.bands[p.fault].To = p.stamp
	}
}

func (p *pairing) take(e *event) error {
	p.stamp++
	if e.outside {
		p.fromOutside(e)
		return nil
	}
	if e.kind == invoke {
		return p.call(e)
	}
	w := p.open[e.client]
	if w == nil {
		return errorAt(e.line, "client %s has an %q, but no operation under way: each needs an \"invoke\" line before it", e.client, e.kind)
	}
	if e.f != "" && w.F != "" && e.f != w.F {
		return errorAt(e.line, "client %s gets an answer to %s, but line %d called %s", e.client, e.f, w.Line, w.F)
	}
	delete(p.open, e.client)
	w.done = true
	w.Return = p.stamp
	return w.finish(e, p.failedAnswers)
}

func (p *pairing) call(e *event) error {
	if e.request == nil && e.f == "" {
		return errorAt(e.line, "client %s calls a function without a name", e.client)
	}
	if w := p.open[e.client]; w != nil {
		return errorAt(e.line, "client %s calls while its operation of line %d is under way: "+
			"a client has one operation at a time; give concurrent ones different clients, or end one with \"info\" if it has no answer", e.client, w.Line)
	}
	n, ok := p.numbers[e.client]
	if !ok {
		n = len(p.numbers)
		p.numbers[e.client] = n
	}
	w := &waiting{Entry: Entry{
		Line: e.line, Name: e.client, F: e.f, Key: e.key, Value: e.value,
		Operation: linearize.Operation{Client: n, Call: p.stamp, Request: e.request},
	}}
	p.open[e.client] = w
	p.queue = append(p.queue, w)
	return nil
}

// finish sets the outcome that an event tells.
func (w *waiting) finish(e *event, failedAnswers func(string) bool) error {
	switch e.kind {
	case okay:
		w.Outcome, w.Result = linearize.Answered, e.result
		if w.Request == nil {
			return nil
		}
		if e.response == nil {
			return errorAt(e.line, "an answered request needs its \"response\"")
		}
		resp, err := e.response(w.Request)
		w.Response = resp
		return err
	case fail:
		if w.Request == nil && e.failed == "" && failedAnswers != nil && failedAnswers(w.F) {
			w.Outcome, w.Result = linearize.Answered, false
			return nil
		}
		w.Outcome, w.Err = linearize.Refused, errors.New(or(e.failed, "failed"))
	case info:
		w.Outcome = linearize.Unknown
		if e.failed != "" {
			w.Err = errors.New(e.failed)
		}
	case invoke:
	}
	return nil
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// fromOutside notes what a fault injector says of itself: a band begins with
// any of its words and ends with the next that says stop, heal or end.
func (p *pairing) fromOutside(e *event) {
	ends := faultEnds(e.f)
	if p.fault >= 0 && (ends || p.bands[p.fault].Label != e.f) {
		p.bands[p.fault].To = p.stamp
		p.fault = -1
	}
	if !ends && p.fault < 0 {
		p.fault = len(p.bands)
		p.bands = append(p.bands, Band{From: p.stamp, To: p.stamp, Label: e.f})
	}
}
