package scenario

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/castaway-kv/castaway/raftsim"
)

// MaxRun bounds the length of a run.
const MaxRun = 3600 * raftsim.Second

// units of time from the largest; µ is U+00B5.
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
func FormatTime(t raftsim.Time) string {
	if t <= 0 {
		return "0s"
	}
	unit := units[len(units)-1]
	for _, u := range units[1:] {
		if t >= u.size {
			unit = u
			break
		}
	}
	return formatDecimal(int64(t), int64(unit.size)) + unit.name
}

// formatDecimal is n in units of 1/scale, a power of ten.
func formatDecimal(n, scale int64) string {
	text := strconv.FormatInt(n/scale, 10)
	if n%scale == 0 {
		return text
	}
	fraction := strconv.FormatInt(scale+n%scale, 10)[1:]
	return text + "." + strings.TrimRight(fraction, "0")
}

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

func formatSpread(s raftsim.Spread) string {
	if s.Min == s.Max {
		return FormatTime(s.Min)
	}
	return FormatTime(s.Min) + ".." + FormatTime(s.Max)
}

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

func formatChance(c raftsim.Chance) string {
	return formatDecimal(int64(c), int64(perCent)) + "%"
}

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
