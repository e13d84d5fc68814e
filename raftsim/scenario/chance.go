package scenario

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/castaway-kv/castaway/raftsim"
)

// benign is `benign`: chance does no harm unless a pin says so.
type benign struct{}

func parseBenign(*reader) (statement, error) { return benign{}, nil }

func (benign) words() string { return "benign" }

func (benign) apply(sc *Scenario) error {
	sc.config.Benign = true
	return nil
}

// pin is `pin DRAW … VALUE`: one choice that the seed does not make.
type pin raftsim.Choice

func parsePin(r *reader) (statement, error) {
	draws := raftsim.Draws()
	var names []string
	for _, d := range draws {
		names = append(names, d.String())
	}
	name, err := r.choice("draw", names...)
	if err != nil {
		return nil, err
	}
	p := pin{Key: raftsim.Key{Draw: draws[slices.Index(names, name)]}}
	switch p.Key.Draw.Place() {
	case raftsim.AtLink:
		err = p.parseLink(r)
	case raftsim.AtMember:
		var t raftsim.Target
		t, err = value(r, "a member", parseID)
		p.Key.From = uint16(t)
	default:
		var n int64
		n, err = value(r, "a client's number, from 0", func(text string) (int64, error) {
			return parseNumber(text, 0, raftsim.MaxClients-1)
		})
		p.Key.From = uint16(n)
	}
	if err == nil {
		p.Key.Term, p.Key.Ordinal, err = parseOrdinal(r)
	}
	if err == nil {
		p.Value, err = value(r, "the choice: a number, 0 is the benign one", parseChoice)
	}
	return p, err
}

func (p *pin) parseLink(r *reader) error {
	name, err := parseMessage(r, "a link such as S1>S2")
	p.Key.From, p.Key.To, p.Key.Kind = uint16(name.From), uint16(name.To), name.Kind
	return err
}

func parseChoice(text string) (uint64, error) {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("expected a number from 0 to 18446744073709551615, found %s", quote(text))
	}
	return n, nil
}

// parseOrdinal reads TERM.ORDINAL.
func parseOrdinal(r *reader) (term, ordinal uint64, err error) {
	const expected = "its term and number in it, such as 3.7"
	text, err := r.next(expected)
	if err != nil {
		return 0, 0, err
	}
	left, right, ok := strings.Cut(text, ".")
	term, err = strconv.ParseUint(left, 10, 64)
	ordinal, err2 := strconv.ParseUint(right, 10, 64)
	if !ok || err != nil || err2 != nil || !isDigits(left) || !isDigits(right) {
		return 0, 0, fmt.Errorf("expected %s, found %s", expected, quote(text))
	}
	return term, ordinal, nil
}

func (p pin) words() string { return fmt.Sprintf("pin %v %d", p.Key, p.Value) }

func (p pin) apply(sc *Scenario) error {
	if sc.pinned[p.Key] {
		return fmt.Errorf("%v is pinned already", p.Key)
	}
	if sc.pinned == nil {
		sc.pinned = map[raftsim.Key]bool{}
	}
	sc.pinned[p.Key] = true
	sc.config.Choices = append(sc.config.Choices, raftsim.Choice(p))
	return nil
}
