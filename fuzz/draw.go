package fuzz

import (
	"fmt"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

const (
	ms = raftsim.Millisecond
	// patience is how long a cluster may take to come to rest.
	patience = 60 * raftsim.Second
)

// Draw makes a run of a profile: a cluster, clients, faults for some seconds, and an
// end of them all.
func Draw(p *Profile, roll Dice) Case {
	s := p.draw(roll)
	c := raftsim.Default(sizes[roll("members", len(sizes))])
	c.Seed = uint64(roll("seed", 1<<30))
	drawOptions(roll, &s, &c)
	drawCluster(roll, &s, &c)
	length := roll.millis("length", 300, 600<<roll("longer", 4))
	drawClients(roll, &s, &c, length)
	c.Schedule = append(drawSchedule(roll, &s, &c, length), raftsim.Scheduled{At: length, Action: raftsim.Settle{Within: patience}})
	return Case{Config: c, Length: length + patience}
}

// sizes of clusters, the usual ones more often than others.
var sizes = []int{1, 2, 3, 3, 3, 3, 4, 4, 5, 5, 5, 6, 7}

func drawOptions(roll Dice, s *swarm, c *raftsim.Config) {
	if s[paperRules] {
		c.Options = raft.Paper()
		c.Options.FastBacktrack = roll.yes("fast backtrack")
		c.Options.Forward = roll.yes("forward")
		c.Options.EmptyHeartbeat = roll.yes("empty heartbeat")
	}
	if s[leaseReads] {
		c.Options.CheckQuorum, c.Options.Stickiness, c.Options.LeaseRead = true, true, true
	}
}

func drawCluster(roll Dice, s *swarm, c *raftsim.Config) {
	if s[clocks] {
		c.Clocks = raftsim.Clocks{Offset: roll.millis("offset", 0, 2000), Drift: int64(roll("drift", 100_000<<roll("more drift", 3)))}
	}
	c.Timing = timings[roll("timing", len(timings))]
	c.Batch = []int{64, 64, 1, 2}[roll("batch", 4)]
	longest := roll.millis("latency", 1, 20)
	c.Network.Latency = raftsim.Latency{
		Spread: raftsim.Spread{Min: longest / raftsim.Time(1+roll("shortest", 4)), Max: longest}, Shape: raftsim.Shape(roll("shape", 3)),
	}
	c.Network.Reorder = raftsim.Chance(roll("reorder", 3)) * raftsim.Always / 2
	c.Network.Bandwidth = int64(roll("bandwidth", 3)) * 1_000_000
	if s[drops] {
		c.Network.Drop = raftsim.Chance(roll("drop", 200_001))
	}
	if s[duplicates] {
		c.Network.Duplicate = raftsim.Chance(roll("duplicate", 200_000))
	}
	c.Disk.Sync.Max = c.Disk.Sync.Min + roll.millis("sync", 0, 20)
	if s[snapshots] {
		c.Snapshots = raftsim.Snapshots{
			Every: 1 + roll("snapshots", 2<<roll("seldom", 6)), Keep: roll("keep", 1<<roll("more", 5)), Chunk: 64 + roll("chunk", 4000),
		}
	}
}

// timings of the cores: the usual ones, hasty ones, and such that leave elections to those
// who ask for them.
var timings = []raftsim.Timing{
	raftsim.Default(1).Timing, raftsim.Default(1).Timing,
	{Election: raftsim.Spread{Min: 50 * ms, Max: 100 * ms}, Heartbeat: 15 * ms},
	{Election: raftsim.Spread{Min: 1000 * ms, Max: 2000 * ms}, Heartbeat: 50 * ms},
}

// drawClients draws clients with workloads, and those who watch them.
func drawClients(roll Dice, s *swarm, c *raftsim.Config, length raftsim.Time) {
	kinds := workloads(s)
	for i := range 1 + roll("clients", 5) {
		x := raftsim.Client{
			Name: fmt.Sprint("c", i), Timeout: 300 * ms, Think: raftsim.Spread{Min: ms, Max: 40 * ms},
			Workload: kinds[roll("workload", len(kinds))].Clone(),
		}
		if s[retries] {
			x.Retries = roll("retries", 3)
		}
		if roll.seldom("entry") {
			x.Entry = []raftsim.Target{raftsim.TheLeader, 1}[roll("which", 2)]
		}
		c.Clients = append(c.Clients, x)
	}
	if s[sleepers] {
		for at := raftsim.Time(0); at < length; at += roll.millis("awake", 1, 1500) {
			a := raftsim.PauseClient{Client: c.Clients[roll("sleeper", len(c.Clients))].Name, For: roll.millis("asleep", 1, 3000)}
			c.Schedule = append(c.Schedule, raftsim.Scheduled{At: at, Action: a})
		}
	}
	for _, name := range hands {
		c.Clients = append(c.Clients, raftsim.Client{Name: name, Manual: true, Timeout: 200 * ms})
	}
	if s[watches] {
		c.Clients = append(c.Clients, watchers()...)
	}
}

// workloads are those that a run may have, at least one.
func workloads(s *swarm) (list []raftsim.Workload) {
	add := func(f feature, w raftsim.Workload) {
		if s[f] {
			list = append(list, w)
		}
	}
	add(counters, &raftsim.CASCounter{Key: "n"})
	add(registers, &raftsim.Register{Keys: 3, Prefix: "k", Writes: raftsim.Always / 2, Serializable: raftsim.Always / 4})
	add(banks, &raftsim.Bank{Prefix: "b/", Accounts: 3, Balance: 50})
	add(locks, theLock())
	add(elections, &raftsim.Election{Prefix: "e/", TTL: 1, Term: raftsim.Spread{Max: raftsim.Second}, Pause: raftsim.Spread{Max: 300 * ms}})
	add(leases, &raftsim.Lease{Prefix: "s/", TTL: 1, Life: raftsim.Spread{Max: raftsim.Second}, Expire: raftsim.Always / 2})
	add(mixed, &raftsim.Mixed{
		Keys: 3, Prefix: "k", Serializable: raftsim.Always / 4, Compact: raftsim.Always / 30, Leases: raftsim.Always / 5, TTL: 1,
	})
	if list == nil {
		list = append(list, &raftsim.Register{Keys: 2, Prefix: "k", Writes: raftsim.Always / 2})
	}
	return list
}

// theLock is what clients that lock are after.
func theLock() raftsim.Workload {
	return &raftsim.Lock{Key: "lock", Resource: "precious", Fenced: true, TTL: 1, Work: raftsim.Spread{Max: 300 * ms}, Writes: 3}
}

func watchers() []raftsim.Client {
	return []raftsim.Client{
		{Name: "all", Watch: &raftsim.Watch{Span: kv.Prefix(""), Start: 1}, Timeout: 500 * ms},
		{
			Name: "slow", Watch: &raftsim.Watch{Span: kv.Span{Key: "k0"}, Start: 1, Window: 1}, Timeout: 500 * ms,
			Think: raftsim.Spread{Min: 50 * ms, Max: 300 * ms},
		},
		{
			Name: "late", Watch: &raftsim.Watch{Span: kv.Prefix("k"), Start: 1, PrevKV: true, Progress: true, Window: 1}, Timeout: 200 * ms,
			Think: raftsim.Spread{Min: 20 * ms, Max: 200 * ms},
		},
	}
}
