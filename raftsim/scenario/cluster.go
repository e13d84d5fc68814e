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
	n, err := value(r, "how many members", func(text string) (int64, error) {
		return parseNumber(text, 1, raftsim.MaxMembers)
	})
	return membersStatement(n), err
}

func (s membersStatement) words() string { return "members " + strconv.Itoa(int(s)) }

func (s membersStatement) apply(sc *Scenario) error {
	sc.config.Members = int(s)
	return nil
}

// batchStatement is `batch N`.
type batchStatement int

func parseBatch(r *reader) (statement, error) {
	n, err := value(r, "how many entries", func(text string) (int64, error) {
		return parseNumber(text, 1, raftsim.MaxBatch)
	})
	return batchStatement(n), err
}

func (s batchStatement) words() string { return "batch " + strconv.Itoa(int(s)) }

func (s batchStatement) apply(sc *Scenario) error {
	sc.config.Batch = int(s)
	return nil
}

// seedStatement is `seed N`.
type seedStatement uint64

func parseSeed(r *reader) (statement, error) {
	n, err := value(r, "a number", func(text string) (uint64, error) {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("expected a number from 0 to 18446744073709551615, found %s", quote(text))
		}
		return n, nil
	})
	return seedStatement(n), err
}

func (s seedStatement) words() string { return "seed " + strconv.FormatUint(uint64(s), 10) }

func (s seedStatement) apply(sc *Scenario) error {
	sc.config.Seed = uint64(s)
	return nil
}

// rulesStatement is `rules etcd|paper OPTION…`.
type rulesStatement struct {
	set     string
	options []string
}

// The sets of rules.
const (
	rulesEtcd  = "etcd"
	rulesPaper = "paper"
)

// ruleOptions are the single options of the Raft core; `no-` before one turns it
// off.
var ruleOptions = []struct {
	name  string
	field func(*raft.Options) *bool
}{
	{"pre-vote", func(o *raft.Options) *bool { return &o.PreVote }},
	{"check-quorum", func(o *raft.Options) *bool { return &o.CheckQuorum }},
	{"stickiness", func(o *raft.Options) *bool { return &o.Stickiness }},
	{"fast-backtrack", func(o *raft.Options) *bool { return &o.FastBacktrack }},
	{"forward", func(o *raft.Options) *bool { return &o.Forward }},
	{"lease-read", func(o *raft.Options) *bool { return &o.LeaseRead }},
	{"empty-heartbeat", func(o *raft.Options) *bool { return &o.EmptyHeartbeat }},
}

const not = "no-"

func parseRules(r *reader) (statement, error) {
	set, err := r.choice("rules", rulesEtcd, rulesPaper)
	s := rulesStatement{set: set}
	var valid []string
	for _, o := range ruleOptions {
		valid = append(valid, o.name, not+o.name)
	}
	for err == nil && !r.empty() {
		var name string
		name, err = r.choice("option", valid...)
		bare := strings.TrimPrefix(name, not)
		if slices.Contains(s.options, bare) || slices.Contains(s.options, not+bare) {
			err = fmt.Errorf("%s is given twice", bare)
		}
		s.options = append(s.options, name)
	}
	return s, err
}

func (s rulesStatement) words() string {
	return strings.Join(append([]string{"rules", s.set}, s.options...), " ")
}

func (s rulesStatement) apply(sc *Scenario) error {
	sc.rules = s.set
	options := raft.Etcd()
	if s.set == rulesPaper {
		options = raft.Paper()
	}
	for _, name := range s.options {
		bare, off := strings.CutPrefix(name, not)
		i := slices.IndexFunc(ruleOptions, func(o struct {
			name  string
			field func(*raft.Options) *bool
		},
		) bool {
			return o.name == bare
		})
		*ruleOptions[i].field(&options) = !off
	}
	if options.LeaseRead && (!options.CheckQuorum || !options.Stickiness) {
		return errors.New("lease-read needs check-quorum and stickiness")
	}
	sc.config.Options = options
	return nil
}

