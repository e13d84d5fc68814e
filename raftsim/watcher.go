package raftsim

import (
	"fmt"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/watch"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/replica"
)

// watcher is what a client that watches is about.
//
//	open ─► created ─► events … ─┬─ silence, crash ─► open at the next member
//	                             └─ compacted ──────► open at what is left
type watcher struct {
	// watch is what the client watches, at the member that entry means; nil if it
	// watches nothing.
	watch *Watch
	entry Target
	// next is the first revision that the client has not heard of completely; 0 as
	// long as nobody has said which that is.
	next kv.Revision
	// stream that it reads, by its number; 0 if none is open. arrived says that the
	// request for it has reached its member.
	stream  uint64
	arrived bool
	// heard is when the stream last said something, asked that the client has asked
	// since whether it is alive.
	heard Time
	asked bool
	// events counts those that it got.
	events int64
	// busy is when the client is done with what it has heard.
	busy Time
}

// WatchStream is a stream that a client has opened at a member.
type WatchStream struct {
	Client int
	Name   string
	Member raft.ID
	// Create is what the client asked for.
	Create watch.CreateRequest
	// Opened and Closed are the stamps, of the same counter as those of the history,
	// between which the client read it; Closed is 0 while it does, and Cause says why
	// it ended.
	Opened, Closed int64
	Cause          Cause
}

// Delivery is a response that a client has heard on a stream.
type Delivery struct {
	Client int
	// Stream is the number of the stream, counted from 1 in the order of Streams.
	Stream uint64
	Member raft.ID
	// Stamp, of the same counter as those of the history, and At are when it was heard.
	Stamp    int64
	At       Time
	Response watch.Response
}

// Streams are all streams that clients have opened, in that order.
func (w *World) Streams() []WatchStream { return collect(&w.streams) }

// Deliveries are all responses that watching clients have heard, in that order.
func (w *World) Deliveries() []Delivery { return collect(&w.deliveries) }

// watchLater opens a client's next stream after a pause.
func (w *World) watchLater(i int, pause Time) {
	w.queue.add(w.now+pause, happening{kind: doOpen, client: i})
}

// openStream asks a member for all from the revision on that the client has not
// heard of.
func (w *World) openStream(i int) {
	c, config := &w.clients[i], &w.config.Clients[i]
	c.endpoint = w.entry(c, c.watcher.entry)
	s := WatchStream{
		Client: i, Name: config.Name, Member: c.endpoint, Create: c.watcher.watch.request(c.watcher.next), Opened: w.stamp(),
	}
	w.streams.Append(s)
	number := uint64(w.streams.Len())
	c.watcher = watcher{
		watch: c.watcher.watch, entry: c.watcher.entry, next: c.watcher.next, stream: number, heard: w.now, busy: w.now,
		events: c.watcher.events,
	}
	w.emit(Event{Kind: WatchOpened, Member: s.Member, Client: s.Name, N: number, Watch: &s.Create})
	w.sendToMember(c, s.Member, happening{kind: doWatch, client: i, number: number})
	w.queue.add(w.now+config.Timeout/2, happening{kind: doSilence, client: i, number: number})
}

// reachWatch is what comes to a member for one of a client's streams. It concerns
// nobody if the stream was opened in an earlier life.
func (w *World) reachWatch(x happening) {
	h, c := w.host(x.member), &w.clients[x.client]
	if x.kind == doWatch && h.replica != nil && c.watcher.stream == x.number {
		c.watcher.arrived = true
	}
	if h.defers(x) {
		return
	}
	switch {
	case x.kind == doWatch && h.replica == nil:
		w.sendToClient(x.member, happening{kind: doWatchBreak, client: x.client, number: x.number, cause: CauseDown})
	case x.kind == doWatch:
		w.step(h, replica.Watch{Stream: x.number, Create: w.streams.At(int(x.number - 1)).Create})
		w.stepIfUp(h, replica.Pull{Stream: x.number, N: c.watcher.watch.window()})
	case x.kind == doPull:
		w.stepIfUp(h, replica.Pull{Stream: x.number, N: 1})
	case x.kind == doProgress:
		w.stepIfUp(h, replica.Progress{Stream: x.number})
	case x.kind == doUnwatch:
		w.stepIfUp(h, replica.Unwatch{Stream: x.number})
	default:
		panic(fmt.Sprintf("raftsim: happening %d is none of a stream", x.kind))
	}
}

func (w *World) stepIfUp(h *host, in replica.Input) {
	if h.replica != nil {
		w.step(h, in)
	}
}

// watched puts what a member says on its streams on its way.
func (w *World) watched(h *host, list []replica.Watched) {
	for i := range list {
		x := list[i]
		client := w.streams.At(int(x.Stream - 1)).Client
		w.sendToClient(h.id, happening{kind: doWatched, client: client, number: x.Stream, told: &x.Response})
	}
}

