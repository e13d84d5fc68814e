package raft_test

import (
	"testing"

	"github.com/castaway-kv/castaway/raft"
)

// FuzzStep gives a member inputs made from bytes: messages from anybody, with
// any terms and indexes, forged ones included. It must never panic, and it must
// go on telling when to wake it. (Forged messages may break invariants.)
func FuzzStep(f *testing.F) {
	f.Add([]byte{0x01, 4, 2, 1, 1, 1, 8, 1, 1, 0, 0, 1, 1, 1, 0})
	f.Fuzz(func(t *testing.T, data []byte) { stepThrough(t, data) })
}

// TestRandomBytes is FuzzStep with long inputs, long enough that most members
// come to lead.
func TestRandomBytes(t *testing.T) {
	for seed := range uint64(500) {
		choose := seeded(seed)
		data := make([]byte, 2000)
		for i := range data {
			data[i] = byte(choose("byte", 256))
		}
		stepThrough(t, data)
	}
}

func stepThrough(t *testing.T, data []byte) {
	b := &fuzzBytes{data: data}
	config := b.config()
	config.ID = raft.ID(1 + b.next()%4)
	base := raft.Base{Snapshot: raft.Snapshot{Members: raft.Configuration{Voters: []raft.ID{1, 2, 3}, Learners: []raft.ID{4}}}}
	n, err := raft.Restore(config, base, nil, 1+raft.Life(b.next()%2))
	if err != nil {
		t.Fatal(err)
	}
	b.absurd = b.flag()
	now := raft.Time(0)
	for len(b.data) > 0 {
		b.current = n.Term()
		now += raft.Time(raft.Duration(b.next()/16) * millisecond)
		out := n.Step(now, b.input())
		if out.Wake < now {
			t.Fatalf("at %d: wake me at %d; %v", now, out.Wake, n.State())
		}
		if len(out.Chunks) > 0 {
			b.arriving = out.Chunks[len(out.Chunks)-1].Snapshot
		}
		texts(out)
	}
	if n.Hash() != n.Clone().Hash() {
		t.Fatal("a clone has another hash")
	}
}

// FuzzRestore starts a member from any records. It takes them or says no.
func FuzzRestore(f *testing.F) {
	f.Add([]byte{0, 1, 1, 1, 2, 1, 1, 0, 0, 2, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		b := &fuzzBytes{data: data}
		config := testConfig(raft.Etcd())
		config.ID = 1
		base := raft.Base{TermVote: b.termVote(), Snapshot: b.snapshot()}
		base.Entries = b.entries(base.Snapshot.Last, base.Term)
		var tail []raft.Record
		for len(b.data) > 0 {
			tail = append(tail, b.record())
		}
		n, err := raft.Restore(config, base, tail, 2)
		if err != nil {
			return
		}
		n.Step(0, raft.Wake{})
		if out := n.Step(raft.Time(200*millisecond), raft.Wake{}); out.Violation != nil {
			t.Fatal(out.Violation)
		}
	})
}

// fuzzBytes makes inputs from bytes; what is missing is 0.
type fuzzBytes struct {
	data []byte
	// current is the member's term: most terms are near it, all unless absurd.
	current raft.Term
	absurd  bool
	// arriving is the snapshot of which a piece came last.
	arriving raft.Snapshot
}

func (b *fuzzBytes) next() byte {
	if len(b.data) == 0 {
		return 0
	}
	x := b.data[0]
	b.data = b.data[1:]
	return x
}

// number is mostly small, and sometimes as large as numbers get.
func (b *fuzzBytes) number() uint64 {
	switch x := b.next(); {
	case x < 0xf0:
		return uint64(x % 16)
	case x < 0xf8:
		return ^uint64(0) - uint64(x%8)
	default:
		return 1 << (8 * (x % 8))
	}
}

// term is mostly the member's, now and then one less or one more.
func (b *fuzzBytes) term() raft.Term {
	switch x := b.next(); {
	case x == 0xff && b.absurd:
		return raft.Term(b.number())
	case x > 0xf8:
		return b.current + 1
	case x > 0xf0:
		return max(1, b.current) - 1
	}
	return b.current
}

// id is mostly a member's.
func (b *fuzzBytes) id() raft.ID {
	if x := b.next(); x < 0xf0 {
		return raft.ID(1 + x%3)
	}
	return raft.ID(b.number())
}

func (b *fuzzBytes) flag() bool        { return b.next()%2 == 1 }
func (b *fuzzBytes) index() raft.Index { return raft.Index(b.number()) }
func (b *fuzzBytes) at() raft.Position { return raft.Position{Term: b.term(), Index: b.index()} }
func (b *fuzzBytes) request() (r raft.RequestID) {
	return raft.RequestID{Member: b.id(), Life: raft.Life(b.number()), Sequence: b.number()}
}

func (b *fuzzBytes) termVote() raft.TermVote {
	b.current = raft.Term(b.number())
	return raft.TermVote{Term: b.current, Vote: b.id()}
}

