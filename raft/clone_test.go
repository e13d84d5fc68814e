package raft_test

import (
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/castaway-kv/castaway/raft"
)

// TestCloneGoesOnAlone runs a cluster, and then clones beside one member, the
// leader if there is one. A clone that gets the same inputs gives the same
// outputs and hashes; one that gets others leaves its original alone.
func TestCloneGoesOnAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		choose := func(label string, n int) int { return rapid.IntRange(0, n-1).Draw(t, label) }
		c := newChaos(3, chaosConfig(choose), choose)
		c.run(rapid.IntRange(0, 200).Draw(t, "before"))
		m := c.leader()
		if m == nil {
			m = c.members[0]
		}
		if m.node == nil {
			c.mustStart(m)
		}
		twin, stray := m.node.Clone(), m.node.Clone()
		if m.node.Hash() != twin.Hash() {
			t.Fatal("a fresh clone has another hash")
		}
		for i := range rapid.IntRange(1, 30).Draw(t, "steps") {
			in := c.inputFor(m)
			m.clock += raft.Time(choose("later", 40)) * raft.Time(millisecond)
			a := m.node.Step(m.clock, in)
			strayFrom(stray, m.clock, uint64(i), choose)
			b := twin.Step(m.clock, in)
			if texts(a) != texts(b) {
				t.Fatalf("step %d, %T: outputs differ:\n%s\n%s", i, in, texts(a), texts(b))
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

// strayFrom gives a node an input that changes much of a leader's state, or,
// now and then, one that takes another leader's entry in place of its own.
func strayFrom(n *raft.Node, now raft.Time, sequence uint64, choose chooser) {
	id := raft.RequestID{Member: raft.ID(1 + choose("origin", 3)), Life: 100, Sequence: sequence}
	from := raft.ID(1 + choose("from", 3))
	var m raft.Message
	switch choose("stray", 8) {
	case 0:
		n.Step(now, raft.Propose{Request: id, Data: "stray"})
		return
	case 1:
		n.Step(now, raft.Read{Request: id})
		return
	case 2:
		m = &raft.ForwardProposal{Term: n.Term(), Request: id}
	case 3:
		m = &raft.ReadIndex{Term: n.Term(), Request: id}
	case 4:
		m = &raft.AppendEntriesReply{Term: n.Term(), Success: true, Match: n.Last().Index, Round: sequence}
	case 5:
		m = &raft.AppendEntriesReply{Term: n.Term(), Prev: n.Last().Index}
	case 6:
		m = replacement(n)
	default:
		n.Step(now.Add(300*millisecond), raft.Wake{})
		return
	}
	n.Step(now, raft.Receive{From: from, Message: m})
}

// replacement comes from a leader of the next term, and replaces all that is
// not committed.
func replacement(n *raft.Node) raft.Message {
	prev := raft.Position{}
	if e, ok := n.Entry(n.Commit()); ok {
		prev = e.Position()
	}
	entry := raft.Entry{Term: n.Term() + 1, Index: prev.Index + 1, Data: "stray"}
	return &raft.AppendEntries{Term: entry.Term, Prev: prev, Entries: []raft.Entry{entry}}
}

// texts describes an output; empty and nil lists are the same.
func texts(out raft.Output) string {
	var list []string
	for _, w := range out.Writes {
		list = append(list, fmt.Sprint(w.Number, describeRecord(w.Record)))
	}
	for _, s := range out.Sends {
		list = append(list, fmt.Sprint(s.To, s.After, describe(s.Message)))
	}
	return fmt.Sprint(list, out.Committed, out.Reads, out.Refused, out.Wake, out.Violation)
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
