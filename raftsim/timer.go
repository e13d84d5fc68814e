package raftsim

// timer falls due at a moment that may be put off. The queue holds it at that
// moment or earlier: there it waits its turn, and then is put off. So a timer
// that is reset often costs next to nothing.
type timer struct {
	// due is when it fires, queued the earliest moment at which it stands in the
	// queue; never if it does not. Invariant: queued ≤ due.
	due, queued Time
}

// stopped is a timer that does not run.
var stopped = timer{never, never}

// set makes the timer of h fire at due.
func (w *World) set(t *timer, due Time, h happening) {
	t.due = due
	if t.due < t.queued {
		t.queued = max(t.due, w.now)
		w.queue.add(t.queued, h)
	}
}

// skip takes the timer of h, which stands in the queue at a moment, from there
// if it is not due.
func (w *World) skip(t *timer, at Time, h happening) bool {
	if t.due <= at {
		return false
	}
	w.queue.take()
	if t.queued == at {
		t.queued = never
		w.set(t, t.due, h)
	}
	return true
}
