package raft

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestScripts plays random scripts to clusters of one core, of the other, and of
// both, and wants the same terms, leaders, commits and logs after each scene. So
// that nothing hangs on time-outs, these are as long as can be, and each scene is
// over before one runs out: who campaigns is in the script.
func TestScripts(t *testing.T) {
	jitter := alwaysLongest(t)
	for _, casts := range [][]string{{"eee", "ccc", "cec", "ece"}, {"eeeee", "ccccc", "cecec"}} {
		t.Run(casts[0], func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				script := rapid.SliceOfN(rapid.Custom(drawScene), 1, 12).Draw(t, "script")
				if err := compare(casts, jitter, script); err != nil {
					t.Fatal(err)
				}
			})
		})
	}
}

// TestDifferencesAreFound makes sure that the comparison compares.
func TestDifferencesAreFound(t *testing.T) {
	jitter := alwaysLongest(t)
	script := []scene{{play: proposes, entries: 2}, {play: deposed, who: 1, entries: 1}}
	clusters := []*Cluster{NewCluster("eee", 3, 0, jitter), NewCluster("ccc", 3, 0, jitter)}
	for _, c := range clusters {
		begin(c)
		(&stage{Cluster: c}).perform(script[0])
	}
	if err := differ(clusters); err != nil {
		t.Fatal(err)
	}
	(&stage{Cluster: clusters[0], commands: 10}).perform(script[0])
	(&stage{Cluster: clusters[1], commands: 20}).perform(script[0])
	if differ(clusters) == nil {
		t.Error("other commands were not noticed")
	}
	(&stage{Cluster: clusters[0]}).perform(script[1])
	if differ(clusters) == nil {
		t.Error("another leader was not noticed")
	}
}

// TestOutrunIsRestored makes sure that members of either kind get snapshots from
// leaders of either kind.
func TestOutrunIsRestored(t *testing.T) {
	jitter := alwaysLongest(t)
	for _, kinds := range []string{"ccc", "eee", "cec", "ece"} {
		c := NewCluster(kinds, len(kinds), 0, jitter)
		begin(c)
		(&stage{Cluster: c}).perform(scene{play: outrun, who: 1, entries: 3})
		if c.judge.installs != 1 {
			t.Errorf("%s: %d snapshots were installed", kinds, c.judge.installs)
		}
	}
}

// scene is a part of a script: it begins and ends with all members in agreement.
type scene struct {
	play play
	// who is the member it is about, counted from the leader.
	who int
	// entries are how many commands are proposed at a time.
	entries int
}

// play is what happens in a scene.
type play int

const (
	proposes    play = iota // somebody proposes
	absent                  // a follower is down while entries are committed
	unreachable             // the same, but only its network is
	deposed                 // the leader is cut off, goes on proposing, and is succeeded
	halved                  // the same, but one follower is cut off with it
	killed                  // the leader is down, and is succeeded
	handsOver               // the leader hands over
	blackout                // all are down at once
	tidies                  // all compact their logs
	outrun                  // a follower is unreachable, and misses entries that the others compact
)

func (p play) String() string {
	return [...]string{"proposes", "absent", "unreachable", "deposed", "halved", "killed", "hands over", "blackout", "tidies", "outrun"}[p]
}

func drawScene(t *rapid.T) scene {
	return scene{
		play:    play(rapid.IntRange(0, int(outrun)).Draw(t, "play")),
		who:     rapid.IntRange(1, 4).Draw(t, "who"),
		entries: rapid.IntRange(1, 5).Draw(t, "entries"),
	}
}

// compare performs a script with each cast and looks for differences.
func compare(casts []string, jitter Jitter, script []scene) error {
	var clusters []*Cluster
	var stages []*stage
	for _, kinds := range casts {
		c := NewCluster(kinds, len(kinds), 0, jitter)
		begin(c)
		clusters, stages = append(clusters, c), append(stages, &stage{Cluster: c})
	}
	for i, scene := range script {
		for _, s := range stages {
			s.perform(scene)
		}
		if err := differ(clusters); err != nil {
			return fmt.Errorf("after scene %d (%+v): %w", i, scene, err)
		}
	}
	return nil
}

