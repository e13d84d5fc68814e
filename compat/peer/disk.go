package peer

import (
	castaway "github.com/castaway-kv/castaway/raft"
	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
)

// track follows something on its way to the disk: how far it is durable.
type track struct {
	durable castaway.Index
	pending []write
}

// write number makes it durable up to last.
type write struct {
	number uint64
	last   castaway.Index
}

func (t *track) writing(number uint64, last castaway.Index) {
	t.pending = append(t.pending, write{number, last})
}

// cut says that what stands behind last will be written anew.
func (t *track) cut(last castaway.Index) {
	t.durable = min(t.durable, last)
	for i := range t.pending {
		t.pending[i].last = min(t.pending[i].last, last)
	}
}

func (t *track) written(number uint64) {
	k := 0
	for ; k < len(t.pending) && t.pending[k].number <= number; k++ {
		t.durable = max(t.durable, t.pending[k].last)
	}
	t.pending = t.pending[k:]
}

// hardState is etcd's HardState. On our disks commit stands beside the vote, above the
// members' numbers.
type hardState struct {
	term   castaway.Term
	vote   castaway.ID
	commit castaway.Index
}

const voteBits = 8

func (h hardState) record() castaway.TermVote {
	return castaway.TermVote{Term: h.term, Vote: h.vote | castaway.ID(h.commit)<<voteBits}
}

func toHardState(r castaway.TermVote) hardState {
	return hardState{r.Term, r.Vote & (1<<voteBits - 1), castaway.Index(r.Vote >> voteBits)}
}

func (c *Core) write(r castaway.Record) {
	c.number++
	c.out.Writes = append(c.out.Writes, castaway.Write{Number: c.number, Record: r})
}

func (c *Core) writeHard(h hardState) {
	if h != c.hard {
		c.hard = h
		c.write(h.record())
	}
}

// store writes what a MsgStorageAppend holds: term and vote before the entries, and the
// commit index behind them, so that any prefix of it is a state that was. It returns the
// write that messages of the same Ready wait for: that of the hard state, and with it all
// entries of earlier Readys (go.etcd.io/raft/v3/doc.go, step 2).
func (c *Core) store(m *pb.Message) (first uint64) {
	hard := c.hard
	if m.GetTerm() != 0 {
		hard = hardState{castaway.Term(m.GetTerm()), castaway.ID(m.GetVote()), castaway.Index(m.GetCommit())}
	}
	c.writeHard(hardState{hard.term, hard.vote, c.hard.commit})
	first = c.number
	if s := m.GetSnapshot(); !etcd.IsEmptySnap(s) {
		c.install(s)
	}
	if len(m.GetEntries()) > 0 {
		c.storeEntries(m.GetEntries())
	}
	if hard.commit > c.hard.commit {
		c.writeHard(hard)
		c.commits.writing(c.number, hard.commit)
	}
	return first
}

func (c *Core) storeEntries(list []*pb.Entry) {
	entries := toEntries(list)
	before := entries[0].Index - 1
	if before < c.Last().Index {
		c.write(castaway.Truncate{Last: c.position(before)})
		c.log.cut(before)
	}
	must(c.storage.Append(list))
	c.write(&castaway.Append{Entries: entries})
	c.log.writing(c.number, entries[len(entries)-1].Index)
}

// durable passes on what was waiting for the disk.
func (c *Core) durable(number uint64) {
	c.written = max(c.written, number)
	c.log.written(number)
	c.commits.written(number)
	c.answer()
}

// answer gives etcd's core the answers of its disk.
func (c *Core) answer() {
	for len(c.waiting) > 0 && c.waiting[0].after <= c.written {
		m := c.waiting[0].message
		c.waiting = c.waiting[1:]
		_ = c.node.Step(m)
	}
}

// Base implements replica.Core.
func (c *Core) Base() castaway.Base {
	return castaway.Base{
		TermVote: c.hard.record(), Snapshot: c.snapshot, Entries: c.entries(c.snapshot.Last.Index+1, c.Last().Index),
	}
}
