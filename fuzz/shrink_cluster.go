package fuzz

import (
	"slices"
	"strings"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// fewerMembers takes away members, the last one first.
func (s *Shrinking) fewerMembers() {
	for s.Best.Config.Members > 1 {
		fewer := false
		for m := s.Best.Config.Members; m > 0 && !fewer; m-- {
			fewer = s.try(func(c *Case) { c.without(raftsim.Target(m)) })
		}
		if !fewer {
			return
		}
	}
}

// without takes a member away: those behind it get its number and the following ones.
func (c *Case) without(m raftsim.Target) {
	c.Config.Members--
	rename := func(t raftsim.Target) (raftsim.Target, bool) {
		if t > m {
			t--
		}
		return t, t != m || int(m) <= c.Config.Members
	}
	c.dropActionsOf(m)
	for i := range c.Config.Schedule {
		c.Config.Schedule[i].Action = raftsim.Retarget(c.Config.Schedule[i].Action, func(t raftsim.Target) raftsim.Target {
			t, _ = rename(t)
			return t
		})
	}
	for i := range c.Config.Clients {
		if x := &c.Config.Clients[i]; x.Entry == m {
			x.Entry = 0
		} else {
			x.Entry, _ = rename(x.Entry)
		}
	}
	c.dropStrangers()
}

// dropActionsOf drops the actions that name a member.
func (c *Case) dropActionsOf(m raftsim.Target) {
	c.Config.Schedule = slices.DeleteFunc(c.Config.Schedule, func(x raftsim.Scheduled) bool {
		named := false
		raftsim.Retarget(x.Action, func(t raftsim.Target) raftsim.Target {
			named = named || t == m
			return t
		})
		return named
	})
}

// dropStrangers drops the actions about members and clients that are not there.
func (c *Case) dropStrangers() {
	for i := range c.Config.Clients {
		if x := &c.Config.Clients[i]; int(x.Entry) > c.Config.Members {
			x.Entry = 0
		}
	}
	all := c.Config.Schedule
	c.Config.Schedule = slices.DeleteFunc(slices.Clone(all), func(x raftsim.Scheduled) bool {
		alone := c.Config
		alone.Schedule = append(joins(all), x)
		return alone.Validate() != nil
	})
}

// joins are the actions that add members.
func joins(list []raftsim.Scheduled) (adding []raftsim.Scheduled) {
	for _, x := range list {
		if r, ok := x.Action.(raftsim.Reconfigure); ok && len(r.Add)+len(r.AddLearner) > 0 {
			adding = append(adding, raftsim.Scheduled{Action: raftsim.Reconfigure{Add: r.Add, AddLearner: r.AddLearner}})
		}
	}
	return adding
}

// plainSettings makes one setting after the other as it is by default.
func (s *Shrinking) plainSettings() {
	usual := raftsim.Default(3)
	for _, plain := range []func(*raftsim.Config){
		func(c *raftsim.Config) { c.Options = raft.Etcd() },
		func(c *raftsim.Config) { c.Options = raft.Paper() },
		func(c *raftsim.Config) { c.Clocks = usual.Clocks },
		func(c *raftsim.Config) { c.Clocks.Offset = 0 },
		func(c *raftsim.Config) { c.Clocks.Drift = 0 },
		func(c *raftsim.Config) { c.Network = usual.Network },
		func(c *raftsim.Config) { c.Network.Drop = 0 },
		func(c *raftsim.Config) { c.Network.Duplicate = 0 },
		func(c *raftsim.Config) { c.Network.Bandwidth = 0 },
		func(c *raftsim.Config) { c.Network.Reorder = raftsim.Always },
		func(c *raftsim.Config) { c.Network.Reorder = 0 },
		func(c *raftsim.Config) { c.Network.Latency.Shape = raftsim.Uniform },
		func(c *raftsim.Config) { c.Network.Latency = usual.Network.Latency },
		func(c *raftsim.Config) { c.Network.Latency.Spread = wholeMillis(c.Network.Latency.Spread) },
		func(c *raftsim.Config) { c.Network.Latency.Min = min(ms, c.Network.Latency.Max) },
		func(c *raftsim.Config) { c.Network.Latency.Min = c.Network.Latency.Max },
		func(c *raftsim.Config) { c.Network.Drop = raftsim.Always / 10 },
		func(c *raftsim.Config) { c.Network.Drop = roundChance(c.Network.Drop) },
		func(c *raftsim.Config) { c.Network.Duplicate = roundChance(c.Network.Duplicate) },
		func(c *raftsim.Config) { c.Disk = usual.Disk },
		func(c *raftsim.Config) { c.Disk.Write = usual.Disk.Write },
		func(c *raftsim.Config) { c.Disk.Sync = wholeMillis(c.Disk.Sync) },
		func(c *raftsim.Config) { c.Disk.Sync.Max = max(c.Disk.Sync.Min, c.Disk.Sync.Max/(10*ms)*10*ms) },
		func(c *raftsim.Config) { c.Disk.Sync.Max = (c.Disk.Sync.Max/(10*ms) + 1) * 10 * ms },
		func(c *raftsim.Config) { c.Snapshots = usual.Snapshots },
		func(c *raftsim.Config) { c.Snapshots.Keep = usual.Snapshots.Keep },
		func(c *raftsim.Config) { c.Snapshots.Keep = 0 },
		func(c *raftsim.Config) { c.Snapshots.Chunk = usual.Snapshots.Chunk },
		func(c *raftsim.Config) { c.Snapshots.Every = max(1, c.Snapshots.Every/10*10) },
		func(c *raftsim.Config) { c.Timing = usual.Timing },
		func(c *raftsim.Config) { c.Batch = usual.Batch },
		func(c *raftsim.Config) { c.Options.EmptyHeartbeat = false },
		func(c *raftsim.Config) { c.BeyondModel = false },
		func(c *raftsim.Config) { c.Members = 3 },
		func(c *raftsim.Config) { c.Seed = 1 },
	} {
		if s.makesShorter(func(c *Case) { plain(&c.Config) }) {
			s.try(func(c *Case) { plain(&c.Config) })
		}
	}
	for seed := uint64(2); s.Best.Config.Seed > 99 && seed <= 99; seed++ {
		s.attempt(func(c *Case) { c.Config.Seed = seed })
	}
}

// fewerWords leaves out lines about the cluster, and words of them, whatever they say.
func (s *Shrinking) fewerWords() {
	for i := 1; i < s.Lines(); i++ {
		for s.fewerWordsOf(i) {
		}
	}
}

// fewerWordsOf leaves out a line, or up to three words of it; false if nothing can go.
func (s *Shrinking) fewerWordsOf(i int) bool {
	lines := strings.Split(s.Best.Text(), "\n")
	words := strings.Fields(lines[i])
	if len(words) == 0 || slices.Contains([]string{"bug", "client", "at", "run", "pin", "seed"}, words[0]) {
		return false
	}
	if s.tryText(slices.Concat(lines[:i], lines[i+1:])) {
		return true
	}
	for from := 1; from < len(words); from++ {
		for until := from + 1; until <= min(from+3, len(words)); until++ {
			fewer := strings.Join(slices.Concat(words[:from], words[until:]), " ")
			if s.tryText(slices.Concat(lines[:i], []string{fewer}, lines[i+1:])) {
				return true
			}
		}
	}
	return false
}

// tryText tries the case that a text makes, if it makes one.
func (s *Shrinking) tryText(lines []string) bool {
	x, err := Parse(strings.Join(lines, "\n"))
	return err == nil && len(x.Text()) < len(s.Best.Text()) && s.try(func(c *Case) { *c = x.clone() })
}

// makesShorter says whether a change makes the text shorter.
func (s *Shrinking) makesShorter(change func(*Case)) bool {
	changed := s.Best.clone()
	change(&changed)
	return len(changed.Text()) < len(s.Best.Text())
}

// wholeMillis is a span of time in whole milliseconds.
func wholeMillis(s raftsim.Spread) raftsim.Spread {
	s.Min, s.Max = max(1, s.Min/ms)*ms, (s.Max+ms-1)/ms*ms
	return raftsim.Spread{Min: min(s.Min, s.Max), Max: s.Max}
}

// roundChance is a chance in whole per cent.
func roundChance(c raftsim.Chance) raftsim.Chance {
	const percent = raftsim.Always / 100
	return (c + percent - 1) / percent * percent
}
