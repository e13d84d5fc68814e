package raftsim

import "fmt"

// Link is how messages fare from one member to another.
type Link struct {
	Latency Latency
	// Drop is the chance that a message is lost, Duplicate that it comes twice.
	Drop, Duplicate Chance
	// Reorder is the chance that a message may overtake those before it; the others
	// come in order.
	Reorder Chance
	// Bandwidth in bytes a second; 0 means that it does not matter.
	Bandwidth int64
}

// Latency is how long a message is under way: drawn from Min to Max in a shape.
type Latency struct {
	Shape Shape
	Spread
}

// Shape is how a draw is distributed between the two ends of a spread.
type Shape uint8

// The shapes.
const (
	// Uniform: every value is as likely. With Min equal to Max it is fixed.
	Uniform Shape = iota
	// Normal: most values are near the middle, and the ends are three standard
	// deviations from it.
	Normal
	// HeavyTail: half of all values lie in the first hundredth, and a few near Max, as
	// on a network with congestion (Pareto, α = 1.2).
	HeavyTail
)

func (s Shape) String() string { return [...]string{"uniform", "normal", "heavy-tail"}[s] }

// quantiles of the shapes at 0, 1/32, …, 1, in 65536ths of the spread. Tables of
// integers are equal on every machine; in between, it is drawn along straight lines.
var quantiles = [...][33]uint32{
	Normal:    {0, 12615, 16115, 18443, 20257, 21778, 23112, 24315, 25424, 26461, 27445, 28387, 29297, 30184, 31054, 31914, 32768, 33622, 34482, 35352, 36239, 37149, 38091, 39075, 40112, 41221, 42424, 43758, 45279, 47093, 49421, 52921, 65536},
	HeavyTail: {0, 23, 47, 72, 99, 128, 159, 192, 228, 266, 308, 353, 403, 457, 516, 582, 655, 737, 830, 935, 1057, 1198, 1364, 1563, 1806, 2111, 2506, 3038, 3799, 4991, 7158, 12541, 65536},
}

// value is where a draw u, below 1<<16, lies in a span, in nanoseconds.
func (s Shape) value(u uint64, span Time) Time {
	table := &quantiles[s]
	i, rest := u>>11, u&(1<<11-1)
	q := uint64(table[i])<<11 + uint64(table[i+1]-table[i])*rest // in 1<<27ths
	return Time(q>>7)*(span>>20) + Time(q>>7)*(span&(1<<20-1))>>20
}

// draw is one latency.
func (l *Latency) draw(c *chooser, k Key) Time {
	if l.Shape == Uniform {
		return c.spread(k, l.Spread)
	}
	return l.Min + l.Shape.value(c.choose(k, 1<<16), l.Max-l.Min)
}

func (l *Link) validate() error {
	if err := l.Latency.validate(); err != nil {
		return fmt.Errorf("latency: %w", err)
	}
	if l.Latency.Min < MinLatency {
		return fmt.Errorf("latency: a message takes at least %d ns", MinLatency)
	}
	if int(l.Latency.Shape) >= len(quantiles) {
		return fmt.Errorf("latency: there is no shape %d", l.Latency.Shape)
	}
	for _, x := range []struct {
		name   string
		chance Chance
	}{{"drop", l.Drop}, {"duplicate", l.Duplicate}, {"reorder", l.Reorder}} {
		if x.chance > Always {
			return fmt.Errorf("%s: %d millionths are more than all", x.name, x.chance)
		}
	}
	if l.Bandwidth < 0 {
		return fmt.Errorf("bandwidth: %d bytes a second are less than none", l.Bandwidth)
	}
	return nil
}
