package scenario

import (
	"fmt"
	"slices"
	"strings"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// parseClientName reads the name of a client that exists.
func (s *Scenario) parseClientName(name string) (string, error) {
	if err := checkName(name); err != nil {
		return "", err
	}
	if !s.anyClient && !s.hasClient(name) {
		return "", unknown("client", name, s.clientNames())
	}
	return name, nil
}

// parseInvoke reads `NAME[@MEMBER] COMMAND`; without a member the leader is asked.
func parseInvoke(r *reader) (deed, error) {
	text, err := r.next("a client's name")
	if err != nil {
		return deed{}, err
	}
	name, at, addressed := strings.Cut(text, "@")
	if name, err = r.sc.parseClientName(name); err != nil {
		return deed{}, err
	}
	member := raftsim.TheLeader
	if addressed {
		if member, err = r.sc.parseMember(at); err != nil {
			return deed{}, fmt.Errorf("%s: %w", name, err)
		}
	}
	place := r.at
	c, err := parseCommand(r)
	if err != nil {
		return deed{}, err
	}
	if c.Watch == nil {
		d := deed{action: raftsim.Invoke{Client: name, Member: member, Request: c.Request, Then: c.Then, Ranged: c.Ranged}}
		if c.short != "" {
			d.text = fmt.Sprintf("client %s@%v %s", name, member, c.short)
		}
		return d, nil
	}
	i := slices.IndexFunc(r.sc.config.Clients, func(x raftsim.Client) bool { return x.Name == name })
	if i >= 0 && !r.sc.config.Clients[i].Manual {
		return deed{}, &located{place, fmt.Errorf("client %s has something to do: only a manual one can be told to watch", name)}
	}
	return deed{action: raftsim.StartWatch{Client: name, Member: member, Watch: *c.Watch}}, nil
}

// parseArrow reads a link such as S1>S2.
func parseArrow(text string) (raftsim.MessageName, error) {
	left, right, ok := strings.Cut(text, ">")
	from, ok1 := numbered(left)
	to, ok2 := numbered(right)
	if !ok || !ok1 || !ok2 || from == to {
		return raftsim.MessageName{}, fmt.Errorf("expected a link such as S1>S2, found %s", quote(text))
	}
	return raftsim.MessageName{From: raft.ID(from), To: raft.ID(to)}, nil
}
