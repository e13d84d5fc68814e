package scenario

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// membersStatement is `members N`.
type membersStatement int

func parseMembers(r *reader) (statement, error) {
	text, err := r.next("how many members")
	if err != nil {
		return nil, err
	}
	n, err := parseNumber(text, 1, raftsim.MaxMembers)
	return membersStatement(n), err
}

func (s membersStatement) words() string { return "members " + strconv.Itoa(int(s)) }

func (s membersStatement) apply(sc *Scenario) error {
	sc.config.Members = int(s)
	return nil
}

// seedStatement is `seed N`.
type seedStatement uint64

func parseSeed(r *reader) (statement, error) {
	text, err := r.next("a number")
	if err != nil {
		return nil, err
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("expected a number from 0 to 18446744073709551615, found %s", quote(text))
	}
	return seedStatement(n), nil
}

func (s seedStatement) words() string { return "seed " + strconv.FormatUint(uint64(s), 10) }

func (s seedStatement) apply(sc *Scenario) error {
	sc.config.Seed = uint64(s)
	return nil
}

// rulesStatement is `rules etcd|paper`.
type rulesStatement string

// The sets of rules.
const (
	rulesEtcd  = "etcd"
	rulesPaper = "paper"
)

func parseRules(r *reader) (statement, error) {
	name, err := r.choice("rules", rulesEtcd, rulesPaper)
	return rulesStatement(name), err
}

func (s rulesStatement) words() string { return "rules " + string(s) }

func (s rulesStatement) apply(sc *Scenario) error {
	sc.rules = string(s)
	sc.config.Options = raft.Etcd()
	if s == rulesPaper {
		sc.config.Options = raft.Paper()
	}
	return nil
}

// setting is one pair of `timing`, `network` and `disk`: a name and a value.
type setting struct {
	name string
	// parse reads the value, returns it in canonical form, and what it sets.
	parse func(text string) (canonical string, set func(*raftsim.Config), err error)
}

// chosen is a setting with its value.
type chosen struct {
	name, value string
	set         func(*raftsim.Config)
}

// settingsStatement is a word and its settings, such as
// `network latency 1ms..5ms drop 0.5%`.
type settingsStatement struct {
	word   string
	chosen []chosen
}

var timingSettings = []setting{
	spreadSetting("election", func(c *raftsim.Config) *raftsim.Spread { return &c.Timing.Election }),
	timeSetting("heartbeat", func(c *raftsim.Config) *raftsim.Time { return &c.Timing.Heartbeat }),
}

var networkSettings = []setting{
	spreadSetting("latency", func(c *raftsim.Config) *raftsim.Spread { return &c.Network.Latency.Spread }),
	chanceSetting("drop", func(c *raftsim.Config) *raftsim.Chance { return &c.Network.Drop }),
}

var diskSettings = []setting{
	spreadSetting("write", func(c *raftsim.Config) *raftsim.Spread { return &c.Disk.Write }),
	spreadSetting("sync", func(c *raftsim.Config) *raftsim.Spread { return &c.Disk.Sync }),
}

func spreadSetting(name string, field func(*raftsim.Config) *raftsim.Spread) setting {
	return newSetting(name, parseSpread, formatSpread, field)
}

func timeSetting(name string, field func(*raftsim.Config) *raftsim.Time) setting {
	return newSetting(name, parseTime, FormatTime, field)
}

func chanceSetting(name string, field func(*raftsim.Config) *raftsim.Chance) setting {
	return newSetting(name, parseChance, formatChance, field)
}

func newSetting[T any](name string, parse func(string) (T, error), format func(T) string, field func(*raftsim.Config) *T) setting {
	return setting{name, func(text string) (string, func(*raftsim.Config), error) {
		value, err := parse(text)
		if err != nil {
			return "", nil, err
		}
		return format(value), func(c *raftsim.Config) { *field(c) = value }, nil
	}}
}

// parseSettings makes the parser of a word that is followed by settings.
func parseSettings(word string, settings []setting) func(*reader) (statement, error) {
	var names []string
	for _, s := range settings {
		names = append(names, s.name)
	}
	return func(r *reader) (statement, error) {
		if r.empty() {
			return nil, fmt.Errorf("the line ends too early: expected %s", oneOf(names))
		}
		st := &settingsStatement{word: word}
		return st, r.pairs("setting", names, func(name, value string) (err error) {
			c := chosen{name: name}
			c.value, c.set, err = settings[slices.Index(names, name)].parse(value)
			st.chosen = append(st.chosen, c)
			return err
		})
	}
}

func (s *settingsStatement) words() string {
	words := s.word
	for _, c := range s.chosen {
		words += " " + c.name + " " + c.value
	}
	return words
}

// apply refuses settings that don't go together; what belongs together stands in
// one statement, so the others don't matter.
func (s *settingsStatement) apply(sc *Scenario) error {
	alone := raftsim.Default(1)
	for _, c := range s.chosen {
		c.set(&alone)
		c.set(&sc.config)
	}
	if err := alone.Validate(); err != nil {
		return errors.New(strings.TrimPrefix(err.Error(), s.word+": "))
	}
	return nil
}
