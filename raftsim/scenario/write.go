package scenario

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// Write is a scenario that makes a configuration: what is as ever is not said. Rules are
// not said either, unless bug names the one that is replaced, nor a state machine of the
// user's own. The lines come in their usual order, schedules in order of time.
func Write(c *raftsim.Config, length raftsim.Time, bug string) string {
	w := scribe{usual: raftsim.Default(defaultMembers)}
	w.line(version)
	w.writeCluster(c)
	if bug != "" {
		w.line("bug " + bug)
	}
	w.writeClients(c.Clients)
	schedule := slices.Clone(c.Schedule)
	slices.SortStableFunc(schedule, func(a, b raftsim.Scheduled) int { return cmp.Compare(a.At, b.At) })
	for _, s := range schedule {
		w.line("at " + s.At.String() + " " + w.actionWords(&c.Network, s.Action))
	}
	w.line(runStatement(length).words())
	return w.text.String()
}

// scribe writes a scenario line by line.
type scribe struct {
	text  strings.Builder
	usual raftsim.Config
}

func (w *scribe) line(words string) { w.text.WriteString(words + "\n") }

// settings writes a word and what stands behind it, if there is anything.
func (w *scribe) settings(word string, list ...string) {
	if list = slices.DeleteFunc(list, func(s string) bool { return s == "" }); len(list) > 0 {
		w.line(word + " " + strings.Join(list, " "))
	}
}

// unless is a setting, or nothing if its value is as ever.
func unless[T comparable](usual, value T, name string, format func(T) string) string {
	if value == usual {
		return ""
	}
	return name + " " + format(value)
}

func flag(on bool, name string) string {
	if on {
		return name
	}
	return ""
}

func (w *scribe) writeCluster(c *raftsim.Config) {
	usual := &w.usual
	if c.Members != defaultMembers {
		w.line(membersStatement(c.Members).words())
	}
	if c.Seed != defaultSeed && !c.Benign {
		w.line(seedStatement(c.Seed).words())
	}
	if c.Options != usual.Options {
		w.line(rulesOf(c.Options).words())
	}
	if c.Batch != usual.Batch {
		w.line(batchStatement(c.Batch).words())
	}
	w.settings("timing", unless(usual.Timing.Election, c.Timing.Election, "election", raftsim.Spread.String),
		unless(usual.Timing.Heartbeat, c.Timing.Heartbeat, "heartbeat", raftsim.Time.String))
	w.settings("clocks", unless(usual.Clocks.Offset, c.Clocks.Offset, "offset", raftsim.Time.String),
		unless(usual.Clocks.Drift, c.Clocks.Drift, "drift", formatParts))
	w.settings("network", linkWords(&usual.Network, &c.Network)...)
	w.settings("disk", unless(usual.Disk.Write, c.Disk.Write, "write", raftsim.Spread.String),
		unless(usual.Disk.Sync, c.Disk.Sync, "sync", raftsim.Spread.String))
	w.settings("snapshots", unless(usual.Snapshots.Every, c.Snapshots.Every, "every", strconv.Itoa),
		unless(usual.Snapshots.Keep, c.Snapshots.Keep, "keep", strconv.Itoa),
		unless(usual.Snapshots.Chunk, c.Snapshots.Chunk, "chunk", func(n int) string { return raftsim.FormatSize(int64(n)) }))
	if c.BeyondModel {
		w.line("beyond-model")
	}
	if c.Benign {
		w.line("benign")
	}
	for _, choice := range c.Choices {
		w.line(pin(choice).words())
	}
}

// actionWords are an action as it is parsed; of a link, what is not as the network is.
func (w *scribe) actionWords(network *raftsim.Link, a raftsim.Action) string {
	link, ok := a.(raftsim.SetLink)
	if !ok || link.Link == nil {
		return actionWords(a)
	}
	words := slices.DeleteFunc(linkWords(network, link.Link), func(s string) bool { return s == "" })
	if len(words) == 0 {
		words = []string{"latency " + network.Latency.String()}
	}
	return strings.TrimSuffix(actionWords(raftsim.SetLink{A: link.A, B: link.B, OneWay: link.OneWay}), normal) + strings.Join(words, " ")
}

// linkWords are the settings of a link that are not as those of another.
func linkWords(usual, l *raftsim.Link) []string {
	return []string{
		unless(usual.Latency, l.Latency, "latency", raftsim.Latency.String),
		unless(usual.Drop, l.Drop, "drop", raftsim.Chance.String),
		unless(usual.Duplicate, l.Duplicate, "duplicate", raftsim.Chance.String),
		unless(usual.Reorder, l.Reorder, "reorder", raftsim.Chance.String),
		unless(usual.Bandwidth, l.Bandwidth, "bandwidth", formatBandwidth),
	}
}