// config has any options and tight bounds.
func (b *fuzzBytes) config() raft.Config {
	options := anyOptions(int(b.next()))
	if b.flag() {
		options = leaseOptions(int(b.next()))
	}
	config := testConfig(options)
	config.KeepEntries, config.MaxChunk = int(b.next()%4), 1+int(b.next()%4)
	config.MaxUncommittedBytes, config.MaxInflightBytes = 4, 4
	if b.flag() {
		config.Priority = func(id raft.ID) int { return int(id) }
	}
	return config
}

// configuration is often one that can be.
func (b *fuzzBytes) configuration() (c raft.Configuration) {
	for _, list := range []*[]raft.ID{&c.Voters, &c.Outgoing, &c.Learners, &c.Promoting, &c.Demoting} {
		bits := b.next()
		for i := range 4 {
			if bits&(0x11<<i) == 0x11<<i {
				*list = append(*list, raft.ID(i+1))
			}
		}
		if bits == 0xff {
			*list = append(*list, b.id())
		}
	}
	return c
}

func (b *fuzzBytes) snapshot() raft.Snapshot {
	s := raft.Snapshot{Last: b.at(), Members: b.configuration(), Size: uint64(b.next() % 4), Checksum: uint64(b.next() % 2)}
	if b.flag() {
		s.Members = raft.Configuration{Voters: []raft.ID{1, 2, 3}}
	}
	return s
}

func (b *fuzzBytes) echo() raft.Echo {
	return raft.Echo{Round: b.number(), Sent: raft.Time(b.number()), Life: raft.Life(b.number()), Lost: b.flag()}
}

// entries are often such as may follow on p, in term or earlier.
func (b *fuzzBytes) entries(p raft.Position, term raft.Term) (list []raft.Entry) {
	for i := range raft.Index(b.next() % 8) {
		e := raft.Entry{Index: p.Index + 1 + i, Term: term, Kind: raft.EntryKind(b.next() % 4)}
		if e.Kind == raft.ConfigChange {
			e.Data = b.configuration().Encode()
		}
		if b.flag() {
			e.Index, e.Term = b.index(), b.term()
		}
		list = append(list, e)
	}
	return list
}

func (b *fuzzBytes) record() raft.Record {
	switch b.next() % 5 {
	case 0:
		return b.termVote()
	case 1:
		return &raft.Append{Entries: b.entries(b.at(), b.term())}
	case 2:
		return raft.Truncate{Last: b.at()}
	case 3:
		return raft.Loss{Last: b.at()}
	default:
		return raft.Base{TermVote: b.termVote()}
	}
}

func (b *fuzzBytes) input() raft.Input {
	switch b.next() % 16 {
	case 0:
		return raft.Wake{}
	case 1:
		return raft.Propose{Request: b.request(), Data: "x"}
	case 2:
		return raft.Read{Request: b.request()}
	case 3:
		return raft.Written{Number: b.number()}
	case 4:
		return raft.Change{Request: b.request(), Target: b.configuration()}
	case 5:
		return raft.Transfer{To: b.id()}
	case 6:
		return raft.SnapshotTaken{Index: b.index(), Size: b.number(), Checksum: b.number()}
	case 7:
		return raft.SnapshotReceived{Snapshot: b.arriving, OK: b.flag()}
	case 8:
		return raft.Campaign{}
	default:
		return raft.Receive{From: b.id(), Message: b.message()}
	}
}

func (b *fuzzBytes) message() raft.Message {
	switch kind, term := b.next()%12, b.term(); kind {
	case 0:
		return &raft.RequestVote{Term: term, Last: b.at(), Transfer: b.flag()}
	case 1:
		return &raft.RequestVoteReply{Term: term, Granted: b.flag()}
	case 2:
		return &raft.RequestPreVote{Term: term, Last: b.at()}
	case 3:
		return &raft.RequestPreVoteReply{Term: term, Granted: b.flag()}
	case 4:
		m := &raft.AppendEntries{Term: term, Prev: b.at(), Commit: b.index(), Round: b.number(), Sent: raft.Time(b.number())}
		m.Entries = b.entries(m.Prev, term)
		return m
	case 5:
		return &raft.AppendEntriesReply{
			Term: term, Success: b.flag(), Prev: b.index(), Match: b.index(), Conflict: b.at(), Echo: b.echo(),
		}
	case 6:
		return b.piece(term)
	case 7:
		return &raft.InstallSnapshotReply{
			Term: term, Checksum: uint64(b.next() % 2), Offset: b.number(), Match: b.index(), Echo: b.echo(),
		}
	case 8:
		return &raft.TimeoutNow{Term: term}
	case 9:
		return &raft.ForwardProposal{Term: term, Leader: b.id(), Request: b.request(), Data: "y"}
	case 10:
		return &raft.ReadIndex{Term: term, Request: b.request()}
	default:
		return &raft.ReadIndexReply{Term: term, Request: b.request(), Index: b.index()}
	}
}

// piece is often one that goes on where the last one ended.
func (b *fuzzBytes) piece(term raft.Term) raft.Message {
	m := &raft.InstallSnapshot{Term: term, Snapshot: b.snapshot(), Offset: uint64(b.next() % 4), Length: b.number()}
	if b.flag() {
		m.Snapshot = b.arriving
	}
	if b.next() > 8 {
		m.Length = min(2, m.Snapshot.Size-min(m.Offset, m.Snapshot.Size))
		m.Data = "zz"[:m.Length]
	}
	return m
}
