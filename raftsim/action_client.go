package raftsim

import "fmt"

// PauseClient stops a client for a time, as a long garbage collection or a closed
// laptop does: it sends nothing, and does not look at what arrives until it goes on.
// Then it takes up what it was about, and its time-outs may be over.
type PauseClient struct {
	Client string
	For    Time
}

func (a PauseClient) validate(c *Config) error {
	if !c.hasClient(a.Client) {
		return fmt.Errorf("client %q does not exist", a.Client)
	}
	if a.For <= 0 || a.For > MaxSpan {
		return fmt.Errorf("pause of client %s: %d ns is not more than 0 and at most 1 h", a.Client, a.For)
	}
	return nil
}

// hasClient says whether there is a client of that name.
func (c *Config) hasClient(name string) bool {
	for i := range c.Clients {
		if c.Clients[i].Name == name {
			return true
		}
	}
	return false
}
