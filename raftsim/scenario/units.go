package scenario

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raftsim"
)

// MaxRun bounds the length of a run.
const MaxRun = 3600 * raftsim.Second

// units of time; µ is U+00B5.
var units = []struct {
	name string
	size raftsim.Time
}{
	{"m", 60 * raftsim.Second},
	{"s", raftsim.Second},
	{"ms", raftsim.Millisecond},
	{"us", raftsim.Microsecond},
	{"µs", raftsim.Microsecond},
	{"ns", raftsim.Nanosecond},
}

// parseTime reads a time such as 20ms or 1.5s, at most MaxRun.
func parseTime(text string) (raftsim.Time, error) {
	digits := strings.TrimRight(text, "mnsuµ")
	for _, unit := range units {
		if text[len(digits):] != unit.name {
			continue
		}
		n, err := parseDecimal(digits, int64(unit.size))
		if err != nil {
			return 0, fmt.Errorf("time %s: %w", quote(text), err)
		}
		if n > int64(MaxRun) {
			return 0, fmt.Errorf("time %s is longer than an hour", quote(text))
		}
		return raftsim.Time(n), nil
	}
	return 0, fmt.Errorf("%s is not a time: expected one such as 20ms or 1.5s, in ns, us, ms, s or m", quote(text))
}

// parseSpan reads a time of more than nothing.
func parseSpan(text string) (raftsim.Time, error) {
	t, err := parseTime(text)
	if err == nil && t == 0 {
		err = fmt.Errorf("expected more than 0")
	}
	return t, err
}

// parseDecimal reads a number such as 1.5 in units of 1/scale; scale's only
// prime factors are 2, 3 and 5.
func parseDecimal(text string, scale int64) (int64, error) {
	whole, fraction, point := strings.Cut(text, ".")
	if !isDigits(whole) || point && !isDigits(fraction) {
		return 0, fmt.Errorf("expected a number such as 2 or 1.5 before the unit")
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n > math.MaxInt64/scale-1 {
		return 0, fmt.Errorf("the number is too large")
	}
	n *= scale
	for _, digit := range fraction {
		d := int64(digit - '0')
		if d*scale%10 != 0 || d > 0 && scale == 0 {
			return 0, fmt.Errorf("the number is finer than can be told apart")
		}
		n += d * scale / 10
		if scale%10 == 0 {
			scale /= 10
		} else {
			scale = 0 // nothing but zeros may follow
		}
	}
	return n, nil
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// FormatTime is a time as scenarios write it, exact and short: 1.5s, 20ms.
func FormatTime(t raftsim.Time) string { return t.String() }

// parseSpread reads 1ms..5ms, or a single time that does not vary.
func parseSpread(text string) (raftsim.Spread, error) {
	low, high, varies := strings.Cut(text, "..")
	from, err := parseTime(low)
	if err != nil {
		return raftsim.Spread{}, err
	}
	if !varies {
		return raftsim.Spread{Min: from, Max: from}, nil
	}
	to, err := parseTime(high)
	if err != nil {
		return raftsim.Spread{}, err
	}
	if to < from {
		return raftsim.Spread{}, fmt.Errorf("%s runs backwards: expected the shorter time first", quote(text))
	}
	return raftsim.Spread{Min: from, Max: to}, nil
}

// parseShift reads a time with a sign, such as +1s or -20ms.
func parseShift(text string) (raftsim.Time, error) {
	digits, negative, err := cutSign(text, "a shift", "+20ms or -1s")
	if err != nil {
		return 0, err
	}
	t, err := parseTime(digits)
	if negative {
		t = -t
	}
	return t, err
}

// parseRate reads by how many millionths a clock gains or, with a minus, loses.
func parseRate(text string) (int64, error) {
	digits, negative, err := cutSign(text, "a rate", "+100ppm or -100ppm")
	if err != nil {
		return 0, err
	}
	n, err := parseParts(digits)
	if negative {
		n = -n
	}
	return n, err
}

func cutSign(text, kind, example string) (rest string, negative bool, err error) {
	if text == "" || text[0] != '+' && text[0] != '-' {
		return "", false, fmt.Errorf("%s is not %s: expected a sign first, as in %s", quote(text), kind, example)
	}
	return text[1:], text[0] == '-', nil
}

// parseParts reads a number of millionths such as 100ppm.
func parseParts(text string) (int64, error) {
	digits, ok := strings.CutSuffix(text, "ppm")
	n, err := strconv.ParseInt(digits, 10, 64)
	if !ok || !isDigits(digits) || err != nil {
		return 0, fmt.Errorf("%s is not a number of millionths: expected one such as 100ppm", quote(text))
	}
	if n > raftsim.MaxDrift {
		return 0, fmt.Errorf("%s is more than %dppm", quote(text), raftsim.MaxDrift)
	}
	return n, nil
}

func formatParts(n int64) string { return strconv.FormatInt(n, 10) + "ppm" }

// perCent is one percent as a chance.
const perCent = raftsim.Always / 100

// parseChance reads a percentage such as 0.5%.
func parseChance(text string) (raftsim.Chance, error) {
	digits, ok := strings.CutSuffix(text, "%")
	if !ok {
		return 0, fmt.Errorf("%s is not a chance: expected a percentage such as 0.5%%", quote(text))
	}
	n, err := parseDecimal(digits, int64(perCent))
	if err != nil {
		return 0, fmt.Errorf("chance %s: %w", quote(text), err)
	}
	if n > int64(raftsim.Always) {
		return 0, fmt.Errorf("chance %s is more than 100%%", quote(text))
	}
	return raftsim.Chance(n), nil
}

// sizes of bytes, from the longest name.
var sizes = []struct {
	name string
	size int64
}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}}

