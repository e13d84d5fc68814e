package raftsim

import (
	"errors"

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
	// arrived that it reached its member.
	op      int
	byHand  bool
	arrived bool
	// waiting are requests by hand that come next.
	waiting []Invoke
	// last is how the workload's last operation ended, nil at the start.
	last *Ending
	// endpoint is the member that the workload asks.
	endpoint raft.ID
	// draws counts this client's choices.
	draws uint64
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
	c := client{op: -1}
	config := &w.config.Clients[i]
	if config.Workload == nil {
		return c
	}
	c.workload = config.Workload.Clone()
	c.endpoint = raft.ID(1 + w.chance.choose(c.key(DrawEndpoint, i), uint64(w.config.Members)))
	w.queue.add(w.chance.spread(c.key(DrawThink, i), config.Think), happening{kind: doThink, client: i})
	return c
}

func (c *client) clone() client {
	d := *c
	if c.workload != nil {
		d.workload = c.workload.Clone()
	}
	d.waiting = append([]Invoke(nil), c.waiting...)
	return d
}

// key names the client's next choice.
func (c *client) key(d Draw, i int) Key {
	c.draws++
	return Key{Draw: d, From: uint16(i), Ordinal: c.draws}
}

// think lets a client's workload make its next request.
func (w *World) think(i int) {
	c := &w.clients[i]
	if c.op >= 0 {
		return
	}
	request, ok := c.workload.Next(c.last)
	if !ok {
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
	h := happening{kind: doArrive, member: member, client: i, number: uint64(c.op), sent: w.now}
	w.queue.add(w.now+w.chance.spread(c.key(DrawRequest, i), w.config.Network.Latency), h)
	h.kind = doTimeout
	w.queue.add(w.now+w.config.Clients[i].Timeout, h)
}

// stamp orders calls and returns.
func (w *World) stamp() int64 {
	w.stamps++
	return w.stamps
}

// arrive hands a request to its member.
func (w *World) arrive(x happening) {
	h, c, op := w.host(x.member), &w.clients[x.client], w.ops.At(int(x.number))
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
	op := int(r.Ticket - 1)
	i := w.ops.At(op).Client
	at := w.now + w.chance.spread(w.clients[i].key(DrawReply, i), w.config.Network.Latency)
	w.queue.add(at, happening{
		kind: doReply, from: member, client: i, number: uint64(op), sent: w.now,
		reply: &reply{r.Response, r.Err},
	})
}

// breakConnections tells the clients that wait for a member that it is gone.
func (w *World) breakConnections(id raft.ID) {
	for i := range w.clients {
		c := &w.clients[i]
		if c.op < 0 || !c.arrived || w.ops.At(c.op).Member != id {
			continue
		}
		at := w.now + w.chance.spread(c.key(DrawReply, i), w.config.Network.Latency)
		w.queue.add(at, happening{kind: doBreak, from: id, client: i, number: uint64(c.op), sent: w.now})
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
	w.end(h, op, e)
}

// gaveUp ends an operation without an answer.
func (w *World) gaveUp(h happening, cause Cause) {
	op := w.ops.At(int(h.number))
	if op.Ended {
		return
	}
	op.Cause = cause
	w.end(h, op, Event{
		Kind: OpUnknown, Member: op.Member, Client: op.Name, Op: int(h.number), Request: op.Request, Cause: cause,
	})
}

// end closes a client's operation and sees what the client does next.
func (w *World) end(h happening, op Op, e Event) {
	op.Return, op.Returned, op.Ended = w.stamp(), w.now, true
	w.ops.Set(int(h.number), op)
	w.emit(e)
	c := &w.clients[h.client]
	c.op = -1
	if !c.byHand {
		c.last = &Ending{op.Request, op.Response, op.Err}
		w.chooseEndpoint(c, op)
	}
	if len(c.waiting) > 0 {
		next := c.waiting[0]
		c.waiting = c.waiting[1:]
		w.invoke(h.client, w.entry(next.Member), next.Request, true)
		return
	}
	if c.workload != nil {
		pause := w.chance.spread(c.key(DrawThink, h.client), w.config.Clients[h.client].Think)
		if op.Outcome != linearize.Answered {
			pause = max(pause, retryPause)
		}
		w.queue.add(w.now+pause, happening{kind: doThink, client: h.client})
	}
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
