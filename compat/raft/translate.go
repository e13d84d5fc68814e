package raft

import (
	"encoding/binary"
	"fmt"

	castaway "github.com/castaway-kv/castaway/raft"
	pb "go.etcd.io/raft/v3/raftpb"
)

// transferContext marks etcd's votes in an election that the leader asked for.
const transferContext = "CampaignTransfer"

// An AppendEntries that stands for etcd's heartbeat says so in Sent, which its
// receiver hands back unread.
const heartbeatMark = castaway.Time(1)

// toEtcd says one of our messages in etcd's words.
func toEtcd(from, to castaway.ID, m castaway.Message) []*pb.Message {
	envelope := func(t pb.MessageType, term castaway.Term) *pb.Message {
		return &pb.Message{Type: t.Enum(), From: new(uint64(from)), To: new(uint64(to)), Term: new(uint64(term))}
	}
	switch m := m.(type) {
	case *castaway.RequestVote:
		vote := envelope(pb.MsgVote, m.Term)
		setPosition(vote, m.Last)
		if m.Transfer {
			vote.Context = []byte(transferContext)
		}
		return []*pb.Message{vote}
	case *castaway.RequestPreVote:
		vote := envelope(pb.MsgPreVote, m.Term)
		setPosition(vote, m.Last)
		return []*pb.Message{vote}
	case *castaway.RequestVoteReply:
		reply := envelope(pb.MsgVoteResp, m.Term)
		reply.Reject = new(!m.Granted)
		return []*pb.Message{reply}
	case *castaway.RequestPreVoteReply:
		reply := envelope(pb.MsgPreVoteResp, m.Term)
		reply.Reject = new(!m.Granted)
		return []*pb.Message{reply}
	case *castaway.AppendEntries:
		return appendToEtcd(m, envelope)
	case *castaway.AppendEntriesReply:
		return []*pb.Message{appendReplyToEtcd(m, envelope)}
	case *castaway.InstallSnapshot:
		return snapshotToEtcd(m, envelope)
	case *castaway.InstallSnapshotReply:
		return snapshotReplyToEtcd(m, envelope)
	case *castaway.TimeoutNow:
		return []*pb.Message{envelope(pb.MsgTimeoutNow, m.Term)}
	case *castaway.ForwardProposal:
		proposal := envelope(pb.MsgProp, 0)
		proposal.Entries = []*pb.Entry{{Data: []byte(m.Data)}}
		return []*pb.Message{proposal}
	case *castaway.ReadIndex:
		read := envelope(pb.MsgReadIndex, 0)
		read.Entries = []*pb.Entry{{Data: encodeRequest(m.Request)}}
		return []*pb.Message{read}
	case *castaway.ReadIndexReply:
		reply := envelope(pb.MsgReadIndexResp, m.Term)
		reply.Index = new(uint64(m.Index))
		reply.Entries = []*pb.Entry{{Data: encodeRequest(m.Request)}}
		return []*pb.Message{reply}
	}
	panic(fmt.Sprintf("etcd has no words for %T", m))
}

func setPosition(m *pb.Message, p castaway.Position) {
	m.Index, m.LogTerm = new(uint64(p.Index)), new(uint64(p.Term))
}

// appendToEtcd splits an AppendEntries in two: only the answer to a heartbeat
// hands Round and Sent back.
func appendToEtcd(m *castaway.AppendEntries, envelope func(pb.MessageType, castaway.Term) *pb.Message) []*pb.Message {
	entries := envelope(pb.MsgApp, m.Term)
	setPosition(entries, m.Prev)
	entries.Commit = new(uint64(m.Commit))
	for i := range m.Entries {
		entries.Entries = append(entries.Entries, entryToEtcd(&m.Entries[i]))
	}
	return []*pb.Message{entries, heartbeatToEtcd(envelope(pb.MsgHeartbeat, m.Term), m.Round, m.Sent)}
}

func heartbeatToEtcd(heartbeat *pb.Message, round uint64, sent castaway.Time) *pb.Message {
	heartbeat.Context = binary.LittleEndian.AppendUint64(nil, round)
	heartbeat.Context = binary.LittleEndian.AppendUint64(heartbeat.Context, uint64(sent))
	return heartbeat
}

func entryToEtcd(e *castaway.Entry) *pb.Entry {
	if e.Kind == castaway.ConfigChange {
		panic("a mixed cluster keeps its members")
	}
	return &pb.Entry{Term: new(uint64(e.Term)), Index: new(uint64(e.Index)), Data: []byte(e.Data)}
}

// appendReplyToEtcd tells etcd's leader to go back behind the whole conflicting
// term: it can't be told where that term begins.
func appendReplyToEtcd(m *castaway.AppendEntriesReply, envelope func(pb.MessageType, castaway.Term) *pb.Message) *pb.Message {
	if m.Sent == heartbeatMark {
		reply := envelope(pb.MsgHeartbeatResp, m.Term)
		if m.Round > 0 {
			reply.Context = binary.LittleEndian.AppendUint64(nil, m.Round)
		}
		return reply
	}
	reply := envelope(pb.MsgAppResp, m.Term)
	if m.Success {
		reply.Index = new(uint64(m.Match))
		return reply
	}
	reply.Reject, reply.Index = new(true), new(uint64(m.Prev))
	reply.RejectHint = new(uint64(max(m.Conflict.Index, 1) - 1))
	return reply
}

