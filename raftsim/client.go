package raftsim

import (
	"errors"
	"slices"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/replica"
)

// ErrConnectionRefused: the member was down when the request came.
var ErrConnectionRefused = errors.New("connection refused")

// Op is one operation of a client, as the client saw it and as the world knows it.
type Op struct {
	linearize.Operation
	// Name of the client, and the member it asked.
	Name   string
	Member raft.ID
	// Called and Returned are when it began and ended; Ended says that it has.
	Called, Returned Time
	Ended            bool
	// Cause of an unknown outcome.
	Cause Cause
	// Effect is what became of it in the log.
	Effect Effect
}

// Effect is what became of an operation, whatever its client knows.
type Effect struct {
	// Applied says that it reached the log and the stores, at Index.
	Applied bool
	Index   raft.Index
	// Response that it had there, nil after an error.
	Response kv.Response
}

// client is one client at work.
type client struct {
	workload Workload
	// op under way, −1 for none; byHand says that the schedule asked for it,
	// arrived that it reached its member. The timer ends it.
	op      int
	byHand  bool
	arrived bool
	timer   timer
	// waiting are requests by hand that come next.
	waiting []Invoke
	// last is how the workload's last operation ended, nil at the start.
	last *Ending
	// thinking says that the workload's next request is queued.
	thinking bool
	// endpoint is the member that the workload asks.
	endpoint raft.ID
	// lines are the connections to the members, by number from 0.
	lines []line
	// draws counts this client's choices.
	draws uint64
}

// line is a connection. What goes over it in one direction keeps its order.
type line struct {
	// requests and replies are when the last one arrives.
	requests, replies Time
}

const (
	// maxWaiting bounds the requests by hand that wait for one client.
	maxWaiting = 100
	// retryPause is how long a client waits at least after it was refused.
	retryPause = 10 * Millisecond
)

type reply struct {
	response kv.Response
	err      error
}

func (w *World) newClient(i int) client {
	c := client{op: -1, timer: stopped, lines: make([]line, len(w.hosts))}
	config := &w.config.Clients[i]
	if config.Workload == nil {
		return c
	}
	c.workload = config.Workload.Clone()
	c.endpoint = raft.ID(1 + w.chance.choose(c.key(DrawEndpoint, i), uint64(w.config.Members)))
	w.ponder(&c, i, 0)
	return c
}

func (c *client) clone() client {
	d := *c
	if c.workload != nil {
		d.workload = c.workload.Clone()
	}
	d.waiting = slices.Clone(c.waiting)
	d.lines = slices.Clone(c.lines)
	return d
}

// key names the client's next choice.
func (c *client) key(d Draw, i int) Key {
	c.draws++
	return Key{Draw: d, From: uint16(i), Ordinal: c.draws}
}

// ponder lets a client's workload make its next request after a pause.
func (w *World) ponder(c *client, i int, least Time) {
	if c.thinking {
		return
	}
	c.thinking = true
	pause := max(least, w.chance.spread(c.key(DrawThink, i), w.config.Clients[i].Think))
	w.queue.add(w.now+pause, happening{kind: doThink, client: i})
}

// think lets a client's workload make its next request, unless one by hand is
// under way.
func (w *World) think(i int) {
	c := &w.clients[i]
	c.thinking = false
	if c.op >= 0 {
		return
	}
	request, ok := c.workload.Next(c.last)
	if !ok || w.calm {
		c.workload = nil
		return
	}
	w.invoke(i, c.endpoint, request, false)
}

// actInvoke makes a request by hand, or queues it behind the one under way. A
// client that wants the leader when nobody leads asks some member that is up.
func (w *World) actInvoke(a Invoke) Cause {
	for i := range w.config.Clients {
		if w.config.Clients[i].Name != a.Client {
			continue
		}
		c := &w.clients[i]
		if c.op >= 0 {
			if len(c.waiting) == maxWaiting {
				return CauseBusy
			}
			c.waiting = append(c.waiting, a)
			return NoCause
		}
		w.invoke(i, w.entry(a.Member), a.Request, true)
	}
	return NoCause
}

// entry is the member that a client reaches under a target.
func (w *World) entry(t Target) raft.ID {
	if h := w.resolve(t); h != nil {
		return h.id
	}
	for i := range w.hosts {
		if w.hosts[i].replica != nil {
			return w.hosts[i].id
		}
	}
	return 1
}

// invoke sends a request.
func (w *World) invoke(i int, member raft.ID, request kv.Request, byHand bool) {
	c := &w.clients[i]
	c.op, c.byHand, c.arrived = w.ops.Len(), byHand, false
	w.ops.Append(Op{
		Operation: linearize.Operation{Client: i, Call: w.stamp(), Request: request},
		Name:      w.config.Clients[i].Name, Member: member, Called: w.now,
	})
	w.emit(Event{Kind: OpInvoked, Member: member, Client: w.config.Clients[i].Name, Op: c.op, Request: request})
	requests := &c.lines[member-1].requests
	*requests = max(*requests, w.now+w.chance.spread(c.key(DrawRequest, i), w.config.Network.Latency.Spread))
	w.queue.add(*requests, happening{kind: doArrive, member: member, client: i, number: uint64(c.op), sent: w.now})
	w.set(&c.timer, w.now+w.config.Clients[i].Timeout, happening{kind: doTimeout, client: i})
}

