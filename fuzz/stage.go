package fuzz

import (
	"slices"

	"github.com/castaway-kv/castaway/raftsim"
)

// unhurried gives a run time for all that is to happen, with few clients in the way.
func (c *Case) unhurried(roll Dice) {
	end := roll.millis("end", 800, 2500)
	c.Config.Schedule[len(c.Config.Schedule)-1].At = end
	if c.Config.Timing.Election.Min >= raftsim.Second {
		c.Config.Schedule = slices.Insert(c.Config.Schedule, 0, raftsim.Scheduled{At: ms, Action: raftsim.TimeOut{Member: 1}})
	}
	c.Length = end + patience
	working := 0
	c.Config.Clients = slices.DeleteFunc(c.Config.Clients, func(x raftsim.Client) bool {
		if x.Workload != nil {
			working++
		}
		return x.Workload != nil && working > 2
	})
}

// hastyCluster has candidates that ask nobody whether they would win.
func hastyCluster(roll Dice, c *Case) {
	c.Config.Members = []int{3, 3, 4, 5, 5}[roll("members", 5)]
	c.Config.Options.PreVote = false
	if roll("hear", 4) > 0 { // whoever asks
		c.Config.Options.Stickiness, c.Config.Options.LeaseRead = false, false
	}
	c.Config.Timing = timings[1+roll("timing", len(timings)-1)]
	c.unhurried(roll)
}

// longRace is a hasty cluster in which candidates wait long for votes.
func longRace(roll Dice, c *Case) {
	hastyCluster(roll, c)
	c.Config.Members = []int{3, 3, 5}[roll("members", 3)]
	if c.Config.Timing != timings[len(timings)-1] && roll("long", 4) > 0 {
		c.Config.Timing = timings[len(timings)-1]
		c.unhurried(roll)
	}
}

// slowTalk says one thing at a time, and has time for it.
func slowTalk(roll Dice, c *Case) {
	c.Config.Members = []int{3, 3, 4, 5}[roll("members", 4)]
	c.Config.Batch = []int{1, 1, 2, 64}[roll("batch", 4)]
	c.Config.Options.PreVote, c.Config.Options.Stickiness, c.Config.Options.LeaseRead = roll("pre-vote", 4) == 3, false, false
	c.Config.Timing = timings[len(timings)-1-roll("timing", 2)*roll("usual", 3)]
	c.unhurried(roll)
}

func forwarding(roll Dice, c *Case) {
	c.Config.Options.Forward = true
	c.unhurried(roll)
}

// evenCluster has two halves that are no majorities.
func evenCluster(roll Dice, c *Case) {
	c.Config.Members = []int{4, 4, 4, 4, 4, 6}[roll("members", 6)]
	c.Config.Options.PreVote, c.Config.Options.LeaseRead = roll.yes("pre-vote"), false
	c.Config.Timing = timings[1+roll("timing", 2)]
	if roll.yes("snapshots") {
		smallSnapshots(roll, c)
		c.Config.Snapshots.Every = 1 + roll("often", 2)*roll("every", 3)
	}
	c.unhurried(roll)
}

// oldLeaders are such that are told when to fall, in an even cluster with small snapshots.
func oldLeaders(roll Dice, c *Case) {
	evenCluster(roll, c)
	c.Config.Options.PreVote, c.Config.Options.Stickiness, c.Config.Options.CheckQuorum = false, false, false
	smallSnapshots(roll, c)
	c.Config.Snapshots.Every = 1 + roll("often", 3)
	if roll("long", 4) > 0 && c.Config.Timing != timings[len(timings)-1] {
		c.Config.Timing = timings[len(timings)-1]
		c.unhurried(roll)
	}
}

// trustingClocks lets leaders read without asking, with clocks that differ.
func trustingClocks(roll Dice, c *Case) {
	c.Config.Options.CheckQuorum, c.Config.Options.Stickiness, c.Config.Options.LeaseRead = true, true, true
	c.Config.Clocks.Drift = []int64{0, 200_000, 400_000, 400_000}[roll("drift", 4)]
	c.Config.Timing = timings[len(timings)-1-roll("timing", 2)*roll("usual", 3)]
	c.unhurried(roll)
}

// loneCluster is such that a newcomer's vote is needed.
func loneCluster(roll Dice, c *Case) {
	c.Config.Members = []int{1, 1, 2}[roll("members", 3)]
	c.unhurried(roll)
}

// lockers are clients after one lock, with time for a lease to end.
func lockers(roll Dice, c *Case) {
	c.unhurried(roll)
	end := roll.millis("end", 2500, 5000)
	c.Config.Schedule[len(c.Config.Schedule)-1].At = end
	c.Length = end + patience
	for i := range c.Config.Clients {
		if c.Config.Clients[i].Workload != nil {
			c.Config.Clients[i].Workload = theLock()
		}
	}
}

// fewEntries makes a snapshot of a few entries each, and leaves none of them in the log;
// no message is lost by chance.
func fewEntries(roll Dice, c *Case) {
	c.unhurried(roll)
	c.Config.Members, c.Config.Network.Drop = []int{3, 3, 5}[roll("members", 3)], 0
	c.Config.Snapshots = raftsim.Snapshots{Every: 1 + roll("every", 3), Keep: roll("keep", 3) / 2, Chunk: 4096}
}

func smallSnapshots(roll Dice, c *Case) {
	c.Config.Snapshots = raftsim.Snapshots{Every: 1 + roll("every", 1<<roll("seldom", 5)), Keep: roll("keep", 4), Chunk: 64 + roll("chunk", 400)}
}
