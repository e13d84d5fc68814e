package raftsim

import (
	"fmt"
	"strconv"

	"github.com/castaway-kv/castaway/kv"
)

// Register is a client that puts and gets single keys at random. No two of its
// values are alike, nor are those of two clients.
type Register struct {
	// Keys is how many keys there are, 1 if it is 0; each is Prefix and a number from
	// 0.
	Keys   int
	Prefix string
	// Writes is the share of puts among the requests.
	Writes Chance
	// Serializable is the share, among the gets, of those that the member which is
	// asked may answer from its own state.
	Serializable Chance
	// Requests after which the client is done; 0 means that it never is.
	Requests int

	// made counts the requests.
	made int
}

// Next implements Workload.
func (g *Register) Next(t *Turn) (kv.Request, bool) {
	if g.Requests > 0 && g.made == g.Requests {
		return nil, false
	}
	g.made++
	key := numbered(g.Prefix, int(t.Choose(uint64(max(1, g.Keys)))))
	if t.Happens(g.Writes) {
		return kv.PutRequest{Key: key, Value: numbered(t.Name+".", g.made)}, true
	}
	return kv.RangeRequest{Span: kv.Span{Key: key}, Serializable: t.Happens(g.Serializable)}, true
}

// Clone implements Workload.
func (g *Register) Clone() Workload {
	clone := *g
	return &clone
}

// Validate names the field that can't be.
func (g *Register) Validate() error {
	return firstError(
		notNegative("keys", g.Keys),
		g.Writes.validate("writes"),
		g.Serializable.validate("serializable"),
		notNegative("requests", g.Requests),
	)
}

// String says how far the client is.
func (g *Register) String() string { return fmt.Sprintf("register: %d requests made", g.made) }

// numbered is a prefix with a number.
func numbered(prefix string, n int) string { return prefix + strconv.Itoa(n) }

// firstError is the first that is one.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func notNegative(field string, n int) error {
	if n < 0 {
		return fmt.Errorf("%s: %d is less than 0", field, n)
	}
	return nil
}

func notEmpty(field, text string) error {
	if text == "" {
		return fmt.Errorf("%s: it is empty", field)
	}
	return nil
}

func (c Chance) validate(field string) error {
	if c > Always {
		return fmt.Errorf("%s: %d millionths are more than all", field, c)
	}
	return nil
}

// validateField adds the field to the error of a span of time.
func (s Spread) validateField(field string) error {
	if err := s.validate(); err != nil {
		return fmt.Errorf("%s: %w", field, err)
	}
	return nil
}
