package scenario

import (
	"fmt"

	"github.com/castaway-kv/castaway/raftsim"
)

// atStatement is `at TIME ACTION`. Its action is parsed when the members are
// known, wherever they stand.
type atStatement struct {
	at     raftsim.Time
	rest   []word
	action raftsim.Action
}

func parseAt(r *reader) (statement, error) {
	text, err := r.next("a time")
	if err != nil {
		return nil, err
	}
	at, err := parseTime(text)
	if err != nil {
		return nil, err
	}
	if r.empty() {
		return nil, fmt.Errorf("the line ends too early: expected %s", oneOf(actions))
	}
	s := &atStatement{at: at, rest: r.words}
	r.words = nil
	return s, nil
}

func (s *atStatement) words() string { return "at " + FormatTime(s.at) + " " + actionWords(s.action) }

func (s *atStatement) apply(sc *Scenario) (err error) {
	if s.action, err = parseAction(s.rest, sc.config.Members); err != nil {
		return err
	}
	if invoke, ok := s.action.(raftsim.Invoke); ok && !sc.hasClient(invoke.Client) {
		return unknown("client", invoke.Client, sc.clientNames())
	}
	if n := len(sc.config.Schedule); n > 0 && s.at < sc.config.Schedule[n-1].At {
		return fmt.Errorf("%s lies in the past: the line before is at %s already; put them in order of time",
			FormatTime(s.at), FormatTime(sc.config.Schedule[n-1].At))
	}
	if s.at > sc.length {
		return fmt.Errorf("%s is after the end: the run is %s long", FormatTime(s.at), FormatTime(sc.length))
	}
	sc.config.Schedule = append(sc.config.Schedule, raftsim.Scheduled{At: s.at, Action: s.action})
	return nil
}

// runStatement is `run TIME`.
type runStatement raftsim.Time

func parseRun(r *reader) (statement, error) {
	text, err := r.next("how long to run, such as 20s")
	if err != nil {
		return nil, err
	}
	length, err := parseTime(text)
	if err == nil && length == 0 {
		err = fmt.Errorf("expected more than 0")
	}
	return runStatement(length), err
}

func (s runStatement) words() string { return "run " + FormatTime(raftsim.Time(s)) }

func (s runStatement) apply(sc *Scenario) error {
	sc.length = raftsim.Time(s)
	return nil
}