// toCastaway says a message of this member in our words.
func (e *Etcd) toCastaway(m *pb.Message) []castaway.Message {
	term := castaway.Term(m.GetTerm())
	position := castaway.Position{Term: castaway.Term(m.GetLogTerm()), Index: castaway.Index(m.GetIndex())}
	switch m.GetType() {
	case pb.MsgVote:
		return []castaway.Message{&castaway.RequestVote{Term: term, Last: position, Transfer: string(m.Context) == transferContext}}
	case pb.MsgPreVote:
		return []castaway.Message{&castaway.RequestPreVote{Term: term, Last: position}}
	case pb.MsgVoteResp:
		return []castaway.Message{&castaway.RequestVoteReply{Term: term, Granted: !m.GetReject()}}
	case pb.MsgPreVoteResp:
		return []castaway.Message{&castaway.RequestPreVoteReply{Term: term, Granted: !m.GetReject()}}
	case pb.MsgApp:
		return []castaway.Message{&castaway.AppendEntries{
			Term: term, Prev: position, Entries: entriesToCastaway(m.GetEntries()), Commit: castaway.Index(m.GetCommit()),
		}}
	case pb.MsgSnap:
		return []castaway.Message{snapshotToCastaway(m)}
	case pb.MsgHeartbeat:
		return []castaway.Message{e.heartbeatToCastaway(m)}
	case pb.MsgAppResp:
		return []castaway.Message{appendReplyToCastaway(m)}
	case pb.MsgHeartbeatResp:
		return []castaway.Message{heartbeatReplyToCastaway(m)}
	case pb.MsgTimeoutNow:
		return []castaway.Message{&castaway.TimeoutNow{Term: term}}
	case pb.MsgProp:
		return e.proposalsToCastaway(m)
	case pb.MsgReadIndex:
		return []castaway.Message{&castaway.ReadIndex{Term: e.Status().Term, Request: decodeRequest(m.GetEntries()[0].GetData())}}
	case pb.MsgReadIndexResp:
		return []castaway.Message{&castaway.ReadIndexReply{
			Term: term, Request: decodeRequest(m.GetEntries()[0].GetData()), Index: castaway.Index(m.GetIndex()),
		}}
	default:
		panic(fmt.Sprintf("we have no words for %v", m.GetType()))
	}
}

func entriesToCastaway(entries []*pb.Entry) []castaway.Entry {
	list := make([]castaway.Entry, len(entries))
	for i, e := range entries {
		list[i] = castaway.Entry{Term: castaway.Term(e.GetTerm()), Index: castaway.Index(e.GetIndex()), Data: string(e.GetData())}
		if len(e.GetData()) == 0 {
			list[i].Kind = castaway.NoOp
		}
	}
	return list
}

// heartbeatToCastaway makes etcd's heartbeat an AppendEntries of nothing. Its
// Commit is at most the receiver's match, so the entry there is what it starts
// from; if that is compacted, the beginning of all logs.
func (e *Etcd) heartbeatToCastaway(m *pb.Message) castaway.Message {
	beat := &castaway.AppendEntries{
		Term: castaway.Term(m.GetTerm()), Prev: e.position(m.GetCommit()), Commit: castaway.Index(m.GetCommit()), Sent: heartbeatMark,
	}
	if len(m.GetContext()) > 0 {
		beat.Round = binary.LittleEndian.Uint64(m.GetContext())
	}
	return beat
}

func appendReplyToCastaway(m *pb.Message) castaway.Message {
	reply := &castaway.AppendEntriesReply{Term: castaway.Term(m.GetTerm()), Success: !m.GetReject()}
	if reply.Success {
		reply.Match = castaway.Index(m.GetIndex())
		return reply
	}
	reply.Prev = castaway.Index(m.GetIndex())
	reply.Conflict.Index = castaway.Index(m.GetRejectHint()) + 1
	return reply
}

// heartbeatReplyToCastaway hands back Round and Sent. It must not say anything of
// the log, so it is a rejection from so far back that it has been overtaken.
func heartbeatReplyToCastaway(m *pb.Message) castaway.Message {
	reply := &castaway.AppendEntriesReply{Term: castaway.Term(m.GetTerm())}
	reply.Round = binary.LittleEndian.Uint64(m.GetContext())
	reply.Sent = castaway.Time(binary.LittleEndian.Uint64(m.GetContext()[8:]))
	return reply
}

// proposalsToCastaway gives each command of a forwarded proposal the name and
// the term that our core asks for.
func (e *Etcd) proposalsToCastaway(m *pb.Message) (list []castaway.Message) {
	for _, entry := range m.GetEntries() {
		e.sequence++
		list = append(list, &castaway.ForwardProposal{
			Term: e.Status().Term, Leader: castaway.ID(m.GetTo()), Data: string(entry.GetData()),
			Request: castaway.RequestID{Member: e.id, Life: e.life, Sequence: e.sequence},
		})
	}
	return list
}