// clusterStatement is a word and its settings, such as `disk sync 1ms..2ms`.
type clusterStatement struct {
	word   string
	chosen []chosen[raftsim.Config]
}

var timingSettings = []setting[raftsim.Config]{
	spreadSetting("election", func(c *raftsim.Config) *raftsim.Spread { return &c.Timing.Election }),
	timeSetting("heartbeat", func(c *raftsim.Config) *raftsim.Time { return &c.Timing.Heartbeat }),
}

var clocksSettings = []setting[raftsim.Config]{
	timeSetting("offset", func(c *raftsim.Config) *raftsim.Time { return &c.Clocks.Offset }),
	newSetting("drift", "millionths such as 100ppm", parseParts, formatParts, func(c *raftsim.Config) *int64 { return &c.Clocks.Drift }),
}

var diskSettings = []setting[raftsim.Config]{
	spreadSetting("write", func(c *raftsim.Config) *raftsim.Spread { return &c.Disk.Write }),
	spreadSetting("sync", func(c *raftsim.Config) *raftsim.Spread { return &c.Disk.Sync }),
}

var snapshotsSettings = []setting[raftsim.Config]{
	numberSetting("every", 0, maxNumber, func(c *raftsim.Config) *int { return &c.Snapshots.Every }),
	numberSetting("keep", 0, maxNumber, func(c *raftsim.Config) *int { return &c.Snapshots.Keep }),
	newSetting("chunk", "a size such as 64KiB", parseChunk, func(n int) string { return raftsim.FormatSize(int64(n)) },
		func(c *raftsim.Config) *int { return &c.Snapshots.Chunk }),
}

func parseChunk(text string) (int, error) {
	n, err := parseSize(text)
	if err == nil && (n < 1 || n > 1<<30) {
		err = fmt.Errorf("%s is not a size from 1B to 1GiB", quote(text))
	}
	return int(n), err
}

// parseCluster makes the parser of a word that is followed by settings.
func parseCluster(word string, settings []setting[raftsim.Config]) func(*reader) (statement, error) {
	return func(r *reader) (statement, error) {
		if r.empty() {
			return nil, fmt.Errorf("the line ends too early: expected %s", oneOf(settingNames(settings)))
		}
		list, err := parseSettings(r, "setting", settings)
		return &clusterStatement{word, list}, err
	}
}

func (s *clusterStatement) words() string { return s.word + settingWords(s.chosen) }

// apply refuses settings that don't go together; what belongs together stands in
// one statement, so the others don't matter.
func (s *clusterStatement) apply(sc *Scenario) error {
	alone := raftsim.Default(1)
	for _, c := range s.chosen {
		c.set(&alone)
		c.set(&sc.config)
	}
	if err := alone.Validate(); err != nil {
		return errors.New(strings.TrimPrefix(strings.TrimPrefix(err.Error(), s.word+": "), s.word+" "))
	}
	return nil
}

// beyondModel is `beyond-model`.
type beyondModel struct{}

func parseBeyondModel(*reader) (statement, error) { return beyondModel{}, nil }

func (beyondModel) words() string { return "beyond-model" }

func (beyondModel) apply(sc *Scenario) error {
	sc.config.BeyondModel = true
	return nil
}

// judgeStatement is `judge steps N`: the budget of the check for linearizability.
type judgeStatement int

func parseJudge(r *reader) (statement, error) {
	if _, err := r.choice("setting", "steps"); err != nil {
		return nil, err
	}
	n, err := value(r, "a number of steps", func(text string) (int64, error) { return parseNumber(text, 1, maxNumber) })
	return judgeStatement(n), err
}

func (s judgeStatement) words() string { return "judge steps " + strconv.Itoa(int(s)) }

func (s judgeStatement) apply(sc *Scenario) error {
	sc.steps = int(s)
	return nil
}
