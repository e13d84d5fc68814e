package scenario

import (
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

func parseCut(r *reader) (raftsim.Action, error) {
	a, b, oneWay, err := r.groups()
	if err == nil && a == nil {
		_, err = r.next("the members to cut off")
	}
	return raftsim.Cut{A: a, B: b, OneWay: oneWay}, err
}

func parseHeal(r *reader) (raftsim.Action, error) {
	a, b, oneWay, err := r.groups()
	return raftsim.Heal{A: a, B: b, OneWay: oneWay}, err
}

func parseFlap(r *reader) (raftsim.Action, error) {
	period, err := value(r, "a period such as 500ms", parseTime)
	if err == nil && period < raftsim.Millisecond {
		err = fmt.Errorf("a period of %v is shorter than %v", period, raftsim.Millisecond)
	}
	if err != nil {
		return nil, err
	}
	a, b, oneWay, err := r.groups()
	if err == nil && a == nil {
		_, err = r.next("the members whose links flap")
	}
	return raftsim.Flap{Period: period, A: a, B: b, OneWay: oneWay}, err
}

// normal is the word for links that are as the rest of the network again.
const normal = "normal"

// parseLink reads `[GROUPS] normal` or `[GROUPS] SETTINGS`: what they don't say is
// as the network is.
func parseLink(r *reader) (deed, error) {
	words := append(settingNames(linkSettings), normal)
	a, b, oneWay, err := r.groups(words...)
	if err != nil {
		return deed{}, err
	}
	action := raftsim.SetLink{A: a, B: b, OneWay: oneWay}
	if r.empty() {
		_, err := r.next(oneOf(words))
		return deed{}, err
	}
	if r.take(normal) {
		return deed{action: action}, nil
	}
	list, err := parseSettings(r, "setting", linkSettings)
	if err != nil {
		return deed{}, err
	}
	quality := r.sc.config.Network
	for _, c := range list {
		c.set(&quality)
	}
	// Its String says all settings; the words are those that were said.
	d := deed{action: action, text: actionWords(action)}
	d.text = d.text[:len(d.text)-len(" "+normal)] + settingWords(list)
	action.Link = &quality
	d.action = action
	return d, nil
}

// parseEdit makes the parser of what may be done to a message under way.
func parseEdit(edit raftsim.Edit) func(*reader) (raftsim.Action, error) {
	return func(r *reader) (raftsim.Action, error) {
		name, err := parseMessage(r, "a message such as S1>S2 AppendEntries 3.7")
		if err != nil {
			return nil, err
		}
		for _, id := range []raft.ID{name.From, name.To} {
			if _, err := r.sc.parseMember(raftsim.Name(id)); err != nil {
				return nil, err
			}
		}
		term, ordinal, err := parseOrdinal(r)
		name.Term, name.Ordinal = raft.Term(term), ordinal
		a := raftsim.EditMessage{Edit: edit, Message: name}
		if err != nil || edit != raftsim.DelayIt && edit != raftsim.DoubleIt || edit == raftsim.DoubleIt && r.empty() {
			return a, err
		}
		if _, err = r.choice("word", "by"); err == nil {
			a.By, err = value(r, "a time such as 20ms", parseTime)
		}
		return a, err
	}
}

// parseMessage reads a link and a kind of message: `S1>S2 AppendEntries`.
func parseMessage(r *reader, expected string) (raftsim.MessageName, error) {
	text, err := r.next(expected)
	if err != nil {
		return raftsim.MessageName{}, err
	}
	name, err := parseArrow(text)
	if err != nil {
		return name, err
	}
	kinds := raftsim.MessageKinds()
	kind, err := r.choice("message", kindNames(kinds)...)
	if err == nil {
		name.Kind = kinds[slices.Index(kindNames(kinds), kind)]
	}
	return name, err
}

func kindNames[K fmt.Stringer](kinds []K) []string {
	var names []string
	for _, k := range kinds {
		names = append(names, k.String())
	}
	return names
}
