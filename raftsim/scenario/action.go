package scenario

import (
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/raftsim"
)

// deed is an action with its words, where they aren't those of its String.
type deed struct {
	action raftsim.Action
	text   string
}

func (d deed) words() string {
	if d.text != "" {
		return d.text
	}
	return actionWords(d.action)
}

// actionWords is a as ParseAction reads it: raftsim tells actions in these words
// too.
func actionWords(a raftsim.Action) string { return fmt.Sprint(a) }

// actionForm is a kind of action: its parser takes what stands behind the word.
type actionForm struct {
	word  string
	parse func(*reader) (raftsim.Action, error)
}

// actions that may stand after a time. Those of `link` and `client` are parsed apart:
// their words are not always those of the action.
var actions = []actionForm{
	{"crash", parseCrash},
	{"kill", parseMemberAction(func(t raftsim.Target) raftsim.Action { return raftsim.Kill{Member: t} })},
	{"restart", parseRestart},
	{"pause", parsePause},
	{"resume", parseResume},
	{"clock", parseClock},
	{"timeout", parseMemberAction(func(t raftsim.Target) raftsim.Action { return raftsim.TimeOut{Member: t} })},
	{"transfer", parseMemberAction(func(t raftsim.Target) raftsim.Action { return raftsim.Transfer{To: t} })},
	{"settle", parseSettle},
	{"cut", parseCut},
	{"heal", parseHeal},
	{"bridge", parseMemberAction(func(t raftsim.Target) raftsim.Action { return raftsim.Bridge{Member: t} })},
	{"ring", func(*reader) (raftsim.Action, error) { return raftsim.Ring{}, nil }},
	{"flap", parseFlap},
	{"link", nil},
	{"drop", parseEdit(raftsim.DropIt)},
	{"double", parseEdit(raftsim.DoubleIt)},
	{"delay", parseEdit(raftsim.DelayIt)},
	{"deliver", parseEdit(raftsim.DeliverIt)},
	{"disk", parseDisk},
	{"members", parseReconfigure},
	{"client", nil},
}

// actionNames are the words of actions; atWords are all that may stand after a time.
var (
	actionNames = namesOf(actions, func(a actionForm) string { return a.word })
	atWords     = append(slices.Clip(actionNames), teachingNames()...)
)

func namesOf[T any](list []T, name func(T) string) []string {
	names := make([]string, len(list))
	for i := range list {
		names[i] = name(list[i])
	}
	return names
}

// ParseAction reads what may stand after `at TIME` in a scenario with that many
// members, such as `crash S2`, `cut leader` or `client you@S1 get counter`.
// Whether the client exists is for the scenario to say: see Scenario.WithAction.
func ParseAction(text string, members int) (raftsim.Action, error) {
	sc := &Scenario{config: raftsim.Default(members), anyClient: true}
	d, err := sc.parseAction(text)
	if err != nil {
		return nil, err
	}
	return d.action, nil
}

// parseAction reads an action for the scenario; its error is an *Error without a
// line.
func (s *Scenario) parseAction(text string) (deed, error) {
	d, at, err := s.readAction(text)
	if err != nil {
		return deed{}, &Error{Column: columnOf(text, at), Text: err.Error()}
	}
	return d, nil
}

// readAction is parseAction with the byte that an error is about.
func (s *Scenario) readAction(text string) (d deed, at int, err error) {
	if err := checkText(text); err != nil {
		return deed{}, placeOf(err, 0), err
	}
	words, _, err := split(text)
	if err != nil {
		return deed{}, placeOf(err, 0), err
	}
	r := newReader(words, s)
	name, err := r.choice("action", actionNames...)
	if err != nil {
		return deed{}, r.at, err
	}
	if d, err = parseNamed(r, name); err == nil {
		err = r.atEnd()
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return d, placeOf(err, r.at), err
}

// parseNamed reads what stands behind the word of an action.
func parseNamed(r *reader, name string) (deed, error) {
	switch name {
	case "link":
		return parseLink(r)
	case "client":
		return parseInvoke(r)
	}
	i := slices.IndexFunc(actions, func(a actionForm) bool { return a.word == name })
	a, err := actions[i].parse(r)
	return deed{action: a}, err
}
