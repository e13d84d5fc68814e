package bugs

import (
	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// services are mistakes in what clients are promised: retries, leases, locks, watches.
func services() []Bug {
	return []Bug{
		{
			Name: "retry-without-session", Source: "jepsen.io, jetcd 0.8.2", Rule: "Client.MayRetry", Breaks: "Linearizability",
			Sentence: "A client sends a write again whose answer was lost, and it happens twice.",
			apply: func(c *raftsim.Config) {
				c.Rules.Client.MayRetry = func(kv.Request, linearize.Outcome) bool { return true }
			},
		},
		{
			Name: "deposed-revokes-lease", Source: "etcd#15247", Rule: "Replica.MayExpire", Breaks: "LeaseIsKept",
			Sentence: "A leader that was deposed ends leases by its own clock, though clients have renewed them at the next one.",
			apply: func(c *raftsim.Config) {
				c.Rules.Replica.MayExpire = func(bool, raft.Term, raft.Term) bool { return true }
			},
		},
		{
			Name: "lock-without-fencing", Source: "jepsen.io, etcd 3.4.3", Rule: "Lock.Fenced", Breaks: "Fencing",
			Sentence: "The holder of a lock falls asleep, its lease ends, and when it wakes it writes over what the next holder wrote.",
			Note:     "No member is wrong: a lock alone can't prevent it. With a fencing token the late write is refused.",
			apply:    unfence,
		},
		{
			Name: "progress-overtakes", Source: "etcd#15220", Rule: "Watch.MayReport", Breaks: "WatchIsComplete",
			Sentence: "A progress notice overtakes the events that it says were told.",
			apply: func(c *raftsim.Config) {
				c.Rules.Watch.MayReport = func(_ bool, start, current kv.Revision) bool { return start <= current }
			},
		},
		{
			Name: "watch-gap-on-compact", Source: "etcd#18089, etcd#19179", Rule: "Watch.IsCompacted", Breaks: "WatchIsComplete",
			Sentence: "A watcher that lags behind a compaction goes on with what is left, and is not told that it missed something.",
			apply: func(c *raftsim.Config) {
				c.Rules.Watch.IsCompacted = func(kv.Revision, kv.Revision) bool { return false }
			},
		},
	}
}

// unfence lets all locks go without their tokens.
func unfence(c *raftsim.Config) {
	for i := range c.Clients {
		if lock, ok := c.Clients[i].Workload.(*raftsim.Lock); ok {
			open := *lock
			open.Fenced = false
			c.Clients[i].Workload = &open
		}
	}
}