// begin elects the first leader.
func begin(c *Cluster) {
	c.do(c.members[0], c.members[0].Campaign)
	c.settle()
}

// differ returns an error that names the first difference.
func differ(clusters []*Cluster) error {
	first := clusters[0]
	for _, c := range clusters {
		if len(c.judge.broken) > 0 {
			return fmt.Errorf("%s: %q", c.kinds, c.judge.broken)
		}
		for i, m := range c.members {
			want, got := first.members[i], m
			if want.Status() != got.Status() {
				return fmt.Errorf("member %d of %s: %+v, of %s: %+v", m.id, first.kinds, want.Status(), c.kinds, got.Status())
			}
			if a, b := want.Log(), got.Log(); !slices.Equal(a, b) {
				return fmt.Errorf("member %d of %s: %v, of %s: %v", m.id, first.kinds, a, c.kinds, b)
			}
		}
		if lead := c.leader(); lead == nil || int(lead.Status().Commit) != len(lead.Log()) {
			return fmt.Errorf("%s: not settled", c.kinds)
		}
	}
	return nil
}

// settle lets all that is under way arrive, and then a few heartbeats.
func (c *Cluster) settle() {
	c.deliver()
	for range 3 {
		c.Tick()
	}
}

// stage is a cluster that performs scenes.
type stage struct {
	*Cluster
	// commands counts those proposed.
	commands int
}

// perform plays a scene to its end.
func (s *stage) perform(scene scene) {
	leader := s.leader()
	other := s.after(leader, 1+(scene.who-1)%(len(s.members)-1))
	switch scene.play {
	case proposes:
		s.propose(other, scene.entries)
	case absent:
		s.crash(other)
		s.propose(leader, scene.entries)
		s.start(other)
	case unreachable:
		s.sever(other.id)
		s.propose(leader, scene.entries)
	case deposed:
		s.sever(leader.id)
		s.succeed(leader, other, scene.entries)
	case halved:
		s.split(leader, s.after(other, 1))
		s.succeed(leader, other, scene.entries)
	case killed:
		s.crash(leader)
		s.wait()
		s.elect(other)
		s.start(leader)
	case handsOver:
		s.do(leader, func() { leader.Transfer(other.id) })
	case blackout:
		for _, m := range s.members {
			s.crash(m)
		}
		for _, m := range s.members {
			s.start(m)
		}
		s.elect(other)
	case tidies:
		s.compact()
	case outrun:
		s.sever(other.id)
		s.propose(leader, scene.entries)
		s.compact()
	default:
		panic("unknown play")
	}
	s.heal()
	s.settle()
}

// succeed lets a leader propose what can't be committed, and another one be
// elected who commits something else.
func (s *stage) succeed(leader, successor *member, entries int) {
	s.propose(leader, entries)
	s.wait()
	s.elect(successor)
	s.propose(successor, entries+1)
}

// compact lets all who are up compact their logs.
func (s *stage) compact() {
	s.settle()
	for _, m := range s.members {
		s.do(m, m.Compact)
	}
}

// wait lets so much time pass that nobody sticks to a leader any more.
func (s *stage) wait() {
	for range electionTicks {
		s.Tick()
	}
}

func (s *stage) elect(m *member) {
	s.do(m, m.Campaign)
	s.deliver()
}

func (s *stage) propose(m *member, n int) {
	var commands []string
	for range n {
		s.commands++
		commands = append(commands, fmt.Sprintf("command %d", s.commands))
	}
	s.do(m, func() { m.Propose(commands...) })
	s.deliver()
}

// after is the member n places behind another one.
func (s *stage) after(m *member, n int) *member {
	return s.members[(int(m.id)-1+n)%len(s.members)]
}

// split cuts the leader off, if there are enough members together with another
// one, which is not to be its successor.
func (s *stage) split(leader, with *member) {
	s.sever(leader.id)
	if with == leader || len(s.members) < 5 {
		return
	}
	s.sever(with.id)
	delete(s.cut, link(leader.id, with.id))
}
