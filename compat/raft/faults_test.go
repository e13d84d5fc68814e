package raft

import (
	"flag"
	"fmt"
	"strings"
	"testing"
)

var seeds = flag.Uint64("seeds", 20, "how many runs of each kind of cluster")

// TestFaults lets clusters of one core, and clusters that mix both, run through a
// bad network, partitions, crashes and compactions, and then through peace.
func TestFaults(t *testing.T) {
	for _, kinds := range []string{"ccc", "eee", "cce", "cee", "ccccc", "cccee", "cceee"} {
		t.Run(kinds, func(t *testing.T) {
			var sum tally
			for seed := range *seeds {
				sum.add(faults(t, kinds, len(kinds), seed))
			}
			t.Logf("%+v", sum)
			sum.check(t)
		})
	}
}

// tally counts what has happened, so that a run in which nothing does is seen.
type tally struct {
	Terms, Entries, Reads, Installs, Changes int
	// Castaway and Etcd count the terms that a member of each kind has led.
	Castaway, Etcd int
	// Hash is of all that was committed.
	Hash uint64
}

func (a *tally) add(b tally) {
	a.Terms += b.Terms
	a.Entries += b.Entries
	a.Reads += b.Reads
	a.Installs += b.Installs
	a.Changes += b.Changes
	a.Castaway += b.Castaway
	a.Etcd += b.Etcd
	a.Hash += b.Hash
}

// check fails the test if too little happened in all runs.
func (a *tally) check(t *testing.T) {
	t.Helper()
	if a.Entries == 0 || a.Reads == 0 || a.Installs == 0 || a.Terms <= int(*seeds) {
		t.Errorf("too little happened: %+v", a)
	}
}

func (c *Cluster) tally() tally {
	sum := tally{
		Terms: len(c.judge.leaders), Entries: len(c.judge.committed), Reads: len(c.judge.served),
		Installs: c.judge.installs, Changes: c.judge.changes, Hash: c.judge.hash(),
	}
	for _, id := range c.judge.leaders {
		if Kind(c.kinds[id-1]) == KindCastaway {
			sum.Castaway++
		} else {
			sum.Etcd++
		}
	}
	return sum
}

const (
	// warTicks is how long faults go on.
	warTicks = 600
	// peaceTicks is how long a cluster has to recover: several elections, as votes
	// may split.
	peaceTicks = 20 * electionTicks
)

// faults is one run. If not all members are voters at first, membership changes.
func faults(t *testing.T, kinds string, voters int, seed uint64) tally {
	t.Helper()
	c := NewCluster(kinds, voters, seed, seeded(t, seed))
	w := &workload{Cluster: c, changes: voters < len(kinds)}
	for range warTicks {
		w.disturb()
		c.check(t, seed)
	}
	c.peace()
	for range peaceTicks {
		w.leave()
		c.Tick()
	}
	before := len(c.judge.committed)
	w.everybodyAsks()
	for range electionTicks {
		c.Tick()
	}
	c.check(t, seed)
	c.checkAlive(t, seed, before+len(c.current()), w)
	c.checkOnce(t, seed)
	return c.tally()
}

// check fails the test if something was broken.
func (c *Cluster) check(t *testing.T, seed uint64) {
	t.Helper()
	if len(c.judge.broken) > 0 {
		t.Fatalf("cluster %s, seed %d, tick %d: %q", c.kinds, seed, c.now, c.judge.broken)
	}
}

// checkAlive fails the test unless somebody leads, at least so many entries are
// committed by all, and the last reads were answered.
func (c *Cluster) checkAlive(t *testing.T, seed uint64, entries int, w *workload) {
	t.Helper()
	c.judge.compareLogs(c.members)
	if c.leader() == nil || len(c.judge.committed) < entries || !w.answered() {
		t.Errorf("cluster %s, seed %d: leader %v, %d of %d entries, last reads answered: %v",
			c.kinds, seed, c.leader(), len(c.judge.committed), entries, w.answered())
	}
	for _, m := range c.current() {
		if s := m.Status(); int(s.Commit) != len(c.judge.committed) || s.Last != c.leader().Status().Last {
			t.Errorf("cluster %s, seed %d: member %d stays behind: %+v", c.kinds, seed, m.id, s)
		}
	}
}

