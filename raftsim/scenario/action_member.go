package scenario

import (
	"fmt"

	"github.com/castaway-kv/castaway/raftsim"
)

// parseMemberAction makes the parser of an action on one member.
func parseMemberAction(action func(raftsim.Target) raftsim.Action) func(*reader) (raftsim.Action, error) {
	return func(r *reader) (raftsim.Action, error) {
		member, err := r.member()
		return action(member), err
	}
}

func parseCrash(r *reader) (raftsim.Action, error) {
	member, err := r.member()
	if err != nil || r.empty() {
		return raftsim.Crash{Member: member}, err
	}
	_, err = r.choice("word", "torn")
	return raftsim.Crash{Member: member, Torn: true}, err
}

func parseRestart(r *reader) (raftsim.Action, error) {
	if r.empty() {
		return raftsim.Restart{}, nil
	}
	if r.take(raftsim.TheLeader.String()) {
		return nil, fmt.Errorf("a leader is up: expected a member, or nothing for all that are down")
	}
	member, err := r.member()
	return raftsim.Restart{Member: member}, err
}

// parsePause reads `MEMBER`, or `client NAME TIME`.
func parsePause(r *reader) (raftsim.Action, error) {
	if !r.take("client") {
		member, err := value(r, "a member, or client", func(text string) (raftsim.Target, error) {
			return r.sc.memberOr(text, []string{"client"})
		})
		return raftsim.Pause{Member: member}, err
	}
	name, err := value(r, "a client's name", r.sc.parseClientName)
	if err != nil {
		return nil, err
	}
	t, err := value(r, "for how long", parseSpan)
	return raftsim.PauseClient{Client: name, For: t}, err
}

func parseResume(r *reader) (raftsim.Action, error) {
	if r.empty() {
		return raftsim.Resume{}, nil
	}
	member, err := r.member()
	return raftsim.Resume{Member: member}, err
}

// parseClock reads `MEMBER rate ±PPM` or `MEMBER jump ±TIME`.
func parseClock(r *reader) (raftsim.Action, error) {
	member, err := r.member()
	if err != nil {
		return nil, err
	}
	what, err := r.choice("word", "rate", "jump")
	if err != nil {
		return nil, err
	}
	if what == "rate" {
		rate, err := value(r, "a rate such as +100ppm", parseRate)
		return raftsim.ClockRate{Member: member, Rate: rate}, err
	}
	by, err := value(r, "a shift such as +20ms", parseShift)
	return raftsim.ClockJump{Member: member, By: by}, err
}

func parseSettle(r *reader) (raftsim.Action, error) {
	within, err := value(r, "within which time, such as 5s", parseSpan)
	return raftsim.Settle{Within: within}, err
}

// changes of `members`, in the order in which they are told.
var changes = []struct {
	word  string
	isNew bool
	field func(*raftsim.Reconfigure) *[]raftsim.Target
}{
	{"add", true, func(a *raftsim.Reconfigure) *[]raftsim.Target { return &a.Add }},
	{"add-learner", true, func(a *raftsim.Reconfigure) *[]raftsim.Target { return &a.AddLearner }},
	{"promote", false, func(a *raftsim.Reconfigure) *[]raftsim.Target { return &a.Promote }},
	{"remove", false, func(a *raftsim.Reconfigure) *[]raftsim.Target { return &a.Remove }},
}

// parseReconfigure reads `add S6 remove S1` and the like: all of it is one change.
func parseReconfigure(r *reader) (raftsim.Action, error) {
	var a raftsim.Reconfigure
	var names []string
	for _, c := range changes {
		names = append(names, c.word)
	}
	at, err := r.choice("change", names...)
	if err != nil {
		return nil, err
	}
	seen := map[raftsim.Target]bool{}
	for current := at; ; {
		for _, c := range changes {
			if c.word != current {
				continue
			}
			t, err := r.changed(c.isNew)
			if err == nil && seen[t] {
				err = fmt.Errorf("%v is named twice", t)
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %w", current, err)
			}
			seen[t] = true
			*c.field(&a) = append(*c.field(&a), t)
		}
		if r.empty() {
			return a, nil
		}
		for _, name := range names {
			if r.take(name) {
				current = name
			}
		}
	}
}

// changed takes a member that is to be changed; one that is new needs a number that
// the scenario did not begin with.
func (r *reader) changed(isNew bool) (raftsim.Target, error) {
	if !isNew {
		return r.member()
	}
	t, err := value(r, "a new member", parseID)
	if err == nil && int(t) <= r.sc.config.Members {
		err = fmt.Errorf("%v was there from the beginning: expected a new member from S%d to S%d", t, r.sc.config.Members+1, raftsim.MaxIDs)
	}
	return t, err
}
