package peer

import (
	"crypto/rand"
	"io"
	"sync"
	"sync/atomic"

	castaway "github.com/castaway-kv/castaway/raft"
)

// tick is how long one of etcd's ticks is, by the member's clock.
const tick = castaway.Duration(10_000_000)

// clock makes ticks of time, as Go's tickers do: those that nobody waited for are lost.
type clock struct{ next castaway.Time }

// ticks is how many have come by now: none or one.
func (c *clock) ticks(now castaway.Time) int {
	switch {
	case c.next == 0:
		c.next = now.Add(tick)
		return 0
	case now < c.next:
		return 0
	}
	c.next = max(c.next.Add(tick), now+1)
	return 1
}

// Etcd's core draws its election time-outs from crypto/rand.Reader, for all cores of the
// process. While one of ours steps, that reader answers what the world has drawn for it.
var (
	stepping sync.Mutex
	drawing  atomic.Pointer[dice]
	replace  sync.Once
)

// reader stands before the process's own source of chance.
type reader struct{ io.Reader }

func (r reader) Read(b []byte) (int, error) {
	d := drawing.Load()
	if d == nil {
		return r.Reader.Read(b)
	}
	x := d.draw()
	for i := range b { // rand.Int reads big-endian numbers
		b[i] = byte(x >> (8 * (len(b) - 1 - i)))
	}
	return len(b), nil
}

// dice draw by how many ticks a member's next election time-out is longer than the
// shortest.
type dice struct {
	config  *castaway.Config
	term    castaway.Term
	attempt int
}

func (d *dice) draw() uint64 {
	timeout := d.config.ElectionTimeout(d.config.ID, d.term, d.attempt)
	d.attempt++
	shortest := d.config.MinElectionTimeout
	return uint64(min(max(timeout-shortest, 0), shortest-tick) / tick)
}

// draws lets this member draw until what is returned is called. Others wait.
func (c *Core) draws() func() {
	replace.Do(func() { rand.Reader = reader{rand.Reader} })
	stepping.Lock()
	if c.dice.term != c.hard.term {
		c.dice.term, c.dice.attempt = c.hard.term, 0
	}
	drawing.Store(&c.dice)
	return func() {
		drawing.Store(nil)
		stepping.Unlock()
	}
}
