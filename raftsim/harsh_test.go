package raftsim

import (
	"flag"
	"testing"

	"github.com/castaway-kv/castaway/linearize"
	"pgregory.net/rapid"
)

// patience is how long a cluster may take to come to rest.
const patience = 60 * Second

// harshConfig is a run with every fault that a cluster must stand, and an end to
// them all. It is not fuzz.Draw on purpose: that leaves half of the faults out of each run and
// changes with the search, while here all come together, on up to seven members, and the
// benchmark's run stays what it was.
func harshConfig(roll dice) Config {
	c := roughConfig(roll)
	c.Members = 1 + roll("members", 7)
	if c.Options.PreVote && roll("lease reads", 2) == 1 {
		c.Options.LeaseRead = true
	}
	c.Clocks = Clocks{Offset: Time(roll("offset", 2000)) * Millisecond, Drift: int64(roll("drift", 20_000))}
	c.Network.Duplicate = Chance(roll("duplicate", 100_000))
	c.Network.Reorder = Chance(roll("reorder", 1_000_001))
	c.Network.Latency.Shape = Shape(roll("shape", 3))
	c.Network.Bandwidth = int64(roll("bandwidth", 3)) * 1_000_000
	c.Snapshots = Snapshots{Every: 1 + roll("snapshots", 60), Keep: roll("keep", 20), Chunk: 64 + roll("chunk", 4000)}
	c.Schedule = append(harshSchedule(roll, &c, rough), Scheduled{rough, Settle{patience}})
	return c
}

// harshSchedule is faults and repairs until a moment.
func harshSchedule(roll dice, c *Config, until Time) []Scheduled {
	var list []Scheduled
	next := c.Members
	for at := Time(0); ; {
		at += Time(1+roll("pause", 400)) * Millisecond
		if at >= until {
			return list
		}
		a := harshAction(roll, c, &next)
		list = append(list, Scheduled{at, a})
		if lie, ok := a.(LoseSync); ok && roll("power", 2) == 1 { // a lie is seen only if the power goes
			at = min(at+Time(1+roll("soon", 40))*Millisecond, until-1)
			list = append(list, Scheduled{at, Crash{Member: lie.Member}})
		}
	}
}

// harshAction is something that goes wrong, or right again.
func harshAction(roll dice, c *Config, next *int) Action {
	someone := func() Target {
		if roll("leader", 3) == 0 {
			return TheLeader
		}
		return Target(1 + roll("member", c.Members))
	}
	group := func() []Target { return []Target{someone()} }
	part := Damaged(roll("part", 2))
	yes := func(label string) bool { return roll(label, 2) == 1 }
	switch roll("action", 26) {
	case 0:
		return Crash{someone(), yes("torn")}
	case 1:
		return Kill{someone()}
	case 2, 3, 4:
		return Restart{}
	case 5:
		return Pause{someone()}
	case 6, 7:
		return Resume{}
	case 8:
		return Cut{A: group(), OneWay: yes("one way")}
	case 9, 10:
		return Heal{}
	case 11:
		return Bridge{someone()}
	case 12:
		return Ring{}
	case 13:
		return Flap{A: group(), OneWay: yes("one way"), Period: Time(1+roll("period", 300)) * Millisecond}
	case 14:
		slow := Link{Latency: Latency{Spread: Spread{Millisecond, Time(1+roll("slow", 200)) * Millisecond}}, Drop: Chance(roll("loss", 500_000))}
		return SetLink{A: group(), OneWay: yes("one way"), Link: &slow}
	case 15:
		return SlowDisk{someone(), int64(1 + roll("factor", 100))}
	case 16:
		return FillDisk{someone(), int64(roll("bytes", 4000))}
	case 17:
		return FailSync{someone()}
	case 18:
		return LoseSync{someone()}
	case 19:
		return FlipBit{someone(), part, int64(roll("bit", 2)*(1+roll("byte", 800))) - 1}
	case 20:
		return ReadError{someone(), part, int64(roll("bit", 2)*(1+roll("byte", 800))) - 1}
	case 21:
		return MendDisk{someone()}
	case 22:
		return Wipe{someone()}
	case 23:
		return []Action{ClockJump{someone(), Time(roll("jump", 1000)-500) * Millisecond}, ClockRate{someone(), int64(roll("rate", 40_000) - 20_000)}}[roll("clock", 2)]
	case 24:
		return []Action{TimeOut{someone()}, Transfer{someone()}}[roll("leadership", 2)]
	}
	return harshChange(roll, c, next)
}

// harshChange is a change of the members. Where candidates are heard even while there
// is a leader, nobody is removed: he would disturb the others for ever (§6).
func harshChange(roll dice, c *Config, next *int) Action {
	old := []Target{Target(1 + roll("member", c.Members))}
	if !c.Options.Stickiness {
		old = nil
	}
	if *next == MaxIDs {
		return Heal{}
	}
	switch roll("change", 4) {
	case 0:
		if old == nil {
			return Heal{}
		}
		return Reconfigure{Remove: old}
	case 1:
		*next++
		return Reconfigure{AddLearner: []Target{Target(*next)}}
	case 2:
		*next++
		return Reconfigure{Add: []Target{Target(*next)}, Remove: old}
	}
	*next++
	return Reconfigure{Add: []Target{Target(*next)}}
}

// checker is a test, of rapid's or not.
type checker interface {
	Fatalf(string, ...any)
	Fatal(...any)
	Errorf(string, ...any)
}

// runHarsh runs a configuration to its end, and says what is wrong with it.
func runHarsh(t checker, c Config) {
	w := newWorld(t, c)
	settled := false
	for next, ok := w.Next(); ok && next <= rough+patience && !settled; next, ok = w.Next() {
		w.Step()
		for _, e := range w.Events() {
			settled = settled || e.Kind == Settled || e.Kind == QuorumLost
		}
	}
	if w.violation != nil {
		t.Fatal(w.violation)
	}
	if !settled {
		t.Fatal("the run ended before the cluster came to rest")
	}
	if linearize.Check(w.History(), linearize.Options{}).Result != linearize.Undecided {
		checkHistory(t, w)
	}
}

// Every fault that there is, in any order: nothing breaks, what clients saw is
// linearizable, and once the faults are over the cluster comes to rest.
func TestHarshRuns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { runHarsh(t, harshConfig(rapidDice(t))) })
}

var seeds = flag.Int("seeds", 0, "how many more harsh runs to make from seeds")

// TestHarshSeeds goes on from seed to seed, for as long as one likes.
func TestHarshSeeds(t *testing.T) {
	for seed := range uint64(*seeds) {
		ok := t.Run("", func(t *testing.T) {
			if seed%2 == 0 {
				runHarsh(t, harshConfig(seededDice(seed)))
			} else {
				runHarshClients(t, harshClientsConfig(seededDice(seed)))
			}
		})
		if !ok {
			t.Fatalf("seed %d", seed)
		}
	}
}
