package raftsim

import "github.com/castaway-kv/castaway/raft"

// MessageKind numbers the kinds of messages between members.
type MessageKind uint8

// The kinds of messages.
const (
	KindRequestVote MessageKind = iota
	KindRequestVoteReply
	KindRequestPreVote
	KindRequestPreVoteReply
	KindAppendEntries
	KindAppendEntriesReply
	KindForwardProposal
	KindReadIndex
	KindReadIndexReply
	KindInstallSnapshot
	KindInstallSnapshotReply
	KindTimeoutNow
	messageKinds
)

func (k MessageKind) String() string {
	return [...]string{
		"RequestVote", "RequestVoteReply", "RequestPreVote", "RequestPreVoteReply", "AppendEntries", "AppendEntriesReply",
		"ForwardProposal", "ReadIndex", "ReadIndexReply", "InstallSnapshot", "InstallSnapshotReply", "TimeoutNow",
	}[k]
}

// MessageKinds are all kinds of messages.
func MessageKinds() []MessageKind {
	list := make([]MessageKind, messageKinds)
	for k := range list {
		list[k] = MessageKind(k)
	}
	return list
}

// KindOf returns the kind of a message.
func KindOf(m raft.Message) MessageKind {
	switch m.(type) {
	case *raft.RequestVote:
		return KindRequestVote
	case *raft.RequestVoteReply:
		return KindRequestVoteReply
	case *raft.RequestPreVote:
		return KindRequestPreVote
	case *raft.RequestPreVoteReply:
		return KindRequestPreVoteReply
	case *raft.AppendEntries:
		return KindAppendEntries
	case *raft.AppendEntriesReply:
		return KindAppendEntriesReply
	case *raft.ForwardProposal:
		return KindForwardProposal
	case *raft.ReadIndex:
		return KindReadIndex
	case *raft.ReadIndexReply:
		return KindReadIndexReply
	case *raft.InstallSnapshot:
		return KindInstallSnapshot
	case *raft.InstallSnapshotReply:
		return KindInstallSnapshotReply
	case *raft.TimeoutNow:
		return KindTimeoutNow
	}
	panic("raftsim: unknown message")
}
