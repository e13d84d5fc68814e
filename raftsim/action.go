package raftsim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raft"
)

// Action is something done to the world from outside: a fault, a repair, a command.
// An action that makes no sense when its time comes, such as
// the crash of a crashed member, is skipped, and the trace says so.
type Action interface {
	// retarget is for Retarget.
	retarget(rename func(Target) Target) Action
	validate(*Config) error
}

// Target is a member named in an action: by its number, or by what it is when
// the action happens.
type Target int

// Targets that are no member's number.
const (
	// TheLeader is the member that leads in the highest term.
	TheLeader Target = -1
)

func (t Target) String() string {
	if t == TheLeader {
		return "leader"
	}
	return "S" + strconv.Itoa(int(t))
}

// Cut loses every message between members of A and members of B that is sent or
// would arrive while it stands; with OneWay only those from A to B. An empty B means
// all members not in A.
type Cut struct {
	A, B   []Target
	OneWay bool
}

// Heal undoes the cuts between A and B, flapping ones too; both empty means all.
type Heal struct {
	A, B   []Target
	OneWay bool
}

// Bridge cuts the other members into two halves that reach one another only by way
// of Member.
type Bridge struct{ Member Target }

// Ring leaves each member only its two neighbours.
type Ring struct{}

// Flap cuts and heals the links between A and B in turn, each for Period, until
// they are healed.
type Flap struct {
	A, B   []Target
	OneWay bool
	Period Time
}

// SetLink makes the links between A and B as Link says; nil makes them as the rest of
// the network again. With OneWay only those from A to B. Both empty means all links.
type SetLink struct {
	A, B   []Target
	OneWay bool
	Link   *Link
}

// Invoke has a client send a request to a member.
type Invoke struct {
	Client  string
	Member  Target
	Request kv.Request
	// Then is a compaction that the client asks for as soon as the request, a
	// transaction, has succeeded: outside of it, at the transaction's own revision if
	// none is named. Nil if there is none.
	Then kv.Request
	// Ranged says that the keys were asked for as a range, from one up to another,
	// though a prefix means the same: it is told so.
	Ranged bool
}

// StartWatch has a manual client watch from now on, instead of what it watched
// before.
type StartWatch struct {
	Client string
	Member Target
	Watch  Watch
}

func (a Cut) validate(c *Config) error {
	if len(a.A) == 0 {
		return fmt.Errorf("cut: nobody is named")
	}
	return validateGroups(c, a.A, a.B)
}

func (a Heal) validate(c *Config) error { return validateGroups(c, a.A, a.B) }

func (a Bridge) validate(c *Config) error { return a.Member.validate(c) }

func (Ring) validate(*Config) error { return nil }

func (a Flap) validate(c *Config) error {
	if len(a.A) == 0 {
		return fmt.Errorf("flap: nobody is named")
	}
	if a.Period < Millisecond || a.Period > MaxSpan {
		return fmt.Errorf("flap: a period of %d ns is not between 1 ms and 1 h", a.Period)
	}
	return validateGroups(c, a.A, a.B)
}

func (a SetLink) validate(c *Config) error {
	if a.Link != nil {
		if err := a.Link.validate(); err != nil {
			return fmt.Errorf("link %w", err)
		}
	}
	return validateGroups(c, a.A, a.B)
}

func (a Invoke) validate(c *Config) error {
	if err := kv.Validate(a.Request); err != nil {
		return err
	}
	if a.Then != nil {
		if _, compacts := a.Then.(kv.CompactRequest); !compacts {
			return fmt.Errorf("client %s: only a compaction may follow a transaction, not %v", a.Client, a.Then)
		}
	}
	if !c.hasClient(a.Client) {
		return fmt.Errorf("client %q does not exist", a.Client)
	}
	return a.Member.validate(c)
}

func (a StartWatch) validate(c *Config) error {
	i := slices.IndexFunc(c.Clients, func(x Client) bool { return x.Name == a.Client })
	switch {
	case i < 0:
		return fmt.Errorf("client %q does not exist", a.Client)
	case !c.Clients[i].Manual:
		return fmt.Errorf("client %s has something to do: only a manual one can be told to watch", a.Client)
	}
	if err := a.Watch.validate(); err != nil {
		return err
	}
	return a.Member.validate(c)
}

func (t Target) validate(c *Config) error {
	if t == TheLeader || t >= 1 && int(t) <= c.Members || slices.Contains(c.joining(), t) {
		return nil
	}
	return fmt.Errorf("member %v does not exist: there are S1 to S%d", t, c.Members)
}

// validateGroups checks that all members exist and none is on both sides.
func validateGroups(c *Config, a, b []Target) error {
	for _, t := range append(append([]Target(nil), a...), b...) {
		if err := t.validate(c); err != nil {
			return err
		}
	}
	for _, t := range a {
		for _, u := range b {
			if t == u {
				return fmt.Errorf("%v is on both sides", t)
			}
		}
	}
	return nil
}

func groupString(ts []Target) string {
	var names []string
	for _, t := range ts {
		names = append(names, t.String())
	}
	return strings.Join(names, " ")
}

// Name is how members are called: S1, S2, …
func Name(id raft.ID) string { return "S" + strconv.FormatUint(uint64(id), 10) }