// stamp orders calls and returns.
func (w *World) stamp() int64 {
	w.stamps++
	return w.stamps
}

// arrive hands a request to its member.
func (w *World) arrive(x happening) {
	h, c, op := w.host(x.member), &w.clients[x.client], w.ops.At(int(x.number))
	if h.defers(x) {
		return
	}
	e := Event{Kind: OpArrived, Member: x.member, Client: op.Name, Op: int(x.number)}
	if h.replica == nil {
		e.Cause = CauseDown
		w.emit(e)
		w.sendReply(x.member, replica.Reply{Ticket: x.number + 1, Err: ErrConnectionRefused})
		return
	}
	w.emit(e)
	c.arrived = c.arrived || c.op == int(x.number)
	w.step(h, replica.Request{Ticket: x.number + 1, Request: op.Request})
}

// sendReply puts a member's answer on its way. A ticket is the operation's
// number plus one.
func (w *World) sendReply(member raft.ID, r replica.Reply) {
	if r.Ticket >= operatorTicket {
		w.operated(r.Ticket, r.Err)
		return
	}
	w.answer(happening{kind: doReply, from: member, number: r.Ticket - 1, reply: &reply{r.Response, r.Err}})
}

// answer sends what ends an operation to its client.
func (w *World) answer(h happening) {
	h.client, h.sent = w.ops.At(int(h.number)).Client, w.now
	c := &w.clients[h.client]
	replies := &c.lines[h.from-1].replies
	*replies = max(*replies, w.now+w.chance.spread(c.key(DrawReply, h.client), w.config.Network.Latency.Spread))
	w.queue.add(*replies, h)
}

// breakConnections tells the clients that wait for a member that it is gone.
func (w *World) breakConnections(id raft.ID) {
	for i := range w.clients {
		c := &w.clients[i]
		if c.op < 0 || !c.arrived || w.ops.At(c.op).Member != id {
			continue
		}
		w.answer(happening{kind: doBreak, from: id, number: uint64(c.op)})
	}
}

// replied gives a client its answer, unless it has given up.
func (w *World) replied(h happening) {
	op := w.ops.At(int(h.number))
	if op.Ended {
		return
	}
	e := Event{Kind: OpAnswered, Member: h.from, Client: op.Name, Op: int(h.number), Request: op.Request}
	op.Outcome, op.Response, op.Err = linearize.Answered, h.reply.response, h.reply.err
	if op.Err != nil {
		e.Kind, op.Outcome = OpRefused, linearize.Refused
	}
	e.Response, e.Err = op.Response, op.Err
	w.end(int(h.number), op, e)
}

// timeout ends the operation that a client has waited for long enough.
func (w *World) timeout(i int) {
	w.clients[i].timer = stopped
	w.gaveUp(w.clients[i].op, CauseTimeout)
}

// gaveUp ends an operation without an answer.
func (w *World) gaveUp(number int, cause Cause) {
	op := w.ops.At(number)
	if op.Ended {
		return
	}
	op.Cause = cause
	w.end(number, op, Event{
		Kind: OpUnknown, Member: op.Member, Client: op.Name, Op: number, Request: op.Request, Cause: cause,
	})
}

// end closes a client's operation and sees what the client does next.
func (w *World) end(number int, op Op, e Event) {
	op.Return, op.Returned, op.Ended = w.stamp(), w.now, true
	w.ops.Set(number, op)
	w.emit(e)
	c := &w.clients[op.Client]
	c.op, c.timer.due = -1, never
	if !c.byHand {
		c.last = &Ending{op.Request, op.Response, op.Err}
		w.chooseEndpoint(c, op)
	}
	if len(c.waiting) > 0 {
		next := c.waiting[0]
		c.waiting = c.waiting[1:]
		w.invoke(op.Client, w.entry(next.Member), next.Request, true)
		return
	}
	if c.workload == nil {
		return
	}
	least := Time(0)
	if op.Outcome != linearize.Answered {
		least = retryPause
	}
	w.ponder(c, op.Client, least)
}

// chooseEndpoint goes to the leader that a refusal named, or to the next member
// when this one did not answer.
func (w *World) chooseEndpoint(c *client, op Op) {
	var notLeader *replica.NotLeaderError
	switch {
	case op.Outcome == linearize.Answered:
	case errors.As(op.Err, &notLeader) && notLeader.Leader != 0:
		c.endpoint = notLeader.Leader
	default:
		c.endpoint = c.endpoint%raft.ID(w.config.Members) + 1
	}
}

// Op returns operation i of the history.
func (w *World) Op(i int) Op { return w.ops.At(i) }

// Ops is the number of operations in the history.
func (w *World) Ops() int { return w.ops.Len() }

// watched passes on what a member tells watching clients.
func (w *World) watched(*host, []replica.Watched) {}
