package report

import "github.com/castaway-kv/castaway/raft"

// class is a group of kinds of messages that are drawn alike. Those that come first are
// kept where there are too many to draw all.
type class uint8

const (
	votes class = iota
	snapshots
	forwards
	reads
	entries
	replies
	beats
	classes
)

// className is the class in the legend and in markup.
var className = [classes]string{"votes", "snapshots", "forwarded requests", "read rounds", "entries", "replies", "heartbeats"}

// classStyle names the class for the style sheet.
var classStyle = [classes]string{"votes", "snapshots", "forwards", "reads", "entries", "replies", "beats"}

func classOf(m raft.Message) class {
	switch m := m.(type) {
	case *raft.AppendEntries:
		if len(m.Entries) > 0 {
			return entries
		}
		return beats
	case *raft.AppendEntriesReply:
		return replies
	case *raft.InstallSnapshot, *raft.InstallSnapshotReply:
		return snapshots
	case *raft.ForwardProposal:
		return forwards
	case *raft.ReadIndex, *raft.ReadIndexReply:
		return reads
	default:
		return votes
	}
}
