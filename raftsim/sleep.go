package raftsim

// sleep is a pause of a client.
type sleep struct {
	// until is when it ends; the client is awake from then on.
	until Time
	// held is what would have happened to the client meanwhile, in order.
	held []happening
}

// sleeps says whether a client is paused.
func (w *World) sleeps(c *client) bool { return c.sleep.until > 0 }

// postpone keeps what happens to a client that is paused for when it goes on.
func (w *World) postpone(c *client, h happening) {
	if h.kind == doTimeout {
		c.timer.queued = never // whether it is due is seen then
		return
	}
	c.sleep.held = append(c.sleep.held, h)
}

// actPauseClient puts a client to sleep; one that is paused already sleeps on until
// the later of the two moments.
func (w *World) actPauseClient(a PauseClient) Cause {
	i := w.clientNamed(a.Client)
	if i < 0 {
		return CauseNoClient
	}
	c := &w.clients[i]
	until := w.now + a.For
	w.done(a)
	if until > c.sleep.until {
		c.sleep.until = until
		w.queue.add(until, happening{kind: doResume, client: i})
	}
	return NoCause
}

// wakeUp lets a paused client go on: first it sees what came meanwhile, then the time.
func (w *World) wakeUp(i int) {
	c := &w.clients[i]
	if !w.sleeps(c) || w.now < c.sleep.until {
		return // it is awake already, or was paused again, for longer
	}
	held := c.sleep.held
	c.sleep = sleep{}
	w.emit(Event{Kind: ClientResumed, Client: w.config.Clients[i].Name})
	for _, h := range held {
		w.happenToClient(h)
	}
	if c.timer.due <= w.now {
		w.happenToClient(happening{kind: doTimeout, client: i})
	} else if c.op < 0 {
		w.invokeWaiting(i)
	}
}

// wakeAll wakes all clients up that are paused.
func (w *World) wakeAll() {
	for i := range w.clients {
		if c := &w.clients[i]; w.sleeps(c) {
			c.sleep.until = w.now
			w.wakeUp(i)
		}
	}
}
