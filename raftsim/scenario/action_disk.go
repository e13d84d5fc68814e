package scenario

import (
	"math"

	"github.com/castaway-kv/castaway/raftsim"
)

// diskFaults are what may be done to a disk.
var diskFaults = []string{"slow", "full", "fail-sync", "lose-sync", "flip", "unreadable", "mend", "wipe"}

// parseDisk reads `MEMBER FAULT …`.
func parseDisk(r *reader) (raftsim.Action, error) {
	member, err := r.member()
	if err != nil {
		return nil, err
	}
	fault, err := r.choice("fault", diskFaults...)
	if err != nil {
		return nil, err
	}
	switch fault {
	case "slow":
		factor, err := value(r, "how many times slower", func(text string) (int64, error) { return parseNumber(text, 1, 1_000_000) })
		return raftsim.SlowDisk{Member: member, Factor: factor}, err
	case "full":
		return parseFull(r, member)
	case "flip":
		part, at, err := parseDamage(r)
		return raftsim.FlipBit{Member: member, Part: part, FromEnd: at}, err
	case "unreadable":
		part, at, err := parseDamage(r)
		return raftsim.ReadError{Member: member, Part: part, FromEnd: at}, err
	case "fail-sync":
		return raftsim.FailSync{Member: member}, nil
	case "lose-sync":
		return raftsim.LoseSync{Member: member}, nil
	case "mend":
		return raftsim.MendDisk{Member: member}, nil
	default:
		return raftsim.Wipe{Member: member}, nil
	}
}

// parseFull reads how many bytes are left, or unlimited.
func parseFull(r *reader, member raftsim.Target) (raftsim.Action, error) {
	if r.take(raftsim.Unlimited) {
		return raftsim.FillDisk{Member: member, Bytes: -1}, nil
	}
	bytes, err := value(r, "how much room is left, such as 4KiB, or "+raftsim.Unlimited, parseSize)
	return raftsim.FillDisk{Member: member, Bytes: bytes}, err
}

// parseDamage reads the part of a disk and perhaps how many bytes before its end.
func parseDamage(r *reader) (part raftsim.Damaged, fromEnd int64, err error) {
	name, err := r.choice("part", raftsim.TheLog.String(), raftsim.TheSnapshot.String())
	if name == raftsim.TheSnapshot.String() {
		part = raftsim.TheSnapshot
	}
	if err != nil || r.empty() {
		return part, -1, err
	}
	fromEnd, err = value(r, "", func(text string) (int64, error) { return parseNumber(text, 0, math.MaxInt64) })
	return part, fromEnd, err
}
