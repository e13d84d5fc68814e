package raftsim

import "fmt"

// Crash stops a member as by power loss: it keeps what was synced, and of the
// rest any subset of sectors; with Torn also parts of sectors.
type Crash struct {
	Member Target
	Torn   bool
}

// Kill stops a member's process: what it has written stays, for the machine goes on.
type Kill struct{ Member Target }

// Restart starts a crashed member from its disk; a zero Member means all that
// are down.
type Restart struct{ Member Target }

// Pause stops a member's process; clock and network go on. What arrives waits.
type Pause struct{ Member Target }

// Resume lets it go on; a zero Member means all that are paused.
type Resume struct{ Member Target }

// ClockRate makes a member's clock gain Rate millionths from now on.
type ClockRate struct {
	Member Target
	Rate   int64
}

// ClockJump moves a member's clock at once. After a jump backward it stands still
// until it is where it was.
type ClockJump struct {
	Member Target
	By     Time
}

// TimeOut lets a member's election timer run out now; one whose leader may hold a lease (lease
// reads) with its help waits all the same.
type TimeOut struct{ Member Target }

// Transfer has the leader hand over to a member (thesis §3.10).
type Transfer struct{ To Target }

// Settle ends the run's faults: all cuts are healed, links and disks are fast and
// sure, clocks go right, members that are down or paused come back, dead identities
// are replaced, paused clients go on, and workloads begin nothing new. Within that time there must be a
// leader, every client must be answered, and all members must be equal, or Liveness
// is broken.
type Settle struct{ Within Time }

func (a Crash) validate(c *Config) error { return a.Member.validate(c) }

func (a Kill) validate(c *Config) error { return a.Member.validate(c) }

func (a Restart) validate(c *Config) error { return validateOrAll(c, a.Member) }

func (a Pause) validate(c *Config) error { return a.Member.validate(c) }

func (a Resume) validate(c *Config) error { return validateOrAll(c, a.Member) }

func (a ClockRate) validate(c *Config) error {
	if a.Rate < -MaxDrift || a.Rate > MaxDrift {
		return fmt.Errorf("clock: a rate of %d millionths is not between -%d and %d", a.Rate, MaxDrift, MaxDrift)
	}
	return a.Member.validate(c)
}

func (a ClockJump) validate(c *Config) error {
	if a.By < -MaxSpan || a.By > MaxSpan {
		return fmt.Errorf("clock: a jump of %d ns is more than 1 h", a.By)
	}
	return a.Member.validate(c)
}

func (a TimeOut) validate(c *Config) error { return a.Member.validate(c) }

func (a Transfer) validate(c *Config) error { return a.To.validate(c) }

func (a Settle) validate(*Config) error {
	if a.Within <= 0 || a.Within > MaxSpan {
		return fmt.Errorf("settle: within %d ns is not a span of time up to 1 h", a.Within)
	}
	return nil
}

// validateOrAll checks a target that may be zero, for all.
func validateOrAll(c *Config, t Target) error {
	if t == 0 {
		return nil
	}
	return t.validate(c)
}
