package raftsim

import (
	"fmt"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
)

// Client is one client: it has one request under way at a time. It has a Workload,
// a Watch, or is Manual. What the schedule asks of it by Invoke it does besides.
//
// Clients reach every member, whatever cuts stand between members. A connection
// keeps the order of what goes over it, in each direction, and can only break: when
// its member crashes.
type Client struct {
	// Name in the history; unique, without spaces.
	Name string
	// Workload decides what the client does.
	Workload Workload
	// Watch makes it a client that only watches.
	Watch *Watch
	// Manual makes it a client that only does what the schedule says.
	Manual bool
	// Entry is the member that the client asks. 0 is any: one that is drawn at first,
	// then the one that a refusal names as leader, or the next one when there is no
	// answer. A member's number is always that one, and TheLeader the one that leads
	// when the request is sent, any that is up if none does.
	Entry Target
	// Think is the pause between an answer and the client's next turn. A client that
	// watches takes this long over each response.
	Think Spread
	// Timeout is how long the client waits; what was not answered by then is unknown.
	// A client that watches takes a stream that was silent for so long for dead.
	Timeout Time
	// Retries is how often the client sends a request again before it takes a missing
	// answer, or the refusal of a member that can't serve it now, for the outcome, as
	// client libraries do; each time with a time-out of its own, and only where
	// Rules.Client allows it. In the history it is one operation.
	Retries int
}

// ClientRules are the decisions of clients that keep histories true. A run may
// replace one to show what it is there for.
type ClientRules struct {
	// MayRetry: a request may be sent again if it changes nothing, or if it is certain
	// that it did not happen. A write whose outcome is unknown may have happened: sent
	// again, it may happen twice.
	MayRetry func(r kv.Request, o linearize.Outcome) bool
}

// MayRetry is the rule of the same name.
func MayRetry(r kv.Request, o linearize.Outcome) bool {
	return o == linearize.Refused || kv.ReadOnly(r)
}

// StandardClientRules keep histories true.
func StandardClientRules() ClientRules { return ClientRules{MayRetry} }

// maxRetries bounds Client.Retries.
const maxRetries = 1000

func (c *Config) validateClients() error {
	if len(c.Clients) > MaxClients {
		return fmt.Errorf("clients: %d are more than %d", len(c.Clients), MaxClients)
	}
	if c.Rules.Client.MayRetry == nil {
		return fmt.Errorf("rules: those of clients must be set; see StandardClientRules")
	}
	if c.Rules.Host.TrustsDisk == nil {
		return fmt.Errorf("rules: those of hosts must be set; see StandardHostRules")
	}
	seen := map[string]bool{}
	for i := range c.Clients {
		client := &c.Clients[i]
		if client.Name == "" || seen[client.Name] {
			return fmt.Errorf("client %q: a client needs a name of its own", client.Name)
		}
		seen[client.Name] = true
		if err := client.validate(c); err != nil {
			return fmt.Errorf("client %s: %w", client.Name, err)
		}
	}
	return nil
}

func (x *Client) validate(c *Config) error {
	if err := x.Think.validate(); err != nil {
		return fmt.Errorf("think: %w", err)
	}
	if x.Timeout <= 0 || x.Timeout > MaxSpan {
		return fmt.Errorf("timeout: %d ns is not more than 0 and at most 1 h", x.Timeout)
	}
	if x.Retries < 0 || x.Retries > maxRetries {
		return fmt.Errorf("retries: %d is not between 0 and %d", x.Retries, maxRetries)
	}
	if x.Entry != 0 {
		if err := x.Entry.validate(c); err != nil {
			return fmt.Errorf("entry: %w", err)
		}
	}
	return x.validateWork()
}

// validateWork: a client has one thing to do.
func (x *Client) validateWork() error {
	switch {
	case x.Workload == nil && x.Watch == nil && !x.Manual:
		return fmt.Errorf("workload: there is none; a client that only does what the schedule says is Manual")
	case x.Manual && (x.Workload != nil || x.Watch != nil):
		return fmt.Errorf("manual: a client with a workload or a watch is not")
	case x.Workload != nil && x.Watch != nil:
		return fmt.Errorf("watch: a client that watches has no workload besides")
	case x.Watch != nil:
		return x.Watch.validate()
	}
	if v, ok := x.Workload.(interface{ Validate() error }); ok {
		if err := v.Validate(); err != nil {
			return fmt.Errorf("workload: %w", err)
		}
	}
	return nil
}
