package scenario

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raftsim"
)

// setting is a name that sets something in a C, and the values behind it: all that
// `network`, `client` and other statements have of this kind stands in tables of
// settings.
type setting[C any] struct {
	name string
	// parse takes the values; it returns them in canonical form, and what they set.
	parse func(*reader) (canonical string, set func(*C), err error)
}

// chosen is a setting with its values, as words in canonical form.
type chosen[C any] struct {
	words string
	set   func(*C)
}

// newSetting is a setting of one word. Expected says what that is.
func newSetting[C, T any](name, expected string, parse func(string) (T, error), format func(T) string, field func(*C) *T) setting[C] {
	return setting[C]{name, func(r *reader) (string, func(*C), error) {
		v, err := value(r, expected, parse)
		if err != nil {
			return "", nil, err
		}
		return format(v), func(c *C) { *field(c) = v }, nil
	}}
}

func spreadSetting[C any](name string, field func(*C) *raftsim.Spread) setting[C] {
	return newSetting(name, "a time such as 5ms, or 1ms..5ms", parseSpread, raftsim.Spread.String, field)
}

func timeSetting[C any](name string, field func(*C) *raftsim.Time) setting[C] {
	return newSetting(name, "a time such as 20ms", parseTime, raftsim.Time.String, field)
}

// spanSetting is a time that must be longer than nothing.
func spanSetting[C any](name string, field func(*C) *raftsim.Time) setting[C] {
	return newSetting(name, "a time such as 20ms", parseSpan, raftsim.Time.String, field)
}

func chanceSetting[C any](name string, field func(*C) *raftsim.Chance) setting[C] {
	return newSetting(name, "a percentage such as 0.5%", parseChance, raftsim.Chance.String, field)
}

func numberSetting[C any](name string, low, high int64, field func(*C) *int) setting[C] {
	return newSetting(name, "a number"+bounds(low, high), func(text string) (int, error) {
		n, err := parseNumber(text, low, high)
		return int(n), err
	}, strconv.Itoa, field)
}

func longSetting[C any](name string, low, high int64, field func(*C) *int64) setting[C] {
	return newSetting(name, "a number"+bounds(low, high), func(text string) (int64, error) {
		return parseNumber(text, low, high)
	}, func(n int64) string { return strconv.FormatInt(n, 10) }, field)
}

func ttlSetting[C any](name string, field func(*C) *kv.TTL) setting[C] {
	return newSetting(name, "whole seconds such as 5s", parseTTL, formatTTL, field)
}

// flagSetting is a name alone.
func flagSetting[C any](name string, field func(*C) *bool) setting[C] {
	return setting[C]{name, func(*reader) (string, func(*C), error) {
		return "", func(c *C) { *field(c) = true }, nil
	}}
}

func settingNames[C any](settings []setting[C]) []string {
	names := make([]string, len(settings))
	for i := range settings {
		names[i] = settings[i].name
	}
	return names
}

// parseSettings takes the rest of the line as settings, each at most once.
func parseSettings[C any](r *reader, kind string, settings []setting[C]) ([]chosen[C], error) {
	var list []chosen[C]
	seen := map[string]bool{}
	for !r.empty() {
		name, err := r.choice(kind, settingNames(settings)...)
		if err != nil {
			return nil, err
		}
		if seen[name] {
			return nil, fmt.Errorf("%s is given twice", name)
		}
		seen[name] = true
		i := slices.IndexFunc(settings, func(s setting[C]) bool { return s.name == name })
		words, set, err := settings[i].parse(r)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		list = append(list, chosen[C]{strings.TrimRight(name+" "+words, " "), set})
	}
	return list, nil
}

func settingWords[C any](list []chosen[C]) string {
	var words strings.Builder
	for _, c := range list {
		words.WriteString(" " + c.words)
	}
	return words.String()
}

// maxNumber bounds numbers that have no other bound.
const maxNumber = math.MaxInt32
