package scenario

import (
	"fmt"
	"slices"
	"strings"

	"github.com/castaway-kv/castaway/kv"
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

// clientStatement is `client NAME… WORKLOAD …`.
type clientStatement struct {
	names    []string
	workload *workload
	args     []string
	watch    raftsim.Watch
	chosen   []chosen[raftsim.Client]
}

func parseClient(r *reader) (statement, error) {
	s := &clientStatement{}
	if err := s.parseNames(r); err != nil {
		return nil, err
	}
	for _, expected := range s.workload.args {
		text, err := r.text(expected)
		if err != nil {
			return nil, err
		}
		s.args = append(s.args, text)
	}
	settings := s.workload.allSettings()
	if s.workload.watches {
		var err error
		if s.watch, err = parseWatch(r, settingNames(settings)); err != nil {
			return nil, err
		}
	}
	var err error
	s.chosen, err = parseSettings(r, "setting of a client", settings)
	return s, err
}

// parseNames takes names up to the workload.
func (s *clientStatement) parseNames(r *reader) error {
	seen := map[string]bool{}
	for {
		text, err := r.next("a workload: " + oneOf(workloadNames()))
		if err != nil {
			return s.withNearest(err)
		}
		if s.workload = workloadOf(text); s.workload != nil {
			break
		}
		if err := checkName(text); err != nil {
			return err
		}
		if seen[text] {
			return fmt.Errorf("client %s is named twice", text)
		}
		if r.sc.hasClient(text) {
			return fmt.Errorf("client %s exists already", text)
		}
		seen[text] = true
		s.names = append(s.names, text)
	}
	if len(s.names) == 0 {
		return fmt.Errorf("expected a name before %s", s.workload.word)
	}
	return nil
}

// withNearest adds to the error for a missing workload which of the names was
// probably meant to be one.
func (s *clientStatement) withNearest(err error) error {
	for _, name := range s.names {
		if near := nearest(name, workloadNames()); near != "" {
			return fmt.Errorf("unknown workload %s: did you mean %q?", quote(name), near)
		}
	}
	return err
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
	words.WriteString("client " + strings.Join(s.names, " ") + " " + s.workload.word)
	for _, arg := range s.args {
		words.WriteString(" " + kv.Quote(arg))
	}
	if s.workload.watches {
		words.WriteString(" " + watchWords(s.watch, settingNames(s.workload.allSettings())))
	}
	return words.String() + settingWords(s.chosen)
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
		client := s.client(name)
		if v, ok := client.Workload.(interface{ Validate() error }); ok {
			if err := v.Validate(); err != nil {
				return err
			}
		}
		sc.config.Clients = append(sc.config.Clients, client)
	}
	return nil
}

func (s *clientStatement) client(name string) raftsim.Client {
	client := newClient(name)
	switch {
	case s.workload.watches:
		watch := s.watch
		client.Watch, client.Manual, client.Think = &watch, false, raftsim.Spread{}
	case s.workload.make != nil:
		client.Workload, client.Manual = s.workload.make(s.args), false
		client.Think = raftsim.Spread{Min: defaultThink, Max: 4 * defaultThink}
	}
	for _, c := range s.chosen {
		c.set(&client)
	}
	return client
}

func newClient(name string) raftsim.Client {
	return raftsim.Client{Name: name, Timeout: defaultTimeout, Manual: true}
}
