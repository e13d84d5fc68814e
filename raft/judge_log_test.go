package raft_test

import (
	"slices"

	"github.com/castaway-kv/castaway/raft"
)

// started notes a new life: its log is what its disk holds.
func (j *judge) started(m *member, base raft.Base, tail []raft.Record) {
	j.disks[m.id], j.lost[m.id] = nil, compacted(base, tail).Lost
	for _, r := range append([]raft.Record{base}, tail...) {
		j.replay(m.id, j.disks, r)
	}
	j.logs[m.id] = slices.Clone(j.disks[m.id])
	j.applied[m.id] = int(base.Snapshot.Last.Index)
	if m.node.Term() < j.said[m.id] {
		j.violated("MonotonicTerm", "S%d starts in term %d after it spoke of %d", m.id, m.node.Term(), j.said[m.id])
	}
}

// replay applies a record to the log of a member, as positions.
func (j *judge) replay(id raft.ID, logs map[raft.ID][]raft.Position, r raft.Record) {
	switch r := r.(type) {
	case raft.Base:
		logs[id] = j.positions(r.Snapshot.Last)
		j.replay(id, logs, &raft.Append{Entries: r.Entries})
	case *raft.Append:
		for i := range r.Entries {
			logs[id] = append(logs[id], r.Entries[i].Position())
		}
		j.originate(r.Entries, logs[id])
	case raft.Truncate:
		logs[id] = slices.Clone(logs[id][:r.Last.Index])
	}
}

// positions are those up to the end of a snapshot, which must be committed.
func (j *judge) positions(last raft.Position) []raft.Position {
	if !j.isCommitted(last) {
		j.violated("StateMachineSafety", "a snapshot up to %v, which is not committed", last)
		return make([]raft.Position, last.Index)
	}
	var list []raft.Position
	for _, c := range j.committed[:last.Index] {
		list = append(list, c.entry.Position())
	}
	return list
}

// isCommitted reports whether a position is; that before the log always is.
func (j *judge) isCommitted(p raft.Position) bool {
	return p.Index == 0 || int(p.Index) <= len(j.committed) && j.committed[p.Index-1].entry.Position() == p
}

// wrote judges a record as it is handed to the disk.
func (j *judge) wrote(m *member, before raft.State, r raft.Record) {
	leads := before.Role == raft.Leader && m.node.Term() == before.Term
	if _, ok := r.(raft.Truncate); ok && leads {
		j.violated("LeaderAppendOnly", "S%d truncates while it leads term %d", m.id, before.Term)
	}
	if a, ok := r.(*raft.Append); ok && leads && a.Entries[0].Kind == raft.ConfigChange {
		j.changes(m, before)
	}
	was := j.logs[m.id]
	j.replay(m.id, j.logs, r)
	for _, p := range was[min(len(was), len(j.logs[m.id])):] {
		if j.isCommitted(p) {
			j.violated("CommittedIsDurable", "S%d removes %v", m.id, p)
		}
	}
}

// changes judges a leader that appends a configuration.
func (j *judge) changes(m *member, before raft.State) {
	newest := j.newestChange(m.id).Index
	commit := max(before.Commit, m.node.Commit())
	term := raft.Term(0)
	if commit > 0 {
		term = j.logs[m.id][commit-1].Term
	}
	if newest > commit || term != before.Term {
		j.violated("OneChangeAtATime", "S%d changes the configuration; the one before is %d, committed %d of term %d",
			m.id, newest, commit, term)
	}
}

// newestChange is where the newest configuration stands in a member's log.
func (j *judge) newestChange(id raft.ID) raft.Position {
	log := j.logs[id]
	for i := len(log) - 1; i >= 0; i-- {
		if j.past[log[i]].entry.Kind == raft.ConfigChange {
			return log[i]
		}
	}
	return raft.Position{}
}

// originate checks entries just appended to a log against all that was ever
// seen under their positions.
func (j *judge) originate(entries []raft.Entry, log []raft.Position) {
	for _, e := range entries {
		if e.Index == 0 || int(e.Index) > len(log) || log[e.Index-1] != e.Position() {
			j.violated("LogMatching", "entry %v is not written in its place", e.Position())
			return
		}
		o := origin{entry: e}
		if e.Index > 1 {
			o.prev = log[e.Index-2].Term
		}
		if seen, ok := j.past[e.Position()]; ok && seen != o {
			j.violated("LogMatching", "%v stands for two entries or pasts", e.Position())
		}
		j.past[e.Position()] = o
	}
}

func holds(log []raft.Position, p raft.Position) bool {
	return int(p.Index) <= len(log) && log[p.Index-1] == p
}

// majorities reports whether the members for which a thing is so are a majority
// of the voters, and of the outgoing ones too.
func majorities(c raft.Configuration, is func(raft.ID) bool) bool {
	for _, voters := range [][]raft.ID{c.Voters, c.Outgoing} {
		n := 0
		for _, id := range voters {
			if is(id) {
				n++
			}
		}
		if len(voters) > 0 && 2*n <= len(voters) {
			return false
		}
	}
	return true
}

// mustBeDurable checks that a majority, as the member sees it that commits an
// entry, has it on disk, or knows that it had it.
func (j *judge) mustBeDurable(m *member, c commitment) {
	has := func(id raft.ID) bool {
		p := c.entry.Position()
		return holds(j.disks[id], p) || j.lost[id] != (raft.Position{}) && raft.UpToDate(j.lost[id], p)
	}
	if members := m.node.Members(); !majorities(members, has) {
		j.violated("CommittedIsDurable", "%v is committed by S%d, but not on the disks of %v", c.entry.Position(), m.id, members)
	}
}

// persisted notes a record that reached a disk.
func (j *judge) persisted(m *member, r raft.Record) {
	j.replay(m.id, j.disks, r)
	switch r := r.(type) {
	case raft.Base:
		j.lost[m.id] = r.Lost
	case raft.Loss:
		j.lost[m.id] = r.Last
	}
}

// lose notes what a crashed member's disk has lost, and that it knows.
func (j *judge) lose(m *member) {
	base, tail := m.recover()
	now := compacted(base, tail)
	j.disks[m.id] = j.positions(base.Snapshot.Last)
	for i := range now.Entries {
		j.disks[m.id] = append(j.disks[m.id], now.Entries[i].Position())
	}
	j.lost[m.id] = now.Lost
}
