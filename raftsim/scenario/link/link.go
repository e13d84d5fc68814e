package link

import (
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/raftsim/scenario"
)

// Bounds of a link.
const (
	// MaxText is how long a link may be, in bytes, with the address that it is a part of.
	MaxText = 200_000
	// MaxMarks is how many marks a link may have, MaxEngine how long a version may be.
	MaxMarks  = 64
	MaxEngine = 100
	// marks is how many there are of a scenario that names none.
	marks = 8
)

// Link is a scenario with the marks of its run.
type Link struct {
	Scenario *scenario.Scenario
	// Engine is the version that made the link; it may be empty.
	Engine string
	// Marks by time, rising.
	Marks []Mark
}

// Mark is the hash of a run after all events up to a moment.
type Mark struct {
	At raftsim.Time
	// Hash is the lower half of World.Hash: enough to see a difference.
	Hash uint32
}

// Make runs a scenario to its end and makes a link of it. The error is that of
// raftsim.New, or says that the engine's version is too long.
func Make(s *scenario.Scenario, engine string) (*Link, error) {
	if len(engine) > MaxEngine {
		return nil, fmt.Errorf("link: a version of %d bytes is longer than %d", len(engine), MaxEngine)
	}
	w, err := raftsim.New(s.Config())
	if err != nil {
		return nil, err
	}
	m := NewMarker(s)
	for next, ok := w.Next(); ok && next <= s.Length(); next, ok = w.Next() {
		w.Step()
		m.Look(w)
	}
	return &Link{Scenario: s, Engine: engine, Marks: m.Marks}, nil
}

// Marker makes the marks of a run while it goes on.
type Marker struct {
	// Marks so far.
	Marks []Mark
	// times are those of the marks to come.
	times []raftsim.Time
}

// NewMarker marks the ends of the eighths of a scenario's run, and the moments that it
// gives a name, as far as there is room.
func NewMarker(s *scenario.Scenario) *Marker { return &Marker{times: Moments(s)} }

// Moments are those that a link of a scenario marks, rising.
func Moments(s *scenario.Scenario) []raftsim.Time {
	var times []raftsim.Time
	for i := range marks {
		times = append(times, s.Length()/marks*raftsim.Time(i+1))
	}
	times[marks-1] = s.Length()
	for _, named := range s.Marks() {
		if named.At <= s.Length() && len(times) < MaxMarks {
			times = append(times, named.At)
		}
	}
	slices.Sort(times)
	return slices.Compact(times)
}

// Look is told the world after every event; it is for scenario.Options.
func (m *Marker) Look(w *raftsim.World) {
	next, more := w.Next()
	for len(m.times) > 0 && (!more || next > m.times[0]) {
		m.Marks = append(m.Marks, Mark{m.times[0], uint32(w.Hash())})
		m.times = m.times[1:]
	}
}
