package raftsim

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raft"
)

// Action is something done to the world from outside: Crash, Restart, Cut,
// Heal, Invoke or PauseClient. An action that makes no sense when its time comes, such as
// the crash of a crashed member, is skipped, and the trace says so.
type Action interface {
	action()
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

// Crash stops a member as by power loss: it keeps what was synced, and of the
// rest any subset of sectors.
type Crash struct{ Member Target }

// Restart starts a crashed member from its disk; a zero Member means all that
// are down.
type Restart struct{ Member Target }

// Cut loses every message between members of A and members of B, in both
// directions, that is sent or would arrive while it stands. An empty B means
// all members not in A.
type Cut struct{ A, B []Target }

// Heal undoes the cuts between A and B; both empty means all cuts.
type Heal struct{ A, B []Target }

// Invoke has a client send a request to a member.
type Invoke struct {
	Client  string
	Member  Target
	Request kv.Request
}

func (Crash) action()   {}
func (Restart) action() {}
func (Cut) action()     {}
func (Heal) action()    {}
func (Invoke) action()  {}

func (a Crash) validate(c *Config) error { return a.Member.validate(c) }

func (a Restart) validate(c *Config) error {
	if a.Member == 0 {
		return nil
	}
	return a.Member.validate(c)
}

func (a Cut) validate(c *Config) error {
	if len(a.A) == 0 {
		return fmt.Errorf("cut: nobody is named")
	}
	return validateGroups(c, a.A, a.B)
}

func (a Heal) validate(c *Config) error { return validateGroups(c, a.A, a.B) }

func (a Invoke) validate(c *Config) error {
	if err := kv.Validate(a.Request); err != nil {
		return err
	}
	if !c.hasClient(a.Client) {
		return fmt.Errorf("client %q does not exist", a.Client)
	}
	return a.Member.validate(c)
}

func (t Target) validate(c *Config) error {
	if t == TheLeader || t >= 1 && int(t) <= c.Members {
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
