package scenario

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/castaway-kv/castaway/raftsim"
)

// numbered is the member that a name such as S3 means, whether it exists or not.
func numbered(text string) (raftsim.Target, bool) {
	digits, ok := strings.CutPrefix(text, "S")
	if !ok || !isDigits(digits) || digits[0] == '0' || len(digits) > 2 {
		return 0, false
	}
	n, _ := strconv.Atoi(digits)
	return raftsim.Target(n), n <= raftsim.MaxIDs
}

// parseID reads the name of a member, whether it exists or not.
func parseID(text string) (raftsim.Target, error) {
	t, ok := numbered(text)
	if !ok {
		return 0, fmt.Errorf("expected a member from S1 to S%d, found %s", raftsim.MaxIDs, quote(text))
	}
	return t, nil
}

// member takes S1, S2, … or leader.
func (r *reader) member() (raftsim.Target, error) { return value(r, "a member", r.sc.parseMember) }

// numberedMember takes S1, S2, ….
func (r *reader) numberedMember() (raftsim.Target, error) {
	return value(r, "a member", func(text string) (raftsim.Target, error) {
		t, err := r.sc.parseMember(text)
		if err == nil && t == raftsim.TheLeader {
			err = fmt.Errorf("expected a member's name such as S1, found %s", quote(text))
		}
		return t, err
	})
}

// parseMember reads S1, S2, … or leader.
func (s *Scenario) parseMember(text string) (raftsim.Target, error) {
	if text == raftsim.TheLeader.String() {
		return raftsim.TheLeader, nil
	}
	t, ok := numbered(text)
	if ok && (int(t) <= s.config.Members || slices.Contains(s.joining, t)) {
		return t, nil
	}
	names := append(s.memberNames(), raftsim.TheLeader.String())
	digits, named := strings.CutPrefix(text, "S")
	if named && isDigits(digits) && digits[0] != '0' {
		return 0, fmt.Errorf("member %s does not exist: expected %s", quote(text), oneOf(names))
	}
	return 0, unknown("member", text, names)
}

// memberNames are the members that there may be at some time.
func (s *Scenario) memberNames() []string {
	var names []string
	for i := 1; i <= s.config.Members; i++ {
		names = append(names, raftsim.Target(i).String())
	}
	for _, t := range s.joining {
		names = append(names, t.String())
	}
	return names
}

// groups takes members, then perhaps | or > and more members. It stops before a word
// that is none of them and that ends knows.
func (r *reader) groups(ends ...string) (a, b []raftsim.Target, oneWay bool, err error) {
	group, sides := &a, 1
	for !r.empty() && (r.words[0].literal || !slices.Contains(ends, r.peek())) {
		if r.peek() == "|" || r.peek() == ">" {
			sign, _ := r.next("")
			group, sides, oneWay = &b, sides+1, sign == ">"
			continue
		}
		member, err := value(r, "a member", func(text string) (raftsim.Target, error) { return r.sc.memberOr(text, ends) })
		if err != nil {
			return nil, nil, false, err
		}
		if slices.Contains(a, member) || slices.Contains(b, member) {
			return nil, nil, false, fmt.Errorf("%v is named twice", member)
		}
		*group = append(*group, member)
	}
	if sides > 2 || sides == 2 && (a == nil || b == nil) {
		return nil, nil, false, fmt.Errorf("expected members on both sides of one | or >, such as S1 S2 | S3 S4 S5")
	}
	return a, b, oneWay, nil
}

// memberOr reads a member where other words could stand too.
func (s *Scenario) memberOr(text string, others []string) (raftsim.Target, error) {
	member, err := s.parseMember(text)
	if err == nil {
		return member, nil
	}
	if near := nearest(text, others); near != "" && nearest(text, s.memberNames()) == "" {
		return 0, fmt.Errorf("unknown word %s: did you mean %q?", quote(text), near)
	}
	return member, err
}
