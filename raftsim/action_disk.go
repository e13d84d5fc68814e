package raftsim

import "fmt"

// SlowDisk makes a member's disk take Factor times as long; 1 is as before.
type SlowDisk struct {
	Member Target
	Factor int64
}

// FillDisk leaves a member's disk so many bytes; a write beyond them fails, and stops
// the member. A negative number makes room again.
type FillDisk struct {
	Member Target
	Bytes  int64
}

// FailSync makes a member's next fsync fail. The member stops: nobody knows what is
// on the disk.
type FailSync struct{ Member Target }

// LoseSync makes a member's next fsync a lie: it reports success, and a crash loses
// what it was to make durable, unless a later one comes first.
type LoseSync struct{ Member Target }

// Damaged is what part of a disk is damaged.
type Damaged uint8

// The parts.
const (
	// TheLog: the segments of the log.
	TheLog Damaged = iota
	// TheSnapshot: the file of the newest snapshot.
	TheSnapshot
)

func (d Damaged) String() string { return [...]string{"log", "snapshot"}[d] }

// FlipBit flips one bit that is durable. It is found when the member starts again.
type FlipBit struct {
	Member Target
	Part   Damaged
	// FromEnd is how many bytes before the end of the part; negative lets chance decide.
	FromEnd int64
}

// ReadError makes a sector unreadable. It is found when the member starts again.
type ReadError struct {
	Member Target
	Part   Damaged
	// FromEnd as in FlipBit.
	FromEnd int64
}

// MendDisk takes back read errors, a full and a slow disk; damage stays.
type MendDisk struct{ Member Target }

// Wipe empties the disk of a member, which is stopped first if it runs. Its identity
// is dead: it must be replaced.
type Wipe struct{ Member Target }

func (a SlowDisk) validate(c *Config) error {
	const most = 1_000_000
	if a.Factor < 1 || a.Factor > most {
		return fmt.Errorf("disk: a factor of %d is not between 1 and %d", a.Factor, most)
	}
	return a.Member.validate(c)
}

func (a FillDisk) validate(c *Config) error { return a.Member.validate(c) }

func (a FailSync) validate(c *Config) error { return a.Member.validate(c) }

func (a LoseSync) validate(c *Config) error { return a.Member.validate(c) }

func (a FlipBit) validate(c *Config) error { return a.Part.validate(c, a.Member) }

func (a ReadError) validate(c *Config) error { return a.Part.validate(c, a.Member) }

func (a MendDisk) validate(c *Config) error { return a.Member.validate(c) }

func (a Wipe) validate(c *Config) error { return a.Member.validate(c) }

func (d Damaged) validate(c *Config, member Target) error {
	if d > TheSnapshot {
		return fmt.Errorf("disk: there is no part %d", d)
	}
	return member.validate(c)
}
