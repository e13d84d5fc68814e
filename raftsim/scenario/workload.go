package scenario

import (
	"slices"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raftsim"
)

// workload is what clients may be about.
type workload struct {
	word string
	// args say what stands behind the word.
	args []string
	// make is nil for clients without a workload of their own.
	make func(args []string) raftsim.Workload
	// settings of its own, beside those of every client.
	settings []setting[raftsim.Client]
	// watches says that the client watches what stands behind the word.
	watches bool
}

const second = raftsim.Second

// workloads that clients may have, with what they do if a scenario doesn't say.
var workloads = []workload{
	{
		word: "register", args: []string{"a prefix of keys"},
		make: func(args []string) raftsim.Workload {
			return &raftsim.Register{Prefix: args[0], Keys: 1, Writes: raftsim.Always / 2}
		},
		settings: []setting[raftsim.Client]{
			numberSetting("keys", 1, maxNumber, of(func(w *raftsim.Register) *int { return &w.Keys })),
			chanceSetting("writes", of(func(w *raftsim.Register) *raftsim.Chance { return &w.Writes })),
			chanceSetting("serializable", of(func(w *raftsim.Register) *raftsim.Chance { return &w.Serializable })),
			numberSetting("requests", 1, maxNumber, of(func(w *raftsim.Register) *int { return &w.Requests })),
		},
	},
	{
		word: "cas-counter", args: []string{"the counter's key"},
		make: func(args []string) raftsim.Workload { return &raftsim.CASCounter{Key: args[0]} },
		settings: []setting[raftsim.Client]{
			numberSetting("increments", 1, maxNumber, of(func(w *raftsim.CASCounter) *int { return &w.Increments })),
		},
	},
	{
		word: "bank", args: []string{"a prefix of accounts"},
		make: func(args []string) raftsim.Workload {
			return &raftsim.Bank{Prefix: args[0], Accounts: 3, Balance: 100}
		},
		settings: []setting[raftsim.Client]{
			numberSetting("accounts", 2, raftsim.MaxAccounts, of(func(w *raftsim.Bank) *int { return &w.Accounts })),
			longSetting("balance", 1, 1<<40, of(func(w *raftsim.Bank) *int64 { return &w.Balance })),
			numberSetting("transfers", 1, maxNumber, of(func(w *raftsim.Bank) *int { return &w.Transfers })),
		},
	},
	{word: "lock", args: lockArgs, make: newLock(false), settings: lockSettings},
	{word: "fenced-lock", args: lockArgs, make: newLock(true), settings: lockSettings},
	{
		word: "election", args: []string{"a prefix of candidates"},
		make: func(args []string) raftsim.Workload {
			return &raftsim.Election{
				Prefix: args[0], TTL: 2, Term: raftsim.Spread{Min: second, Max: 3 * second},
				Pause: raftsim.Spread{Min: second / 10, Max: second / 2},
			}
		},
		settings: []setting[raftsim.Client]{
			ttlSetting("ttl", of(func(w *raftsim.Election) *kv.TTL { return &w.TTL })),
			spreadSetting("term", of(func(w *raftsim.Election) *raftsim.Spread { return &w.Term })),
			spreadSetting("pause", of(func(w *raftsim.Election) *raftsim.Spread { return &w.Pause })),
			numberSetting("terms", 1, maxNumber, of(func(w *raftsim.Election) *int { return &w.Terms })),
		},
	},
	{
		word: "lease", args: []string{"a prefix of services"},
		make: func(args []string) raftsim.Workload {
			return &raftsim.Lease{Prefix: args[0], TTL: 2, Life: raftsim.Spread{Min: 2 * second, Max: 5 * second}, Expire: raftsim.Always / 2}
		},
		settings: []setting[raftsim.Client]{
			ttlSetting("ttl", of(func(w *raftsim.Lease) *kv.TTL { return &w.TTL })),
			spreadSetting("life", of(func(w *raftsim.Lease) *raftsim.Spread { return &w.Life })),
			chanceSetting("expire", of(func(w *raftsim.Lease) *raftsim.Chance { return &w.Expire })),
			numberSetting("rounds", 1, maxNumber, of(func(w *raftsim.Lease) *int { return &w.Rounds })),
		},
	},
	{
		word: "mixed", args: []string{"a prefix of keys"},
		make: func(args []string) raftsim.Workload {
			return &raftsim.Mixed{Prefix: args[0], Keys: 3, Serializable: raftsim.Always / 10, Compact: raftsim.Always / 100, Leases: raftsim.Always / 10, TTL: 2}
		},
		settings: []setting[raftsim.Client]{
			numberSetting("keys", 1, raftsim.MaxMixedKeys, of(func(w *raftsim.Mixed) *int { return &w.Keys })),
			chanceSetting("serializable", of(func(w *raftsim.Mixed) *raftsim.Chance { return &w.Serializable })),
			chanceSetting("compact", of(func(w *raftsim.Mixed) *raftsim.Chance { return &w.Compact })),
			chanceSetting("leases", of(func(w *raftsim.Mixed) *raftsim.Chance { return &w.Leases })),
			ttlSetting("ttl", of(func(w *raftsim.Mixed) *kv.TTL { return &w.TTL })),
			numberSetting("requests", 1, maxNumber, of(func(w *raftsim.Mixed) *int { return &w.Requests })),
		},
	},
	{
		word: "watch", watches: true,
		settings: []setting[raftsim.Client]{
			numberSetting("window", 1, 1<<20, func(c *raftsim.Client) *int { return &c.Watch.Window }),
			flagSetting("progress", func(c *raftsim.Client) *bool { return &c.Watch.Progress }),
		},
	},
	{word: "manual"},
}

