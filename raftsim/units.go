package raftsim

import (
	"strconv"
	"strings"
)

// How quantities are written, here and in scenarios: exact, short, with a unit.

// timeUnits from the largest.
var timeUnits = []struct {
	name string
	size Time
}{{"s", Second}, {"ms", Millisecond}, {"us", Microsecond}, {"ns", Nanosecond}}

// String is the time in the largest unit of which it has a whole one: 1.5s, 20ms.
func (t Time) String() string {
	if t < 0 {
		return "-" + (-t).String()
	}
	for _, u := range timeUnits {
		if t >= u.size {
			return FormatDecimal(int64(t), int64(u.size)) + u.name
		}
	}
	return "0s"
}

// String is the span as 1ms..5ms, or the one time that it has.
func (s Spread) String() string {
	if s.Min == s.Max {
		return s.Min.String()
	}
	return s.Min.String() + ".." + s.Max.String()
}

// String is the chance in per cent: 0.5%.
func (c Chance) String() string { return FormatDecimal(int64(c), int64(Always/100)) + "%" }

// FormatDecimal is n in units of 1/scale, a power of ten.
func FormatDecimal(n, scale int64) string {
	text := strconv.FormatInt(n/scale, 10)
	if n%scale == 0 {
		return text
	}
	fraction := strconv.FormatInt(scale+n%scale, 10)[1:]
	return text + "." + strings.TrimRight(fraction, "0")
}

// sizeUnits of a number of bytes, from the largest.
var sizeUnits = []struct {
	name string
	size int64
}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}}

// FormatSize is a number of bytes in the largest unit that leaves no fraction: 64KiB.
func FormatSize(bytes int64) string {
	for _, u := range sizeUnits {
		if bytes != 0 && bytes%u.size == 0 {
			return strconv.FormatInt(bytes/u.size, 10) + u.name
		}
	}
	return strconv.FormatInt(bytes, 10) + "B"
}

// FormatRate is by how many millionths a clock gains: +100ppm.
func FormatRate(millionths int64) string {
	if millionths < 0 {
		return strconv.FormatInt(millionths, 10) + "ppm"
	}
	return "+" + strconv.FormatInt(millionths, 10) + "ppm"
}
