package raft_test

import (
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/castaway-kv/castaway/raft"
)

// TestCloneGoesOnAlone runs a cluster with clones beside some members. A clone
// that gets the same inputs gives the same outputs and hashes; one that gets
// others leaves its original alone.
func TestCloneGoesOnAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		choose := func(label string, n int) int { return rapid.IntRange(0, n-1).Draw(t, label) }
		c := newChaos(3, chaosConfig(choose), choose)
		c.run(rapid.IntRange(0, 200).Draw(t, "before"))
		m := c.members[0]
		if m.node == nil {
			c.mustStart(m)
		}
		twin, stray := m.node.Clone(), m.node.Clone()
		if m.node.Hash() != twin.Hash() {
			t.Fatal("a fresh clone has another hash")
		}
		for i := range rapid.IntRange(1, 30).Draw(t, "steps") {
			strayFrom(stray, m.clock, choose)
			in := c.inputFor(m)
			m.clock += raft.Time(choose("later", 40)) * raft.Time(millisecond)
			a, b := m.node.Step(m.clock, in), twin.Step(m.clock, in)
			if !sameOutput(a, b) {
				t.Fatalf("step %d, %T: outputs differ:\n%+v\n%+v", i, in, a, b)
			}
			if m.node.Hash() != twin.Hash() || !reflect.DeepEqual(m.node.State(), twin.State()) {
				t.Fatalf("step %d, %T: states differ:\n%v\n%v", i, in, m.node.State(), twin.State())
			}
		}
	})
}

// inputFor chooses an input that might come to m next.
func (c *chaos) inputFor(m *member) raft.Input {
	switch c.choose("input", 5) {
	case 0:
		return raft.Propose{Request: m.request(), Data: "x"}
	case 1:
		return raft.Read{Request: m.request()}
	case 2:
		return raft.Written{Number: uint64(c.choose("number", 200))}
	case 3:
		if len(c.flight) > 0 {
			p := c.take(c.choose("message", len(c.flight)))
			return raft.Receive{From: p.from, Message: p.message}
		}
	}
	return raft.Wake{}
}

// strayFrom gives a node inputs that change all of its state: it takes a new
// leader's entries in place of its own.
func strayFrom(n *raft.Node, now raft.Time, choose chooser) {
	term := n.Term() + 1
	prev := raft.Position{}
	if e, ok := n.Entry(n.Commit()); ok {
		prev = e.Position()
	}
	entry := raft.Entry{Term: term, Index: prev.Index + 1, Data: "stray"}
	n.Step(now, raft.Receive{From: 2, Message: &raft.AppendEntries{Term: term, Prev: prev, Entries: []raft.Entry{entry}}})
	n.Step(now.Add(raft.Duration(choose("ahead", 300))*millisecond), raft.Wake{})
}

// sameOutput compares outputs; empty and nil lists are the same.
func sameOutput(a, b raft.Output) bool {
	return fmt.Sprintf("%#v", texts(a)) == fmt.Sprintf("%#v", texts(b))
}

func texts(out raft.Output) (list []string) {
	for _, w := range out.Writes {
		list = append(list, fmt.Sprint(w.Number, describeRecord(w.Record)))
	}
	for _, s := range out.Sends {
		list = append(list, fmt.Sprint(s.To, s.After, describe(s.Message)))
	}
	return append(list, fmt.Sprint(out.Committed, out.Reads, out.Refused, out.Wake, out.Violation))
}

// TestHashTellsStatesApart: every step that changes the printed state, the log
// or the writes changes the hash.
func TestHashTellsStatesApart(t *testing.T) {
	for seed := range uint64(50) {
		seen := map[uint64]string{}
		c := newChaos(3, testConfig(raft.Etcd()), seeded(seed))
		c.watch = func(m *member, _ raft.State, _ raft.Output) {
			last, _ := m.node.Entry(m.node.Last().Index)
			state := fmt.Sprint(m.node.State(), last)
			hash := m.node.Hash()
			if before, ok := seen[hash]; ok && before != state {
				t.Fatalf("seed %d: %s\nand %s\nhave one hash", seed, before, state)
			}
			seen[hash] = state
		}
		c.run(500)
	}
}
