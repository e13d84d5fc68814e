package watch

import "github.com/castaway-kv/castaway/kv"

// delivery is a response on its way to the reader.
type delivery struct {
	// watcher whose events these are, nil for other responses.
	watcher  *watcher
	response Response
	size     int
}

// queue holds what a stream has to say, first in, first out.
type queue struct {
	items []delivery
	head  int
	// size is the sum of the sizes, in bytes.
	size int
}

func (q *queue) len() int { return len(q.items) - q.head }

func (q *queue) front() *delivery { return &q.items[q.head] }

func (q *queue) push(d delivery) {
	if q.head > 0 && len(q.items) == cap(q.items) {
		n := copy(q.items, q.items[q.head:])
		clear(q.items[n:])
		q.items, q.head = q.items[:n], 0
	}
	q.items = append(q.items, d)
	q.size += d.size
}

func (q *queue) pop() {
	q.size -= q.front().size
	q.items[q.head] = delivery{}
	q.head++
	if q.len() == 0 {
		q.items, q.head = q.items[:0], 0
	}
}

// clone copies the queue for a stream whose watchers are copies of the original's.
func (q *queue) clone(s *Stream, copies map[*watcher]*watcher) queue {
	c := queue{items: append([]delivery(nil), q.items[q.head:]...), size: q.size}
	for i := range c.items {
		if w := c.items[i].watcher; w != nil {
			c.items[i].watcher = w.copyTo(s, copies)
		}
	}
	return c
}

// overhead is what a response or an event takes besides its strings, in bytes;
// encoded for the network it takes no more either.
const overhead = 128

// sizeOf is about how many bytes a response with these events takes.
func sizeOf(events []kv.Event) int {
	size := overhead
	for i := range events {
		size += eventSize(&events[i])
	}
	return size
}

func eventSize(e *kv.Event) int {
	size := overhead + len(e.KV.Key) + len(e.KV.Value)
	if e.Prev != nil {
		size += overhead + len(e.Prev.Key) + len(e.Prev.Value)
	}
	return size
}