// checkOnce fails the test if our core alone has taken a command twice. Where etcd's
// leads, a follower's proposal that the network doubles counts twice.
func (c *Cluster) checkOnce(t *testing.T, seed uint64) {
	t.Helper()
	if strings.Contains(c.kinds, string(KindEtcd)) {
		return
	}
	seen := map[string]bool{}
	for _, e := range c.judge.committed {
		if e.Data != "" && !e.Changes && seen[e.Data] {
			t.Errorf("cluster %s, seed %d: %q at %v is there twice", c.kinds, seed, e.Data, e.Position)
		}
		seen[e.Data] = true
	}
}

// peace heals the network and starts everybody.
func (c *Cluster) peace() {
	c.Network = Network{}
	c.heal()
	for _, m := range c.members {
		if !m.up {
			c.start(m)
		}
	}
}

// workload makes faults and asks for things, at random.
type workload struct {
	*Cluster
	// changes says that the membership changes.
	changes          bool
	proposals, reads uint64
	// last are the reads of everybodyAsks.
	last []uint64
}

// disturb is a tick in which things happen.
func (w *workload) disturb() {
	w.fault()
	w.request()
	if w.changes && w.dice.throw(10) == 0 {
		w.change()
	}
	w.Tick()
}

// fault changes one thing, from time to time.
func (w *workload) fault() {
	m := w.members[w.dice.throw(len(w.members))]
	switch w.dice.throw(100) {
	case 0:
		w.Network = Network{Drop: w.dice.throw(30), Double: w.dice.throw(20), Delay: w.dice.throw(6)}
	case 1:
		w.sever(m.id)
	case 2:
		w.cut[link(m.id, w.members[w.dice.throw(len(w.members))].id)] = true
	case 3, 4:
		w.heal()
	case 5:
		if m.up {
			w.crash(m)
		}
	case 6, 7, 8:
		if !m.up {
			w.start(m)
		}
	case 9:
		w.do(m, m.Campaign)
	case 10:
		w.do(m, func() { m.Transfer(w.members[w.dice.throw(len(w.members))].id) })
	case 11, 12:
		w.do(m, m.Compact)
	case 13: // the leader alone, in the middle of things
		if leader := w.leader(); leader != nil {
			w.sever(leader.id)
		}
	}
}

// request asks any member for something, every other tick.
func (w *workload) request() {
	m := w.members[w.dice.throw(len(w.members))]
	switch w.dice.throw(4) {
	case 0:
		w.propose(m)
	case 1:
		w.read(m)
	}
}

// propose proposes one to three commands that nobody proposed before.
func (w *workload) propose(m *member) {
	var commands []string
	for range 1 + w.dice.throw(3) {
		w.proposals++
		commands = append(commands, fmt.Sprintf("command %d", w.proposals))
	}
	w.do(m, func() { m.Propose(commands...) })
}

func (w *workload) read(m *member) {
	w.reads++
	w.judge.asked(w.reads)
	w.do(m, func() { m.Read(w.reads) })
}

// everybodyAsks lets each member propose and read.
func (w *workload) everybodyAsks() {
	for _, m := range w.current() {
		w.propose(m)
		w.read(m)
		w.last = append(w.last, w.reads)
	}
}

// answered reports whether the last reads were.
func (w *workload) answered() bool {
	for _, request := range w.last {
		if !w.judge.served[request] {
			return false
		}
	}
	return true
}

// TestSameSeedSameRun makes sure that a seed names a run.
func TestSameSeedSameRun(t *testing.T) {
	for _, x := range []struct {
		kinds  string
		voters int
	}{{"ccc", 3}, {"eee", 3}, {"cceee", 5}, {"ccccc", 3}, {"eeeee", 3}} {
		run := func(seed uint64) tally { return faults(t, x.kinds, x.voters, seed) }
		if a, b, c := run(1), run(1), run(2); a != b || a == c {
			t.Errorf("%v: seed 1 gave %+v and %+v, seed 2 %+v", x, a, b, c)
		}
	}
}
