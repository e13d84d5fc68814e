package scenario

import (
	"fmt"

	"github.com/castaway-kv/castaway/raftsim"
)

// timed is a statement that begins with `at TIME`.
type timed interface {
	statement
	when() raftsim.Time
}

// moment is the time of a timed statement.
type moment raftsim.Time

func (m moment) when() raftsim.Time { return raftsim.Time(m) }

func (m moment) prefix() string { return "at " + m.when().String() + " " }

// enter checks that the moment fits behind those before.
func (m moment) enter(sc *Scenario) error {
	at := m.when()
	if at < sc.last {
		return fmt.Errorf("%v lies in the past: the line before is at %v already; put them in order of time", at, sc.last)
	}
	if at > sc.length {
		return fmt.Errorf("%v is after the end: the run is %v long", at, sc.length)
	}
	sc.last = at
	return nil
}

// atStatement is `at TIME ACTION`.
type atStatement struct {
	moment
	deed
}

func parseAt(r *reader) (statement, error) {
	at, err := value(r, "a time", parseTime)
	if err != nil {
		return nil, err
	}
	place := r.at
	name, err := r.choice("action", atWords...)
	if err != nil {
		return nil, err
	}
	var st timed
	if parse := teachingOf(name); parse != nil {
		st, err = parse(r, moment(at))
	} else {
		var d deed
		d, err = parseNamed(r, name)
		st = &atStatement{moment(at), d}
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := st.(interface{ enter(*Scenario) error }).enter(r.sc); err != nil {
		return nil, &located{place, err}
	}
	return st, nil
}

func (s *atStatement) words() string { return s.prefix() + s.deed.words() }

func (s *atStatement) apply(sc *Scenario) error {
	sc.config.Schedule = append(sc.config.Schedule, raftsim.Scheduled{At: s.when(), Action: s.action})
	return nil
}

// runStatement is `run TIME`.
type runStatement raftsim.Time

func parseRun(r *reader) (statement, error) {
	length, err := value(r, "how long to run, such as 20s", parseSpan)
	return runStatement(length), err
}

func (s runStatement) words() string { return "run " + raftsim.Time(s).String() }

func (s runStatement) apply(sc *Scenario) error {
	sc.length = raftsim.Time(s)
	return nil
}