// rulesOf are the words for options: those of a set, and how they differ from it.
func rulesOf(o raft.Options) rulesStatement {
	from := func(set string, base raft.Options) rulesStatement {
		s := rulesStatement{set: set}
		for _, option := range ruleOptions {
			switch on := *option.field(&o); {
			case on == *option.field(&base):
			case on:
				s.options = append(s.options, option.name)
			default:
				s.options = append(s.options, not+option.name)
			}
		}
		return s
	}
	etcd, paper := from(rulesEtcd, raft.Etcd()), from(rulesPaper, raft.Paper())
	if len(paper.options) < len(etcd.options) {
		return paper
	}
	return etcd
}

// writeClients writes clients; those that stand together and are alike share a line.
func (w *scribe) writeClients(clients []raftsim.Client) {
	for i := 0; i < len(clients); {
		words := w.clientWords(&clients[i])
		line := "client"
		for ; i < len(clients) && w.clientWords(&clients[i]) == words; i++ {
			line += " " + clients[i].Name
		}
		if words != "" {
			w.line(line + " " + words)
		}
	}
}

// clientWords are what stands behind a client's name, "" if it need not be named.
func (w *scribe) clientWords(c *raftsim.Client) string {
	if c.Name == You && c.Manual && c.Timeout == defaultTimeout {
		return ""
	}
	think := raftsim.Spread{Min: defaultThink, Max: 4 * defaultThink}
	var words []string
	switch {
	case c.Manual:
		words, think = append(words, "manual"), raftsim.Spread{}
	case c.Watch != nil:
		stops := settingNames(workloadOf("watch").allSettings())
		words = append(words, "watch", watchWords(*c.Watch, stops), unless(0, c.Watch.Window, "window", strconv.Itoa), flag(c.Watch.Progress, "progress"))
		think = raftsim.Spread{}
	default:
		words = append(words, workloadWords(c.Workload)...)
	}
	words = append(words, unless(0, c.Entry, "entry", raftsim.Target.String), unless(defaultTimeout, c.Timeout, "timeout", raftsim.Time.String),
		unless(think, c.Think, "think", raftsim.Spread.String), unless(0, c.Retries, "retries", strconv.Itoa))
	return strings.Join(slices.DeleteFunc(words, func(s string) bool { return s == "" }), " ")
}

// workloadWords are a workload as parseClient reads it, with all its settings.
func workloadWords(x raftsim.Workload) []string {
	switch x := x.(type) {
	case *raftsim.Register:
		return []string{
			"register", kv.Quote(x.Prefix), unless(1, x.Keys, "keys", strconv.Itoa), unless(raftsim.Always/2, x.Writes, "writes", raftsim.Chance.String),
			unless(0, x.Serializable, "serializable", raftsim.Chance.String), unless(0, x.Requests, "requests", strconv.Itoa),
		}
	case *raftsim.CASCounter:
		return []string{"cas-counter", kv.Quote(x.Key), unless(0, x.Increments, "increments", strconv.Itoa)}
	case *raftsim.Bank:
		return []string{
			"bank", kv.Quote(x.Prefix), unless(3, x.Accounts, "accounts", strconv.Itoa),
			unless(100, x.Balance, "balance", func(n int64) string { return strconv.FormatInt(n, 10) }), unless(0, x.Transfers, "transfers", strconv.Itoa),
		}
	case *raftsim.Lock:
		word := "lock"
		if x.Fenced {
			word = "fenced-lock"
		}
		return []string{
			word, kv.Quote(x.Key), kv.Quote(x.Resource), unless(2, x.TTL, "ttl", formatTTL), unless(raftsim.Spread{Min: second / 10, Max: second / 2}, x.Work, "work", raftsim.Spread.String),
			unless(1, max(1, x.Writes), "writes", strconv.Itoa), unless(0, x.Rounds, "rounds", strconv.Itoa),
		}
	case *raftsim.Election:
		return []string{
			"election", kv.Quote(x.Prefix), unless(2, x.TTL, "ttl", formatTTL), unless(raftsim.Spread{Min: second, Max: 3 * second}, x.Term, "term", raftsim.Spread.String),
			unless(raftsim.Spread{Min: second / 10, Max: second / 2}, x.Pause, "pause", raftsim.Spread.String),
			unless(0, x.Terms, "terms", strconv.Itoa),
		}
	case *raftsim.Lease:
		return []string{
			"lease", kv.Quote(x.Prefix), unless(2, x.TTL, "ttl", formatTTL), unless(raftsim.Spread{Min: 2 * second, Max: 5 * second}, x.Life, "life", raftsim.Spread.String),
			unless(raftsim.Always/2, x.Expire, "expire", raftsim.Chance.String),
			unless(0, x.Rounds, "rounds", strconv.Itoa),
		}
	case *raftsim.Mixed:
		return []string{
			"mixed", kv.Quote(x.Prefix), unless(3, x.Keys, "keys", strconv.Itoa), unless(raftsim.Always/10, x.Serializable, "serializable", raftsim.Chance.String),
			unless(raftsim.Always/100, x.Compact, "compact", raftsim.Chance.String), unless(raftsim.Always/10, x.Leases, "leases", raftsim.Chance.String), unless(2, x.TTL, "ttl", formatTTL), unless(0, x.Requests, "requests", strconv.Itoa),
		}
	}
	panic(fmt.Sprintf("scenario: no words for a workload of type %T", x))
}
