package raftsim

import "github.com/castaway-kv/castaway/raft"

// clock is a member's monotonic clock: it goes on while the member is down or
// paused, at its own rate, and never back.
type clock struct {
	// reading is what it shows at since, and from there on it gains rate millionths.
	reading, since Time
	rate           int64
	// latest is what it has shown: after a jump backward it stands still.
	latest raft.Time
}

const million = 1_000_000

// ahead is what the clock would show at a moment if it had never jumped backward.
func (c *clock) ahead(now Time) Time {
	d, rate := now-c.since, Time(million+c.rate)
	return c.reading + d/million*rate + d%million*rate/million
}

// read shows the time.
func (c *clock) read(now Time) raft.Time {
	c.latest = max(c.latest, raft.Time(c.ahead(now)))
	return c.latest
}

// when is the first moment, not before now, at which the clock shows t.
func (c *clock) when(t raft.Time, now Time) Time {
	if t == raft.Never {
		return never
	}
	x, rate := Time(t)-c.reading, Time(million+c.rate)
	if x <= 0 {
		return now
	}
	return max(now, c.since+x/rate*million+(x%rate*million+rate-1)/rate)
}

// moment is about when the clock shows t, by the world's clock: as it goes now, in
// the past too.
func (c *clock) moment(t raft.Time) Time {
	x, rate := Time(t)-c.reading, Time(million+c.rate)
	return c.since + x/rate*million + x%rate*million/rate
}

// setRate makes the clock gain rate millionths from now on.
func (c *clock) setRate(now Time, rate int64) {
	c.reading, c.since, c.rate = c.ahead(now), now, rate
}

// jump moves the clock at once.
func (c *clock) jump(now, by Time) {
	c.reading, c.since = c.ahead(now)+by, now
}
