package main

import (
	"fmt"
	"io"

	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/raftsim/scenario"
)

// story tells a run in sentences, and what the scenario says to whoever looks on.
type story struct {
	out io.Writer
	// captions that are still to come.
	captions []scenario.Caption
}

func (s *story) begin(sc *scenario.Scenario) { s.captions = sc.Captions() }

func (s *story) event(e *raftsim.Event) {
	if line, ok := scenario.Line(e); ok {
		s.caption(e.Time)
		fmt.Fprintln(s.out, line) //nolint:errcheck // a buffer, flushed in the end
	}
}

// caption says what is to be said up to a moment.
func (s *story) caption(until raftsim.Time) {
	for len(s.captions) > 0 && s.captions[0].At <= until {
		c := s.captions[0]
		s.captions = s.captions[1:]
		fmt.Fprintln(s.out, scenario.LineAt(c.At, "— "+c.Text)) //nolint:errcheck // a buffer, flushed in the end
	}
}

func (s *story) end(r *scenario.Result) error {
	s.caption(scenario.MaxRun)
	_, err := fmt.Fprint(s.out, r)
	return err
}