var lockArgs = []string{"the lock's key", "the key that the lock protects"}

func newLock(fenced bool) func(args []string) raftsim.Workload {
	return func(args []string) raftsim.Workload {
		return &raftsim.Lock{
			Key: args[0], Resource: args[1], Fenced: fenced, TTL: 2,
			Work: raftsim.Spread{Min: second / 10, Max: second / 2}, Writes: 1,
		}
	}
}

var lockSettings = []setting[raftsim.Client]{
	ttlSetting("ttl", of(func(w *raftsim.Lock) *kv.TTL { return &w.TTL })),
	spreadSetting("work", of(func(w *raftsim.Lock) *raftsim.Spread { return &w.Work })),
	numberSetting("writes", 1, maxNumber, of(func(w *raftsim.Lock) *int { return &w.Writes })),
	numberSetting("rounds", 1, maxNumber, of(func(w *raftsim.Lock) *int { return &w.Rounds })),
}

// of is a field of a client's workload.
func of[W, T any](field func(*W) *T) func(*raftsim.Client) *T {
	return func(c *raftsim.Client) *T { return field(any(c.Workload).(*W)) }
}

// clientSettings are those of every client.
var clientSettings = []setting[raftsim.Client]{
	{"entry", parseEntry},
	spanSetting("timeout", func(c *raftsim.Client) *raftsim.Time { return &c.Timeout }),
}

// workingSettings are those of clients that do something unasked.
var workingSettings = []setting[raftsim.Client]{
	spreadSetting("think", func(c *raftsim.Client) *raftsim.Spread { return &c.Think }),
	numberSetting("retries", 1, 1000, func(c *raftsim.Client) *int { return &c.Retries }),
}

// parseEntry reads the member that a client asks.
func parseEntry(r *reader) (string, func(*raftsim.Client), error) {
	if r.take(anyLeader) {
		return anyLeader, func(c *raftsim.Client) { c.Entry = 0 }, nil
	}
	t, err := value(r, "a member, or any", func(text string) (raftsim.Target, error) {
		return r.sc.memberOr(text, []string{anyLeader})
	})
	return t.String(), func(c *raftsim.Client) { c.Entry = t }, err
}

func (w *workload) allSettings() []setting[raftsim.Client] {
	switch w.word {
	case "manual":
		return []setting[raftsim.Client]{clientSettings[1]}
	case "watch":
		return slices.Concat(w.settings, clientSettings, workingSettings[:1])
	default:
		return slices.Concat(w.settings, clientSettings, workingSettings)
	}
}

func workloadOf(word string) *workload {
	for i := range workloads {
		if workloads[i].word == word {
			return &workloads[i]
		}
	}
	return nil
}

func workloadNames() []string {
	var names []string
	for i := range workloads {
		names = append(names, workloads[i].word)
	}
	return names
}
