package raftsim

import (
	"testing"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raft"
	"pgregory.net/rapid"
)

// However rough a run was: nothing breaks, what the clients saw is
// linearizable, and after it all members agree and all clients get an answer.
func TestRoughRuns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t, roughConfig(rapidDice(t)))
		const patience = 60 * Second
		missing := "?"
		for at := rough; at <= rough+patience && missing != "" && w.violation == nil; at += Second {
			w.RunUntil(at)
			missing = unsettled(w)
		}
		if w.violation != nil {
			t.Fatal(w.violation)
		}
		if missing != "" {
			t.Errorf("%d s after the faults: %s", patience/Second, missing)
		}
		checkHistory(t, w)
	})
}

// Latencies beyond all time-outs: there may be no progress, but nothing breaks.
func TestSlowNetwork(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := roughConfig(rapidDice(t))
		c.Network.Latency.Spread = Spread{MinLatency, Time(rapid.IntRange(20, 1500).Draw(t, "slowest")) * Millisecond}
		w := newWorld(t, c)
		w.RunUntil(3 * rough)
		if w.violation != nil {
			t.Fatal(w.violation)
		}
		checkHistory(t, w)
	})
}

// The same configuration gives the same run, and a clone goes the same way as
// its original.
func TestDeterminism(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := roughConfig(rapidDice(t))
		a, b := newWorld(t, c), newWorld(t, c)
		half := Time(rapid.Int64Range(0, int64(rough)).Draw(t, "half"))
		a.RunUntil(half)
		clone := a.Clone()
		hash := a.Hash()
		a.RunUntil(rough + Second)
		if clone.Hash() != hash {
			t.Fatal("the clone moves when its original does")
		}
		clone.RunUntil(rough + Second)
		b.RunUntil(rough + Second)
		if a.Hash() != b.Hash() || a.Count() != b.Count() {
			t.Errorf("two runs of one configuration: %d events, hash %x; %d events, hash %x", a.Count(), a.Hash(), b.Count(), b.Hash())
		}
		if a.Hash() != clone.Hash() {
			t.Errorf("the clone of %d ns went another way", half)
		}
	})
}

// rigidConfig is a run full of things that happen at one moment.
func rigidConfig(roll dice) Config {
	c := roughConfig(roll)
	if roll("tie", 2) == 1 {
		c.Timing.Election.Max = c.Timing.Election.Min
	}
	for _, s := range []*Spread{&c.Network.Latency.Spread, &c.Disk.Write, &c.Disk.Sync} {
		*s = Spread{Millisecond, Millisecond}
	}
	for i := range c.Clients {
		c.Clients[i].Think = Spread{Millisecond, Millisecond}
	}
	return c
}

// An action that comes while the run goes on does the same as one that stood
// in the schedule from the start.
func TestReschedule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom([]func(dice) Config{roughConfig, rigidConfig}).Draw(t, "config")(rapidDice(t))
		a := newWorld(t, c)
		c.Schedule = nil
		b := newWorld(t, c)
		for i, s := range a.config.Schedule {
			b.RunUntil(s.At - 1)
			b.Reschedule(a.config.Schedule[:i+1])
		}
		a.RunUntil(rough + Second)
		b.RunUntil(rough + Second)
		if a.Hash() != b.Hash() || a.Count() != b.Count() {
			t.Errorf("%d events, hash %x; rescheduled %d events, hash %x", a.Count(), a.Hash(), b.Count(), b.Hash())
		}
	})
}

// A run can't be left alone: the seed decides.
func TestSeedMatters(t *testing.T) {
	c := Default(3)
	d := c
	d.Seed = 1
	if hashAfter(t, c) == hashAfter(t, d) {
		t.Error("two seeds give one run")
	}
}

// aClient is a configuration with one client, which is changed.
func aClient(change func(*Client)) func(*Config) {
	return func(c *Config) {
		c.Clients = []Client{{Name: "a", Timeout: Second, Manual: true}}
		change(&c.Clients[0])
	}
}