// parseSize reads a number of bytes such as 512B, 64KiB or 1MiB.
func parseSize(text string) (int64, error) {
	for _, unit := range sizes {
		digits, ok := strings.CutSuffix(text, unit.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(digits, 10, 64)
		if !isDigits(digits) {
			break
		}
		if err != nil || n > maxSize/unit.size {
			return 0, fmt.Errorf("size %s is more than 1024GiB", quote(text))
		}
		return n * unit.size, nil
	}
	return 0, fmt.Errorf("%s is not a size: expected one such as 512B or 64KiB, a whole number of B, KiB, MiB or GiB", quote(text))
}

const maxSize = 1 << 40

// parseTTL reads whole seconds.
func parseTTL(text string) (kv.TTL, error) {
	t, err := parseSpan(text)
	if err == nil && t%raftsim.Second != 0 {
		err = fmt.Errorf("%s is not a time to live: expected whole seconds such as 5s", quote(text))
	}
	return kv.TTL(t / raftsim.Second), err
}

func formatTTL(ttl kv.TTL) string { return strconv.FormatInt(int64(ttl), 10) + "s" }

// parseNumber reads an integer from low to high.
func parseNumber(text string, low, high int64) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < low || n > high {
		return 0, fmt.Errorf("expected a number%s, found %s", bounds(low, high), quote(text))
	}
	return n, nil
}

func bounds(low, high int64) string {
	switch {
	case high < math.MaxInt64:
		return fmt.Sprintf(" from %d to %d", low, high)
	case low > math.MinInt64:
		return fmt.Sprintf(" of at least %d", low)
	default:
		return ""
	}
}

// amount is how many of something: from least to most.
type amount struct{ least, most int }

// parseAmount reads 3, 1..3 or, without an end, 2.. .
func parseAmount(text string) (amount, error) {
	low, high, isRange := strings.Cut(text, "..")
	least, err := parseNumber(low, 0, maxNumber)
	if err != nil {
		return amount{}, err
	}
	a := amount{int(least), int(least)}
	if !isRange {
		return a, nil
	}
	a.most = maxNumber
	if high != "" {
		most, err := parseNumber(high, least, maxNumber)
		if err != nil {
			return amount{}, err
		}
		a.most = int(most)
	}
	return a, nil
}

func (a amount) String() string {
	switch a.most {
	case a.least:
		return strconv.Itoa(a.least)
	case maxNumber:
		return strconv.Itoa(a.least) + ".."
	default:
		return strconv.Itoa(a.least) + ".." + strconv.Itoa(a.most)
	}
}

func (a amount) has(n int) bool { return a.least <= n && n <= a.most }
