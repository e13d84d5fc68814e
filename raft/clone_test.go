package raft_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/castaway-kv/castaway/raft"
)

// TestCloneGoesOnAlone runs a cluster, and then clones beside one member, the
// leader if there is one. A clone that gets the same inputs gives the same
// outputs and hashes; one that gets others leaves its original alone.
func TestCloneGoesOnAlone(t *testing.T) {
	for seed := range uint64(1000) {
		choose := seeded(seed)
		c := newChaos(choose)
		c.startAll()
		c.run(choose("before", 600))
		m := c.leader()
		if m == nil {
			m = c.members[0]
		}
		if m.node == nil {
			c.mustStart(m)
		}
		if difference := c.besideClones(m); difference != "" {
			t.Fatalf("seed %d: %s", seed, difference)
		}
	}
}

// besideClones goes on with a member, its twin and a stray, and reports what is
// wrong, if anything.
func (c *chaos) besideClones(m *member) string {
	twin, stray := m.node.Clone(), m.node.Clone()
	if m.node.Hash() != twin.Hash() {
		return "a fresh clone has another hash"
	}
	for i := range 10 {
		in := c.inputFor(m)
		m.clock += raft.Time(c.choose("later", 40)) * raft.Time(millisecond)
		out := m.node.Step(m.clock, in)
		a, hash := texts(out), m.node.Hash()
		strayFrom(stray, m.clock, uint64(i+1), c.choose)
		if texts(out) != a || m.node.Hash() != hash {
			return fmt.Sprintf("step %d: a clone's step changed the original:\n%s\n%s", i, a, texts(out))
		}
		if b := texts(twin.Step(m.clock, in)); a != b {
			return fmt.Sprintf("step %d, %T: outputs differ:\n%s\n%s", i, in, a, b)
		}
		if twin.Hash() != hash || !reflect.DeepEqual(m.node.State(), twin.State()) {
			return fmt.Sprintf("step %d, %T: states differ:\n%v\n%v", i, in, m.node.State(), twin.State())
		}
	}
	return ""
}

// inputFor chooses an input that might come to m next.
func (c *chaos) inputFor(m *member) raft.Input {
	switch c.choose("input", 8) {
	case 0:
		return raft.Propose{Request: m.request(), Data: "x"}
	case 1:
		return raft.Read{Request: m.request()}
	case 2:
		return raft.Written{Number: uint64(c.choose("number", 200))}
	case 3:
		return raft.Transfer{To: raft.ID(c.choose("to", 4))}
	case 4:
		return raft.SnapshotTaken{Index: m.node.Commit(), Size: 1}
	case 5:
		target := leave(m.node.Members())
		c.place(&target, raft.ID(1+c.choose("who", 3)))
		return raft.Change{Request: m.request(), Target: target}
	case 6:
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
	switch choose("stray", 10) {
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
		m = &raft.AppendEntriesReply{Term: n.Term(), Success: true, Match: n.Last().Index, Echo: raft.Echo{Round: sequence}}
	case 5:
		m = &raft.AppendEntriesReply{Term: n.Term(), Prev: n.Last().Index}
	case 6:
		m = replacement(n)
	case 7:
		n.Step(now, raft.SnapshotTaken{Index: n.Commit(), Size: 3})
		return
	case 8:
		m = &raft.InstallSnapshot{Term: n.Term() + 1, Length: 1, Data: "s", Snapshot: raft.Snapshot{
			Last: raft.Position{Term: 1, Index: n.Last().Index + 5}, Members: n.Members(), Size: 2, Checksum: sequence,
		}}
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
func texts(out *raft.Output) string {
	var list []string
	for _, w := range out.Writes {
		list = append(list, fmt.Sprint(w.Number, describeRecord(w.Record)))
	}
	for _, s := range out.Sends {
		list = append(list, fmt.Sprint(s.To, s.After, describe(s.Message)))
	}
	return fmt.Sprint(list, out.Committed, out.Reads, out.Refused, out.Chunks, out.Installed, out.Ignored, out.Wake, out.Violation)
}

// TestHashTellsStatesApart: every step that changes the printed state, the log
// or the writes changes the hash.
func TestHashTellsStatesApart(t *testing.T) {
	for seed := range uint64(50) {
		seen := map[uint64]string{}
		c := newChaos(seeded(seed))
		c.startAll()
		c.watch = func(m *member, _ raft.State, _ *raft.Output) {
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
