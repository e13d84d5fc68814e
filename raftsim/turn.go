package raftsim

// ponder gives a client its next turn after a pause.
func (w *World) ponder(c *client, i int, least Time) {
	if c.thinking {
		return
	}
	c.thinking = true
	pause := max(least, w.chance.spread(c.key(DrawThink, i), w.config.Clients[i].Think))
	w.queue.add(w.now+pause, happening{kind: doThink, client: i})
}

// think makes the workload's next request, unless one by hand is under way: then
// the client thinks again after that.
func (w *World) think(i int) {
	c := &w.clients[i]
	c.thinking = false
	if w.calm {
		w.finish(c, i)
		return
	}
	if c.op >= 0 || c.next == nil && !w.takeTurn(c, i) {
		return
	}
	request := c.next
	c.next = nil
	w.invoke(i, w.config.Clients[i].Entry, request, false)
}

// takeTurn asks the workload, and says whether there is a request to send now.
func (w *World) takeTurn(c *client, i int) bool {
	t := Turn{Client: i, Name: w.config.Clients[i].Name, Now: w.now, Last: c.last, Claim: w.claimOf(c), source: &c.source}
	c.last = nil
	request, more := c.workload.Next(&t)
	if !more {
		w.finish(c, i)
		return false
	}
	w.claim(c, i, t.Claim)
	c.next = request
	pause := t.Pause
	if request == nil && pause <= 0 {
		pause = retryPause
	}
	if pause <= 0 {
		return true
	}
	c.thinking = true
	w.queue.add(w.now+min(pause, MaxSpan), happening{kind: doThink, client: i})
	return false
}

// finish ends a client's work: it begins nothing new, and holds nothing any more.
func (w *World) finish(c *client, i int) {
	c.workload, c.next = nil, nil
	w.claim(c, i, Claim{})
}
