package raft_test

import (
	"fmt"
	"strings"

	"github.com/castaway-kv/castaway/raft"
)

// who names a member.
func who(id raft.ID) string {
	if id == 0 {
		return "nobody"
	}
	return fmt.Sprintf("S%d", id)
}

// name of a request: member, life, sequence.
func name(id raft.RequestID) string {
	return fmt.Sprintf("%s.%d.%d", who(id.Member), id.Life, id.Sequence)
}

func status(s raft.State) string {
	if s.Role == raft.Follower {
		return fmt.Sprintf("follows %s in term %d", who(s.Leader), s.Term)
	}
	return fmt.Sprintf("is %v in term %d", s.Role, s.Term)
}

func (p packet) String() string {
	return fmt.Sprintf("%s>%s %s", who(p.from), who(p.to), describe(p.message))
}

// kindOf is the name of a message's type.
func kindOf(m raft.Message) string { return strings.TrimPrefix(fmt.Sprintf("%T", m), "*raft.") }

func describe(m raft.Message) string {
	text := fmt.Sprintf("%s term %d, ", kindOf(m), m.MessageTerm())
	switch m := m.(type) {
	case *raft.RequestVote:
		if m.Transfer {
			text += "for a transfer, "
		}
		return text + fmt.Sprintf("last %v", m.Last)
	case *raft.RequestPreVote:
		return text + fmt.Sprintf("last %v", m.Last)
	case *raft.RequestVoteReply:
		return text + granted(m.Granted)
	case *raft.RequestPreVoteReply:
		return text + granted(m.Granted)
	case *raft.AppendEntries:
		return text + fmt.Sprintf("prev %v, %s, commit %d%s", m.Prev, describeEntries(m.Entries), m.Commit, round(m.Round))
	case *raft.AppendEntriesReply:
		return text + outcome(m) + echo(m.Echo)
	case *raft.InstallSnapshot:
		return text + fmt.Sprintf("%s, bytes %d to %d%s", describeSnapshot(m.Snapshot), m.Offset, m.Offset+m.Length, round(m.Round))
	case *raft.InstallSnapshotReply:
		return text + piece(m) + echo(m.Echo)
	case *raft.TimeoutNow:
		return strings.TrimSuffix(text, ", ")
	case *raft.ForwardProposal:
		return text + fmt.Sprintf("%s %s", name(m.Request), m.Data)
	case *raft.ReadIndex:
		return text + name(m.Request)
	case *raft.ReadIndexReply:
		return text + fmt.Sprintf("%s at %d", name(m.Request), m.Index)
	}
	panic("unknown message")
}

func granted(yes bool) string {
	if yes {
		return "granted"
	}
	return "refused"
}

// echo tells what is not the same in every answer.
func echo(e raft.Echo) string {
	text := round(e.Round)
	if e.Lost {
		text += fmt.Sprintf(", life %d has lost entries", e.Life)
	}
	return text
}

func piece(m *raft.InstallSnapshotReply) string {
	if m.Match > 0 {
		return fmt.Sprintf("match %d", m.Match)
	}
	return fmt.Sprintf("wants byte %d", m.Offset)
}

func describeSnapshot(s raft.Snapshot) string {
	return fmt.Sprintf("snapshot to %v of %d bytes", s.Last, s.Size)
}

func round(n uint64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", round %d", n)
}

func outcome(m *raft.AppendEntriesReply) string {
	switch {
	case m.Success:
		return fmt.Sprintf("match %d", m.Match)
	case m.Conflict == raft.Position{}:
		return fmt.Sprintf("prev %d is of the past", m.Prev)
	case m.Conflict.Term == 0:
		return fmt.Sprintf("prev %d is missing, log ends before %d", m.Prev, m.Conflict.Index)
	}
	return fmt.Sprintf("prev %d is of term %d, which begins at %d", m.Prev, m.Conflict.Term, m.Conflict.Index)
}

func describeRecord(r raft.Record) string {
	switch r := r.(type) {
	case raft.TermVote:
		return fmt.Sprintf("term %d, vote %s", r.Term, who(r.Vote))
	case *raft.Append:
		return "append " + describeEntries(r.Entries)
	case raft.Truncate:
		return fmt.Sprintf("truncate to %v", r.Last)
	case raft.Loss:
		if r.Last == (raft.Position{}) {
			return "nothing is lost any more"
		}
		return fmt.Sprintf("lost up to %v", r.Last)
	case raft.Base:
		text := fmt.Sprintf("base: term %d, vote %s, %s, %v", r.Term, who(r.Vote), describeSnapshot(r.Snapshot), r.Snapshot.Members)
		if r.Lost != (raft.Position{}) {
			text += fmt.Sprintf(", lost up to %v", r.Lost)
		}
		return text + ", log " + describeEntries(r.Entries)
	}
	panic("unknown record")
}

func describeEntries(entries []raft.Entry) string {
	if len(entries) == 0 {
		return "empty"
	}
	var list []string
	for i := range entries {
		data := entries[i].Data
		switch entries[i].Kind {
		case raft.Normal:
		case raft.NoOp:
			data = "no-op"
		case raft.ConfigChange:
			c, _ := raft.DecodeConfiguration(data)
			data = c.String()
		}
		list = append(list, fmt.Sprintf("%v %s", entries[i].Position(), data))
	}
	return "[" + strings.Join(list, ", ") + "]"
}
