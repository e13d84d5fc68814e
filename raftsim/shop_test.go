package raftsim

import (
	"errors"
	"slices"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/lease"
	"github.com/castaway-kv/castaway/kv/machine"
	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/raft"
)

// shop is a state machine without a cluster, and clients that lose answers, are
// refused, ask late, and fall asleep: all that can happen to a workload, quickly.
type shop struct {
	roll    dice
	machine *machine.Machine
	now     Time
	clients []shopper
	due     []errand
	// ops and holdings are as a World keeps them.
	world World
}

type shopper struct {
	workload Workload
	turn     Turn
	done     bool
}

// errand is something that a client does at a moment.
type errand struct {
	at Time
	do func()
}

var errShop = errors.New("the shop is closed")

func newShop(roll dice, workloads ...Workload) *shop {
	config := machine.Default(1)
	config.Lease.MinTTL = 1
	s := &shop{roll: roll, machine: machine.New(config)}
	s.machine.Promote(0, 0)
	for i, w := range workloads {
		name := string(rune('a' + i))
		s.world.config.Clients = append(s.world.config.Clients, Client{Name: name})
		s.world.clients = append(s.world.clients, client{claim: -1})
		s.clients = append(s.clients, shopper{workload: w, turn: Turn{
			Client: i, Name: name, source: &source{chance: &chooser{seed: uint64(roll("seed", 1<<30))}, client: i},
		}})
		s.later(s.span("start", 100), func() { s.takeTurn(i) })
	}
	return s
}

func (s *shop) span(label string, ms int) Time { return Time(s.roll(label, ms)) * Millisecond }

func (s *shop) later(after Time, do func()) {
	s.due = append(s.due, errand{s.now + after, do})
}

// run goes on until all clients are done, or for ten minutes.
func (s *shop) run() {
	for len(s.due) > 0 {
		k := 0
		for i := range s.due {
			if s.due[i].at < s.due[k].at {
				k = i
			}
		}
		next := s.due[k]
		if next.at > 600*Second {
			return
		}
		s.due = slices.Delete(s.due, k, k+1)
		s.pass(next.at)
		next.do()
	}
}

// pass lets time go by, and leases run out.
func (s *shop) pass(to Time) {
	for wake := s.machine.Wake(); Time(wake) <= to; wake = s.machine.Wake() {
		for r := range s.machine.Due(wake) {
			if _, err := s.machine.Apply(wake, r); err != nil {
				panic(err)
			}
		}
	}
	s.now = to
}

func (s *shop) takeTurn(i int) {
	c := &s.clients[i]
	c.turn.Now, c.turn.Pause = s.now, 0
	if s.roll("clone", 8) == 0 {
		c.workload = c.workload.Clone()
	}
	request, more := c.workload.Next(&c.turn)
	c.turn.Last = nil
	c.done = !more
	s.world.now = s.now
	s.world.claim(&s.world.clients[i], i, c.turn.Claim)
	switch {
	case !more:
		return
	case request == nil:
		s.later(max(c.turn.Pause, retryPause), func() { s.takeTurn(i) })
		return
	}
	pause := c.turn.Pause
	if s.roll("asleep", 30) == 0 {
		pause += s.span("sleep", 6000)
	}
	s.later(pause, func() { s.ask(i, request) })
}

// ask sends a request. What becomes of it: an answer; no answer, done early, late
// or never; or an error, not done.
func (s *shop) ask(i int, request kv.Request) {
	number := s.world.ops.Len()
	s.world.ops.Append(Op{
		Operation: linearize.Operation{Client: i, Call: s.world.stamp(), Request: request}, Called: s.now,
	})
	there, back := s.span("there", 20), s.span("back", 20)
	end := func(outcome linearize.Outcome, response kv.Response, err error) func() {
		return func() { s.end(i, number, outcome, response, err) }
	}
	switch s.roll("fate", 20) {
	default:
		s.later(there, func() {
			response, err := s.apply(number, request)
			outcome := linearize.Answered
			if err != nil {
				outcome = linearize.Refused
			}
			s.later(back, end(outcome, response, err))
		})
	case 1:
		s.later(there, end(linearize.Refused, nil, errShop))
	case 2:
		s.later(Second, end(linearize.Unknown, nil, nil))
	case 3, 4:
		s.later(s.span("late", 3000), func() { _, _ = s.apply(number, request) })
		s.later(Second, end(linearize.Unknown, nil, nil))
	}
}

func (s *shop) apply(number int, request kv.Request) (kv.Response, error) {
	response, err := s.machine.Apply(lease.Time(s.now), request)
	op := s.world.ops.At(number)
	op.Effect = Effect{Applied: err == nil, Index: raft.Index(s.world.stamp()), Response: response}
	s.world.ops.Set(number, op)
	return response, err
}

func (s *shop) end(i, number int, outcome linearize.Outcome, response kv.Response, err error) {
	op := s.world.ops.At(number)
	op.Outcome, op.Response, op.Err, op.Return, op.Ended = outcome, response, err, s.world.stamp(), true
	s.world.ops.Set(number, op)
	s.clients[i].turn.Last = &Ending{op.Request, op.Called, response, err}
	s.later(s.span("think", 50), func() { s.takeTurn(i) })
}

// idle says which client is not done, −1 for none.
func (s *shop) idle() int {
	return slices.IndexFunc(s.clients, func(c shopper) bool { return !c.done })
}

// asked counts the requests for which want holds.
func (s *shop) asked(want func(Op) bool) (n int) {
	for i := range s.world.Ops() {
		if want(s.world.Op(i)) {
			n++
		}
	}
	return n
}

// overlaps counts the pairs of holdings of one lock that overlap in time, and
// returns an error if two have the same token.
func overlaps(holdings []Holding) (n int, same bool) {
	for i, a := range holdings {
		for _, b := range holdings[:i] {
			if a.Key != b.Key || a.Client == b.Client {
				continue
			}
			same = same || a.Token == b.Token
			if a.Until == 0 || a.Until > b.From && (b.Until == 0 || b.Until > a.From) {
				n++
			}
		}
	}
	return n, same
}
