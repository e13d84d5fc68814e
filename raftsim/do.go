package raftsim

import (
	"errors"
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
)

// ErrUnknown: a request has no answer. It may have happened, or may happen yet.
var ErrUnknown = errors.New("raftsim: the outcome is unknown")

// ErrEnded: the run has ended with a violation; see World.Violation.
var ErrEnded = errors.New("raftsim: the run has ended with a violation")

// Do does an action now: the time goes on by one nanosecond, in which it comes first. So
// the run is the same as one that has the action in its schedule, and Config has it there
// from then on. The error says why there can't be such an action; one that makes no sense
// at the moment, such as the crash of a crashed member, is skipped as in a schedule.
func (w *World) Do(a Action) error {
	if a == nil {
		return errors.New("raftsim: there is no action")
	}
	if w.violation != nil {
		return ErrEnded
	}
	if err := w.allows(a); err != nil {
		return fmt.Errorf("raftsim: %w", err)
	}
	at := w.now + 1
	if w.acted == len(w.config.Schedule) {
		w.append(Scheduled{at, a})
	} else {
		w.Reschedule(withAction(w.config.Schedule, Scheduled{at, a}))
	}
	w.RunUntil(at)
	return nil
}

// Plan adds an action at a moment to come, after those that stand there already. As with
// Do, the run is the same as one that has it in its schedule, and Config has it there.
func (w *World) Plan(s Scheduled) error {
	if s.Action == nil || s.At <= w.now {
		return errors.New("raftsim: only an action of a moment to come can be planned")
	}
	if w.violation != nil {
		return ErrEnded
	}
	if err := w.allows(s.Action); err != nil {
		return fmt.Errorf("raftsim: %w", err)
	}
	w.Reschedule(withAction(w.config.Schedule, s))
	return nil
}

// allows says why there can't be an action.
func (w *World) allows(a Action) error {
	c := w.config
	if change, ok := a.(Reconfigure); ok {
		c.Schedule = append(slices.Clip(c.Schedule), Scheduled{Action: change}) // may name whom it adds
	}
	return a.validate(&c)
}

// append adds an action to a schedule that is done.
func (w *World) append(s Scheduled) {
	if !w.ownsSchedule {
		w.config.Schedule = slices.Clone(w.config.Schedule)
		w.ownsSchedule = true
	}
	w.queue.add(s.At, happening{kind: doAction, number: uint64(len(w.config.Schedule))})
	w.config.Schedule = append(w.config.Schedule, s)
	w.skipStale()
}

// Run lets time go on: all events happen that are due within the span.
func (w *World) Run(span Time) { w.RunUntil(w.now + max(0, span)) }

// RunWhile lets time go on, event by event, as long as the condition holds before an
// event; but not beyond the span, nor after a violation. It says whether the
// condition does not hold any more. Where it ends, RunUntil goes on.
func (w *World) RunWhile(condition func(*World) bool, span Time) bool {
	until := w.now + max(0, span)
	for condition(w) {
		if next, ok := w.Next(); !ok || next > until {
			w.RunUntil(until)
			return false
		}
		w.Step()
	}
	return true
}

// Ask has a client make a request of a member, waits until the client has its answer,
// and returns that. A client that has something under way ends that first. The error is
// the store's own if it refused the request, which then did not happen; ErrUnknown if there
// was no answer; ErrEnded if the run has ended before; or it says why there can't
// be such a request.
//
// The run is that of a schedule with Invoke.
func (w *World) Ask(client string, member Target, request kv.Request) (kv.Response, error) {
	action := Invoke{Client: client, Member: member, Request: request}
	if err := action.validate(&w.config); err != nil {
		return nil, fmt.Errorf("raftsim: %w", err)
	}
	c := &w.clients[w.clientNamed(client)]
	if !w.RunWhile(func(w *World) bool { return c.op >= 0 || w.sleeps(c) }, MaxSpan) && w.violation == nil {
		return nil, fmt.Errorf("raftsim: client %s is busy for more than an hour", client)
	}
	number := w.Ops()
	if err := w.Do(action); err != nil {
		return nil, err
	}
	w.RunWhile(func(w *World) bool { return c.op == number }, MaxSpan)
	if number >= w.Ops() || !w.Op(number).Ended {
		return nil, ErrEnded
	}
	op := w.Op(number)
	switch op.Outcome {
	case linearize.Answered:
		return op.Response, nil
	case linearize.Refused:
		return nil, op.Err
	default:
		return nil, fmt.Errorf("%w: %s", ErrUnknown, op.Cause.Because(Name(op.Member)))
	}
}
