package scenario

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/castaway-kv/castaway/raftsim"
)

// You is the client of the console. Every scenario has it: it does what the
// schedule and the person at the console say.
const You = "you"

// What clients have when a scenario doesn't say.
const (
	defaultTimeout = raftsim.Second
	defaultThink   = 20 * raftsim.Millisecond
)

// casCounter is the workload of raftsim.CASCounter; a manual client has none.
const casCounter = "cas-counter"

// workloads that clients may have.
var workloads = []string{casCounter, "manual"}

// clientStatement is `client NAME… WORKLOAD …`.
type clientStatement struct {
	names    []string
	workload string
	// key and increments belong to cas-counter; 0 increments have no end.
	key        string
	increments int
	think      *raftsim.Spread
	timeout    *raftsim.Time
}

func parseClient(r *reader) (statement, error) {
	s := &clientStatement{}
	if err := s.parseNames(r); err != nil {
		return nil, err
	}
	settings := []string{"timeout"}
	if s.workload == casCounter {
		var err error
		if s.key, err = r.next("the counter's key"); err != nil {
			return nil, err
		}
		if s.key == "" {
			return nil, fmt.Errorf("expected the counter's key, found an empty word")
		}
		settings = []string{"increments", "think", "timeout"}
	}
	return s, r.pairs("setting of a client", settings, s.set)
}

// parseNames takes names up to the workload.
func (s *clientStatement) parseNames(r *reader) error {
	seen := map[string]bool{}
	for {
		text, err := r.next("a workload: " + oneOf(workloads))
		if err != nil {
			return s.withNearest(err)
		}
		if slices.Contains(workloads, text) {
			s.workload = text
			break
		}
		if err := checkName(text); err != nil {
			return err
		}
		if seen[text] {
			return fmt.Errorf("client %s is named twice", text)
		}
		seen[text] = true
		s.names = append(s.names, text)
	}
	if len(s.names) == 0 {
		return fmt.Errorf("expected a name before %s", s.workload)
	}
	return nil
}

// withNearest adds to the error for a missing workload which of the names was
// probably meant to be one.
func (s *clientStatement) withNearest(err error) error {
	for _, name := range s.names {
		if near := nearest(name, workloads); near != "" {
			return fmt.Errorf("unknown workload %s: did you mean %q?", quote(name), near)
		}
	}
	return err
}

func (s *clientStatement) set(name, text string) error {
	switch name {
	case "increments":
		n, err := parseNumber(text, 1, math.MaxInt32)
		s.increments = int(n)
		return err
	case "think":
		think, err := parseSpread(text)
		s.think = &think
		return err
	default:
		timeout, err := parseTime(text)
		if err == nil && timeout == 0 {
			err = fmt.Errorf("expected more than 0")
		}
		s.timeout = &timeout
		return err
	}
}

// checkName refuses what is no client's name.
func checkName(name string) error {
	const longest = 32
	plain := strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == ""
	if name == "" || len(name) > longest || !plain || name[0] == '-' {
		return fmt.Errorf("%s is not a client's name: expected 1 to %d letters, digits, - and _", quote(name), longest)
	}
	return nil
}

func (s *clientStatement) words() string {
	var words strings.Builder
	words.WriteString("client " + strings.Join(s.names, " ") + " " + s.workload)
	if s.workload == casCounter {
		words.WriteString(" " + spell(s.key))
	}
	if s.increments > 0 {
		words.WriteString(" increments " + strconv.Itoa(s.increments))
	}
	if s.think != nil {
		words.WriteString(" think " + formatSpread(*s.think))
	}
	if s.timeout != nil {
		words.WriteString(" timeout " + FormatTime(*s.timeout))
	}
	return words.String()
}

func (s *clientStatement) apply(sc *Scenario) error {
	most := raftsim.MaxClients
	if !sc.hasClient(You) && !slices.Contains(s.names, You) {
		most--
	}
	if len(sc.config.Clients)+len(s.names) > most {
		return fmt.Errorf("more than %d clients, %q included", raftsim.MaxClients, You)
	}
	for _, name := range s.names {
		if sc.hasClient(name) {
			return fmt.Errorf("client %s exists already", name)
		}
		sc.config.Clients = append(sc.config.Clients, s.client(name))
	}
	return nil
}

func (s *clientStatement) client(name string) raftsim.Client {
	client := newClient(name)
	if s.timeout != nil {
		client.Timeout = *s.timeout
	}
	if s.workload == casCounter {
		client.Manual = false
		client.Workload = &raftsim.CASCounter{Key: s.key, Increments: s.increments}
		client.Think = raftsim.Spread{Min: defaultThink, Max: 4 * defaultThink}
	}
	if s.think != nil {
		client.Think = *s.think
	}
	return client
}

func newClient(name string) raftsim.Client {
	return raftsim.Client{Name: name, Timeout: defaultTimeout, Manual: true}
}
