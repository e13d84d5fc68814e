package scenario

import (
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/raftsim"
)

// linkSettings are those of `network`, and of the action `link`.
var linkSettings = []setting[raftsim.Link]{
	{"latency", parseLatency},
	chanceSetting("drop", func(l *raftsim.Link) *raftsim.Chance { return &l.Drop }),
	chanceSetting("duplicate", func(l *raftsim.Link) *raftsim.Chance { return &l.Duplicate }),
	chanceSetting("reorder", func(l *raftsim.Link) *raftsim.Chance { return &l.Reorder }),
	newSetting("bandwidth", "bytes a second such as 1MiB, or "+raftsim.Unlimited, parseBandwidth, formatBandwidth,
		func(l *raftsim.Link) *int64 { return &l.Bandwidth }),
}

// shapes of latencies; the first one needs no word.
var shapes = []raftsim.Shape{raftsim.Uniform, raftsim.Normal, raftsim.HeavyTail}

func shapeNames() []string {
	var names []string
	for _, s := range shapes {
		names = append(names, s.String())
	}
	return names
}

// parseLatency reads a span and perhaps a shape.
func parseLatency(r *reader) (string, func(*raftsim.Link), error) {
	spread, err := value(r, "a time such as 5ms, or 1ms..5ms", parseSpread)
	if err != nil {
		return "", nil, err
	}
	latency := raftsim.Latency{Spread: spread}
	if names := shapeNames(); slices.Contains(names, r.peek()) {
		name, _ := r.next("")
		latency.Shape = shapes[slices.Index(names, name)]
	} else if near := nearest(r.peek(), names); near != "" {
		name, _ := r.next("")
		return "", nil, unknown("shape", name, names)
	}
	if spread.Min < raftsim.MinLatency {
		return "", nil, fmt.Errorf("a message takes at least %v", raftsim.MinLatency)
	}
	return latency.String(), func(l *raftsim.Link) { l.Latency = latency }, nil
}

func parseBandwidth(text string) (int64, error) {
	if text == raftsim.Unlimited {
		return 0, nil
	}
	n, err := parseSize(text)
	if err == nil && n == 0 {
		err = fmt.Errorf("expected more than 0, or %s", raftsim.Unlimited)
	}
	return n, err
}

func formatBandwidth(n int64) string {
	if n == 0 {
		return raftsim.Unlimited
	}
	return raftsim.FormatSize(n)
}

// networkStatement is `network SETTINGS`.
type networkStatement []chosen[raftsim.Link]

func parseNetwork(r *reader) (statement, error) {
	if r.empty() {
		return nil, fmt.Errorf("the line ends too early: expected %s", oneOf(settingNames(linkSettings)))
	}
	list, err := parseSettings(r, "setting", linkSettings)
	return networkStatement(list), err
}

func (s networkStatement) words() string { return "network" + settingWords(s) }

func (s networkStatement) apply(sc *Scenario) error {
	for _, c := range s {
		c.set(&sc.config.Network)
	}
	return nil
}
