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

// client is one client at work.
type client struct {
	// workload is nil once it has nothing more to do.
	workload Workload
	source   source
	// last is how the workload's last request ended, until that is told; next the one
	// that waits for its pause to be over.
	last *Ending
	next kv.Request
	// thinking says that the client's next turn, or next itself, is queued.
	thinking bool
	// claim is the number of its holding, −1 for none.
	claim int

	// op under way, −1 for none; entry is where it goes, byHand says that the
	// schedule asked for it, arrived that it reached its member. The timer ends it.
	op    int
	entry Target
	// done is the number of the operation that ended last, plus one; 0 if none has.
	done    int
	byHand  bool
	arrived bool
	timer   timer
	// then is what follows the operation by hand under way if it succeeds; ranged is
	// Invoke.Ranged of it.
	then   kv.Request
	ranged bool
	// waiting are requests by hand that come next.
	waiting []Invoke

	// endpoint is the member that the client asks if any will do.
	endpoint raft.ID
	// lines are the connections to the members, by number from 0.
	lines []line
	// draws counts this client's choices, those of its workload apart.
	draws   uint64
	sleep   sleep
	watcher watcher
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
	c := client{op: -1, claim: -1, timer: stopped, source: source{chance: w.chance, client: i}}
	config := &w.config.Clients[i]
	if config.Manual {
		return c
	}
	c.endpoint = raft.ID(1 + w.chance.choose(c.key(DrawEndpoint, i), uint64(w.config.Members)))
	if config.Watch != nil {
		c.watcher = watcher{watch: config.Watch, entry: config.Entry, next: config.Watch.Start}
		w.watchLater(i, w.chance.spread(c.key(DrawThink, i), config.Think))
		return c
	}
	c.workload = config.Workload.Clone()
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
	d.sleep.held = slices.Clone(c.sleep.held)
	return d
}

// key names the client's next choice.
func (c *client) key(d Draw, i int) Key {
	c.draws++
	return Key{Draw: d, From: uint16(i), Ordinal: c.draws}
}

// line is the connection to a member.
func (c *client) line(member raft.ID) *line {
	for len(c.lines) < int(member) {
		c.lines = append(c.lines, line{})
	}
	return &c.lines[member-1]
}

// sendToMember puts something on its way from a client to a member.
func (w *World) sendToMember(c *client, member raft.ID, h happening) {
	at := &c.line(member).requests
	*at = max(*at, w.now+w.chance.spread(c.key(DrawRequest, h.client), w.config.Network.Latency.Spread))
	h.member, h.sent = member, w.now
	w.queue.add(*at, h)
}

// sendToClient puts something on its way from a member to a client.
func (w *World) sendToClient(member raft.ID, h happening) {
	c := &w.clients[h.client]
	at := &c.line(member).replies
	*at = max(*at, w.now+w.chance.spread(c.key(DrawReply, h.client), w.config.Network.Latency.Spread))
	h.from, h.sent = member, w.now
	w.queue.add(*at, h)
}

// actInvoke makes a request by hand, or queues it behind the one under way.
func (w *World) actInvoke(a Invoke) Cause {
	i := w.clientNamed(a.Client)
	if i < 0 {
		return CauseNoClient
	}
	c := &w.clients[i]
	if c.op >= 0 || w.sleeps(c) {
		if len(c.waiting) == maxWaiting {
			return CauseBusy
		}
		c.waiting = append(c.waiting, a)
		return NoCause
	}
	c.then, c.ranged = a.Then, a.Ranged
	w.invoke(i, a.Member, a.Request, true)
	return NoCause
}

// clientNamed is the number of a client, −1 if there is none.
func (w *World) clientNamed(name string) int {
	return slices.IndexFunc(w.config.Clients, func(c Client) bool { return c.Name == name })
}

