package fuzz

import (
	"slices"
	"strings"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// Shrinking makes the smallest case that it finds of one that breaks something. It is
// deterministic.
type Shrinking struct {
	// Best is the smallest case so far, Outcome what becomes of it.
	Best    Case
	Outcome Outcome
	// Runs is how many were made.
	Runs int
	// Innocent demands that nothing breaks in the case without its bug.
	Innocent bool
	// Stop, if set, is asked before every run whether it is enough.
	Stop func() bool
	// Progress, if set, is told whenever there is a smaller case.
	Progress func(*Shrinking)

	property string
	excused  bool
	round    int
}

// NewShrinking begins with a case that breaks something: the property that the outcome
// names.
func NewShrinking(c *Case, o Outcome) *Shrinking {
	return &Shrinking{Best: c.clone(), Outcome: o, property: o.Property, excused: o.Excuse != ""}
}

// Lines is the size of the smallest case, without the first line.
func (s *Shrinking) Lines() int { return strings.Count(s.Best.Text(), "\n") - 1 }

// Run shrinks until nothing gets smaller any more, or Stop says so.
func (s *Shrinking) Run() {
	passes := []func(){
		s.shorten, s.fewerActions, s.fewerClients, s.fewerMembers, s.plainSettings, s.benign, s.simpleClients, s.simpleActions, s.roundTimes, s.shorten,
	}
	for s.round = 0; s.round < 4; s.round++ {
		before := s.Best.Text()
		for _, pass := range passes {
			pass()
		}
		if s.Best.Text() == before {
			return
		}
	}
}

// try takes a changed case for the best one if it breaks the same property.
func (s *Shrinking) try(change func(*Case)) bool {
	if s.Stop != nil && s.Stop() {
		return false
	}
	c := s.Best.clone()
	change(&c)
	s.Runs++
	o, err := Run(&c, nil)
	if err != nil || c.Bug == "" && !c.isFair() || o.Property != s.property || (o.Excuse != "") != s.excused || s.Innocent && !IsInnocent(&c) {
		return false
	}
	s.Best, s.Outcome = c, o
	if s.Progress != nil {
		s.Progress(s)
	}
	return true
}

// IsInnocent says that nothing breaks with the right rules.
func IsInnocent(c *Case) bool {
	right := c.clone()
	right.Bug = ""
	o, err := Run(&right, nil)
	return err == nil && o.Property == ""
}

// shorten ends the run where the property breaks, or as early as it still does.
func (s *Shrinking) shorten() {
	at := (s.Outcome.At/ms + 1) * ms
	if at < s.Best.Length {
		s.try(func(c *Case) { c.end(at) })
	}
	for step := s.Best.Length / 2; step >= 50*ms; step /= 2 {
		for s.Best.Length > step {
			if !s.try(func(c *Case) { c.end((c.Length - step) / ms * ms) }) {
				break
			}
		}
	}
}

// end makes the run end at a moment.
func (c *Case) end(at raftsim.Time) {
	c.Length = at
	c.Config.Schedule = slices.DeleteFunc(c.Config.Schedule, func(x raftsim.Scheduled) bool { return x.At > at })
}

func (s *Shrinking) fewerActions() {
	minimise(s.Best.Config.Schedule, func(list []raftsim.Scheduled) bool {
		return s.try(func(c *Case) { c.Config.Schedule = slices.Clone(list) })
	})
}

func (s *Shrinking) fewerClients() {
	minimise(s.Best.Config.Clients, func(list []raftsim.Client) bool {
		return s.try(func(c *Case) {
			c.Config.Clients = slices.Clone(list)
			c.dropStrangers()
		})
	})
}

// fewerMembers takes away the last member, again and again.
func (s *Shrinking) fewerMembers() {
	for s.Best.Config.Members > 1 {
		if !s.try(func(c *Case) {
			c.Config.Members--
			c.dropStrangers()
		}) {
			return
		}
	}
}

// dropStrangers drops the actions about members and clients that are not there.
func (c *Case) dropStrangers() {
	for i := range c.Config.Clients {
		if x := &c.Config.Clients[i]; int(x.Entry) > c.Config.Members {
			x.Entry = 0
		}
	}
	all := c.Config.Schedule
	c.Config.Schedule = slices.DeleteFunc(all, func(x raftsim.Scheduled) bool {
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
		func(c *raftsim.Config) { c.Network = usual.Network },
		func(c *raftsim.Config) { c.Network.Drop = 0 },
		func(c *raftsim.Config) { c.Network.Duplicate = 0 },
		func(c *raftsim.Config) { c.Network.Bandwidth = 0 },
		func(c *raftsim.Config) { c.Network.Reorder = raftsim.Always },
		func(c *raftsim.Config) { c.Network.Reorder = 0 },
		func(c *raftsim.Config) { c.Network.Latency.Shape = raftsim.Uniform },
		func(c *raftsim.Config) { c.Network.Latency = usual.Network.Latency },
		func(c *raftsim.Config) { c.Disk = usual.Disk },
		func(c *raftsim.Config) { c.Snapshots = usual.Snapshots },
		func(c *raftsim.Config) { c.Snapshots.Keep = 0 },
		func(c *raftsim.Config) { c.Snapshots.Chunk = usual.Snapshots.Chunk },
		func(c *raftsim.Config) { c.Timing = usual.Timing },
		func(c *raftsim.Config) { c.Seed = 1 },
	} {
		changed := s.Best.clone()
		plain(&changed.Config)
		if len(changed.Text()) < len(s.Best.Text()) {
			s.try(func(c *Case) { plain(&c.Config) })
		}
	}
}

// mostPins is how many choices are better named one by one than left to a seed.
const mostPins = 6

// benign makes chance do no harm, but for a few choices if it must.
func (s *Shrinking) benign() {
	if s.Best.Config.Benign {
		minimise(s.Best.Config.Choices, func(list []raftsim.Choice) bool {
			return s.try(func(c *Case) { c.Config.Choices = slices.Clone(list) })
		})
		return
	}
	if s.property == "Liveness" && !s.Innocent {
		return // where all time-outs are the same, nobody may ever be elected
	}
	if s.try(func(c *Case) { c.Config.Benign = true }) {
		return
	}
	all := s.Best.choices()
	kept := s.Best.clone()
	if !s.try(func(c *Case) { c.Config.Benign, c.Config.Choices = true, all }) {
		return
	}
	minimise(all, func(list []raftsim.Choice) bool {
		return s.try(func(c *Case) { c.Config.Choices = slices.Clone(list) })
	})
	if len(s.Best.Config.Choices) > mostPins {
		s.Best = kept
	}
}

// choices are all that the case makes and that are not benign.
func (c *Case) choices() []raftsim.Choice {
	x := c.clone()
	seen := map[raftsim.Key]bool{}
	var list []raftsim.Choice
	x.Config.Chosen = func(choice raftsim.Choice) {
		if !seen[choice.Key] {
			seen[choice.Key] = true
			list = append(list, choice)
		}
	}
	_, _ = Run(&x, nil) // it has run before
	return list
}

// simpleClients makes clients as they are by default.
func (s *Shrinking) simpleClients() {
	for i := range s.Best.Config.Clients {
		for _, simple := range []func(*raftsim.Client){
			func(x *raftsim.Client) { x.Retries = 0 },
			func(x *raftsim.Client) { x.Entry = 0 },
			func(x *raftsim.Client) { x.Timeout = raftsim.Second },
			func(x *raftsim.Client) {
				if x.Watch == nil {
					x.Think = raftsim.Spread{Min: 20 * ms, Max: 80 * ms}
				}
			},
			func(x *raftsim.Client) {
				if x.Watch == nil {
					x.Workload = &raftsim.Register{Prefix: "k", Keys: 1, Writes: raftsim.Always / 2}
				}
			},
			func(x *raftsim.Client) {
				if x.Watch == nil {
					x.Workload = &raftsim.CASCounter{Key: "n"}
				}
			},
		} {
			before := s.Best.Text()
			changed := s.Best.clone()
			simple(&changed.Config.Clients[i])
			if text := changed.Text(); len(text) < len(before) {
				s.try(func(c *Case) { simple(&c.Config.Clients[i]) })
			}
		}
	}
}

// roundTimes moves actions to rounder moments, the order kept.
func (s *Shrinking) roundTimes() {
	for i := range s.Best.Config.Schedule {
		for _, unit := range []raftsim.Time{raftsim.Second, 100 * ms, 10 * ms} {
			list := s.Best.Config.Schedule
			if list[i].At%unit == 0 {
				break
			}
			for _, at := range []raftsim.Time{list[i].At / unit * unit, (list[i].At/unit + 1) * unit} {
				ordered := (i == 0 || list[i-1].At <= at) && (i == len(list)-1 || at <= list[i+1].At)
				if ordered && s.try(func(c *Case) { c.Config.Schedule[i].At = at }) {
					break
				}
			}
		}
	}
}