func TestNewRefuses(t *testing.T) {
	tests := []struct {
		want   string
		change func(*Config)
	}{
		{"raftsim: members: 0 is not between 1 and 9", func(c *Config) { c.Members = 0 }},
		{"raftsim: members: 10 is not between 1 and 9", func(c *Config) { c.Members = 10 }},
		{"raftsim: clients: 101 are more than 100", func(c *Config) { c.Clients = make([]Client, 101) }},
		{"raftsim: network drop: 1000001 millionths are more than all", func(c *Config) { c.Network.Drop = Always + 1 }},
		{"raftsim: network latency: a message takes at least 1000 ns", func(c *Config) { c.Network.Latency.Min = 0 }},
		{"raftsim: disk sync: 2 to 1 ns is not a span of time between 0 and 1 h", func(c *Config) { c.Disk.Sync = Spread{2, 1} }},
		{"raftsim: timing: the heartbeat must lie between 1ms and the shortest election time-out", func(c *Config) { c.Timing.Heartbeat = 0 }},
		{`raftsim: client "": a client needs a name of its own`, func(c *Config) { c.Clients = []Client{{}} }},
		{"raftsim: client a: timeout: 0 ns is not more than 0 and at most 1 h", func(c *Config) { c.Clients = []Client{{Name: "a"}} }},
		{"raftsim: client a: workload: there is none; a client that only does what the schedule says is Manual", aClient(func(c *Client) { c.Manual = false })},
		{"raftsim: client a: manual: a client with a workload or a watch is not", aClient(func(c *Client) { c.Workload = &CASCounter{Key: "k"} })},
		{"raftsim: client a: watch: a client that watches has no workload besides", aClient(func(c *Client) {
			c.Manual, c.Watch, c.Workload = false, &Watch{}, &CASCounter{Key: "k"}
		})},
		{"raftsim: client a: workload: key: it is empty", aClient(func(c *Client) { c.Manual, c.Workload = false, &CASCounter{} })},
		{"raftsim: client a: watch: start: revision -1 is none", aClient(func(c *Client) { c.Manual, c.Watch = false, &Watch{Span: kv.Prefix(""), Start: -1} })},
		{"raftsim: client a: watch: span: it contains no key", aClient(func(c *Client) { c.Manual, c.Watch = false, &Watch{Span: kv.Span{Key: "b", End: "a"}} })},
		{"raftsim: client a: watch: window: -1 is not between 0 and 1048576", aClient(func(c *Client) {
			c.Manual, c.Watch = false, &Watch{Span: kv.Prefix(""), Window: -1}
		})},
		{"raftsim: client a: think: 2 to 1 ns is not a span of time between 0 and 1 h", aClient(func(c *Client) { c.Think = Spread{2, 1} })},
		{"raftsim: client a: retries: -1 is not between 0 and 1000", aClient(func(c *Client) { c.Retries = -1 })},
		{"raftsim: client a: entry: member S4 does not exist: there are S1 to S3", aClient(func(c *Client) { c.Entry = 4 })},
		{"raftsim: rules: those of clients must be set; see StandardClientRules", func(c *Config) { c.Rules.Client = ClientRules{} }},
		{`raftsim: schedule: client "x" does not exist`, func(c *Config) { c.Schedule = []Scheduled{{0, PauseClient{"x", Second}}} }},
		{"raftsim: schedule: pause of client a: 0 ns is not more than 0 and at most 1 h", func(c *Config) {
			aClient(func(*Client) {})(c)
			c.Schedule = []Scheduled{{0, PauseClient{Client: "a"}}}
		}},
		{"raftsim: schedule: -1 ns lies before the beginning", func(c *Config) { c.Schedule = []Scheduled{{-1, Restart{}}} }},
		{"raftsim: schedule: at 5 ns there is no action", func(c *Config) { c.Schedule = []Scheduled{{At: 5}} }},
		{"raftsim: schedule: member S4 does not exist: there are S1 to S3", func(c *Config) { c.Schedule = []Scheduled{{0, Crash{Member: 4}}} }},
		{"raftsim: schedule: S2 is on both sides", func(c *Config) {
			c.Schedule = []Scheduled{{0, Cut{A: []Target{1, 2}, B: []Target{2}}}}
		}},
		{"raftsim: schedule: cut: nobody is named", func(c *Config) { c.Schedule = []Scheduled{{0, Cut{}}} }},
		{`raftsim: schedule: client "x" does not exist`, func(c *Config) { c.Schedule = []Scheduled{{0, Invoke{"x", 1, read("k"), nil, false}}} }},
		{"raftsim: replica: raft: Config.Rules must be set; see StandardRules", func(c *Config) { c.Rules.Raft = raft.Rules{} }},
	}
	for _, test := range tests {
		c := Default(3)
		test.change(&c)
		if _, err := New(c); err == nil || err.Error() != test.want {
			t.Errorf("New: %v; want %s", err, test.want)
		}
	}
}
