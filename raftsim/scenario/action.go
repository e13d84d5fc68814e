package scenario

import (
	"fmt"
	"slices"
	"strings"

	"github.com/castaway-kv/castaway/raftsim"
)

// actions that may stand after a time.
var actions = []string{"crash", "restart", "cut", "heal", "client"}

// ParseAction reads what may stand after `at TIME` in a scenario with that many
// members, such as `crash S2`, `cut leader` or `client you@S1 get counter`.
// Whether the client exists is for the scenario to say: see Scenario.WithAction.
func ParseAction(text string, members int) (raftsim.Action, error) {
	if err := checkText(text); err != nil {
		return nil, err
	}
	words, _, err := split(text)
	if err != nil {
		return nil, err
	}
	return parseAction(words, members)
}

func parseAction(words []word, members int) (raftsim.Action, error) {
	r := reader{words}
	name, err := r.choice("action", actions...)
	if err != nil {
		return nil, err
	}
	if name == "client" {
		return parseInvoke(&r, members)
	}
	var action raftsim.Action
	switch name {
	case "crash":
		action, err = parseCrash(&r, members)
	case "restart":
		action, err = parseRestart(&r, members)
	case "cut":
		action, err = parseCut(&r, members)
	case "heal":
		action, err = parseHeal(&r, members)
	}
	if err == nil {
		err = r.end()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return action, nil
}

func parseCrash(r *reader, members int) (raftsim.Action, error) {
	text, err := r.next("a member")
	if err != nil {
		return nil, err
	}
	member, err := parseMember(text, members)
	return raftsim.Crash{Member: member}, err
}

func parseRestart(r *reader, members int) (raftsim.Action, error) {
	if r.empty() {
		return raftsim.Restart{}, nil
	}
	text, _ := r.next("a member")
	if text == raftsim.TheLeader.String() {
		return nil, fmt.Errorf("a leader is up: expected a member, or nothing for all that are down")
	}
	member, err := parseMember(text, members)
	return raftsim.Restart{Member: member}, err
}

func parseCut(r *reader, members int) (raftsim.Action, error) {
	a, b, err := parseGroups(r, members)
	if err == nil && a == nil {
		err = fmt.Errorf("the line ends too early: expected the members to cut off")
	}
	return raftsim.Cut{A: a, B: b}, err
}

func parseHeal(r *reader, members int) (raftsim.Action, error) {
	a, b, err := parseGroups(r, members)
	return raftsim.Heal{A: a, B: b}, err
}

// parseGroups reads members, then perhaps | and more members.
func parseGroups(r *reader, members int) (a, b []raftsim.Target, err error) {
	group, sides := &a, 1
	for !r.empty() {
		text, _ := r.next("a member")
		if text == "|" {
			group, sides = &b, sides+1
			continue
		}
		member, err := parseMember(text, members)
		if err != nil {
			return nil, nil, err
		}
		if slices.Contains(a, member) || slices.Contains(b, member) {
			return nil, nil, fmt.Errorf("%v is named twice", member)
		}
		*group = append(*group, member)
	}
	if sides > 2 || sides == 2 && (a == nil || b == nil) {
		return nil, nil, fmt.Errorf("expected members on both sides of one |, such as S1 S2 | S3 S4 S5")
	}
	return a, b, nil
}

// parseInvoke reads `NAME[@MEMBER] COMMAND`; without a member the leader is asked.
func parseInvoke(r *reader, members int) (raftsim.Action, error) {
	text, err := r.next("a client's name")
	if err != nil {
		return nil, fmt.Errorf("client: %w", err)
	}
	invoke := raftsim.Invoke{Member: raftsim.TheLeader}
	name, at, addressed := strings.Cut(text, "@")
	if err := checkName(name); err != nil {
		return nil, err
	}
	invoke.Client = name
	if addressed {
		if invoke.Member, err = parseMember(at, members); err != nil {
			return nil, fmt.Errorf("client %s: %w", name, err)
		}
	}
	invoke.Request, err = parseCommand(r.words)
	return invoke, err
}

// parseMember reads S1, S2, … or leader.
func parseMember(text string, members int) (raftsim.Target, error) {
	if text == raftsim.TheLeader.String() {
		return raftsim.TheLeader, nil
	}
	names := memberNames(members)
	if i := slices.Index(names, text); i >= 0 {
		return raftsim.Target(i + 1), nil
	}
	names = append(names, raftsim.TheLeader.String())
	digits, ok := strings.CutPrefix(text, "S")
	if ok && isDigits(digits) && digits[0] != '0' {
		return 0, fmt.Errorf("member %s does not exist: expected %s", quote(text), oneOf(names))
	}
	return 0, unknown("member", text, names)
}

func memberNames(members int) []string {
	var names []string
	for i := 1; i <= members; i++ {
		names = append(names, raftsim.Target(i).String())
	}
	return names
}

// actionWords is a as ParseAction reads it.
func actionWords(a raftsim.Action) string {
	switch a := a.(type) {
	case raftsim.Crash:
		return "crash " + a.Member.String()
	case raftsim.Restart:
		if a.Member == 0 {
			return "restart"
		}
		return "restart " + a.Member.String()
	case raftsim.Cut:
		return "cut" + groupWords(a.A, a.B)
	case raftsim.Heal:
		return "heal" + groupWords(a.A, a.B)
	case raftsim.Invoke:
		return "client " + a.Client + "@" + a.Member.String() + " " + FormatCommand(a.Request)
	default:
		panic(fmt.Sprintf("scenario: no words for a %T", a))
	}
}

func groupWords(a, b []raftsim.Target) string {
	var words strings.Builder
	for _, t := range a {
		words.WriteString(" " + t.String())
	}
	if len(b) > 0 {
		words.WriteString(" |")
	}
	for _, t := range b {
		words.WriteString(" " + t.String())
	}
	return words.String()
}