// entry is the member that a target means now to a client. One that wants the leader
// when nobody leads asks some member that is up.
func (w *World) entry(c *client, t Target) raft.ID {
	if t == 0 {
		return c.endpoint
	}
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

// invoke begins an operation.
func (w *World) invoke(i int, entry Target, request kv.Request, byHand bool) {
	c := &w.clients[i]
	c.op, c.entry, c.byHand = w.ops.Len(), entry, byHand
	w.ops.Append(Op{
		Operation: linearize.Operation{Client: i, Call: w.stamp(), Request: request},
		Name:      w.config.Clients[i].Name, Called: w.now,
	})
	w.sendRequest(i, OpInvoked)
}

// sendRequest sends the request of the operation under way.
func (w *World) sendRequest(i int, kind EventKind) {
	c := &w.clients[i]
	op := w.ops.At(c.op)
	e := Event{Kind: kind, Client: op.Name, Op: c.op, Request: op.Request, Cause: op.Cause, Err: op.Err}
	op.Member, op.Cause, op.Err = w.entry(c, c.entry), NoCause, nil
	e.Member = op.Member
	w.ops.Set(c.op, op)
	w.emit(e)
	w.sendToMember(c, op.Member, happening{kind: doArrive, client: i, number: uint64(newAttempt(c.op, op.Retries))})
	w.set(&c.timer, w.now+w.config.Clients[i].Timeout, happening{kind: doTimeout, client: i})
}

// happenToClient is what comes to a client from outside, or from its own timers. If
// it is paused, it comes later.
func (w *World) happenToClient(h happening) {
	c := &w.clients[h.client]
	if w.sleeps(c) && h.kind != doResume {
		w.postpone(c, h)
		return
	}
	switch h.kind {
	case doThink:
		w.think(h.client)
	case doReply:
		w.replied(h)
	case doBreak:
		w.broke(h)
	case doTimeout:
		c.timer = stopped
		w.gaveUp(c.op, CauseTimeout)
	case doRetry:
		w.sendRequest(h.client, OpRetried)
	case doResume:
		w.wakeUp(h.client)
	default:
		w.happenToWatcher(h)
	}
}

// stamp orders calls and returns, and what else clients see.
func (w *World) stamp() int64 {
	w.stamps++
	return w.stamps
}

// arrive hands a request to its member.
func (w *World) arrive(x happening) {
	a := attempt(x.number)
	h, op := w.host(x.member), w.ops.At(a.op())
	if h.replica != nil && w.isUnderWay(a) {
		w.clients[x.client].arrived = true
	}
	if h.defers(x) {
		return
	}
	e := Event{Kind: OpArrived, Member: x.member, Client: op.Name, Op: a.op(), Sent: x.sent}
	if h.replica == nil {
		e.Cause = CauseDown
		w.emit(e)
		w.sendReply(x.member, replica.Reply{Ticket: a.ticket(), Err: ErrConnectionRefused})
		return
	}
	w.emit(e)
	w.step(h, replica.Request{Ticket: a.ticket(), Request: op.Request})
}

// isUnderWay says whether somebody waits for what becomes of an attempt.
func (w *World) isUnderWay(a attempt) bool {
	op := w.ops.At(a.op())
	return !op.Ended && op.Retries == a.retries()
}

// sendReply puts a member's answer on its way.
func (w *World) sendReply(member raft.ID, r replica.Reply) {
	if r.Ticket >= operatorTicket {
		w.operated(r.Ticket, r.Err)
		return
	}
	a := attempt(r.Ticket - 1)
	w.sendToClient(member, happening{
		kind: doReply, client: w.ops.At(a.op()).Client, life: w.host(member).life, number: uint64(a), reply: &reply{r.Response, r.Err},
	})
}

// breakConnections tells the clients that wait for a member that it is gone.
func (w *World) breakConnections(id raft.ID) {
	for i := range w.clients {
		c := &w.clients[i]
		if c.op < 0 || !c.arrived {
			continue
		}
		if op := w.ops.At(c.op); op.Member == id {
			w.sendToClient(id, happening{kind: doBreak, client: i, number: uint64(newAttempt(c.op, op.Retries))})
		}
	}
}

// replied gives a client its answer, unless it has given up.
func (w *World) replied(h happening) {
	if !w.isUnderWay(attempt(h.number)) {
		return
	}
	number := attempt(h.number).op()
	op := w.ops.At(number)
	e := Event{Kind: OpAnswered, Member: h.from, Client: op.Name, Op: number, Request: op.Request, Sent: h.sent}
	op.Outcome, op.Response, op.Err, op.Life = linearize.Answered, h.reply.response, h.reply.err, uint64(h.life)
	if op.Err != nil {
		e.Kind, op.Outcome = OpRefused, linearize.Refused
	}
	e.Response, e.Err = op.Response, op.Err
	if w.clients[op.Client].byHand {
		e.Hand, e.Ranged, e.Unmet = true, w.clients[op.Client].ranged, w.unmet(op.Request, op.Response)
		w.follow(&w.clients[op.Client], op)
	}
	w.conclude(number, op, e)
}

// follow puts what follows a transaction that has succeeded before all that waits.
func (w *World) follow(c *client, op Op) {
	txn, ok := op.Response.(kv.TxnResponse)
	if then, compacts := c.then.(kv.CompactRequest); compacts && ok && txn.Succeeded {
		if then.Revision == 0 {
			then.Revision = txn.Revision
		}
		next := Invoke{Client: op.Name, Member: c.entry, Request: then}
		c.waiting = append([]Invoke{next}, c.waiting...)
	}
}

// broke tells a client that the connection is gone on which it waited.
func (w *World) broke(h happening) {
	if w.isUnderWay(attempt(h.number)) {
		w.gaveUp(attempt(h.number).op(), CauseConnection)
	}
}

// gaveUp ends an attempt without an answer.
func (w *World) gaveUp(number int, cause Cause) {
	op := w.ops.At(number)
	op.Outcome, op.Cause, op.Err = linearize.Unknown, cause, nil
	w.conclude(number, op, Event{
		Kind: OpUnknown, Member: op.Member, Client: op.Name, Op: number, Request: op.Request, Cause: cause,
	})
}

// conclude ends an attempt: either the operation ends with it, or it is retried.
func (w *World) conclude(number int, op Op, e Event) {
	c := &w.clients[op.Client]
	c.timer.due, c.arrived = never, false
	w.chooseEndpoint(c, op)
	if w.mayRetry(op) {
		w.retryLater(number, op)
		return
	}
	op.Return, op.Returned, op.Ended = w.stamp(), w.now, true
	w.ops.Set(number, op)
	w.emit(e)
	c.op, c.done = -1, number+1
	if !c.byHand {
		c.last = &Ending{op.Request, op.Called, op.Response, op.Err}
	}
	if !w.invokeWaiting(op.Client) && c.workload != nil {
		least := Time(0)
		if op.Outcome != linearize.Answered {
			least = retryPause
		}
		w.ponder(c, op.Client, least)
	}
}

// invokeWaiting makes the next request by hand, if one waits.
func (w *World) invokeWaiting(i int) bool {
	c := &w.clients[i]
	if len(c.waiting) == 0 {
		return false
	}
	next := c.waiting[0]
	c.waiting, c.then, c.ranged = c.waiting[1:], next.Then, next.Ranged
	w.invoke(i, next.Member, next.Request, true)
	return true
}

func (w *World) mayRetry(op Op) bool {
	return op.Retries < w.config.Clients[op.Client].Retries && isTransient(op) &&
		w.config.Rules.Client.MayRetry(op.Request, op.Outcome)
}

// isTransient says whether an attempt may end otherwise the next time. What the
// store has refused, it refuses again.
func isTransient(op Op) bool {
	var notLeader *replica.NotLeaderError
	return op.Outcome == linearize.Unknown || errors.Is(op.Err, ErrConnectionRefused) || errors.As(op.Err, &notLeader) ||
		errors.Is(op.Err, replica.ErrNoLeader) || errors.Is(op.Err, replica.ErrLeaderChanged) ||
		errors.Is(op.Err, replica.ErrTooManyRequests)
}

// retryLater leaves an operation under way, to be sent again after a pause.
func (w *World) retryLater(number int, op Op) {
	op.Retries++
	op.Outcome = linearize.Unknown
	w.ops.Set(number, op)
	w.queue.add(w.now+retryPause, happening{kind: doRetry, client: op.Client})
}

// chooseEndpoint goes to the leader that a refusal named, or to the next member
// when this one did not answer.
func (w *World) chooseEndpoint(c *client, op Op) {
	var notLeader *replica.NotLeaderError
	switch {
	case c.entry != 0 || op.Outcome == linearize.Answered:
	case errors.As(op.Err, &notLeader) && notLeader.Leader != 0:
		c.endpoint = notLeader.Leader
	default:
		c.endpoint = w.nextEndpoint(c.endpoint)
	}
}

// nextEndpoint is the member after one, in a ring.
func (w *World) nextEndpoint(id raft.ID) raft.ID { return id%raft.ID(len(w.hosts)) + 1 }
