package raft_test

import (
	"flag"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/castaway-kv/castaway/raft"
)

var seeds = flag.Int("seeds", 300, "number of seeds of TestSeededChaos")

// livenessRounds bounds how often time moves on to the next appointment before
// a healed cluster must have done its work: a dozen election time-outs.
const livenessRounds = 400

// TestChaos draws clusters, options and deeds with rapid, which shrinks what it finds.
func TestChaos(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		choose := func(label string, n int) int { return rapid.IntRange(0, n-1).Draw(t, label) }
		c := newChaos(choose)
		c.startAll()
		if v := c.run(300); v != "" {
			t.Fatal(v)
		}
		if v := c.converge(); v != "" || c.judge.verdict != "" {
			t.Fatal(v, c.judge.verdict)
		}
	})
}

// TestSeededChaos does the same with even odds and longer runs.
func TestSeededChaos(t *testing.T) {
	total := 0
	for seed := range uint64(*seeds) {
		c := newChaos(seeded(seed))
		c.startAll()
		if v := c.run(1500); v != "" {
			t.Fatalf("seed %d: %s", seed, v)
		}
		if v := c.converge(); v != "" || c.judge.verdict != "" {
			t.Fatalf("seed %d: %s%s", seed, v, c.judge.verdict)
		}
		total += len(c.judge.committed)
	}
	t.Logf("%d seeds, %d commits", *seeds, total)
}

// quiet is a cluster of n voters, all started.
func quiet(n int, options raft.Options) *chaos {
	c := &chaos{cluster: newCluster(n, n, testConfig(options)), choose: seeded(0)}
	c.startAll()
	return c
}

// TestRequestsAreAnswered: without faults every proposal is committed, and
// every read is answered, at the leader and at followers that forward.
func TestRequestsAreAnswered(t *testing.T) {
	for _, n := range []int{1, 2, 3, 5} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			c := quiet(n, raft.Etcd())
			if v := c.converge(); v != "" {
				t.Fatal(v)
			}
			for _, m := range c.members {
				p, r := c.propose(m, "x"), c.read(m)
				c.settle()
				if _, waiting := c.judge.reads[r]; waiting || !c.judge.proposals[p].applied {
					t.Errorf("%v: proposal %+v, read waits: %v", m, c.judge.proposals[p], waiting)
				}
			}
			if c.judge.verdict != "" {
				t.Error(c.judge.verdict)
			}
		})
	}
}

// TestLongLog: logs of several chunks replicate, restart and catch up whole,
// message by message.
func TestLongLog(t *testing.T) {
	c := quiet(3, raft.Etcd())
	if v := c.converge(); v != "" {
		t.Fatal(v)
	}
	leader := c.leader()
	lagging, restarted := c.members[leader.id%3], c.members[(leader.id+1)%3]
	c.sever(leader.id, lagging.id)
	c.sever(restarted.id, lagging.id)
	for i := range 500 {
		c.propose(leader, fmt.Sprint(i))
		c.settle()
	}
	c.crash(restarted, 0)
	if v := c.converge(); v != "" || c.judge.verdict != "" {
		t.Fatal(v, c.judge.verdict)
	}
	if n := len(c.judge.committed); n < 500 {
		t.Errorf("%d entries committed", n)
	}
}