// breakStreams tells the clients that read streams of a member that it is gone.
func (w *World) breakStreams(id raft.ID) {
	for i := range w.clients {
		x := &w.clients[i].watcher
		if x.stream != 0 && x.arrived && w.streams.At(int(x.stream-1)).Member == id {
			w.sendToClient(id, happening{kind: doWatchBreak, client: i, number: x.stream, cause: CauseConnection})
		}
	}
}

// happenToWatcher is what comes to a client that watches. What belongs to a stream
// that it reads no more is nothing to it.
func (w *World) happenToWatcher(h happening) {
	x := &w.clients[h.client].watcher
	switch {
	case h.kind == doOpen:
		w.openStream(h.client)
	case h.number != x.stream:
	case h.kind == doWatched:
		w.hear(h)
	case h.kind == doTook:
		w.sendToMember(&w.clients[h.client], h.member, happening{kind: doPull, client: h.client, number: h.number})
	case h.kind == doSilence:
		w.listen(h)
	case h.kind == doWatchBreak:
		w.closeStream(h.client, h.cause)
		w.moveOn(h.client)
	default:
		panic(fmt.Sprintf("raftsim: happening %d is none of a watching client", h.kind))
	}
}

// hear takes a response, and allows the member another one after a while.
func (w *World) hear(h happening) {
	c, r := &w.clients[h.client], *h.told
	w.deliveries.Append(Delivery{
		Client: h.client, Stream: h.number, Member: h.from, Stamp: w.stamp(), At: w.now, Response: r,
	})
	w.emit(Event{Kind: WatchDelivered, Member: h.from, Client: w.config.Clients[h.client].Name, N: h.number, Told: h.told, Sent: h.sent})
	x := &c.watcher
	x.heard, x.asked = w.now, false
	x.events += int64(len(r.Events))
	x.next = after(x.next, &r)
	switch {
	case r.CompactRevision != 0:
		w.hangUp(h.client, CauseCompacted)
		w.watchLater(h.client, retryPause)
		return
	case r.Canceled:
		w.hangUp(h.client, CauseCanceled)
		w.moveOn(h.client)
		return
	}
	x.busy = max(x.busy, w.now) + w.chance.spread(c.key(DrawThink, h.client), w.config.Clients[h.client].Think)
	w.queue.add(x.busy, happening{kind: doTook, client: h.client, member: h.from, number: h.number})
}

// after is the first revision that is not complete once a response is heard, if it
// was next before. Where events of one revision may follow in another response it
// is that one; what was compacted is gone for good.
func after(next kv.Revision, r *watch.Response) kv.Revision {
	switch {
	case r.CompactRevision != 0:
		return max(next, r.CompactRevision)
	case len(r.Events) > 0:
		last := r.Events[len(r.Events)-1].KV.ModRevision
		if r.Fragment {
			return max(next, last)
		}
		return max(next, last+1)
	case r.Canceled:
		return next
	case r.Created && next > 0:
		return next // it may yet hear of what lies between
	default:
		return max(next, r.Revision+1)
	}
}

// listen looks whether a stream was silent for too long. After half of that time
// the client may ask whether it is alive.
func (w *World) listen(h happening) {
	c, config := &w.clients[h.client], &w.config.Clients[h.client]
	x := &c.watcher
	if w.now-x.heard >= config.Timeout {
		w.hangUp(h.client, CauseTimeout)
		w.moveOn(h.client)
		return
	}
	again := x.heard + config.Timeout
	if half := x.heard + config.Timeout/2; x.watch.Progress && !x.asked {
		again = half
		if half <= w.now {
			again, x.asked = x.heard+config.Timeout, true
			w.sendToMember(c, c.endpoint, happening{kind: doProgress, client: h.client, number: x.stream})
		}
	}
	w.queue.add(again, h)
}

// hangUp closes a stream from the client's side.
func (w *World) hangUp(i int, cause Cause) {
	c := &w.clients[i]
	w.sendToMember(c, c.endpoint, happening{kind: doUnwatch, client: i, number: c.watcher.stream})
	w.closeStream(i, cause)
}

// closeStream notes that a client reads a stream no more.
func (w *World) closeStream(i int, cause Cause) {
	x := &w.clients[i].watcher
	s := w.streams.At(int(x.stream - 1))
	s.Closed, s.Cause = w.stamp(), cause
	w.streams.Set(int(x.stream-1), s)
	w.emit(Event{Kind: WatchBroken, Member: s.Member, Client: s.Name, N: x.stream, Cause: cause})
	x.stream, x.arrived = 0, false
}

// moveOn opens a stream at the next member.
func (w *World) moveOn(i int) {
	c := &w.clients[i]
	c.endpoint = w.nextEndpoint(c.endpoint)
	w.watchLater(i, retryPause)
}
